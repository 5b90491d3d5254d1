"""Who is asking: personal tokens, an App's assertions and its installation tokens, and the rate."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from tests.github.exchange import Refused
from tests.github.records import User
from tests.github.state import State

BAD = "Bad credentials"
LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class App:
    """A GitHub App and its only installation. `key`: its public key, PEM."""

    id: str
    key: bytes
    installation: str


@dataclass
class Rate:
    """The primary limit: so many requests in an hour."""

    limit: int
    used: int = 0
    until: datetime | None = None

    def count(self, now: datetime, weight: int = 1) -> None:
        """Raises `Refused` (403) when there are no more."""
        if self.until is None or now >= self.until:
            self.used, self.until = 0, now + LIFETIME
        if weight and self.used >= self.limit:
            raise Refused(403, "API rate limit exceeded for installation ID 1.")
        self.used += weight

    def headers(self, now: datetime) -> dict[str, str]:
        shown = self.show(now)
        return {f"X-RateLimit-{key.capitalize()}": str(shown[key]) for key in shown} | {
            "X-RateLimit-Resource": "core"
        }

    def show(self, now: datetime) -> dict[str, int]:
        reset = int((self.until or now + LIFETIME).timestamp())
        remaining = max(self.limit - self.used, 0)
        return {"limit": self.limit, "remaining": remaining, "reset": reset, "used": self.used}


class Access:
    """`token`: the one that is accepted, of the user `vigie-bot`."""

    def __init__(self, state: State, token: str, app: App | None, limit: int) -> None:
        self.app = app
        self.rate = Rate(limit)
        self._state = state
        self._token = token
        self._installed: dict[str, datetime] = {}  # installation tokens, and until when

    @property
    def bot(self) -> User:
        """Who acts with the personal token."""
        return self._state.person("vigie-bot")

    @property
    def app_bot(self) -> User:
        """Who acts with an installation's token."""
        return self._state.person("vigie[bot]", type="Bot")

    def identify(self, headers: Mapping[str, str]) -> User | None:
        """None for nobody, who may read. Raises `Refused` (401, 403)."""
        if not headers.get("user-agent"):
            message = "Request forbidden by administrative rules. Please make sure your request "
            raise Refused(403, message + "has a User-Agent header.")
        token = self._given(headers)
        if token is None or token.count(".") == 2:
            return None
        if secrets.compare_digest(token, self._token):
            return self.bot
        if self._installed.get(token, self._state.now()) > self._state.now():
            return self.app_bot
        raise Refused(401, BAD)

    def asserted(self, headers: Mapping[str, str]) -> App:
        """The App that signed the JSON Web Token. Raises `Refused` (401)."""
        token = self._given(headers)
        if self.app is None or token is None:
            raise Refused(401, "A JSON web token could not be decoded")
        try:
            claims = jwt.decode(
                token, self.app.key, algorithms=["RS256"], options={"require": ["iat", "exp"]}
            )
        except jwt.ExpiredSignatureError as error:
            message = "'Expiration time' claim ('exp') must be a numeric value representing the "
            raise Refused(401, message + "future time at which the assertion expires.") from error
        except jwt.InvalidTokenError as error:
            raise Refused(401, "A JSON web token could not be decoded") from error
        if claims["exp"] - claims["iat"] > 660:  # ten minutes, and a minute of drifting clocks
            raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
        if claims.get("iss") != self.app.id:
            raise Refused(401, "'Issuer' claim ('iss') must be the App's id, a string")
        return self.app

    def install(self) -> tuple[str, datetime]:
        """A new installation token, and when it expires."""
        token = f"ghs_{secrets.token_urlsafe(27)}"
        self._installed[token] = self._state.now() + LIFETIME
        return token, self._installed[token]

    @staticmethod
    def _given(headers: Mapping[str, Any]) -> str | None:
        scheme, _, token = str(headers.get("authorization", "")).partition(" ")
        return token.strip() if scheme.lower() in ("token", "bearer") else None

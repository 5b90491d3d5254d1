"""How the gateway proves to GitHub who it is: a token, or an App whose tokens live for an hour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import jwt
from requests import PreparedRequest, Response
from requests.auth import AuthBase

from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.errors import SettingsError

EARLY = timedelta(minutes=5)  # before its end, a token is exchanged for a new one
# https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
DRIFT = timedelta(minutes=1)  # GitHub's clock may be that far behind ours
PROOF_LIFE = timedelta(minutes=9)  # GitHub takes no proof that lives longer than 10


@dataclass(frozen=True)
class App:
    """A GitHub App as it is installed on the repository; `key` is its private key, in PEM.

    Raises `SettingsError` for a key that cannot sign.
    """

    id: str
    key: bytes = field(repr=False)
    installation: str

    def __post_init__(self) -> None:
        try:
            self.proof()
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            expected = "expected an App's private key: RSA, in PEM, without a password"
            raise SettingsError([f"VIGIE_GITHUB_APP_KEY=(hidden): {expected}."]) from error

    @property
    def tokens(self) -> str:
        """The path of the API that gives tokens."""
        return f"/app/installations/{self.installation}/access_tokens"

    def proof(self) -> dict[str, str]:
        """The headers with which an App asks for a token. GitHub reads them by the real time."""
        now = utc_now()
        claims = {"iss": self.id, "iat": now - DRIFT, "exp": now + PROOF_LIFE}
        return {"Authorization": f"Bearer {jwt.encode(claims, self.key, 'RS256')}"}


Access = str | App
"""A token, or an App."""


class InstallationAuth(AuthBase):
    """Signs requests with an App's token, renewed before it ends."""

    def __init__(self, renew: Callable[[], tuple[str, datetime]], clock: Clock) -> None:
        self._renew = renew
        self._clock = clock
        self._lock = Lock()
        self._token = ""
        self._ends: datetime | None = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"token {self._fresh()}"
        request.register_hook("response", self._heed)
        return request

    def _fresh(self) -> str:
        with self._lock:
            if self._ends is None or self._clock() >= self._ends - EARLY:
                self._token, self._ends = self._renew()
            return self._token

    def _heed(self, answer: Response, **options: object) -> None:
        """If GitHub does not know the token any more, get another one the next time."""
        if answer.status_code == 401:
            with self._lock:
                self._ends = None

"""The connection to GitHub's API: who asks, how often, how long, and what a fault means."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import github3
from github3 import exceptions as faults
from github3.repos.repo import Repository
from github3.session import GitHubSession
from github3.structs import GitHubIterator
from requests import RequestException, Response

from contrib_gateway.clock import Clock
from contrib_gateway.errors import ForgeUnavailable, Refused
from contrib_gateway.forge.github.access import Access, InstallationAuth
from contrib_gateway.forge.github.limits import Limits

CONNECT, READ = 4.0, 10.0  # seconds
Observe = Callable[[str, str, float], None]
"""Told of each call: its name, its outcome (a status, or "none"), and how many seconds it took."""


def unobserved(name: str, outcome: str, seconds: float) -> None:
    """Nobody is told."""


class Session(GitHubSession):  # type: ignore[misc]  # github3 has no types
    """A session that keeps to the limits and tells of each call."""

    def __init__(self, limits: Limits, observe: Observe, read_timeout: float) -> None:
        super().__init__(default_connect_timeout=CONNECT, default_read_timeout=read_timeout)
        self.headers["User-Agent"] = "Vigie"
        self._limits = limits
        self._observe = observe

    def build_url(self, *parts: object, base_url: str = "") -> str:
        """The library's own keeps every address it ever built."""
        return "/".join(map(str, (base_url or self.base_url, *parts)))

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        self._limits.before(method.upper())
        began, outcome = time.perf_counter(), "none"
        try:
            answer: Response = super().request(method, url, *arguments, **options)
            outcome = str(answer.status_code)
        finally:
            self._observe(call_name(method, url), outcome, time.perf_counter() - began)
        said = answer.text if answer.status_code >= 400 else ""
        self._limits.after(answer.status_code, answer.headers, said)
        return answer


def call_name(method: str, url: str) -> str:
    """Few names for many addresses: "POST git/trees", "PUT pulls/merge"."""
    _, found, path = urlsplit(url).path.partition("/repos/")
    parts = path.split("/")[2:] if found else urlsplit(url).path.split("/")[-1:]
    if not parts:
        return f"{method.upper()} repository"
    if parts[0] == "git":
        return f"{method.upper()} {'/'.join(parts[:2])}"
    return f"{method.upper()} {'/'.join([parts[0], *parts[2:3]])}"


class Client:
    """One repository on GitHub, or on a server that speaks its API at `url`."""

    def __init__(
        self,
        name: str,
        access: Access,
        clock: Clock,
        *,
        url: str = "",
        paced: bool = True,
        observe: Observe = unobserved,
        read_timeout: float = READ,
    ) -> None:
        """`name`: "OWNER/REPOSITORY". Nothing is asked yet."""
        self.owner, _, self._name = name.partition("/")
        self.limits = Limits(clock, paced)
        self._clock = clock
        self._session = Session(self.limits, observe, read_timeout)
        if url:
            self._github = github3.GitHubEnterprise(url.rstrip("/"), session=self._session)
        else:
            self._github = github3.GitHub(session=self._session)
        self._sign(access)
        self._lock = Lock()
        self._repository: Repository | None = None

    def _sign(self, access: Access) -> None:
        if isinstance(access, str):
            self._session.token_auth(access)
            return

        def renew() -> tuple[str, datetime]:
            url = self._session.build_url(access.tokens.lstrip("/"))
            # Not signed by the session, whose signature is what is being renewed.
            answer = self._session.post(url, headers=access.proof(), auth=_unsigned)
            if answer.status_code != 201:
                raise faults.error_for(answer)
            given = answer.json()
            return given["token"], datetime.fromisoformat(given["expires_at"])

        self._session.auth = InstallationAuth(renew, self._clock)

    @contextmanager
    def repository(self) -> Iterator[Repository]:
        """The repository to ask. What goes wrong is raised as one of our own errors."""
        with translated():
            with self._lock:
                if self._repository is None:
                    self._repository = self._github.repository(self.owner, self._name)
                repository = self._repository
            yield repository


def ask(repository: Repository, method: str, path: str, expected: int, **sent: object) -> Any:
    """What GitHub answers to one request below the repository's address, where the library would
    first ask for what is known here.

    Raises the library's errors for any status but `expected`.
    """
    answer = repository.session.request(method, f"{repository.url}/{path}", json=sent or None)
    if answer.status_code != expected:
        raise faults.error_for(answer)
    return answer.json() if answer.content else None


def every(repository: Repository, path: str) -> Iterator[dict[str, Any]]:
    """All that a list below the repository's address has, page by page."""
    found: Iterator[dict[str, Any]] = GitHubIterator(
        -1, f"{repository.url}/{path}", dict, repository.session
    )
    return found


def _unsigned(request: Any) -> Any:
    """As it is: it bears its own proof."""
    return request


@contextmanager
def translated() -> Iterator[None]:
    """GitHub's answers, and its silences, as our own errors.

    Raises `Refused` for what will not change by asking again, else `ForgeUnavailable`.
    """
    try:
        yield
    except (faults.TransportError, RequestException) as error:
        what = type(getattr(error, "exception", error)).__name__
        raise ForgeUnavailable(f"GitHub does not answer: {what}") from error
    except (faults.IncompleteResponse, faults.UnexpectedResponse) as error:
        raise ForgeUnavailable("GitHub's answer makes no sense") from error
    except faults.GitHubError as error:
        if refuses(error.code):
            raise Refused(answered(error)) from error
        raise ForgeUnavailable(f"GitHub answered {error.code}") from error
    except (faults.GitHubException, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ForgeUnavailable(f"GitHub's answer makes no sense: {error!r}") from error


def refuses(code: int | None) -> bool:
    """Whether a status says that the same request will never be granted as things are."""
    return code is not None and 400 <= code < 500 and code not in (408, 409, 425, 429)


def answered(error: Any) -> str:
    """What GitHub says of it, in its words."""
    details = [d.get("message") or d.get("code") for d in error.errors if isinstance(d, dict)]
    said = "; ".join(str(part) for part in (error.message, *details) if part)
    return f"GitHub answered {error.code}: {said[:500]}"

"""A GitHub App: it signs who it is, and gets tokens that last an hour."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import github3
import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from github3.exceptions import AuthenticationFailed, NotFoundError

from tests.contrib_gateway.clocks import SetClock
from tests.github import App, GitHub
from tests.github.checking import checked
from tests.github.driving import propose


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def clock() -> SetClock:
    """Starts now: github3.py looks at its own clock to know whether its token expired."""
    clock = SetClock()
    clock.now = datetime.now(UTC).replace(microsecond=0)
    return clock


@pytest.fixture
def github(tmp_path: Path, seed: Path, clock: SetClock, key: rsa.RSAPrivateKey) -> Iterator[GitHub]:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    app = App("12345", public, "678")
    with checked(tmp_path / "github.git", seed, clock=clock, app=app) as started:
        yield started


def test_the_installations_token_acts_as_a_bot_for_an_hour(
    github: GitHub, clock: SetClock, key: rsa.RSAPrivateKey
) -> None:
    session = github3.GitHubEnterprise(github.url)
    session.login_as_app_installation(private(key), "12345", 678)
    repository = session.repository("vigie", "territoire")
    pull = propose(repository, "contribution/need/a-1", {"content/a.md": "a\n"})
    assert (pull.user.login, pull.user.type) == ("vigie[bot]", "Bot")
    clock.move(minutes=59)
    repository.ref("heads/main")
    clock.move(minutes=1)
    with pytest.raises(AuthenticationFailed, match="Bad credentials"):
        repository.ref("heads/main")


def test_the_app_is_known_by_its_signature(github: GitHub, key: rsa.RSAPrivateKey) -> None:
    session = github3.GitHubEnterprise(github.url)
    session.login_as_app(private(key), "12345")
    assert session.authenticated_app().slug == "vigie"
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    session.login_as_app(private(other), "12345")
    with pytest.raises(AuthenticationFailed):
        session.authenticated_app()
    with pytest.raises(NotFoundError):
        session.login_as_app_installation(private(key), "12345", 999)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "999"},
        {"exp": int(time.time()) - 1},
        {"exp": int(time.time()) + 3600},
        {"iat": None},
    ],
)
def test_an_assertion_that_does_not_hold_is_refused(
    github: GitHub, key: rsa.RSAPrivateKey, claims: dict[str, object]
) -> None:
    now = int(time.time())
    asserted = {"iss": "12345", "iat": now - 60, "exp": now + 300} | claims
    token = jwt.encode(
        {name: value for name, value in asserted.items() if value}, key, algorithm="RS256"
    )
    url = f"{github.url}/api/v3/app/installations/678/access_tokens"
    answer = requests.post(url, headers={"Authorization": f"Bearer {token}"}, timeout=10)
    assert answer.status_code == 401


def test_the_personal_token_has_an_account(github: GitHub) -> None:
    session = github3.GitHubEnterprise(github.url, token=github.token)
    assert (session.me().login, session.me().type) == ("vigie-bot", "User")

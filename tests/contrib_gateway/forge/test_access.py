"""Who the gateway is to GitHub: a token, or an App; and neither is ever told to anybody else."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from contrib_gateway.errors import ForgeError, Refused, SettingsError
from contrib_gateway.forge.github import GitHubForge
from contrib_gateway.forge.github.access import App
from contrib_gateway.forge.github.client import Client
from contrib_gateway.logs import JsonLines, Plain
from contrib_gateway.settings import Settings
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import NAME, proposal, seed_folder
from tests.github import App as TheirApp
from tests.github import Fault, GitHub, Kind

ID, INSTALLATION = "12345", "678"
TOKENS = f"/app/installations/{INSTALLATION}/access_tokens"
PLAIN = NoEncryption()


def pem(key: PrivateKeyTypes, encryption: KeySerializationEncryption = PLAIN) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def clock() -> SetClock:
    """Starts now: what an App signs is read by the real time."""
    clock = SetClock()
    clock.now = datetime.now(UTC).replace(microsecond=0)
    return clock


@pytest.fixture
def github(tmp_path: Path, clock: SetClock, key: rsa.RSAPrivateKey) -> Iterator[GitHub]:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    app = TheirApp(ID, public, INSTALLATION)
    seed = seed_folder(tmp_path / "seed")
    with GitHub(tmp_path / "github.git", seed, clock=clock, app=app) as started:
        yield started
        assert not started.violations, "\n".join(started.violations)


Open = Callable[[App | str], GitHubForge]


@pytest.fixture
def opened(github: GitHub, tmp_path: Path, clock: SetClock) -> Open:
    def open_as(access: App | str) -> GitHubForge:
        client = Client(NAME, access, clock, url=github.url)
        return GitHubForge(client, tmp_path / "mirror.git", clock)

    return open_as


@pytest.fixture
def forge(opened: Open, key: rsa.RSAPrivateKey) -> GitHubForge:
    return opened(App(ID, pem(key), INSTALLATION))


def tokens_given(github: GitHub) -> int:
    return sum(call.path == TOKENS and call.status == 201 for call in github.calls)


# An App


def test_an_app_proves_who_it_is_as_github_asks(key: rsa.RSAPrivateKey) -> None:
    """Its id is a text; `iat` lies in the past, as its clock may be ahead of GitHub's."""
    headers = App(ID, pem(key), INSTALLATION).proof()
    claims = jwt.decode(
        headers["Authorization"].removeprefix("Bearer "), key.public_key(), algorithms=["RS256"]
    )
    assert claims["iss"] == ID
    now = datetime.now(UTC).timestamp()
    assert now - 65 < claims["iat"] < now - 55
    assert 300 < claims["exp"] - now <= 600


def test_an_app_proposes_and_decides(forge: GitHubForge, github: GitHub) -> None:
    forge.propose(proposal("a1"))
    forge.propose(proposal("b2"))
    forge.merge("a1", "Nour")
    forge.decline("b2", "Nour", "Hors sujet")
    decision = forge.decision("b2")
    assert decision
    assert (decision.by, decision.reason) == ("Nour", "Hors sujet")
    assert tokens_given(github) == 1


def test_a_token_is_renewed_five_minutes_before_its_end(
    forge: GitHubForge, github: GitHub, clock: SetClock
) -> None:
    forge.refresh()
    clock.move(minutes=54, seconds=59)
    forge.refresh()
    assert tokens_given(github) == 1
    clock.move(seconds=1)
    forge.refresh()
    assert tokens_given(github) == 2
    assert all(call.status != 401 for call in github.calls)


def test_a_token_that_was_revoked_is_replaced_at_the_next_try(
    forge: GitHubForge, github: GitHub
) -> None:
    forge.refresh()
    github.faults.plan(Fault(Kind.UNAUTHORIZED))
    with pytest.raises(ForgeError, match="401"):
        forge.propose(proposal("a1"))
    forge.propose(proposal("a1"))
    assert tokens_given(github) == 2


def test_a_token_that_expired_by_githubs_clock_alone_is_replaced_too(
    forge: GitHubForge, github: GitHub, clock: SetClock
) -> None:
    """Ours is behind."""
    forge.refresh()
    github.state._clock = lambda: clock.now + timedelta(hours=2)
    with pytest.raises(ForgeError, match="401"):
        forge.refresh()
    forge.refresh()


def test_a_fault_while_a_token_is_asked_for_is_tried_again(
    forge: GitHubForge, github: GitHub
) -> None:
    for kind in (Kind.UNAVAILABLE, Kind.LOST, Kind.HALF_JSON, Kind.UNAUTHORIZED, Kind.NOT_FOUND):
        github.faults.plan(Fault(kind, call="create_token"))
        with pytest.raises(ForgeError):
            forge.refresh()
    forge.refresh()


def test_another_apps_key_is_refused_in_githubs_words(opened: Open) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    stranger = opened(App(ID, pem(other), INSTALLATION))
    for _ in range(2):
        with pytest.raises(Refused, match="401: A JSON web token could not be decoded"):
            stranger.propose(proposal("a1"))


@pytest.mark.parametrize(("id", "installation"), [("999", INSTALLATION), (ID, "999")])
def test_another_apps_number_is_refused(
    opened: Open, key: rsa.RSAPrivateKey, id: str, installation: str
) -> None:
    with pytest.raises(Refused):
        opened(App(id, pem(key), installation)).head()


def test_a_key_that_cannot_sign_stops_the_start_and_is_not_shown(key: rsa.RSAPrivateKey) -> None:
    whole = pem(key)
    curve = ec.generate_private_key(ec.SECP256R1())
    for wrong in (
        b"",
        b"-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----",
        whole[: len(whole) // 2],
        pem(key, BestAvailableEncryption(b"a password")),
        pem(curve),
    ):
        with pytest.raises(SettingsError, match="VIGIE_GITHUB_APP_KEY") as refused:
            App(ID, wrong, INSTALLATION)
        for line in wrong.decode().split():
            assert len(line) < 12 or line not in str(refused.value)


# A token


def test_a_token_that_github_does_not_know_is_refused_in_its_words(opened: Open) -> None:
    with pytest.raises(Refused, match="401: Bad credentials"):
        opened("ghp_unknown").propose(proposal("a1"))


# Secrets


def everything_logged(work: Callable[[], object]) -> str:
    """What is written, in both of our ways, while `work` is done, at the lowest level."""
    stream, root = io.StringIO(), logging.getLogger()
    handlers = [logging.StreamHandler(stream), logging.StreamHandler(stream)]
    for handler, formatter in zip(handlers, (JsonLines(), Plain()), strict=True):
        handler.setFormatter(formatter)
        root.addHandler(handler)
    before = root.level
    root.setLevel(logging.DEBUG)
    try:
        work()
    finally:
        root.setLevel(before)
        for handler in handlers:
            root.removeHandler(handler)
    return stream.getvalue()


@pytest.mark.parametrize("kind", [Kind.UNAUTHORIZED, Kind.ERROR, Kind.HALF_JSON, Kind.LOST])
def test_no_secret_is_ever_told(
    opened: Open, github: GitHub, key: rsa.RSAPrivateKey, kind: Kind
) -> None:
    app = App(ID, pem(key), INSTALLATION)
    told = [repr(app), str(app)]

    def work() -> None:
        for access, call in ((github.token, "get_ref"), (app, "create_token"), (app, "get_ref")):
            forge = opened(access)
            github.faults.clear()
            github.faults.plan(Fault(kind, call=call, times=None))
            try:
                forge.refresh()
            except ForgeError as error:
                told.extend([str(error), repr(error), repr(vars(error)), repr(forge)])
                told.extend(repr(e) for e in (error.__cause__, error.__context__))
                logging.getLogger("contrib_gateway.test").exception("it failed")
            else:
                raise AssertionError(kind)

    told.append(everything_logged(work))
    secrets = [github.token, "ghs_", *pem(key).decode().splitlines()[1:-1]]
    for secret in secrets:
        for words in told:
            assert secret not in words


def test_settings_show_no_secret(tmp_path: Path, key: rsa.RSAPrivateKey) -> None:
    common = {"VIGIE_STATE": str(tmp_path), "VIGIE_FORGE": f"github:{NAME}"}
    secret = "s3cret-of-the-webhook"
    app = {
        "VIGIE_GITHUB_APP_ID": ID,
        "VIGIE_GITHUB_APP_KEY": pem(key).decode(),
        "VIGIE_GITHUB_APP_INSTALLATION": INSTALLATION,
    }
    for access in ({"VIGIE_GITHUB_TOKEN": "ghp_t0ken"}, app):
        given = common | access | {"VIGIE_GITHUB_WEBHOOK_SECRET": secret}
        shown = repr(Settings.from_environ(given))
        assert secret not in shown
        assert "ghp_" not in shown
        assert "PRIVATE KEY" not in shown
    with pytest.raises(SettingsError) as refused:
        Settings.from_environ(common | {"VIGIE_GITHUB_TOKEN": "ghp_ t0ken"})
    assert "t0ken" not in str(refused.value)
    with pytest.raises(SettingsError) as refused:
        Settings.from_environ(common | app | {"VIGIE_GITHUB_APP_KEY": "s3cret-no-key"})
    assert "s3cret" not in str(refused.value)

"""Entering the desk: by links that serve once, in sessions that end."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrib_gateway.store import Store
from contrib_gateway.store.access import LOGIN_LIFETIME, SESSION_LIFETIME
from tests.contrib_gateway.clocks import SetClock


def test_a_login_link_serves_once(store: Store) -> None:
    link = store.create_login("nour@example.org")
    secret = store.redeem_login(link)
    assert secret
    session = store.session(secret)
    assert session
    assert session.address == "nour@example.org"
    assert store.redeem_login(link) is None
    assert store.session(link) is None


def test_a_login_link_followed_twice_at_once_serves_once(store: Store) -> None:
    link = store.create_login("nour@example.org")
    with ThreadPoolExecutor(8) as pool:
        secrets = list(pool.map(lambda _: store.redeem_login(link), range(8)))
    assert sum(secret is not None for secret in secrets) == 1


def test_links_and_sessions_expire(store: Store, clock: SetClock) -> None:
    late, used = store.create_login("a@example.org"), store.create_login("b@example.org")
    secret = store.redeem_login(used)
    assert secret
    clock.move(seconds=LOGIN_LIFETIME.total_seconds())
    assert store.redeem_login(late) is None
    assert store.session(secret)
    clock.move(seconds=(SESSION_LIFETIME - LOGIN_LIFETIME).total_seconds())
    assert store.session(secret) is None


def test_signing_out_ends_a_session_and_an_editor_can_be_shut_out(store: Store) -> None:
    secrets = [store.redeem_login(store.create_login("a@example.org")) for _ in range(2)]
    other = store.redeem_login(store.create_login("b@example.org"))
    assert secrets[0]
    assert secrets[1]
    assert other
    store.end_session(secrets[0])
    assert store.session(secrets[0]) is None
    assert store.session(secrets[1])
    link = store.create_login("a@example.org")
    store.end_sessions("a@example.org")
    assert store.session(secrets[1]) is None
    assert store.redeem_login(link) is None
    assert store.session(other)


@given(token=st.text())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_made_up_secret_opens_nothing(store: Store, token: str) -> None:
    assert store.session(token) is None
    assert store.redeem_login(token) is None
    store.end_session(token)


def test_whoever_reads_the_file_cannot_enter(store: Store, path: Path) -> None:
    link = store.create_login("nour@example.org")
    secret = store.redeem_login(store.create_login("nour@example.org"))
    assert secret
    store.close()
    raw = path.read_bytes()
    assert link.encode() not in raw
    assert secret.encode() not in raw

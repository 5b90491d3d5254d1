"""How fast GitHub is asked: never faster than it allows, nor much slower; and when it says stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.errors import ForgeBusy, ForgeUnavailable, Refused
from contrib_gateway.forge.github import PROPOSING, GitHubForge
from contrib_gateway.forge.github.client import Client
from contrib_gateway.forge.github.limits import LONGEST, Limits
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import NAME, proposal, seed_folder
from tests.contrib_gateway.offices import Office, small_content
from tests.contrib_gateway.strangers import bounded
from tests.github import Fault, GitHub, Kind
from tests.github.server import CREATING

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
QUEUE = 105  # of five creating calls each: an hour is too short for them
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes."


def busy_until(limits: Limits) -> datetime | None:
    """Until when nothing may be asked."""
    try:
        limits.before("GET")
    except ForgeBusy as busy:
        return busy.until
    return None


def scolded(
    limits: Limits, status: int, headers: Mapping[str, str] | None = None, said: str = ""
) -> datetime:
    """Until when it asks us to wait; it must."""
    with pytest.raises(ForgeBusy) as busy:
        limits.after(status, headers or {}, said)
    assert busy_until(limits) == busy.value.until
    return busy.value.until


@pytest.fixture
def limits(clock: SetClock) -> Limits:
    return Limits(clock, paced=True)


def most_in(moments: Sequence[datetime], span: timedelta) -> int:
    """The most of them that lie in any `span` of time."""
    return max(sum(start <= m < start + span for m in moments) for start in moments)


# What GitHub's answers say


def test_nothing_is_asked_until_the_moment_that_github_names(
    limits: Limits, clock: SetClock
) -> None:
    assert scolded(limits, 403, {"Retry-After": "30"}) == clock.now + timedelta(seconds=30)
    clock.move(seconds=29)
    assert busy_until(limits)
    clock.move(seconds=1)
    assert busy_until(limits) is None
    reset = clock.now + timedelta(minutes=20)
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(reset.timestamp()))}
    assert reset <= scolded(limits, 429, spent) <= reset + timedelta(seconds=1)


def test_without_a_word_the_pauses_grow_until_an_answer_is_good(
    limits: Limits, clock: SetClock
) -> None:
    pauses = []
    for _ in range(9):
        clock.now = scolded(limits, 429)
        pauses.append(clock.now)
    lengths = [after - before for before, after in pairwise(pauses)]
    assert lengths == sorted(lengths)
    assert lengths[0] >= MINUTE
    assert lengths[-1] == HOUR
    limits.after(200, {}, "")
    assert scolded(limits, 403, said=SECONDARY) == clock.now + MINUTE


@pytest.mark.parametrize("status", [403, 404, 422, 401, 500])
def test_an_answer_that_only_says_no_is_no_limit(limits: Limits, status: int) -> None:
    left = {"X-RateLimit-Remaining": "4999", "X-RateLimit-Reset": "1"}
    limits.after(status, left, '{"message": "Resource not accessible by integration"}')
    assert busy_until(limits) is None


def test_a_good_answer_that_was_the_last_of_its_hour_is_kept_and_the_next_request_waits(
    limits: Limits, clock: SetClock
) -> None:
    reset = clock.now + timedelta(minutes=5)
    stamp = str(int(reset.timestamp()))
    limits.after(200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": stamp}, "")
    until = busy_until(limits)
    assert until
    assert until >= reset
    clock.now = until
    assert busy_until(limits) is None


NONSENSE = ("", "-5", "0", "1", "9" * 30, "9" * 5000, "soon", "١٢", "1e3", "1.5", "\0", "²")
DATE = "Mon, 23 Nov 2026 18:31:00 GMT"


@given(
    status=st.sampled_from([403, 429]),
    after=st.none() | st.sampled_from([*NONSENSE, DATE]) | st.text(),
    remaining=st.sampled_from(["0", "00", "-1", "", "x", "12"]),
    reset=st.none() | st.sampled_from([*NONSENSE, DATE]) | st.text(),
)
@bounded
def test_nonsense_never_makes_us_hurry_nor_wait_for_ever(
    status: int, after: str | None, remaining: str, reset: str | None
) -> None:
    clock = SetClock()
    limits = Limits(clock, paced=True)
    given = {"Retry-After": after, "X-RateLimit-Reset": reset, "X-RateLimit-Remaining": remaining}
    headers = {name: value for name, value in given.items() if value is not None}
    until = scolded(limits, status, headers, SECONDARY)
    assert clock.now + timedelta(seconds=1) <= until <= clock.now + LONGEST


def test_our_clock_may_be_ahead_of_githubs(limits: Limits, clock: SetClock) -> None:
    """Its reset then lies in our past; asking again and again until its clock is there too would
    be taken amiss."""
    past = str(int((clock.now - timedelta(minutes=4)).timestamp()))
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": past}
    clock.now = scolded(limits, 403, spent)
    again = scolded(limits, 403, spent)
    assert again - clock.now > MINUTE


def test_readers_leave_half_of_an_hours_requests_to_contributors(
    limits: Limits, clock: SetClock
) -> None:
    limits.keep_half()
    reset = str(int((clock.now + timedelta(minutes=20)).timestamp()))
    told = {"X-RateLimit-Limit": "5000", "X-RateLimit-Reset": reset}
    limits.after(200, {**told, "X-RateLimit-Remaining": "2500"}, "")
    limits.keep_half()
    limits.after(200, {**told, "X-RateLimit-Remaining": "2499"}, "")
    with pytest.raises(ForgeBusy):
        limits.keep_half()
    assert busy_until(limits) is None
    clock.move(minutes=21)
    limits.keep_half()


# On a server that counts


@pytest.fixture
def github(tmp_path: Path, clock: SetClock) -> Iterator[GitHub]:
    seed = seed_folder(tmp_path / "seed")
    with GitHub(tmp_path / "github.git", seed, clock=clock, validate=False) as started:
        yield started


def open_forge(github: GitHub, folder: Path, clock: SetClock, *, paced: bool = True) -> GitHubForge:
    client = Client(NAME, github.token, clock, url=github.url, paced=paced)
    return GitHubForge(client, folder / "mirror.git", clock)


def test_a_long_queue_keeps_to_both_limits_and_loses_no_time(
    tmp_path: Path, clock: SetClock
) -> None:
    """Through the worker, which rests as long as it is asked to, to fifteen seconds."""
    options: dict[str, Any] = {"clock": clock, "validate": False, "rate_limit": 100_000}
    with GitHub(tmp_path / "g.git", small_content(tmp_path / "seed"), **options) as github:
        office = Office(tmp_path, open_forge(github, tmp_path, clock), clock, look_every=MINUTE)
        ids = {office.accept(f"Un besoin {number}").id for number in range(QUEUE)}
        begun, created = clock.now, list[datetime]()
        while office.store.counts()[State.QUEUED]:
            before = github.creating
            office.work()
            created += [clock.now] * (github.creating - before)
            # Nothing was begun that pace would leave half done.
            assert len(github.state.pulls) == office.store.counts()[State.PROPOSED]
            assert all(pull.labels for pull in github.state.pulls)
            clock.move(seconds=15)
        assert {pending.id for pending in office.forge.pending()} == ids
    assert most_in(created, MINUTE) <= 80
    assert most_in(created, HOUR) <= 500
    assert len(created) > 500
    # As fast as those limits allow, but for the rest in which no whole proposal fits.
    assert most_in(created, MINUTE) > 80 - PROPOSING
    assert most_in(created, HOUR) > 500 - PROPOSING
    assert clock.now - begun < timedelta(hours=1, minutes=3)


def test_without_pace_a_test_server_is_asked_as_fast_as_it_answers(
    github: GitHub, tmp_path: Path, clock: SetClock
) -> None:
    forge = open_forge(github, tmp_path, clock, paced=False)
    for number in range(20):
        forge.propose(proposal(f"p{number}"))
    assert github.creating > 80
    assert len(forge.pending()) == 20


@pytest.mark.parametrize("kind", [Kind.SECONDARY, Kind.SECONDARY_MUTE, Kind.TOO_MANY])
def test_a_scolded_proposal_is_finished_after_the_pause(
    github: GitHub, tmp_path: Path, clock: SetClock, kind: Kind
) -> None:
    forge = open_forge(github, tmp_path, clock)
    github.faults.plan(Fault(kind, call="create_pull"))
    with pytest.raises(ForgeBusy) as busy:
        forge.propose(proposal("a1"))
    asked = len(github.calls)
    with pytest.raises(ForgeBusy):
        forge.propose(proposal("a1"))
    assert len(github.calls) == asked  # while it wants none, it is not asked at all
    clock.now = busy.value.until
    forge.propose(proposal("a1"))
    assert [pending.id for pending in forge.pending()] == ["a1"]
    assert sum(c.method in CREATING and c.path.endswith("/git/commits") for c in github.calls) == 1


def test_a_missing_right_is_told_at_once_and_stops_nobody_else(
    github: GitHub, tmp_path: Path, clock: SetClock
) -> None:
    forge = open_forge(github, tmp_path, clock)
    github.faults.plan(Fault(Kind.FORBIDDEN, call="create_ref"))
    with pytest.raises(Refused, match="not accessible by integration"):
        forge.propose(proposal("a1"))
    forge.propose(proposal("b2"))


def test_a_spent_hour_is_waited_for(tmp_path: Path, clock: SetClock) -> None:
    seed = seed_folder(tmp_path / "seed")
    with GitHub(tmp_path / "g.git", seed, clock=clock, validate=False, rate_limit=30) as github:
        forge = open_forge(github, tmp_path, clock)
        with pytest.raises(ForgeUnavailable):
            for number in range(30):
                forge.propose(proposal(f"p{number}"))
        assert all(call.status < 400 or call.status == 404 for call in github.calls)
        clock.move(hours=1, seconds=1)
        forge.propose(proposal("later"))

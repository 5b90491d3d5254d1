"""GitHub fails in every way at every call: one pull request all the same, or a reason.

Each fault strikes once; for as long as several tries take, after which it is gone; and for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import cycle

import pytest

from contrib_gateway.errors import ForgeUnavailable, Refused
from contrib_gateway.store import State
from contrib_gateway.worker import FIRST_DELAY, LONGEST_DELAY, REFUSALS
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.offices import STEP, Office
from tests.contrib_gateway.places import MINUTE, GitHubPlace
from tests.github import Fault, Kind

BEGAN = SetClock().now
IMPATIENT = 0.1  # seconds that an answer may take where none will come
HANGING = (Kind.HANG, Kind.LATE)
LIMITS = {Kind.RATE_LIMIT: timedelta(hours=1), Kind.SECONDARY: MINUTE, Kind.TOO_MANY: MINUTE}
REFUSING = (Kind.UNAUTHORIZED, Kind.NOT_FOUND, Kind.EXISTS)
SAID = {
    Kind.ERROR: "GitHub answered 500",
    Kind.UNAUTHORIZED: "GitHub answered 401: Bad credentials",
    Kind.NOT_FOUND: "GitHub answered 404: Not Found",
    Kind.EXISTS: "GitHub ",
}
KINDS = (
    *(Kind.ERROR, Kind.BAD_GATEWAY, Kind.REFUSED, Kind.CUT, Kind.HALF_JSON, Kind.LOST),
    *(*HANGING, *LIMITS, *REFUSING, Kind.MOVED_HEAD),
)
# To whoever only reads, or has little time, many mean the same.
SORTS = (Kind.ERROR, Kind.HALF_JSON, Kind.SECONDARY, Kind.NOT_FOUND, Kind.MOVED_HEAD)
# The calls by the server's names for them, in their order.
LABELLING = {"get_label": "*", "create_label": "*", "add_labels": "*"}
PROPOSING = {
    "get_repository": "*",
    "find_pull": "*",
    "get_ref": "*/contribution/*",
    "get_ref main": "*/main",
    "get_commit_object": "*",
    "create_tree": "*",
    "create_commit": "*",
    "create_ref": "*",
    "create_pull": "*",
    **LABELLING,
}
MERGING = {
    "get_pull": "*",
    "compare": "*",
    "get_ref main": "*/main",
    "get_commit_object": "*",
    "create_tree": "*",
    "create_commit": "*",
    "update_ref": "*",
    "merge_pull": "*",
    "delete_ref": "*",
}
DECLINING = {
    "get_pull": "*",
    "list_issue_comments": "*",
    "create_issue_comment": "*",
    "update_pull": "*",
    "delete_ref": "*",
}
READING = ("get_", "list_", "find_", "compare")


def cases(calls: Iterable[str], kinds: Iterable[Kind]) -> list[tuple[str, Kind]]:
    """Every kind at each call that writes something; one of each sort at the others."""
    return [
        (call, kind) for call in calls for kind in (SORTS if call.startswith(READING) else kinds)
    ]


def plan(
    place: GitHubPlace, kind: Kind, call: str, paths: Mapping[str, str], times: int | None = 1
) -> Fault:
    if kind in HANGING:
        place.patience = IMPATIENT
        place.open()
    name = call.partition(" ")[0]
    return place.github.faults.plan(Fault(kind, call=name, path=paths[call], times=times))


def wait_due(place: GitHubPlace, id: str) -> None:
    """Until the queue would try again."""
    place.office.pass_time(place.office.find(id).next_try_at)


@pytest.fixture
def place(on_github: GitHubPlace) -> GitHubPlace:
    return on_github


# Proposing


def assert_proposed_once(place: GitHubPlace, id: str, labelled: bool = True) -> None:
    """One open pull request with what was sent, on main; its branch is the only one."""
    office = place.office
    [pull] = place.github.state.pulls
    branch = f"contribution/need/{office.find(id).slug}-{id}"
    assert (pull.state, pull.head, pull.base) == ("open", branch, "main")
    if labelled:
        assert [label.name for label in pull.labels] == ["contribution"]
    assert place.branches() == [branch]
    assert place.files(pull.head_sha, pull.base_sha) == office.expected(id)
    assert_stored_once(office, id, State.PROPOSED)
    assert office.find(id).branch == branch


def assert_dead(place: GitHubPlace, id: str, said: str) -> None:
    """Nothing is on GitHub, and a person can read why."""
    assert not place.github.state.pulls
    assert place.branches() == []
    assert_stored_once(place.office, id, State.DEAD)
    reason = place.office.find(id).reason
    assert said in reason, reason


def assert_stored_once(office: Office, id: str, state: State) -> None:
    assert dict(office.store.states()) == {id: state}


def assert_rested(place: GitHubPlace, pause: timedelta) -> None:
    """After GitHub said that this was too much, it was left alone for as long as it asked."""
    moments = [moment for moment, _, _ in place.seen]
    struck = [n for n, (_, _, outcome) in enumerate(place.seen) if outcome in ("403", "429")]
    assert struck
    for number in struck:
        assert all(moment >= moments[number] + pause for moment in moments[number + 1 :])


@pytest.mark.parametrize(("call", "kind"), cases(PROPOSING, KINDS))
def test_a_fault_while_proposing_leaves_one_pull_request(
    place: GitHubPlace, kind: Kind, call: str
) -> None:
    planned = plan(place, kind, call, PROPOSING)
    office = place.office
    id = office.accept().id
    assert_stored_once(office, id, State.QUEUED)  # a receipt is given before GitHub is asked
    assert place.seen == []
    office.settle()
    assert planned.struck == 1
    assert_proposed_once(place, id)
    if pause := LIMITS.get(kind):
        assert_rested(place, pause)


@pytest.mark.parametrize("call", PROPOSING)
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.LOST, Kind.SECONDARY, Kind.NOT_FOUND])
def test_when_a_fault_that_lasted_is_mended_there_is_one_pull_request(
    place: GitHubPlace, kind: Kind, call: str
) -> None:
    """Refused again and again it is dead, with GitHub's words, until an editor tries again."""
    planned, office = plan(place, kind, call, PROPOSING, times=None), place.office
    id = office.accept().id
    for _ in range(REFUSALS + 1):
        office.work()
        wait_due(place, id)
    assert planned.struck
    if office.state(id) is State.DEAD:
        assert kind in REFUSING
        assert_dead(place, id, SAID[kind])
    place.github.faults.clear()
    if office.state(id) is State.DEAD:
        office.desk.try_again(id, "Léa Martin")
    office.settle()
    assert_proposed_once(place, id, labelled=call not in LABELLING)


@pytest.mark.parametrize("call", PROPOSING)
@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.NOT_FOUND, Kind.EXISTS])
def test_a_fault_that_never_ends_leaves_a_reason_that_tells_it(
    place: GitHubPlace, kind: Kind, call: str
) -> None:
    """In GitHub's words, at the latest after a week; unless it does not prevent a proposal."""
    office = place.office
    plan(place, kind, call, PROPOSING, times=None)
    id = office.accept().id
    office.settle(leap=timedelta(days=2))
    if office.state(id) is State.PROPOSED:
        assert_proposed_once(place, id, labelled=call not in LABELLING)
    elif (kind, call) == (Kind.NOT_FOUND, "get_ref main"):
        assert_dead(place, id, "the repository has no main")
    else:
        assert_dead(place, id, SAID.get(kind, "GitHub does not answer"))


def test_while_github_is_away_for_days_it_is_asked_ever_less_often(place: GitHubPlace) -> None:
    """What was sent is proposed within the longest pause once it is back."""
    office, chances = place.office, cycle([0.0, 1.0, 0.5])
    id = office.accept().id
    pauses = []
    with place.github.away():
        while place.clock.now < BEGAN + timedelta(days=3):
            office.chance = next(chances)
            office.work()
            found = office.find(id)
            if found.attempts > len(pauses) and found.next_try_at:
                pauses.append(found.next_try_at - place.clock.now)
            wait_due(place, id)
    assert len(place.seen) < 3 * 24 * 2 * 3
    wished = [min(FIRST_DELAY * 2 ** min(n, 16), LONGEST_DELAY) for n in range(len(pauses))]
    shares = {pause / wish for pause, wish in zip(pauses, wished, strict=True)}
    assert shares == {0.5, 0.75, 1.0}  # never all together
    back = place.clock.now
    office.settle()
    assert place.clock.now - back <= LONGEST_DELAY
    assert_proposed_once(place, id)


def test_a_crowd_that_waits_while_github_is_away_does_not_besiege_it(place: GitHubPlace) -> None:
    """It is the queue that rests, not each submission for itself."""
    office = place.office
    ids = {office.accept(f"Un besoin {number}").id for number in range(30)}
    with place.github.away():
        while place.clock.now < BEGAN + timedelta(hours=1):
            office.work()
            place.clock.now += STEP
    assert len(place.seen) < 60 + 60 + 20  # of the queue, of looks, and before pauses had grown
    office.settle()
    assert {branch.rpartition("-")[2] for branch in place.branches()} == ids
    assert office.store.counts()[State.PROPOSED] == len(ids)


def test_a_repository_that_is_gone_makes_dead_what_is_sent_and_back_it_is_proposed(
    place: GitHubPlace,
) -> None:
    gone = place.github.faults.plan(Fault(Kind.NOT_FOUND, times=None))
    office = place.office
    ids = [office.accept(f"Un besoin {number}").id for number in range(2)]
    office.settle()
    assert {office.state(id) for id in ids} == {State.DEAD}
    assert {office.find(id).reason for id in ids} == {SAID[Kind.NOT_FOUND]}
    struck = gone.struck
    for _ in range(60):  # the worker's loop goes on: each second, in life
        office.work()
        place.clock.move(seconds=1)
    assert gone.struck - struck <= 2
    place.github.faults.clear()
    office.desk.try_all_again("Léa Martin")
    office.settle()
    assert office.store.counts()[State.PROPOSED] == len(place.branches()) == 2


def test_one_that_github_refuses_does_not_keep_the_others_waiting(place: GitHubPlace) -> None:
    office = place.office
    refused = office.accept("Celui-ci").id
    branch = f"refs/heads/contribution/need/{office.find(refused).slug}-{refused}"
    place.github.faults.plan(
        Fault(Kind.ERROR, call="create_ref", times=None, when=lambda c: c.data["ref"] == branch)
    )
    others = [office.accept(f"Un besoin {number}").id for number in range(3)]
    for _ in range(20):
        office.work()
        place.clock.now += STEP
    assert office.state(refused) is State.QUEUED
    assert {office.state(id) for id in others} == {State.PROPOSED}


# Deciding

EDITOR = "Léa Martin"
REASON = "Il en existe un semblable."
Decide = Callable[[Office, str], object]


def publish(office: Office, id: str) -> None:
    office.desk.publish(id, EDITOR)


def decline(office: Office, id: str) -> None:
    office.desk.decline(id, EDITOR, REASON)


DECISIONS = {publish: MERGING, decline: DECLINING}
ANSWERS = (*SORTS, Kind.LOST, Kind.LATE, Kind.EXISTS, Kind.MOVED_BASE)
ONCE = [(d, *case, 1) for d, calls in DECISIONS.items() for case in cases(calls, ANSWERS)]
FOR_LONG = [
    (decide, call, kind, None)
    for decide, calls in DECISIONS.items()
    for call in calls
    for kind in (Kind.ERROR, Kind.LOST, Kind.MOVED_BASE)
    if not call.startswith(READING)
]


def propose(place: GitHubPlace) -> str:
    """One that waits, and is behind main."""
    id = place.office.accept().id
    place.office.worker.open(id)
    place.push("main", "content/needs/pousse.md", b"---\nid: pousse1\n---\n")
    place.clock.move(days=5)
    return id


def press(place: GitHubPlace, decide: Decide, id: str) -> bool:
    """Whether it was decided. What the editor is told is true."""
    [pull] = place.github.state.pulls
    try:
        decide(place.office, id)
    except (ForgeUnavailable, Refused):  # "Nothing was decided"
        assert pull.state == "open"
        assert place.office.state(id) is State.PROPOSED
        return False
    return True


def assert_decided_once(place: GitHubPlace, decide: Decide, id: str) -> None:
    office = place.office
    [pull] = place.github.state.pulls
    found = office.find(id)
    assert_stored_once(office, id, State.PUBLISHED if decide is publish else State.DECLINED)
    assert found.decided_by == EDITOR
    assert place.branches() == []
    main = place.main()
    assert pull.state == "closed"
    if decide is publish:
        assert pull.merge_commit_sha == main == found.commit
        assert place.files(main, place.before(main)) == office.expected(id)
        assert pull.comments == []
    else:
        assert not pull.merged
        assert f"{id}.md" not in str(place.files(main, place.before(main)))
        [comment] = pull.comments
        assert REASON in comment.body
        assert found.reason == REASON


@pytest.mark.parametrize(("decide", "call", "kind", "times"), [*ONCE, *FOR_LONG])
def test_a_decision_during_a_fault_is_made_once_or_not_at_all(
    place: GitHubPlace, decide: Decide, call: str, kind: Kind, times: int | None
) -> None:
    """Pressing the button again finishes it, and nothing is said or merged twice."""
    id = propose(place)
    place.open()
    planned = plan(place, kind, call, DECISIONS[decide], times)
    decided = press(place, decide, id)
    if times is None and not decided:
        decided = press(place, decide, id)
    assert planned.struck
    if pause := LIMITS.get(kind):
        assert_rested(place, pause)
    place.github.faults.clear()
    place.clock.move(hours=2)
    if not decided:
        decide(place.office, id)
    place.office.work()
    assert_decided_once(place, decide, id)

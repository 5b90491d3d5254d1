"""What people do on the forge is noted, whatever else happens at that moment, or before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from contrib_gateway.errors import Refused, StoreUnavailable
from contrib_gateway.forge import Proposal
from contrib_gateway.store import State
from tests.contrib_gateway.offices import WRITTEN, Office, form_of
from tests.contrib_gateway.places import MINUTE, GitHubPlace, Place
from tests.github import Fault, Kind

EDITOR = "Léa Martin"
REASON = "Il en existe un semblable."


def proposed(place: Place) -> str:
    """One that waits; all that has happened so far is noted."""
    id = place.office.accept().id
    place.office.settle()
    later(place)
    return id


def later(place: Place) -> None:
    """A minute passes, and the worker's turn comes."""
    place.clock.now += MINUTE
    place.office.work()


def number(place: GitHubPlace, id: str) -> int:
    """Of its pull request."""
    branch = place.office.find(id).branch
    return next(pull.number for pull in place.github.state.pulls if pull.head == branch)


def said(office: Office, id: str) -> list[str]:
    return [remark.text for remark in office.store.remarks(id)]


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Another program writes to the database, and does not end."""
    other = sqlite3.connect(place.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_what_an_editor_says_is_noted_though_the_desk_was_looked_at_before(
    on_github: GitHubPlace,
) -> None:
    id = proposed(on_github)
    on_github.clock.move(seconds=30)
    on_github.github.comment(number(on_github, id), "nadia", "Et le lieu ?")
    assert on_github.office.desk.review(id).forge_url
    later(on_github)
    assert said(on_github.office, id) == ["Et le lieu ?"]


def test_what_an_editor_says_of_an_old_proposal_while_vigie_is_off_is_noted(
    on_github: GitHubPlace,
) -> None:
    id = proposed(on_github)
    on_github.clock.move(days=30)
    on_github.github.comment(number(on_github, id), "nadia", "Et le lieu ?")
    on_github.clock.move(hours=5)
    on_github.open().work()
    assert said(on_github.office, id) == ["Et le lieu ?"]


def test_what_happens_while_the_worker_looks_is_seen_at_once(on_github: GitHubPlace) -> None:
    """A webhook comes when the list of what changed was read already, and not noted yet."""
    first, second = proposed(on_github), proposed(on_github)
    on_github.clock.move(seconds=30)
    on_github.github.comment(number(on_github, first), "nadia", "Et le lieu ?")

    def meanwhile(call: object) -> bool:
        on_github.github.comment(number(on_github, second), "nadia", "Et l’heure ?")
        on_github.office.worker.look_soon()
        return False

    on_github.github.faults.plan(Fault(Kind.ERROR, call="list_reviews", when=meanwhile))
    on_github.office.worker.lookout.look()
    on_github.github.faults.clear()
    on_github.office.work()
    assert said(on_github.office, second) == ["Et l’heure ?"]


def test_one_that_cannot_be_read_does_not_hide_the_others(on_github: GitHubPlace) -> None:
    ids = [proposed(on_github) for _ in range(3)]
    for id in ids:
        on_github.clock.move(seconds=1)
        on_github.github.comment(number(on_github, id), "nadia", "Et le lieu ?")
    first = f"*/{number(on_github, min(ids))}/*"
    on_github.github.faults.plan(Fault(Kind.NOT_FOUND, path=first, times=None))
    later(on_github)
    assert [len(said(on_github.office, id)) for id in sorted(ids)] == [0, 1, 1]
    on_github.github.faults.clear()
    later(on_github)
    assert said(on_github.office, min(ids)) == ["Et le lieu ?"]


def test_a_proposal_closed_on_github_leaves_no_branch(on_github: GitHubPlace) -> None:
    id = proposed(on_github)
    on_github.clock.move(seconds=30)
    on_github.github.comment(number(on_github, id), "nadia", REASON)
    on_github.github.close(number(on_github, id), "nadia")
    later(on_github)
    found = on_github.office.find(id)
    assert (found.state, found.decided_by, found.reason) == (State.DECLINED, "nadia", REASON)
    assert on_github.branches() == []


def test_a_branch_that_could_not_be_removed_is_removed_later(on_github: GitHubPlace) -> None:
    id = proposed(on_github)
    on_github.github.faults.plan(Fault(Kind.ERROR, call="delete_ref", times=2))
    on_github.office.desk.publish(id, EDITOR)
    later(on_github)
    assert len(on_github.branches()) == 1
    later(on_github)
    assert on_github.branches() == []


def test_a_merge_that_github_does_not_allow_is_told_in_its_words(on_github: GitHubPlace) -> None:
    """Whoever hosts the repository may require something that no proposal has."""
    id = proposed(on_github)
    never = on_github.github.faults.plan(Fault(Kind.MOVED_BASE, call="merge_pull", times=None))
    with pytest.raises(Refused, match="GitHub answered 405: Base branch was modified"):
        on_github.office.desk.publish(id, EDITOR)
    assert never.struck > 1
    assert on_github.office.state(id) is State.PROPOSED


def test_a_branch_that_github_does_not_allow_is_told_in_its_words(on_github: GitHubPlace) -> None:
    """A branch of that name would be in the place of a folder."""
    on_github.push("contribution", "content/needs/autre.md", b"---\nid: autre1\n---\n")
    id = on_github.office.accept().id
    on_github.office.settle()
    found = on_github.office.find(id)
    assert found.state is State.DEAD
    assert found.reason.startswith("GitHub answered 422: Reference refs/heads/contribution/need/")


def test_a_name_that_somebody_takes_by_hand_leaves_no_branch_of_that_name(
    on_github: GitHubPlace,
) -> None:
    """Its branch was there, and its pull request not yet, when the name was taken on main."""
    place, id = on_github, on_github.office.accept().id
    place.github.faults.plan(Fault(Kind.ERROR, call="create_pull"))
    place.office.work()
    slug = place.office.find(id).slug
    assert place.branches() == [f"contribution/need/{slug}-{id}"]
    written = WRITTEN.replace("ecrit1", "ecrit2").encode()
    place.push("main", f"content/needs/{slug}.md", written)
    place.office.worker.lookout.look()
    place.office.settle()
    assert place.office.find(id).slug == f"{slug}-2"
    assert place.branches() == [f"contribution/need/{slug}-2-{id}"]


# On each kind of forge


@pytest.mark.parametrize("verb", ["publish", "decline"])
def test_a_decision_that_could_not_be_noted_is_noted_later(
    place: Place, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made on the forge, and just then the database is locked."""
    id = proposed(place)
    forge, act = place.office.forge, "merge" if verb == "publish" else "decline"
    decide = getattr(forge, act)
    with ExitStack() as held:

        def decide_and_lock(*arguments: object) -> object:
            decision = decide(*arguments)
            held.enter_context(locked(place))
            return decision

        monkeypatch.setattr(forge, act, decide_and_lock)
        with pytest.raises(StoreUnavailable):
            if verb == "publish":
                place.office.desk.publish(id, EDITOR)
            else:
                place.office.desk.decline(id, EDITOR, REASON)
    monkeypatch.undo()
    assert place.office.state(id) is State.PROPOSED
    later(place)
    found = place.office.find(id)
    assert found.state is (State.PUBLISHED if verb == "publish" else State.DECLINED)
    assert found.decided_by == EDITOR


@pytest.mark.parametrize("verb", ["merge", "decline"])
def test_a_form_sent_again_after_the_database_was_lost_learns_what_was_decided(
    place: Place, verb: str
) -> None:
    """Whoever wrote it keeps their page open, and presses the button once more."""
    backup = place.back_up()
    sent = place.office.accept()
    place.office.settle()
    if verb == "merge":
        place.office.desk.publish(sent.id, EDITOR)
    else:
        place.office.desk.decline(sent.id, EDITOR, REASON)
    later(place)
    place.restore(backup)
    later(place)
    place.office.store.accept(form_of(sent), lambda slug: False)
    place.office.settle()
    later(place)
    found = place.office.find(sent.id)
    assert found.state is (State.PUBLISHED if verb == "merge" else State.DECLINED)
    assert found.decided_by == EDITOR
    assert place.branches() == []


def test_two_processes_that_propose_the_same_make_one_proposal(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """`vigie reconcile` beside `vigie serve`."""
    id = place.office.accept().id
    other = Office(place.state, place.forge(), place.clock)
    first_to_ask = place.office.forge.propose

    def overtaken(proposal: Proposal) -> str:
        branch = first_to_ask(proposal)
        other.worker.open(id)
        return branch

    place.office.forge.propose = overtaken  # type: ignore[method-assign]
    place.office.worker.open(id)
    assert place.office.state(id) is State.PROPOSED
    assert len(place.branches()) == 1
    assert "could not be proposed" not in caplog.text
    other.store.close()

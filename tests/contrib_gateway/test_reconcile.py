"""`vigie reconcile`: what differs between the database and the forge is named, and put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest

from contrib_gateway.forge import Outcome
from contrib_gateway.store import State
from tests.contrib_gateway.offices import form_of, need
from tests.contrib_gateway.places import GitHubPlace, Place, settings_of
from tests.contrib_gateway.running import Server, copied_state, sample_content, until
from tests.contrib_gateway.visitor import answers, id_of
from tests.github import Fault, GitHub, Kind

EDITOR = "Léa Martin"
REASON = "Il en existe un semblable."
LATENCY = 0.02  # seconds
TITLES = count(1)
BALANCED = "Everything is where it should be."


def nobody_has(slug: str) -> bool:
    return False


def proposed(place: Place) -> str:
    id = place.office.accept().id
    place.office.worker.open(id)
    return id


def published(place: Place) -> str:
    id = proposed(place)
    place.office.desk.publish(id, EDITOR)
    return id


def assert_balanced(place: Place) -> None:
    done = place.run("reconcile")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == BALANCED


def repaired(place: Place, *named: str) -> str:
    """What `--repair` says of the one difference, which was named before without being touched."""
    found = place.run("reconcile")
    assert found.exit_code == 1, found.output
    assert found.output.splitlines()[-1] == "1 difference(s)."
    for words in named:
        assert words in found.output
    done = place.run("reconcile", "--repair")
    [line] = [line for line in done.output.splitlines() if named[0] in line]
    assert done.exit_code == 0, done.output
    assert_balanced(place)
    return line.rpartition(" — ")[2]


def assert_needs_a_person(place: Place, *named: str) -> None:
    """It is told, and `--repair` leaves it as it is."""
    done = place.run("reconcile", "--repair")
    assert done.exit_code == 1, done.output
    for words in (*named, "this needs a person", "1 left:"):
        assert words in done.output


# Balanced


def test_what_is_in_order_is_told_to_be(place: Place) -> None:
    office = place.office
    held = office.store.accept(replace(need("À lire", place.clock), state=State.HELD), nobody_has)
    declined, withdrawn = proposed(place), proposed(place)
    office.desk.decline(declined, EDITOR, REASON)
    office.store.mark_withdrawn(withdrawn)
    office.forge.decline(withdrawn, "", "")
    proposed(place)
    published(place)
    dead = office.accept().id
    office.store.mark_dead(dead, "non")
    office.accept()
    counts = place.run("reconcile").output.splitlines()[0]
    assert counts == (
        "accepted 7, held 1, queued 1, proposed 1, published 1, declined 1, withdrawn 1, dead 1"
    )
    assert office.state(held.id) is State.HELD
    assert_balanced(place)


def test_an_empty_database_is_in_order(place: Place) -> None:
    assert_balanced(place)


# Decided on the forge while nobody noted it


def test_what_was_merged_while_vigie_was_off_is_noted(place: Place) -> None:
    id = proposed(place)
    place.merge_by_hand(place.office.find(id).branch)
    assert repaired(place, id, "it is merged on the forge, and not noted") == "noted"
    found = place.office.find(id)
    assert (found.state, found.decided_by) == (State.PUBLISHED, "Nadia")
    assert found.commit == place.main()


def test_what_was_declined_and_not_noted_is_noted_with_its_reason(place: Place) -> None:
    id = proposed(place)
    place.office.forge.decline(id, EDITOR, REASON)
    assert repaired(place, id, "it is declined on the forge, and not noted") == "noted"
    found = place.office.find(id)
    assert (found.state, found.decided_by, found.reason) == (State.DECLINED, EDITOR, REASON)


def test_what_was_taken_back_and_not_noted_is_noted(place: Place) -> None:
    id = published(place)
    place.office.forge.undo(id, EDITOR, REASON)
    assert repaired(place, id, "it was taken back, and not noted") == "noted"
    assert place.office.state(id) is State.DECLINED


def test_what_was_merged_though_it_is_dead_is_noted(place: Place) -> None:
    """The queue gave it up, and an editor saw the proposal on the forge all the same."""
    id = place.office.accept().id
    place.office.forge.propose(place.office.proposal(id))
    place.office.store.mark_dead(id, "non")
    place.office.forge.merge(id, EDITOR)
    assert repaired(place, id, "it is dead, and merged on the forge") == "found again"
    assert place.office.state(id) is State.PUBLISHED


# Still waiting on the forge, or gone from it


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN])
def test_what_waits_though_it_was_decided_is_closed(place: Place, state: State) -> None:
    id = proposed(place)
    if state is State.DECLINED:
        place.office.store.mark_declined(id, EDITOR, REASON)
    else:
        place.office.store.mark_withdrawn(id)
    assert repaired(place, id, f"it is {state}, and still waits on the forge") == "closed"
    decision = place.office.forge.decision(id)
    assert decision
    assert decision.outcome is Outcome.DECLINED
    assert place.branches() == []
    if state is State.DECLINED:
        assert (decision.by, decision.reason) == (EDITOR, REASON)


def test_what_is_dead_and_waits_on_the_forge_is_found_again(place: Place) -> None:
    id = place.office.accept().id
    branch = place.office.forge.propose(place.office.proposal(id))
    place.office.store.mark_dead(id, "non")
    assert repaired(place, id, "it is dead, and open on the forge") == "found again"
    assert place.office.state(id) is State.PROPOSED
    assert place.branches() == [branch]


def test_a_proposal_that_is_gone_is_proposed_again(place: Place) -> None:
    """The forge was restored from an older backup than the database."""
    id = place.office.accept().id
    place.office.store.mark_proposed(id, f"contribution/need/un-besoin-{id}")
    assert repaired(place, id, "its proposal is gone from the forge") == "proposed again"
    assert place.office.state(id) is State.PROPOSED
    assert place.branches() == [place.office.find(id).branch]


# What only a person can tell


def test_what_is_published_and_not_on_the_forge_needs_a_person(place: Place) -> None:
    id = place.office.accept().id
    place.office.store.mark_proposed(id, "contribution/need/un-besoin-x1")
    place.office.store.mark_published(id, EDITOR, "0" * 40)
    assert_needs_a_person(place, id, "it is published, and on the forge it is unknown")


def test_what_is_published_and_still_waits_needs_a_person(place: Place) -> None:
    id = proposed(place)
    place.office.store.mark_published(id, EDITOR, "0" * 40)
    assert_needs_a_person(place, id, "it is published, and on the forge it is open")


def test_what_was_decided_otherwise_on_both_sides_needs_a_person(place: Place) -> None:
    id = proposed(place)
    place.office.store.mark_declined(id, EDITOR, REASON)
    place.office.forge.merge(id, EDITOR)
    assert_needs_a_person(place, id, "it is declined, and merged on the forge")


def test_what_was_taken_back_too_late_is_published(place: Place) -> None:
    id = proposed(place)
    place.office.store.mark_withdrawn(id)
    place.office.forge.merge(id, EDITOR)
    assert repaired(place, id, "it is merged on the forge, and not noted") == "noted"
    assert place.office.state(id) is State.PUBLISHED


def test_what_is_forgotten_and_still_waits_is_erased_not_kept_aside(place: Place) -> None:
    id = proposed(place)
    place.office.store.forget(id)
    assert repaired(place, id, "it is withdrawn, and still waits on the forge") == "erased"
    assert place.branches() == []
    names = list(place.repository.references)
    assert not [name for name in names if name.endswith(id)]


def test_what_is_held_and_waits_on_the_forge_needs_a_person(place: Place) -> None:
    new = replace(need("À lire", place.clock), state=State.HELD)
    id = place.office.store.accept(new, nobody_has).id
    place.office.forge.propose(place.office.proposal(id))
    assert_needs_a_person(place, id, "it is held for an editor, and open on the forge")


# The database is an older one


def test_what_a_backup_does_not_know_is_adopted_from_its_proposal(place: Place) -> None:
    """Nothing of it is lost but the address; and when its form is sent again, that is back too."""
    backup = place.back_up()
    sent = place.office.accept("Le bus du soir")
    place.office.worker.open(sent.id)
    place.restore(backup)
    sentence = "the forge has a proposal that the database does not know"
    assert repaired(place, sent.id, sentence) == "adopted"
    found = place.office.find(sent.id)
    assert found.state is State.PROPOSED
    for name in ("type", "slug", "title", "lang", "data", "body", "signed_as"):
        assert getattr(found, name) == getattr(sent, name), name
    again = place.office.store.accept(form_of(sent), nobody_has)
    assert (again.id, again.private) == (sent.id, sent.private)
    place.office.settle()
    assert len(place.branches()) == 1
    place.office.desk.publish(sent.id, EDITOR)
    assert_balanced(place)


def test_what_cannot_be_read_as_a_page_is_closed(place: Place) -> None:
    """Somebody opened a proposal of their own, by a name like ours."""
    place.push("contribution/need/autre-x1", "content/images/autre.webp", b"\x00\xff")
    if isinstance(place, GitHubPlace):
        place.github.open_pull("nadia", "contribution/need/autre-x1", "Une image")
    sentence = "the forge has a proposal that the database does not know"
    assert repaired(place, "x1", sentence) == "closed: no page can be read in it"
    assert place.branches() == []


def test_a_branch_whose_form_was_lost_with_the_database_is_proposed(
    on_github: GitHubPlace,
) -> None:
    """Vigie was killed before it opened the pull request, and the database restored."""
    place, backup = on_github, on_github.back_up()
    sent = place.office.accept("Le bus du soir")
    fault = place.github.faults.plan(Fault(Kind.ERROR, call="create_pull", times=None))
    place.office.worker.open(sent.id)
    assert fault.struck
    place.github.faults.clear()
    place.restore(backup)
    sentence = "a branch is left behind on the forge"
    assert repaired(place, sent.id, sentence) == "adopted, and proposed"
    found = place.office.find(sent.id)
    assert (found.state, found.data, found.body) == (State.PROPOSED, sent.data, sent.body)
    assert found.signed_as == sent.signed_as
    [pull] = place.github.state.pulls
    assert (pull.state, pull.head) == ("open", found.branch)


# Branches


def test_a_branch_of_a_decided_proposal_is_removed(on_github: GitHubPlace) -> None:
    """Somebody pressed « Restore branch »."""
    place, id = on_github, proposed(on_github)
    branch = place.office.find(id).branch
    place.office.desk.decline(id, EDITOR, REASON)
    place.clock.move(days=10)
    place.push(branch, "content/needs/autre.md", b"autre\n")
    assert repaired(place, branch, "a branch is left behind on the forge") == "removed"
    assert place.branches() == []


def test_a_branch_that_tells_nothing_is_removed(place: Place) -> None:
    """It shares no history with main."""
    name = "contribution/need/autre-x1"
    place.push_alone(name)
    assert repaired(place, name, "a branch is left behind on the forge") == "removed"
    assert place.branches() == []


def test_a_branch_in_which_no_page_can_be_read_is_left_to_a_person(
    on_github: GitHubPlace,
) -> None:
    """It may be all that is left of what somebody wrote."""
    place, name = on_github, "contribution/need/autre-x1"
    place.push(name, "content/needs/autre.md", b"---\ntitle: [\n---\n")
    assert_needs_a_person(place, name, "a branch is left behind on the forge")
    assert place.branches() == [name]


def test_a_branch_of_what_is_dead_is_removed(on_github: GitHubPlace) -> None:
    place, id = on_github, on_github.office.accept().id
    place.push(f"contribution/need/autre-{id}", "content/needs/autre.md", b"autre\n")
    place.office.store.mark_dead(id, "non")
    assert repaired(place, id, "a branch is left behind on the forge") == "removed"
    assert place.office.state(id) is State.DEAD


def test_a_branch_the_queue_will_finish_is_no_difference(on_github: GitHubPlace) -> None:
    place, id = on_github, on_github.office.accept().id
    place.github.faults.plan(Fault(Kind.ERROR, call="create_pull"))
    place.office.worker.open(id)
    assert len(place.branches()) == 1
    assert_balanced(place)


# When it cannot be done


def test_while_the_forge_is_away_nothing_is_said_of_it(on_github: GitHubPlace) -> None:
    proposed(on_github)
    with on_github.github.away():
        done = on_github.run("reconcile", "--repair")
    assert done.exit_code == 1
    assert "GitHub does not answer" in done.output
    assert BALANCED not in done.output


def test_what_has_to_wait_for_the_forge_is_told(on_github: GitHubPlace) -> None:
    place, id = on_github, on_github.office.accept().id
    place.office.store.mark_proposed(id, f"contribution/need/un-besoin-{id}")
    place.github.faults.plan(Fault(Kind.ERROR, call="create_tree"))
    done = place.run("reconcile", "--repair")
    assert f"{id}: its proposal is gone from the forge — queued: GitHub answered 500" in done.output
    assert_balanced(place)  # the queue will see to it
    place.office.settle()
    assert place.office.state(id) is State.PROPOSED


def test_what_could_not_be_mended_is_told_and_left(on_github: GitHubPlace) -> None:
    place, id = on_github, proposed(on_github)
    place.office.store.mark_declined(id, EDITOR, REASON)
    place.github.faults.plan(Fault(Kind.UNAUTHORIZED, call="update_pull", times=None))
    done = place.run("reconcile", "--repair")
    assert done.exit_code == 1
    assert "not mended: GitHub answered 401: Bad credentials" in done.output
    assert "1 left:" in done.output
    place.github.faults.clear()
    assert place.run("reconcile", "--repair").exit_code == 0
    assert place.office.state(id) is State.DECLINED


# Beside `vigie serve`


@pytest.fixture(params=["local", "github"])
def server(request: pytest.FixtureRequest, sample_state: Path, tmp_path: Path) -> Iterator[Server]:
    if request.param == "local":
        copied_state(sample_state, tmp_path / "state")
        server = Server(tmp_path / "state").start()
        yield server
    else:
        seed = sample_content(tmp_path / "seed")
        with GitHub(tmp_path / "github.git", seed, latency=LATENCY) as github:
            server = Server(tmp_path / "state", **settings_of(github)).start()
            yield server
            server.kill()
    server.kill()
    assert "Traceback" not in server.log, server.log[-4000:]


def test_beside_a_gateway_at_work_nothing_differs(server: Server) -> None:
    """People contribute and an editor decides, while the accounts are made."""
    editor, over = server.editor(), Event()
    receipts: list[str] = []
    published: list[str] = []

    def contribute() -> None:
        while not over.is_set():
            title = f"Un besoin {next(TITLES)}"
            receipts.append(server.visitor().contribute("need", answers("need", title)))

    def decide() -> None:
        while not over.is_set():
            for receipt in receipts[len(published) : len(published) + 1]:
                if editor.decide(id_of(receipt), "publier").status == 303:
                    published.append(receipt)

    threads = [Thread(target=task) for task in (contribute, contribute, decide)]
    for thread in threads:
        thread.start()
    until(lambda: published, "a decision")
    done = [server.run("reconcile") for _ in range(3)]
    over.set()
    for thread in threads:
        thread.join()
    for found in done:
        assert found.returncode == 0, found.stdout + found.stderr
    assert server.health()["accepted"] == len(receipts)

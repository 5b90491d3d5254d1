"""The process is killed at the worst moments: nobody's words are lost, nothing is done twice."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, product
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.contrib_gateway import doomed
from tests.contrib_gateway.ledger import Ledger
from tests.contrib_gateway.running import Server, copied_state, until
from tests.contrib_gateway.visitor import GONE, Pairs, Visitor, answers, id_of

BESIDE = ("before", "after")
# Small steps between the others: before one is after the one before it.
SMALL = {"write_merge", "record_merge", "delete_branch", "write_decline"}
SMALL |= {"start_build", "finish_build", "mark_online", "forget_old"}
TITLES = count(1)


def moments(steps: Iterable[str]) -> list[tuple[str, str]]:
    """Each step with the moments to be killed at."""
    return [
        (step, moment)
        for step, moment in product(steps, BESIDE)
        if moment == "after" or step not in SMALL
    ]


@dataclass
class Doomed:
    """A server that dies when told to, and an editor whose session outlives it."""

    server: Server
    armed: Path
    editor: Visitor

    def arm(self, step: str, moment: str) -> None:
        self.armed.write_text(f"{step} {moment}")

    def revive(self) -> None:
        """Wait for the death that was ordered, and start the same command again."""
        assert self.server.wait_dead() == -9, self.server.log[-2000:]
        assert not self.armed.exists()
        self.server.start()
        assert_whole(self.server)

    def state_of(self, receipt: str) -> str:
        return Ledger.read(self.server.state).states.get(id_of(receipt), "absent")

    def wait_online(self, receipt: str) -> None:
        """The receipt says that the page is online, and it is, in its list too."""
        page = until(lambda: online(self.server.visitor(), receipt), f"{receipt} to be online")
        path = next(link for link in page.links if link.startswith("/besoins/un-besoin-"))
        assert self.server.visitor().get(path).status == 200
        assert path in self.server.visitor().get("/besoins/").links

    def close_accounts(self) -> None:
        self.server.wait_queue()
        assert_balanced(self.server)
        assert_whole(self.server)


def online(visitor: Visitor, receipt: str):  # type: ignore[no-untyped-def]
    page = visitor.get(receipt)
    assert page.status == 200
    return page if "C’est en ligne." in page.words else None


def assert_whole(server: Server) -> None:
    """Every link of the home page answers."""
    visitor = server.visitor()
    home = visitor.get("/")
    assert home.status == 200
    broken = {link: s for link in home.links if (s := visitor.get(link).status) != 200}
    assert not broken


def assert_balanced(server: Server) -> None:
    ledger = Ledger.read(server.state)
    ledger.assert_balanced()
    health = server.health()
    states = {name: number for name, number in health.items() if name != "accepted"}
    assert health["accepted"] == sum(states.values()) == len(ledger.states)
    assert {name: number for name, number in states.items() if number} == {
        state: list(ledger.states.values()).count(state) for state in set(ledger.states.values())
    }


@pytest.fixture(scope="module")
def place(sample_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doomed]:
    folder = tmp_path_factory.mktemp("doomed")
    copied_state(sample_state, folder / "state")
    armed = folder / "armed"
    command = ("tests.contrib_gateway.doomed", str(armed), "serve")
    server = Server(folder / "state", command).start()
    yield Doomed(server, armed, server.editor())
    server.kill()
    assert "Traceback" not in server.log, server.log[-4000:]


@pytest.fixture
def doom(place: Doomed) -> Doomed:
    """`place`, alive and with no order to die, whatever the test before did."""
    place.armed.unlink(missing_ok=True)
    if not place.server.running:
        place.server.start()
    return place


def reviewed_need(server: Server) -> tuple[str, Pairs]:
    """A need, read over and ready to be sent."""
    title = f"Un besoin {next(TITLES)}"
    return server.visitor().review("need", answers("need", title))


def proposed_need(doom: Doomed) -> str:
    receipt = doom.server.visitor().confirm(reviewed_need(doom.server))
    until(lambda: doom.state_of(receipt) == "proposed", "the proposal")
    return receipt


def try_(action, *arguments, **options):  # type: ignore[no-untyped-def]
    """What `action` returns, or None if the server died under it."""
    try:
        return action(*arguments, **options)
    except GONE:
        return None


@pytest.mark.parametrize(("step", "moment"), moments(doomed.RECEIVING))
def test_a_contribution_is_whole_or_absent_and_sending_again_gives_one(
    doom: Doomed, step: str, moment: str
) -> None:
    """Killed while a contribution comes in: the receipt holds if it was given, and whoever sends
    the form again gets one submission, one proposal.
    """
    review = reviewed_need(doom.server)
    before = doom.server.health()["accepted"]
    doom.arm(step, moment)
    given = try_(doom.server.visitor().confirm, review)
    doom.revive()
    stored = doom.server.health()["accepted"] - before
    if step == "accept":
        assert given is None
        assert stored == (moment == "after")
    else:
        assert stored == 1  # committed before anything else is tried
    again = doom.server.visitor().confirm(review)
    assert given in (None, again)
    assert doom.server.visitor().get(again).status == 200
    doom.close_accounts()
    assert doom.state_of(again) == "proposed"
    assert doom.server.health()["accepted"] == before + 1


MERGES = [pair for pair in moments(doomed.MERGING) if pair[0] != "release"]
LANDED = MERGES[MERGES.index(("update_main", "after")) :]


@pytest.mark.parametrize(("step", "moment"), MERGES)
def test_a_page_being_published_is_published_once(doom: Doomed, step: str, moment: str) -> None:
    """Killed while an editor publishes: either it is done and comes online by itself, or it is
    still to do, and can be done.
    """
    receipt = proposed_need(doom)
    doom.arm(step, moment)
    try_(doom.editor.publish, id_of(receipt))
    doom.revive()
    if (step, moment) not in LANDED:
        assert doom.state_of(receipt) == "proposed"
        doom.editor.publish(id_of(receipt))
    doom.wait_online(receipt)
    assert "Lea Martin" in doom.editor.get(f"/redaction/{id_of(receipt)}/").words
    doom.close_accounts()


@pytest.mark.parametrize("moment", BESIDE)
def test_a_held_page_being_published_is_published_once(doom: Doomed, moment: str) -> None:
    """Killed while an editor publishes what was held to be read first."""
    visitor = doom.server.visitor()
    receipt = visitor.contribute("observation", answers("observation", f"Vu {next(TITLES)}"))
    assert doom.state_of(receipt) == "held"
    doom.arm("release", moment)
    try_(doom.editor.publish, id_of(receipt))
    doom.revive()
    doom.server.wait_queue()
    assert doom.state_of(receipt) == ("held" if moment == "before" else "proposed")
    doom.editor.publish(id_of(receipt))
    until(lambda: online(doom.server.visitor(), receipt), "the observation to be online")
    doom.close_accounts()


@pytest.mark.parametrize(("step", "moment"), moments(doomed.DECLINING))
def test_a_page_being_declined_is_declined_once_with_its_reason(
    doom: Doomed, step: str, moment: str
) -> None:
    """Killed while an editor declines: the contributor reads the reason, once, in the end."""
    receipt = proposed_need(doom)
    doom.arm(step, moment)
    try_(doom.editor.decline, id_of(receipt), "Il en existe un semblable.")
    doom.revive()
    if (step, moment) in (("write_decline", "after"), ("record_decline", "before")):
        assert doom.state_of(receipt) == "proposed"
        doom.editor.decline(id_of(receipt), "Il en existe un semblable.")
    until(lambda: doom.state_of(receipt) == "declined", "the decision to be noted")
    assert "Il en existe un semblable." in doom.server.visitor().get(receipt).words
    doom.close_accounts()


BUILDS = [*moments(doomed.BUILDING), ("export", "during"), ("run", "during")]


@pytest.mark.parametrize(("step", "moment"), BUILDS)
def test_the_site_is_whole_whenever_a_build_is_cut_off(
    doom: Doomed, step: str, moment: str
) -> None:
    """Killed while the site is renewed: readers have the old one or the new one whole, and the
    page comes online by itself.
    """
    receipt = proposed_need(doom)
    doom.arm(step, moment)
    try_(doom.editor.publish, id_of(receipt))
    doom.revive()
    assert doom.state_of(receipt) == "published"
    doom.wait_online(receipt)
    until(lambda: "À jour depuis" in doom.editor.get("/redaction/").words, "the desk to say so")
    doom.close_accounts()


# At random, under load

KILLS, PEOPLE = 5, 8


@dataclass
class Crowd:
    """People who contribute and an editor who decides while the server keeps dying."""

    server: Server
    editor: Visitor
    chance: random.Random
    over: Event = field(default_factory=Event)
    given: list[tuple[tuple[str, Pairs], str]] = field(default_factory=list)
    unanswered: list[tuple[str, Pairs]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    decisions: int = 0

    def contribute(self) -> None:
        review = None
        while not self.over.is_set():
            try:
                review = review or reviewed_need(self.server)
                receipt = self.server.visitor().confirm(review)
            except GONE:
                time.sleep(0.05)
                if review and self.chance.random() < 0.3:  # gives up; comes back tomorrow
                    self.unanswered.append(review)
                    review = None
            except AssertionError as error:
                self.faults.append(str(error))
                return
            else:
                self.given.append((review, receipt))
                review = None
                time.sleep(self.chance.uniform(0, 0.3))
        if review:
            self.unanswered.append(review)

    def decide(self) -> None:
        """Publish some, decline some; a decision may be cut off, or made already."""
        while not self.over.is_set():
            known = [receipt for _, receipt in self.given]
            if not known:
                time.sleep(0.02)
                continue
            id = id_of(self.chance.choice(known))
            try:
                if self.chance.random() < 0.5:
                    self.editor.publish(id)
                else:
                    self.editor.decline(id, "Non, et voici pourquoi.")
            except (*GONE, AssertionError):
                time.sleep(0.05)
            else:
                self.decisions += 1

    def look(self) -> None:
        """A reader: whatever happens, a page that answers is there, with all that it leads to."""
        while not self.over.is_set():
            try:
                assert_whole(self.server)
            except GONE:
                time.sleep(0.05)
            except AssertionError as error:
                self.faults.append(str(error))
                return


def test_nothing_is_lost_when_it_is_killed_at_random_under_load(
    sample_state: Path, tmp_path: Path
) -> None:
    """Eight people send forms and an editor decides while the server is killed again and again:
    in the end each form is one submission, each submission one proposal, and each decision one.
    """
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    copied_state(sample_state, tmp_path / "state")
    server = Server(tmp_path / "state").start()
    try:
        crowd = Crowd(server, server.editor(), random.Random(seed))
        tasks = [crowd.contribute] * PEOPLE + [crowd.decide, crowd.look]
        threads = [Thread(target=task) for task in tasks]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            time.sleep(crowd.chance.uniform(0.3, 1.5))
            server.restart()
        until(lambda: crowd.decisions or crowd.faults, "a decision")
        crowd.over.set()
        for thread in threads:
            thread.join()
        assert not crowd.faults
        settle(crowd)
    finally:
        server.kill()


def settle(crowd: Crowd) -> None:
    """Everyone who had no answer sends their form again; then the accounts are made."""
    server, visitor = crowd.server, crowd.server.visitor()
    crowd.given += [(review, visitor.confirm(review)) for review in crowd.unanswered]
    assert len(crowd.given) > PEOPLE
    assert len({receipt for _, receipt in crowd.given}) == len(crowd.given)
    assert server.health()["accepted"] == len(crowd.given)
    server.wait_queue()
    until(lambda: _all_noted(server), "every decision to be noted")
    assert_balanced(server)
    ledger = Ledger.read(server.state)
    for _, receipt in crowd.given:
        page = visitor.get(receipt)
        assert page.status == 200
        if ledger.states[id_of(receipt)] == "published":
            until(lambda receipt=receipt: online(visitor, receipt), "it to be online")
    assert ledger.merged | ledger.declined
    assert_whole(server)
    assert "Traceback" not in server.log, server.log[-4000:]


def _all_noted(server: Server) -> bool:
    ledger = Ledger.read(server.state)
    decided = ledger.merged | ledger.declined
    return all(ledger.states[id] in ("published", "declined") for id in decided)

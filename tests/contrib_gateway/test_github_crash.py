"""Killed at the worst moments while it works with GitHub: one pull request for each receipt."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, product
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.contrib_gateway import doomed
from tests.contrib_gateway.ledger import git
from tests.contrib_gateway.offices import small_content
from tests.contrib_gateway.places import settings_of
from tests.contrib_gateway.running import Server, until
from tests.contrib_gateway.visitor import GONE, Pairs, Visitor, id_of
from tests.github import GitHub

REASON = "Il en existe un semblable."
TITLES = count(1)


def moments(steps: Iterable[str]) -> list[tuple[str, str]]:
    """Each step with the moments to be killed at."""
    return list(product(steps, ("before", "after")))


@dataclass
class Site:
    """A GitHub, a server that works with it, and an editor whose session outlives the server."""

    github: GitHub
    server: Server
    editor: Visitor = field(init=False)

    def states(self) -> dict[str, str]:
        with closing(sqlite3.connect(self.server.state / "vigie.sqlite", timeout=30)) as database:
            return dict(database.execute("SELECT id, state FROM submissions").fetchall())

    def state_of(self, receipt: str) -> str:
        return self.states().get(id_of(receipt), "absent")

    def wait_state(self, receipt: str, state: str) -> None:
        until(lambda: self.state_of(receipt) == state, f"{receipt} to be {state}")

    def assert_balanced(self) -> None:
        """Each submission has one pull request, as its state says, and each open one its branch."""
        pulls = list(self.github.state.pulls)
        found = {
            p.head.rpartition("-")[2]: "published" if p.merged else KINDS[p.state] for p in pulls
        }
        assert found == self.states()
        assert len(pulls) == len(found)
        assert all([label.name for label in p.labels] == ["contribution"] for p in pulls)
        heads = git(self.github.repository, "for-each-ref", "--format=%(refname:short)")
        branches = [name for name in heads.splitlines() if name.startswith("contribution/")]
        assert Counter(branches) == Counter(p.head for p in pulls if p.state == "open")
        subjects = git(self.github.repository, "log", "--format=%s", "main").splitlines()
        assert len(set(subjects)) == len(subjects)  # nothing is merged twice


KINDS = {"open": "proposed", "closed": "declined"}


def started(folder: Path, github: GitHub, command: tuple[str, ...]) -> Site:
    server = Server(folder / "state", command, **settings_of(github), VIGIE_PUBLIC_URL="")
    site = Site(github, server.start())
    server.wait_built()  # or each life would build it, until one is long enough
    site.editor = server.editor()
    return site


def need(visitor: Visitor) -> tuple[str, Pairs]:
    """A need, read over and ready to be sent."""
    return visitor.review("need", {"title": f"Un besoin {next(TITLES)}"})


def try_(action: Callable[..., object], *arguments: object) -> object:
    """What it returns, or None if the server died under it."""
    try:
        return action(*arguments)
    except GONE:
        return None


# At each step


@pytest.fixture(scope="module")
def armed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that says where to die."""
    return tmp_path_factory.mktemp("armed") / "armed"


@pytest.fixture(scope="module")
def doom(armed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("doomed")
    command = ("tests.contrib_gateway.doomed", str(armed), "serve")
    with GitHub(folder / "github.git", small_content(folder / "seed")) as github:
        site = started(folder, github, command)
        yield site
        done = site.server.run("reconcile")
        site.server.kill()
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in site.server.log, site.server.log[-4000:]
    assert not github.violations, "\n".join(github.violations)


@pytest.fixture
def site(doom: Site, armed: Path) -> Site:
    """Alive, and with no order to die, whatever the test before did."""
    armed.unlink(missing_ok=True)
    if not doom.server.running:
        doom.server.start()
    return doom


def die_at(site: Site, armed: Path, step: str, moment: str, action: Callable[[], object]) -> object:
    """Order it to die, do something, and start it again once it is dead."""
    armed.write_text(f"{step} {moment}")
    given = try_(action)
    assert site.server.wait_dead() == -9, site.server.log[-2000:]
    assert not armed.exists()
    site.server.start()
    return given


def proposed(site: Site) -> str:
    visitor = site.server.visitor()
    receipt = visitor.confirm(need(visitor))
    site.wait_state(receipt, "proposed")
    return receipt


def push(site: Site, folder: Path) -> None:
    """Nadia writes to main, so that what was proposed before is behind."""
    git(folder, "clone", "--quiet", str(site.github.repository), "clone")
    git(folder / "clone", "commit", "--quiet", "--allow-empty", "--message", f"Push {folder.name}")
    git(folder / "clone", "push", "--quiet", "origin", "main")


@pytest.mark.parametrize(("step", "moment"), moments(doomed.RECEIVING_THERE))
def test_a_contribution_is_one_pull_request(
    site: Site, armed: Path, step: str, moment: str
) -> None:
    visitor, before = site.server.visitor(), len(site.states())
    review = need(visitor)
    given = die_at(site, armed, step, moment, lambda: visitor.confirm(review))
    stored = len(site.states()) - before
    assert stored == ((step, moment) != ("accept", "before"))
    again = visitor.confirm(review)
    assert given in (None, again)
    site.wait_state(again, "proposed")
    assert len(site.states()) == before + 1
    site.assert_balanced()


MERGES = moments(doomed.MERGING_THERE)
LANDED = MERGES[MERGES.index(("squash", "after")) :]


@pytest.mark.parametrize(("step", "moment"), MERGES)
def test_a_proposal_being_published_is_published_once(
    site: Site, armed: Path, step: str, moment: str, tmp_path: Path
) -> None:
    """Either it is done, and noted when the gateway is back, or it is still to do."""
    receipt = proposed(site)
    push(site, tmp_path)
    die_at(site, armed, step, moment, lambda: site.editor.publish(id_of(receipt)))
    if (step, moment) not in LANDED:
        assert site.state_of(receipt) == "proposed"
        site.editor.publish(id_of(receipt))
    site.wait_state(receipt, "published")
    assert "Lea Martin" in site.editor.get(f"/redaction/{id_of(receipt)}/").words
    until(lambda: balanced(site), "the branch to be removed")


@pytest.mark.parametrize(("step", "moment"), moments(doomed.DECLINING_THERE))
def test_a_proposal_being_declined_is_declined_once_with_its_reason(
    site: Site, armed: Path, step: str, moment: str
) -> None:
    receipt = proposed(site)
    decline = lambda: site.editor.decline(id_of(receipt), REASON)  # noqa: E731 — for two moments
    die_at(site, armed, step, moment, decline)
    if step == "say" or (step, moment) == ("close", "before"):
        assert site.state_of(receipt) == "proposed"
        decline()
    site.wait_state(receipt, "declined")
    assert REASON in site.server.visitor().get(receipt).words
    [pull] = [p for p in site.github.state.pulls if p.head.endswith(id_of(receipt))]
    assert [REASON in comment.body for comment in pull.comments] == [True]
    until(lambda: balanced(site), "the branch to be removed")


def balanced(site: Site) -> bool:
    try:
        site.assert_balanced()
    except AssertionError:
        return False
    return True


# At random, under load

GATEWAYS, KILLS, PEOPLE = 2, 10, 2
LATENCY = 0.3  # seconds
LIVES = (0.2, 3.6)  # seconds; a proposal takes about three
PAUSES = (0.3, 1.3)  # seconds between two contributions of somebody
PATIENCE = 30.0  # seconds that a slow machine is given


@dataclass
class Crowd:
    """People who contribute while the server keeps dying."""

    server: Server
    chance: random.Random
    over: Event = field(default_factory=Event)
    reviews: list[tuple[str, Pairs]] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def be_there(self, kills: int, github: GitHub) -> None:
        """Each life ends at random, but not before something was written to GitHub in it."""
        threads = [Thread(target=self.contribute) for _ in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            before, until = github.creating, time.monotonic() + PATIENCE
            time.sleep(self.chance.uniform(*LIVES))
            while github.creating == before and time.monotonic() < until:
                time.sleep(0.05)
            self.server.restart()
        self.over.set()
        for thread in threads:
            thread.join()

    def contribute(self) -> None:
        """Each form is sent until there is a receipt, and some once more."""
        review = None
        while review or not self.over.is_set():
            visitor = self.server.visitor()
            try:
                if review is None:
                    review = need(visitor)
                    self.reviews.append(review)
                self.receipts.append(visitor.confirm(review))
            except GONE:
                time.sleep(0.05)
            except AssertionError as error:
                self.faults.append(str(error))
                return
            else:
                again = self.chance.random() < 0.2
                review = review if again else None
                time.sleep(0 if again else self.chance.uniform(*PAUSES))


def test_under_load_each_receipt_is_one_pull_request(tmp_path: Path) -> None:
    """GitHub is slow, and the gateway killed again and again in the midst of its work."""
    seeds = [random.SystemRandom().randrange(10**6) for _ in range(GATEWAYS)]
    print(f"seeds {seeds}")
    with ThreadPoolExecutor() as pool:  # each waits for its GitHub most of the time
        done = [pool.submit(die_again_and_again, tmp_path / str(seed), seed) for seed in seeds]
    for one in done:
        one.result()


def die_again_and_again(folder: Path, seed: int) -> None:
    folder.mkdir()
    content = small_content(folder / "seed")
    with GitHub(folder / "github.git", content, latency=LATENCY) as github:
        server = Server(folder / "state", **settings_of(github), VIGIE_PUBLIC_URL="").start()
        try:
            need(server.visitor())  # main was read once
            server.wait_built()  # nor is it built in each life
            crowd = Crowd(server, random.Random(seed))
            crowd.be_there(KILLS, github)
            written = github.creating
            github.latency = 0.0
            assert not crowd.faults
            assert written >= KILLS
            settle(Site(github, server), crowd)
        finally:
            server.kill()
    assert not github.violations, "\n".join(github.violations)


def settle(site: Site, crowd: Crowd) -> None:
    """In the end every receipt that was given leads to one pull request, and so does every form."""
    states = site.states()
    assert set(states) == {id_of(receipt) for receipt in crowd.receipts}
    assert len(states) == len(crowd.reviews)
    site.server.wait_queue()
    site.assert_balanced()
    done = site.server.run("reconcile")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in site.server.log, site.server.log[-4000:]

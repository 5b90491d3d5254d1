"""What every forge promises of changes: they start from what their contributor saw, may be brought
up to date, and may be erased.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from contrib_gateway.errors import BadProposal, Conflict, NotFound
from contrib_gateway.forge import Outcome, Strict, outcome
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import (
    BUS,
    SEED,
    World,
    at_once,
    git,
    local_world,
    proposal,
)

SECRET = b"un secret tres personnel"
OTHER = "content/needs/wifi.md"


class Recorded(Strict):
    """Remembers what it was asked, and keeps main's."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes | None, bytes | None, bytes | None]] = []

    def combine(
        self, path: str, base: bytes | None, main: bytes | None, proposed: bytes | None
    ) -> bytes | None:
        self.asked.append((path, base, main, proposed))
        return main


def moved(world: World) -> str:
    """Main has another bus since; the commit it was at before."""
    seen = world.forge.head()
    world.forge.propose(proposal("z9", files={BUS: b"main's\n"}))
    world.forge.merge("z9", "Nour")
    return seen


def test_a_change_starts_from_what_its_contributor_saw(world: World) -> None:
    seen = moved(world)
    world.forge.propose(proposal("a1", files={BUS: b"mine\n"}, base=seen))
    opened = world.forge.opened("a1")
    assert opened
    assert (opened.base, dict(opened.files)) == (seen, {BUS: b"mine\n"})
    rules = Recorded()
    world.forge.merge("a1", "Nour", rules)
    assert rules.asked == [(BUS, SEED["needs/bus.md"], b"main's\n", b"mine\n")]
    assert world.main()["needs/bus.md"] == b"main's\n"


def test_a_change_of_what_others_changed_too_conflicts(world: World) -> None:
    seen = moved(world)
    world.forge.propose(proposal("a1", files={BUS: b"mine\n"}, base=seen))
    with pytest.raises(Conflict):
        world.forge.merge("a1", "Nour")
    assert world.main()["needs/bus.md"] == b"main's\n"


def test_an_old_change_of_another_page_undoes_nothing(world: World) -> None:
    seen = moved(world)
    world.forge.propose(proposal("a1", files={OTHER: b"mine\n"}, base=seen))
    world.forge.merge("a1", "Nour")
    assert world.main() == {**SEED, "needs/bus.md": b"main's\n", "needs/wifi.md": b"mine\n"}


@pytest.mark.parametrize("base", ["0" * 40, "main", "nothing"])
def test_a_change_starts_from_no_commit_that_main_never_was_at(world: World, base: str) -> None:
    with pytest.raises((BadProposal, NotFound)):
        world.forge.propose(proposal("a1", base=base))
    assert world.forge.pending() == [] and world.forge.strays() == []


def test_a_change_is_brought_up_to_date(world: World) -> None:
    seen = moved(world)
    world.forge.propose(proposal("a1", files={BUS: b"mine\n"}, base=seen, signed_as="Zoé"))
    world.forge.amend("a1", {BUS: b"both\n"}, "Nour", onto=world.forge.head())
    opened = world.forge.opened("a1")
    assert opened
    assert (opened.base, dict(opened.files)) == (world.forge.head(), {BUS: b"both\n"})
    assert opened.signed_as == "Zoé"
    world.forge.amend("a1", {BUS: b"both again\n"}, "Nour")
    world.forge.merge("a1", "Nour")
    assert world.main()["needs/bus.md"] == b"both again\n"


def test_erasing_leaves_no_proposal(world: World) -> None:
    world.forge.propose(proposal("a1"))
    world.forge.propose(proposal("b2"))
    world.forge.decline("b2", "Nour", "Non")
    world.forge.propose(proposal("c3"))
    for id in ("a1", "b2", "a1", "b2", "nobody"):
        world.forge.erase(id)
    assert [pending.id for pending in world.forge.pending()] == ["c3"]
    assert world.forge.strays() == []
    assert outcome(world.forge, "a1") is not Outcome.OPEN
    world.forge.merge("c3", "Nour")
    assert "needs/besoin-c3.md" in world.main()


def test_what_is_published_is_not_erased(world: World) -> None:
    world.forge.propose(proposal("a1"))
    world.forge.merge("a1", "Nour")
    published = world.main()
    world.forge.erase("a1")
    assert world.main() == published
    assert outcome(world.forge, "a1") is Outcome.MERGED


def test_the_embedded_forge_keeps_no_object_of_what_is_erased(
    tmp_path: Path, clock: SetClock
) -> None:
    """GitHub keeps commits, which its notice says beforehand."""
    world = local_world(tmp_path, clock)
    for id in ("a1", "b2"):
        files = {f"content/needs/{id}.md": b"---\ntitle: " + SECRET + id.encode() + b"\n---\n"}
        world.forge.propose(proposal(id, files=files, title=SECRET.decode()))
    world.forge.decline("b2", "Nour", "Non")
    git(world.remote, "repack", "-a", "-d", "-q")  # as happens now and then
    at_once(
        lambda: world.forge.erase("a1"),
        lambda: world.forge.propose(proposal("c3")),
        lambda: world.forge.erase("b2"),
    )
    command = ["git", "cat-file", "--batch", "--batch-all-objects", "--unordered"]
    objects = subprocess.run(command, cwd=world.remote, capture_output=True, check=True).stdout
    assert SECRET not in objects
    assert [pending.id for pending in world.forge.pending()] == ["c3"]
    assert git(world.remote, "fsck", "--strict") == ""

"""What every forge promises of the past of a page: when it changed, by whom, to what.

A test says what a reader would notice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from contrib_gateway.errors import BadProposal
from contrib_gateway.forge import MOST_VERSIONS, Version
from tests.contrib_gateway.forge.worlds import BUS, SEED, World, git, proposal

NEW_NAME = "content/needs/autobus.md"


def publish(world: World, id: str, text: bytes = b"", signed_as: str = "Zoé") -> None:
    files = {BUS: text or id.encode()}
    world.forge.propose(proposal(id, files=files, signed_as=signed_as))
    world.forge.merge(id, "Nour")
    world.clock.move(hours=1)


def push(world: World, clone: Path, message: str, **options: str) -> None:
    """What is in the clone, as Nadia's next commit."""
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "-m", message, *options.get("how", "").split())
    git(clone, "push", "--quiet", "origin", "HEAD:main")
    world.forge.refresh()


def bytes_of(world: World, version: Version, path: str = BUS) -> bytes:
    return world.forge.read(version.files[path])


def test_each_version_has_its_moment_its_people_and_its_text(world: World) -> None:
    begun = world.clock.now.replace(microsecond=0)
    world.forge.propose(proposal("a1", files={BUS: b"first\n"}, signed_as="Zoé @ l’étage #3"))
    world.forge.amend("a1", {BUS: b"second\n"}, "Sacha")
    world.forge.merge("a1", "Nour")
    world.clock.move(hours=1)
    publish(world, "b2", b"third\n", signed_as="")
    for forge in (world.forge, world.reopen()):
        last, former, first = forge.history([BUS])
        assert (last.id, last.proposed_by, last.by) == ("b2", "", "Nour")
        assert (former.id, former.corrected_by, former.by) == ("a1", "Sacha", "Nour")
        assert former.proposed_by == "Zoé l’étage #3"
        assert (former.at, former.undo) == (begun, False)
        assert [bytes_of(world, v) for v in (last, former)] == [b"third\n", b"second\n"]
        assert (first.id, bytes_of(world, first)) == ("", SEED["needs/bus.md"])
    assert last.commit == world.forge.head()


def test_what_happens_to_other_pages_is_no_version_of_this_one(world: World) -> None:
    before = world.forge.history([BUS])
    world.forge.propose(proposal("a1"))
    world.forge.merge("a1", "Nour")
    assert world.forge.history([BUS]) == before
    assert world.forge.history(["content/needs/nowhere.md"]) == []
    assert world.forge.history([]) == []


def test_what_is_not_published_is_no_version(world: World) -> None:
    before = world.forge.history([BUS])
    world.forge.propose(proposal("a1", files={BUS: b"waits\n"}))
    world.forge.propose(proposal("b2", files={BUS: b"declined\n"}))
    world.forge.decline("b2", "Nour", "Non")
    assert world.forge.history([BUS]) == before


def test_an_undo_is_told_as_one(world: World) -> None:
    publish(world, "a1")
    world.forge.undo("a1", "Sacha", "Trop tôt")
    undo, undone, first = world.forge.history([BUS])
    assert (undo.undo, undo.id, undo.by) == (True, "a1", "Sacha")
    assert (undone.undo, undone.by) == (False, "Nour")
    assert undo.files == first.files


def test_a_page_taken_off_and_put_back_has_all_its_past(world: World) -> None:
    clone = world.clone()
    (clone / BUS).unlink()
    push(world, clone, "Take it off")
    (clone / BUS).write_bytes(b"back\n")
    push(world, clone, "Put it back")
    back, gone, first = world.forge.history([BUS])
    assert (bytes_of(world, back), gone.files) == (b"back\n", {})
    assert bytes_of(world, first) == SEED["needs/bus.md"]


def test_a_page_is_followed_under_its_former_names(world: World) -> None:
    publish(world, "a1", b"still the old name\n")
    clone = world.clone()
    git(clone, "mv", BUS, NEW_NAME)
    push(world, clone, "Rename it")
    versions = world.forge.history([NEW_NAME, BUS])
    assert [list(version.files) for version in versions] == [[NEW_NAME], [BUS], [BUS]]
    assert len(world.forge.history([NEW_NAME])) == 1


def test_what_was_written_with_git_has_its_authors_name_and_no_address(world: World) -> None:
    clone = world.clone()
    authors = {
        "Nadia Ben <nadia@example.org>": "Nadia Ben",
        "nadia@example.org <nadia@example.org>": "",
        "Zoé (zoe@example.org) <x@example.org>": "Zoé",
        "\u202eeoZ <x@example.org>": "eoZ",
        f"{'N' * 3000} <x@example.org>": "N" * 80,
    }
    for number, author in enumerate(authors):
        (clone / BUS).write_text(f"by hand {number}\n")
        git(clone, "commit", "--quiet", "-am", f"Write {number}", "--author", author)
    push(world, clone, "Nothing", how="--allow-empty")
    found = world.forge.history([BUS])[:-1]
    assert [version.by for version in reversed(found)] == list(authors.values())
    assert not any(version.id or version.proposed_by for version in found)
    assert "@" not in str(found)


def test_a_proposal_merged_with_git_names_both(world: World) -> None:
    """With two commits of ours on its branch, it is one version still."""
    world.forge.propose(proposal("a1", files={BUS: b"first\n"}))
    world.forge.amend("a1", {BUS: b"second\n"}, "Zoé")
    clone = world.clone()
    git(clone, "merge", "--quiet", "--no-ff", "-m", "Welcome", f"origin/{proposal('a1').branch}")
    git(clone, "push", "--quiet", "origin", "main")
    world.forge.refresh()
    merged, _ = world.forge.history([BUS])
    assert (merged.id, merged.proposed_by, merged.by) == ("a1", "Zoé", "Nadia")
    assert merged.commit == world.forge.head()
    assert bytes_of(world, merged) == b"second\n"


def test_only_the_last_versions_are_told(world: World) -> None:
    clone = world.clone()
    for number in range(MOST_VERSIONS + 5):
        (clone / BUS).write_text(f"{number}\n")
        git(clone, "commit", "--quiet", "-am", str(number))
    push(world, clone, "Nothing", how="--allow-empty")
    found = world.forge.history([BUS])
    assert len(found) == MOST_VERSIONS
    assert bytes_of(world, found[0]) == f"{MOST_VERSIONS + 4}\n".encode()
    assert bytes_of(world, found[-1]) == b"5\n"


@pytest.mark.parametrize("path", ["README.md", "content/../x", "--all", ":(glob)content/**", ""])
def test_nothing_outside_the_content_is_told(world: World, path: str) -> None:
    with pytest.raises(BadProposal):
        world.forge.history([path])

"""The copy of main: filled with few requests, true to the byte, and of use whatever happened."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import tests.github.front
from contrib_gateway.builder import PROJECT
from contrib_gateway.errors import ForgeUnavailable, NotFound
from contrib_gateway.forge import Forge
from contrib_gateway.forge.github import GitHubForge
from contrib_gateway.forge.github.client import Client
from contrib_gateway.forge.github.main import MANY
from contrib_gateway.forge.github.mirror import REMEMBERED, Mirror
from contrib_gateway.gateway import assemble
from contrib_gateway.settings import Settings
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import NAME, SEED, proposal, seed_folder
from tests.contrib_gateway.inprocess import Person
from tests.contrib_gateway.offices import small_content
from tests.contrib_gateway.running import settings_for
from tests.github import Fault, GitHub, Kind
from tests.github.driving import commit, connect
from tests.pages import parse

Files = Mapping[str, bytes]
MANY_FILES = {f"needs/besoin-{n}.md": f"---\ntitle: {n}\n---\n".encode() for n in range(MANY + 5)}
FETCH = """
import sys
from pathlib import Path
from contrib_gateway.clock import utc_now
from contrib_gateway.forge.github import GitHubForge
from contrib_gateway.forge.github.client import Client
url, token, folder = sys.argv[1:]
client = Client("vigie/territoire", token, utc_now, url=url)
GitHubForge(client, Path(folder), utc_now).refresh()
"""


@pytest.fixture
def github(tmp_path: Path, clock: SetClock) -> Iterator[GitHub]:
    seed = seed_folder(tmp_path / "seed")
    with GitHub(tmp_path / "github.git", seed, clock=clock) as started:
        yield started
        assert not started.violations, "\n".join(started.violations)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mirror.git"


@pytest.fixture
def opened(github: GitHub, folder: Path, clock: SetClock) -> Callable[[], GitHubForge]:
    def open_forge() -> GitHubForge:
        return GitHubForge(Client(NAME, github.token, clock, url=github.url), folder, clock)

    return open_forge


@pytest.fixture
def forge(opened: Callable[[], GitHubForge]) -> GitHubForge:
    return opened()


def main(forge: Forge) -> dict[str, bytes]:
    files = forge.files(forge.head())
    return {path.removeprefix("content/"): forge.read(blob) for path, blob in files.items()}


def push(github: GitHub, files: Files) -> None:
    """Somebody puts these files on main."""
    repository = connect(github)
    texts = {f"content/{path}": data.decode() for path, data in files.items()}
    repository.ref("heads/main").update(commit(repository, texts))


def asked(github: GitHub, piece: str) -> int:
    return sum(piece in call.path for call in github.calls)


# Filled


def test_what_changed_on_main_is_fetched_and_nothing_else(
    forge: GitHubForge, github: GitHub
) -> None:
    forge.refresh()
    blobs = asked(github, "/git/blobs")
    push(github, {"needs/neuf.md": b"neuf\n"})
    forge.refresh()
    assert main(forge) == SEED | {"needs/neuf.md": b"neuf\n"}
    assert asked(github, "/git/blobs") == blobs + 1
    calls = len(github.calls)
    forge.refresh()
    assert len(github.calls) - calls <= 2  # nothing moved: the branch, and the proposals


def test_a_content_of_many_files_comes_in_one_archive(forge: GitHubForge, github: GitHub) -> None:
    push(github, MANY_FILES)
    forge.refresh()
    assert asked(github, "/git/blobs") == 0
    assert asked(github, "/tarball/") == 1
    assert main(forge) == SEED | MANY_FILES


def tampered(packed: bytes) -> bytes:
    """Files are changed, left out, and put in that lead elsewhere."""
    changed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(packed)) as old,
        tarfile.open(fileobj=changed, mode="w:gz") as new,
    ):
        for number, member in enumerate(old):
            data = old.extractfile(member) if member.isreg() else None
            if data and number % 3:
                other = b"tampered\n" if number % 3 == 1 else data.read()
                member.size = len(other)
                new.addfile(member, io.BytesIO(other))
        for name in ("../../outside", "content/needs/../../outside"):
            member = tarfile.TarInfo(name)
            member.size = 4
            new.addfile(member, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("content/needs/bus.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        new.addfile(link)
    return changed.getvalue()


def test_a_tampered_archive_does_not_get_in(
    forge: GitHubForge, github: GitHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(github, MANY_FILES)
    honest = tests.github.front.archive

    def dishonest(*arguments: object) -> object:
        answer = honest(*arguments)  # type: ignore[arg-type]
        answer.data = tampered(answer.data)
        return answer

    monkeypatch.setattr(tests.github.front, "archive", dishonest)
    forge.refresh()
    assert main(forge) == SEED | MANY_FILES
    assert not (folder.parent / "outside").exists()


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.CUT, Kind.LOST, Kind.HALF_JSON])
def test_a_broken_archive_is_fetched_again(forge: GitHubForge, github: GitHub, kind: Kind) -> None:
    push(github, MANY_FILES)
    fault = github.faults.plan(Fault(kind, path="outside:/codeload/*"))
    with pytest.raises(ForgeUnavailable):
        forge.refresh()
    assert fault.struck == 1
    forge.refresh()
    assert main(forge) == SEED | MANY_FILES


def test_a_file_that_is_not_what_its_name_says_does_not_get_in(
    forge: GitHubForge, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = tests.github.objects.git.blob
    swapped = {"content": "dGFtcGVyZWQK"}
    monkeypatch.setattr("tests.github.objects.git.blob", lambda *a: honest(*a) | swapped)
    with pytest.raises(ForgeUnavailable):
        forge.refresh()
    monkeypatch.undo()
    forge.refresh()
    assert main(forge) == SEED


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_trees_too_large_for_one_answer_are_read_whole(
    forge: GitHubForge, github: GitHub, limit: int
) -> None:
    deep = {f"images/a/b/c-{n}/{n}.webp": f"{n}\n".encode() for n in range(4)}
    push(github, deep)
    # A folder is always whole; what is truncated is all that is below it.
    github.state.tree_limit = limit + 5
    forge.refresh()
    assert main(forge) == SEED | deep


def test_old_states_of_main_are_forgotten_and_the_last_is_not(folder: Path) -> None:
    mirror = Mirror(folder)
    blob = mirror.write(b"a\n")
    names = [f"{number:040x}" for number in range(REMEMBERED + 10)]
    for name in names:
        mirror.keep(name, {"content/a.md": blob})
    mirror.move(names[0])
    kept = [name for name in names if mirror.holds(name)]
    assert len(kept) == REMEMBERED + 1
    assert names[0] in kept
    assert mirror.head() == names[0]
    with pytest.raises(NotFound):
        mirror.files(next(name for name in names if name not in kept))


def test_pruned_it_has_what_main_has_and_nothing_else(
    forge: GitHubForge, github: GitHub, folder: Path
) -> None:
    forge.refresh()
    before = forge.head()
    push(github, MANY_FILES)
    forge.refresh()
    mirror = Mirror(folder)
    stray = mirror.write(b"nobody's\n")
    (folder / "vigie-seen" / f"{before}.4242.1").write_text("")  # a killed process left it
    threads = [threading.Thread(target=mirror.prune) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert main(forge) == SEED | MANY_FILES
    for thread in threads:
        thread.join()
    assert mirror.read(stray) is None
    assert main(forge) == SEED | MANY_FILES
    for name in (before, forge.head()):
        files = mirror.files(name)
        assert files and mirror.missing(files.values()) == set()


# Interrupted, deleted


@pytest.mark.parametrize(
    ("call", "nth"), [("get_repository", 1), ("get_tree", 2), ("get_blob", 1), ("get_blob", 3)]
)
def test_a_process_killed_while_it_fetches_leaves_a_usable_copy(
    opened: Callable[[], GitHubForge], github: GitHub, folder: Path, call: str, nth: int
) -> None:
    hang = github.faults.plan(Fault(Kind.HANG, call=call, nth=nth))
    command = [sys.executable, "-c", FETCH, github.url, github.token, str(folder)]
    with subprocess.Popen(command, cwd=PROJECT) as process:
        hang.wait_struck()
        process.kill()
    hang.release()
    assert main(opened()) == SEED


def test_what_a_killed_process_left_half_written_is_passed_over(
    opened: Callable[[], GitHubForge], github: GitHub, folder: Path
) -> None:
    head = opened().head()
    for place in (folder / "vigie-head", folder / "vigie-seen" / head):
        place.rename(place.with_name(f"{place.name}.4242.1"))
    (folder / "HEAD.lock").write_text("")
    (folder / "objects" / "ab").mkdir(exist_ok=True)
    (folder / "objects" / "ab" / "tmp_object_git2_x").write_text("half")
    folder.with_name(f"{folder.name}.4242.draft").mkdir()
    assert main(opened()) == SEED


def test_a_deleted_copy_is_filled_again_while_the_gateway_runs(
    forge: GitHubForge, github: GitHub, folder: Path
) -> None:
    """Each thread has a handle of its own on what is gone."""
    assert main(forge) == SEED
    shutil.rmtree(folder)
    found: list[dict[str, bytes]] = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: found.append(main(forge)))
        thread.start()
        thread.join()
    found.append(main(forge))
    assert found == [SEED] * 3
    shutil.rmtree(folder)
    forge.propose(proposal("a1"))
    forge.merge("a1", "Nour")
    assert "needs/besoin-a1.md" in main(forge)


def test_many_readers_at_once_fill_an_empty_copy_once(forge: GitHubForge, github: GitHub) -> None:
    found: list[object] = []

    def read() -> None:
        try:
            found.append(main(forge))
        except Exception as error:
            found.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [SEED] * 8
    assert asked(github, "/git/blobs") == len(SEED)


# In front of it


@dataclass
class Place:
    """A GitHub, and a gateway that is started, and started again, on one state folder."""

    github: GitHub
    settings: Settings
    clock: SetClock
    started: list[Person] = field(default_factory=list)

    def start(self) -> Person:
        """Somebody in front of the gateway, which was started just now."""
        self.started.append(Person(assemble(self.settings, self.clock)))
        return self.started[-1]


@pytest.fixture
def place(tmp_path: Path, clock: SetClock) -> Iterator[Place]:
    with GitHub(tmp_path / "forms.git", small_content(tmp_path / "content"), clock=clock) as github:
        settings = settings_for(
            tmp_path / "state",
            VIGIE_FORGE=f"github:{NAME}",
            VIGIE_GITHUB_URL=github.url,
            VIGIE_GITHUB_TOKEN=github.token,
        )
        place = Place(github, settings, clock)
        yield place
        for person in place.started:
            person.gateway.store.close()


def test_forms_are_served_from_the_copy_while_github_is_away(place: Place) -> None:
    assert place.start().get("/contribuer/need/").status_code == 200
    with place.github.away():
        person = place.start()
        id = person.contribute("need", [("title", "Le bus")])
        found = person.gateway.store.find(id)
        assert found
        assert found.title == "Le bus"
        assert person.gateway.store.accepted() == 1


def test_without_a_copy_it_is_said_and_comes_back_by_itself(place: Place) -> None:
    person = place.start()
    with place.github.away():
        answer = person.get("/contribuer/need/")
        assert answer.status_code == 503
        assert parse(answer.text).one("h1").text.strip()
        assert "GitHub" not in answer.text
        assert person.get("/healthz").status_code == 200
    assert person.get("/contribuer/need/").status_code == 200

"""Runs the gateway for tests: `vigie serve` as a process of its own, or one in this process."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, TypeVar

from werkzeug.serving import make_server

from contrib_gateway.app import create_app
from contrib_gateway.builder import PROJECT
from contrib_gateway.clock import Clock
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import Gateway, assemble
from contrib_gateway.settings import Settings
from contrib_gateway.store import Store
from plugins.check import load
from plugins.schema import Index
from tests.contrib_gateway.nursery import born
from tests.contrib_gateway.visitor import GONE, Visitor

EDITORS = ("lea.martin@example.org", "karim.benali@example.org")
ADMIN = "nadia.roy@example.org"
PUBLIC = "http://vigie.example/"  # pages then are the same whatever the port
SERVE = ("contrib_gateway", "serve")
PATIENCE = 60.0  # seconds
PAUSE = 0.03  # seconds between two looks at what is waited for
BRIEF = 0.01  # seconds between two looks of a server at whether it is to end
_T = TypeVar("_T")


def until(
    condition: Callable[[], _T], what: str = "", patience: float = PATIENCE, pause: float = PAUSE
) -> _T:
    """Wait until `condition()` is true; returns what it then is."""
    deadline = time.monotonic() + patience
    while not (met := condition()):
        assert time.monotonic() < deadline, f"waited {patience:.0f} s in vain for {what}"
        time.sleep(pause)
    return met


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Server:
    """One `vigie serve` with a state folder of its own, killed and started again at will."""

    def __init__(self, state: Path, command: Sequence[str] = SERVE, **settings: str) -> None:
        """`settings`: environment variables; the rate limit, and the time trap, are off unless
        VIGIE_RATE_LIMIT says otherwise. VIGIE_PUBLIC_URL="" is this server's own address.
        `command`: a module with its arguments.
        """
        self.state = state
        self.port = free_port()
        self._command = command
        self._process: BaseProcess | None = None
        kept = {k: v for k, v in os.environ.items() if not k.startswith("VIGIE_")}
        self.environ = {
            **kept,
            "VIGIE_STATE": str(state),
            "VIGIE_EDITORS": ",".join((*EDITORS, f"{ADMIN}:admin")),
            "VIGIE_RATE_LIMIT": "off",
            "VIGIE_PUBLIC_URL": PUBLIC,
            "VIGIE_SEARCH": "off",  # it is made where it is tested
            "PORT": str(self.port),
            **settings,
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    # The process

    def start(self) -> Server:
        """Returns once it answers; its site may still have to be built."""
        self.state.mkdir(parents=True, exist_ok=True)
        module, *arguments = self._command
        self._process = born(module, arguments, self.environ, self._log)
        until(self._answers, f"{self.address}\n{self.log[-2000:]}")
        return self

    def _answers(self) -> bool:
        assert self._process is not None
        assert self.running, f"it ended at once:\n{self.log[-4000:]}"
        try:
            return self.visitor().get("/healthz").status == 200
        except GONE:
            return False

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int:
        assert self._process is not None and self._process.pid
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL, to that process alone: a build it had begun goes on to its end, as in life."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def wait_dead(self) -> int:
        """Wait until it ended by itself; returns its exit status."""
        assert self._process is not None
        self._process.join(PATIENCE)
        assert self._process.exitcode is not None, f"it did not end:\n{self.log[-4000:]}"
        return self._process.exitcode

    def restart(self) -> Server:
        self.kill()
        return self.start()

    @property
    def _log(self) -> Path:
        return self.state.with_name(self.state.name + ".log")

    @property
    def log(self) -> str:
        """What it wrote on its standard output and error, since the first start."""
        return self._log.read_text() if self._log.exists() else ""

    # What it is asked

    def visitor(self) -> Visitor:
        return Visitor(self.port)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`vigie ARGUMENTS` with this server's settings."""
        with TemporaryDirectory() as folder:
            said, faults = Path(folder, "said"), Path(folder, "faults")
            process = born("contrib_gateway", arguments, self.environ, said, faults)
            process.join(PATIENCE)
            assert process.exitcode is not None, f"{arguments}: not over in {PATIENCE:.0f} s"
            told = (said.read_text(), faults.read_text())
        return subprocess.CompletedProcess(arguments, process.exitcode, *told)

    def login_path(self, address: str = EDITORS[0]) -> str:
        """The path of a link that signs in, as `vigie login` prints it."""
        done = self.run("login", address)
        assert done.returncode == 0, done.stderr
        link = done.stdout.strip().splitlines()[-1]
        return "/" + link.split("/", 3)[3]

    def editor(self, address: str = EDITORS[0]) -> Visitor:
        """Somebody signed in to the desk."""
        visitor = self.visitor()
        answer = visitor.post(login_path(self.state, address))
        assert answer.status == 303, answer.words
        return visitor

    def health(self) -> dict[str, int]:
        counts: dict[str, int] = json.loads(self.visitor().get("/healthz").body)
        return counts

    def wait_site(self) -> None:
        until(lambda: self.visitor().get("/").status == 200, "the site")

    def wait_built(self) -> None:
        """Until it is noted too what the site was made of: whoever is killed between builds it
        once more.
        """
        with closing(Store(self.state / "vigie.sqlite")) as store:
            until(lambda: (last := store.last_build()) and last.ok, "a build to be over")

    def wait_queue(self) -> None:
        """Wait until every accepted submission is a proposal."""
        until(lambda: self.health()["queued"] == 0, "the queue")

    def wait_page(self, path: str) -> None:
        until(lambda: self.visitor().get(path).status == 200, path)


def login_path(state: Path, address: str) -> str:
    """What `vigie login` prints, without a process of its own for each link."""
    with closing(Store(state / "vigie.sqlite")) as store:
        return f"/redaction/entrer/{store.create_login(address)}/"


# State folders


def sample_content(folder: Path, also: Collection[str] = (), alone: Collection[str] = ()) -> Path:
    """The project's types and vocabularies with a few of its documents: quick to build.

    `also`: references of documents that are to be there, with all that these refer to, which is
    most of the project's; `alone`: of those that are to refer to nothing, quicker by far.
    """
    whole = PROJECT / "content"
    for name in ("types", "vocabularies"):
        shutil.copytree(whole / name, folder / name)
    shutil.copy(whole / "site.yaml", folder)
    index = _whole()
    free = [d for d in index.documents if not index.references(d) and not d.data.get("image")]
    for folder_name in {document.type.folder for document in free}:
        for document in [d for d in free if d.type.folder == folder_name][:2]:
            _copy(whole, folder, document.path)
    wanted, copied = [index.get(ref) for ref in also], set[str]()
    while wanted:
        document = wanted.pop()
        assert document, also
        if document.ref not in copied:
            copied.add(document.ref)
            _copy(whole, folder, document.path)
            wanted += index.references(document)
    for document in [index.get(ref) for ref in alone]:
        assert document, alone
        _copy(whole, folder, document.path)
        file = folder / document.path
        file.write_text(without_references(file.read_text()))
    return folder


def without_references(text: str) -> str:
    """A document's file that refers to no other."""
    types = "|".join(_whole().schema.types)
    text = re.sub(rf"\[([^\]]*)\]\((?:{types})/[^)]*\)", r"\1", text)
    return re.sub(rf"^ *(?:- |\w+: )(?:{types})/\S+\n", "", text, flags=re.MULTILINE)


@cache
def _whole() -> Index:
    """The project's own documents, which no test changes: read once for each worker."""
    return load(PROJECT / "content").index


def _copy(whole: Path, folder: Path, path: str) -> None:
    (folder / path).parent.mkdir(exist_ok=True)
    shutil.copy(whole / path, folder / path)


def prepare(state: Path, seed: Path) -> Path:
    """A state folder whose forge was seeded from `seed`, and whose site is built."""
    state.mkdir(parents=True)
    LocalForge.open(state / "forge.git", seed)
    server = Server(state).start()
    try:
        server.wait_built()
    finally:
        server.kill()
    Store(state / "vigie.sqlite").close()  # one file again, that can be copied
    return state


def copied_state(state: Path, copy: Path) -> Path:
    """A copy of a state folder that is closed; its site's thousand pages are read where they are,
    until it builds its own.
    """
    shutil.copytree(state, copy, symlinks=True, ignore=shutil.ignore_patterns("builds", "site"))
    (copy / "site").symlink_to((state / "site").resolve(), target_is_directory=True)
    return copy


# A gateway in this process


def settings_for(state: Path, **settings: str) -> Settings:
    given = {
        "VIGIE_STATE": str(state),
        "VIGIE_EDITORS": ",".join((*EDITORS, f"{ADMIN}:admin")),
        "VIGIE_PUBLIC_URL": PUBLIC,
        "VIGIE_SEARCH": "off",
    }
    return Settings.from_environ(given | settings)


@contextmanager
def answering(gateway: Gateway) -> Iterator[Visitor]:
    """It, over HTTP; somebody in front of it. Nothing of it goes on by itself."""
    server: Any = make_server("127.0.0.1", 0, create_app(gateway), threaded=True)
    thread = Thread(target=server.serve_forever, args=[BRIEF], daemon=True)
    thread.start()
    try:
        yield Visitor(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        gateway.store.close()


def enter(gateway: Gateway, person: Visitor, address: str = EDITORS[0]) -> Visitor:
    """Sign somebody in to the desk."""
    token = gateway.store.create_login(address)
    assert person.post(f"/redaction/entrer/{token}/").status == 303
    return person


@contextmanager
def serving(state: Path, clock: Clock, **settings: str) -> Iterator[tuple[Gateway, Visitor]]:
    """A gateway whose clock is the test's, over HTTP; its worker and builder do nothing alone."""
    gateway = assemble(settings_for(state, **settings), clock)
    with answering(gateway) as visitor:
        yield gateway, visitor

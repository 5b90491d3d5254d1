"""Builds the site from main into a new folder, which then takes the old one's place at once."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from contrib_gateway.clock import Clock
from contrib_gateway.errors import GatewayError
from contrib_gateway.forge import Forge
from contrib_gateway.library import ROOT
from contrib_gateway.loop import Loop
from contrib_gateway.metrics import Metrics
from contrib_gateway.recipe import recipe, weight
from contrib_gateway.settings import Settings
from contrib_gateway.store import Store
from plugins.render.search.page import NO_SEARCH

PROJECT = Path(__file__).resolve().parents[1]
KEPT = 2  # built sites that stay: the one online, and the one readers may still be reading
REST = 30  # seconds after which a build is tried again that failed for no fault of the content
LONGEST_BUILD = 600  # seconds
LOG_LENGTH = 8000  # characters of a failed build's output that are worth keeping
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Places:
    """Where builds happen, inside the state folder."""

    state: Path

    @property
    def content(self) -> Path:
        """Main's content, exported."""
        return self.state / "content"

    @property
    def exported(self) -> Path:
        """Names the commit that `content` holds, once it holds it whole."""
        return self.state / "content.commit"

    @property
    def builds(self) -> Path:
        return self.state / "builds"

    @property
    def site(self) -> Path:
        """A link to the build that is online."""
        return self.state / "site"

    @property
    def compressed(self) -> Path:
        """What was asked for of a build, compressed, in a folder of its name."""
        return self.state / "compressed"

    @property
    def recipe(self) -> Path:
        """Says what the build that is online was made of, once it is online."""
        return self.state / "site.recipe"


def run_pelican(
    content: Path, output: Path, settings: Settings, moment: datetime | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Pelican from the project's root, as anyone could by hand; of today, unless told when."""
    command = [sys.executable, "-m", "pelican", str(content.absolute())]
    command += ["--output", str(output.absolute()), "--settings", "pelicanconf.py"]
    environ = os.environ | {
        "VIGIE_PUBLIC_URL": settings.public_url,
        "VIGIE_GATEWAY_URL": settings.gateway_url,
        "VIGIE_SEARCH": "on" if settings.search else "off",
        "NO_COLOR": "1",
    }
    if moment:  # whoever repeats a build has told another
        environ.setdefault("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
    return _outcome(command, environ)


def _outcome(command: list[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Raises `subprocess.TimeoutExpired` after `LONGEST_BUILD`. Nothing that the command has
    started outlives it, the search's program for one, unless it is killed from outside; and it does
    not outlive this process, unless that is.
    """
    with subprocess.Popen(  # noqa: S603 — our own interpreter, no shell, no stranger's words
        command,
        cwd=PROJECT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        end = partial(_end, process.pid)
        atexit.register(end)  # Ctrl-C ends the gateway, and tells no thread that waits here
        try:
            said = process.communicate(timeout=LONGEST_BUILD)
        except BaseException:  # its time is up, or Ctrl-C reached only who waits for it
            end()
            raise
        finally:
            atexit.unregister(end)
    return subprocess.CompletedProcess(command, process.returncode, *said)


def _end(group: int) -> None:
    with suppress(ProcessLookupError):  # it ended just now
        os.killpg(group, signal.SIGKILL)


class Builder:
    """Keeps the site at what main says, today. A failing build leaves the old site up."""

    def __init__(
        self, settings: Settings, store: Store, forge: Forge, metrics: Metrics, clock: Clock
    ) -> None:
        self._settings = settings
        self._store = store
        self._forge = forge
        self._metrics = metrics
        self._clock = clock
        self.places = Places(settings.state)
        self.loop = Loop("builder", self.build_if_needed)
        self._attempted: tuple[str, date] | None = None
        self._not_before = 0.0
        self._succeeded = False

    def build_if_needed(self) -> bool:
        """Build if main moved, or a day began, since this process last built; true if the site is
        up to date.

        A new process does too, unless the site is made of the same: its theme, its code or its
        addresses may be new. A new day makes pages older: some are now to be checked.
        """
        arriving = self._arriving()
        wanted = (self._forge.head(), self._clock().date())
        if self._attempted is None and self._is_made(*wanted):
            self._attempted, self._succeeded = wanted, True
        if wanted != self._attempted and time.monotonic() >= self._not_before:
            return self.build()
        if arriving and self._succeeded:  # merged before the last build, but noted after it began
            self._store.mark_online(arriving)
        return self._succeeded

    def build(self) -> bool:
        """Export, build, switch. Returns whether main is online; its failure is in the store."""
        # Noted before main is read: whatever they were merged into, main now contains it.
        arriving = self._arriving()
        commit, moment = self._forge.head(), self._clock()
        number = self._store.start_build(commit)
        began = time.monotonic()
        try:
            fault = self._renew(commit, number, moment)
            self._attempted = (commit, moment.date())
        except (OSError, GatewayError, subprocess.SubprocessError) as error:
            fault = str(error)[-LOG_LENGTH:] or type(error).__name__
            self._not_before = time.monotonic() + REST  # a full disk, say: it may pass
        self._succeeded = not fault
        self._tell(number, commit, time.monotonic() - began)
        self._store.finish_build(number, ok=not fault, log=fault)
        if not fault:
            self._store.mark_online(arriving)
        return self._succeeded

    def _is_made(self, commit: str, day: date) -> bool:
        """Whether the site that is online is what a build would make."""
        last = self._store.last_build()
        if last is None or not last.ok or not self.places.site.is_dir():
            return False
        made_of = recipe(PROJECT, self._settings, commit, day)
        return _read(self.places.recipe) == f"{made_of} {weight(self.places.site)}"

    def _arriving(self) -> tuple[str, ...]:
        """What the next good build puts online; nothing, where the site is built on GitHub."""
        return () if self._settings.github else self._store.offline()

    def _tell(self, number: int, commit: str, seconds: float) -> None:
        """Measure and log a build, without what was said against it: that may quote a document."""
        about = {"commit": commit, "build": number, "seconds": round(seconds, 1)}
        if self._succeeded:
            log.info("built", extra=about)
        else:
            log.error("could not be built", extra=about)
        self._metrics.build("ok" if self._succeeded else "failed", seconds)

    def _renew(self, commit: str, number: int, moment: datetime) -> str:
        """Put the site of a commit online; returns what Pelican said against it, "" if nothing."""
        output = self.places.builds / f"{number:06}-{commit[:12]}"
        made_of = recipe(PROJECT, self._settings, commit, moment.date())
        self.export(commit)
        outcome = self.run(output, moment)
        if outcome.returncode != 0:
            shutil.rmtree(output, ignore_errors=True)
            said = outcome.stdout + outcome.stderr
            return said[-LOG_LENGTH:] or f"Pelican exited with {outcome.returncode}"
        for line in outcome.stderr.splitlines():
            if line.startswith(NO_SEARCH):
                log.error("built without its search", extra={"fault": line[len(NO_SEARCH) :]})
        self.places.recipe.unlink(missing_ok=True)
        self.switch(output)
        self.places.recipe.write_text(f"{made_of} {weight(output)}")
        self.forget_old(output)
        return ""

    def run(self, output: Path, moment: datetime) -> subprocess.CompletedProcess[str]:
        shutil.rmtree(output, ignore_errors=True)
        output.parent.mkdir(parents=True, exist_ok=True)
        return run_pelican(self.places.content, output, self._settings, moment)

    def export(self, commit: str) -> None:
        """Make `content` hold exactly main's files; only what differs is written."""
        if _read(self.places.exported) == commit:
            return
        self.places.exported.unlink(missing_ok=True)
        wanted = {path.removeprefix(ROOT): blob for path, blob in self._forge.files(commit).items()}
        folder = self.places.content
        for file in list(folder.rglob("*")):
            if file.is_file() and file.relative_to(folder).as_posix() not in wanted:
                file.unlink()
        for path, blob in wanted.items():
            data = self._forge.read(blob)
            target = folder / path
            if not target.is_file() or target.read_bytes() != data:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        self.places.exported.write_text(commit)

    def switch(self, output: Path) -> None:
        """Put the new site online in one step: a reader sees the old one or the new one whole."""
        link = self.places.state / "site.new"
        link.unlink(missing_ok=True)
        link.symlink_to(output.relative_to(self.places.state), target_is_directory=True)
        link.rename(self.places.site)

    def forget_old(self, online: Path) -> None:
        others = sorted(path for path in self.places.builds.iterdir() if path != online)
        for path in others[: max(0, len(others) - KEPT + 1)]:
            shutil.rmtree(path, ignore_errors=True)
        for path in self.places.compressed.glob("*"):
            if not (self.places.builds / path.name).exists():
                shutil.rmtree(path, ignore_errors=True)


def _read(file: Path) -> str:
    return file.read_text(errors="replace") if file.exists() else ""

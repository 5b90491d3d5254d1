"""A watch of its own: a state folder, its sources, and what collects them.

`python -m tests.contrib_gateway.watch.watches` starts runs as processes of their own, quickly: a
line "STATE:STEP" starts one and is answered by its pid, "wait PID" by how it ended. It kills itself
at a step: "save 2" while the second batch is being stored, "saved 2" once it is, "" never.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import Any

from contrib_gateway.album import Album
from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.courtesy import Courtesy
from contrib_gateway.edition import Edition
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.library import Library
from contrib_gateway.metrics import Metrics
from contrib_gateway.service import Reception
from contrib_gateway.settings import Settings
from contrib_gateway.store import FeedState, Store, Submission, feeds
from contrib_gateway.watch import collector
from contrib_gateway.watch.collector import AlreadyCollecting, Collector
from contrib_gateway.watch.fetching import Fetcher
from contrib_gateway.watch.health import Health
from contrib_gateway.watch.progress import Progress
from plugins.schema import Document
from plugins.watch.feed import parse
from tests.contrib_gateway.running import PROJECT

SOURCE = """\
---
title: {title}
id: {id}
lang: fr
created: 2026-01-02
updated: 2026-01-02
site: {site}
why: On y lit ce qui se fait ici.
{more}---
"""

UNUSED = re.compile(r"^  (?:place|publisher):\n(?:    .*\n)+", re.MULTILINE)  # fields


class InProcess:
    """Parses here: quicker than to start a process."""

    parse = staticmethod(parse)


class Watch:
    """Everything that has a part in collecting; `gathered` counts how often items were sorted."""

    def __init__(self, state: Path, clock: Clock = utc_now, patience: float = 0.5) -> None:
        self.state = state
        environ = {"VIGIE_STATE": str(state), "VIGIE_SECRET_KEY": "a secret for the tests only"}
        settings = Settings.from_environ(environ)
        self.store = Store(state / "vigie.sqlite", clock)
        forge = LocalForge.open(state / "forge.git", state.parent / "content", clock)
        self.library = Library(forge)
        album = Album(state / "pictures", clock)
        self.edition = Edition(
            forge, self.library, self.store, album, clock, wake_builder=lambda: None
        )
        reception = Reception(
            settings, self.store, self.library, clock, courtesy=Courtesy(), wake=lambda: None
        )
        self.gathered = 0
        self.metrics = Metrics(self.store, clock)
        self.collector = Collector(
            settings,
            self.store,
            self.library,
            Health(self.store, self.library, self.edition, reception, clock),
            clock,
            fetcher=lambda: Fetcher("Vigie", clock, allow_private=True, patience=patience, pause=0),
            parsers=lambda: nullcontext(InProcess()),
            gather=self._gather,
            metrics=self.metrics,
            chance=lambda: 0.0,
        )

    def _gather(self) -> None:
        self.gathered += 1

    def collect(self, everything: bool = True) -> Progress:
        return self.collector.run(everything)

    def close(self) -> None:
        self.store.close()

    # What became of it

    def fares(self, id: str) -> FeedState:
        return next(state for state in self.store.feed_states() if state.source == id)

    def document(self, id: str) -> Document:
        found = self.library.index.by_id(id)
        assert found
        return found

    def items(self, source: str = "") -> list[str]:
        """The links of a source's items, or of all, in the order in which they came."""
        query = "SELECT url FROM items WHERE source = ? OR ? = '' ORDER BY number"
        with closing(sqlite3.connect(self.state / "vigie.sqlite")) as connection:
            return [url for (url,) in connection.execute(query, (source, source))]

    def left(self) -> list[Submission]:
        """What the watch left for editors."""
        return [one for one in self.store.waiting() if one.signed_as == "La veille"]


def plant(folder: Path, sources: dict[str, str], more: str = "") -> Path:
    """A new state folder, whose content has only sources (id → site) and the types and lists that
    these need: quick to read; returns it.
    """
    content = folder / "content"
    (content / "types").mkdir(parents=True)
    (content / "vocabularies").mkdir()
    shutil.copy(PROJECT / "content" / "site.yaml", content)
    for name in ("_common", "source", "link"):
        text = (PROJECT / "content" / "types" / f"{name}.yaml").read_text()
        text = UNUSED.sub("", text).replace(", place]", "]")
        (content / "types" / f"{name}.yaml").write_text(text)
        for used in re.findall(r"from: (\w+)", text):
            shutil.copy(PROJECT / f"content/vocabularies/{used}.yaml", content / "vocabularies")
    (content / "sources").mkdir()
    for id, site in sources.items():
        text = SOURCE.format(title=f"Source {id}", id=id, site=site, more=more)
        (content / "sources" / f"{id}.md").write_text(text)
    (folder / "state").mkdir()
    return folder / "state"


def dying(name: str, number: int, then: Callable[..., Any]) -> Callable[..., Any]:
    """Does the same, but for the time at which it dies."""
    left = [number]

    def step(*arguments: Any) -> Any:
        left[0] -= 1
        if left[0] or name == "saved":
            done = then(*arguments)
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return step


def collect_once(state: str, step: str) -> None:
    name, _, number = step.partition(" ")
    if name == "save":  # in the middle of the transaction
        feeds._save = dying(name, int(number), feeds._save)
    elif name == "saved":
        Store.take_in = dying(name, int(number), Store.take_in)  # type: ignore[method-assign]
    collector.BATCH = 5
    with suppress(AlreadyCollecting):
        Watch(Path(state)).collect()


def main() -> None:
    for line in map(str.strip, sys.stdin):
        if line.startswith("wait "):
            _, status = os.waitpid(int(line.removeprefix("wait ")), 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
        elif pid := os.fork():
            print(pid, flush=True)
        else:
            collect_once(*line.rsplit(":", 1))
            os._exit(0)


if __name__ == "__main__":
    main()

"""Parsing strangers' feeds in processes of their own, which are killed when they go on too long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from queue import SimpleQueue
from threading import Timer
from typing import Self

from plugins.watch.entry import Feed
from plugins.watch.errors import NotAFeed
from plugins.watch.wire import receive, send, unpacked

MEMORY = 384 << 20  # bytes of addresses a process may have; it starts with about 60 MB of them
DEADLINE = 20.0  # seconds for one feed, waiting for the processor included
START = 60.0  # seconds until a process is there, on a machine that has much else to do
LARGE = 2 << 20  # bytes of a feed after which a process is replaced: it would keep the memory
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "SYSTEMROOT")  # none of our secrets


class Parsers:
    """So many processes that parse; threads may share them. They start when they are needed."""

    def __init__(self, count: int, deadline: float = DEADLINE, memory: int = MEMORY) -> None:
        self._deadline = deadline
        self._memory = memory
        self._all: set[_Parser] = set()
        self._free: SimpleQueue[_Parser | None] = SimpleQueue()
        for _ in range(count):
            self._free.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for parser in list(self._all):
            self._end(parser)

    def parse(self, data: bytes, content_type: str, address: str) -> Feed:
        """The feed in what an address answered. Waits for a free process.

        Raises `NotAFeed`; with `too_long`, `too_large` or `broken` if the process did not survive.
        """
        parser, good = self._free.get(), False
        try:
            if parser is None:
                parser = _Parser(self._deadline, self._memory)
                self._all.add(parser)
            answer = parser.ask(data, content_type, address)
            good = len(data) <= LARGE
        finally:
            if parser and not good:
                self._end(parser)
            self._free.put(parser if good else None)
        return unpacked(answer)

    def _end(self, parser: _Parser) -> None:
        self._all.discard(parser)
        parser.end()


class _Parser:
    """One such process; raises `NotAFeed` if it does not come to be."""

    def __init__(self, deadline: float, memory: int) -> None:
        self._deadline = deadline
        self._late = False
        self._process = subprocess.Popen(  # noqa: S603 — our own module, and two numbers
            [sys.executable, "-m", "plugins.watch.worker", str(memory), str(int(deadline) + 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        )
        self._answer(START)

    def ask(self, data: bytes, content_type: str, address: str) -> bytes:
        """Its answer, as it came. Raises `NotAFeed` if it died over the question."""
        texts = (text.encode(errors="replace") for text in (content_type, address))
        return self._answer(self._deadline, data, *texts)

    def _answer(self, deadline: float, *question: bytes) -> bytes:
        asked, answers = self._process.stdin, self._process.stdout
        assert asked and answers  # noqa: S101 — they are pipes, as we asked
        killer = Timer(deadline, self._kill_late)
        killer.daemon = True
        killer.start()
        try:
            send(asked, *question)
            return receive(answers)
        except (EOFError, OSError) as error:
            raise NotAFeed(self._cause()) from error
        finally:
            killer.cancel()

    def end(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):  # what it was being asked
                    pipe.close()
        self._process.wait()

    def _kill_late(self) -> None:
        self._late = True
        self._process.kill()

    def _cause(self) -> str:
        """Why it died."""
        died_of = -self._process.wait()
        if self._late or died_of == signal.SIGXCPU:
            return "too_long"
        return "too_large" if died_of in (signal.SIGKILL, signal.SIGABRT) else "broken"

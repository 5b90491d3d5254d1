"""A process that parses feeds, one after the other, and can do nothing else.

It has little memory, a bounded time of the processor for each feed, and neither network nor other
processes. Whoever started it may kill it at any moment.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import IO, Any

from plugins.watch.errors import NotAFeed
from plugins.watch.feed import parse
from plugins.watch.wire import packed, receive, send

FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "ctypes.",
)


READY = b"ready"


def main(memory: int, seconds: int) -> None:
    """Answer until the other side is gone. `memory`: bytes; `seconds`: of the processor a feed."""
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints is no answer
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)
    send(answers, READY)
    while True:
        try:
            _answer(questions, answers, seconds)
        except (EOFError, BrokenPipeError):
            return


def _answer(questions: IO[bytes], answers: IO[bytes], seconds: int) -> None:
    data, content_type, address = (receive(questions) for _ in range(3))
    _bound_time(seconds)
    try:
        answer = packed(parse(data, content_type.decode(), address.decode()))
    except NotAFeed as error:
        answer = packed(error)
    except MemoryError:
        answer = packed(NotAFeed("too_large"))
    send(answers, answer)


def _bound_time(seconds: int) -> None:
    """End by itself, should nobody be there any more to kill it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))

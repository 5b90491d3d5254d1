"""The log: one JSON object a line, and never a word that a stranger wrote.

Our modules write `log.info("moved", extra={"submission": id})`: an event that is a constant, and
some of FIELDS. All else that a record may carry can be what somebody typed (an exception's message,
a path, an argument, whatever a library says), so it is left out here, for every record alike.
"""

from __future__ import annotations

import errno
import json
import logging
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from contrib_gateway.errors import (
    Forbidden,
    GatewayError,
    SignedOut,
    SiteNotBuilt,
    StoreUnavailable,
)
from plugins.schema import SchemaError

OURS = "contrib_gateway."
FIELDS = (
    "submission",
    "state",
    "attempts",
    "route",
    "method",
    "status",
    "commit",
    "build",
    "call",
    "pull",
    "loop",
    "source",
    "count",
    "seconds",
    "fault",
)
EXPECTED = (GatewayError, SchemaError)
# Their messages are worded by ourselves, or by whoever writes the site's types.
HARMLESS = (StoreUnavailable, SiteNotBuilt, SignedOut, Forbidden, SchemaError)
MOST_FRAMES = 40
LINE = json.JSONEncoder(default=lambda value: type(value).__name__)
PROJECT = f"{Path(__file__).resolve().parents[1]}/"


class JsonLines(logging.Formatter):
    """What `vigie serve` writes: time, level, logger, event, fields, and of a fault its kind."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= told(record)
        if found := frames(record):
            line["frames"] = found
        return LINE.encode(line)


class Plain(logging.Formatter):
    """What somebody at a terminal reads."""

    def format(self, record: logging.LogRecord) -> str:
        fields = told(record)
        event = fields.pop("event")
        about = ", ".join(f"{name} {value}" for name, value in fields.items())
        head = f"{record.levelname.lower()}: {event}" + (f" ({about})" if about else "")
        return "\n    ".join([head, *frames(record)])


def speak_plainly() -> None:
    """Tell whoever is at the terminal of warnings, unless this process logs somewhere already."""
    handler = logging.StreamHandler()
    handler.setFormatter(Plain())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    # A full queue is answered in turn; a line per request would drown what matters.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def write_lines(stream: TextIO) -> None:
    """Send all that is logged in this process to `stream`: our own news, and others' warnings.

    What nobody caught is logged too, instead of being printed with all that it holds.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS.rstrip(".")).setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # on a full disk, each line would be followed by a complaint
    sys.excepthook = _uncaught
    threading.excepthook = lambda found: _uncaught(found.exc_type, found.exc_value, None)


def _uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if issubclass(kind, Exception) and error is not None:
        logging.getLogger(__name__).critical("nobody caught this", exc_info=error)


def told(record: logging.LogRecord) -> dict[str, object]:
    """What may be told of a record: its event, its fields, and its exception's kind."""
    found: dict[str, object]
    if record.name.startswith(OURS):
        found = {"event": str(record.msg)}
    else:  # libraries put requests and headers into their sentences
        found = {"event": "a library has something to say", "where": _where(record)}
    found |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
    if record.exc_info and record.exc_info[1]:
        found["fault"] = " < ".join(map(kind_of, _chain(record.exc_info[1])))
    return found


def frames(record: logging.LogRecord) -> list[str]:
    """Where an exception that nobody expected came from."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None or isinstance(error, EXPECTED):
        return []
    return [line for one in _chain(error) for line in _frames(one)]


def kind_of(error: BaseException) -> str:
    """An exception's type and code; its message where none but we can have worded it."""
    name = type(error).__name__
    if isinstance(error, HARMLESS):
        return f"{name}: {error}"
    if isinstance(error, OSError):
        return f"{name} {errno.errorcode.get(error.errno or 0, '')}".strip()
    if isinstance(error, sqlite3.Error):
        return f"{name} {getattr(error, 'sqlite_errorname', '')}".strip()
    code = getattr(error, "code", None)  # of an HTTP answer
    return f"{name} {code}" if isinstance(code, int) else name


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and those that led to it."""
    seen: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in seen:
        yield following
        seen.append(following)
        context = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or context


def _frames(error: BaseException) -> list[str]:
    lines = [
        f"{_short(frame.f_code.co_filename)}:{number} {frame.f_code.co_qualname}"
        for frame, number in traceback.walk_tb(error.__traceback__)
    ]
    return [f"Traceback of {type(error).__name__}", *lines[-MOST_FRAMES:]]


def _where(record: logging.LogRecord) -> str:
    return f"{_short(record.pathname)}:{record.lineno} {record.funcName}"


def _short(file: str) -> str:
    return file.rpartition("site-packages/")[2].removeprefix(PROJECT)

"""What a parser's process is asked and answers: plain JSON with its length before it, and a feed's
bytes as they are. Nothing that is read here can run anything.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any

from plugins.watch.entry import Entry, Feed
from plugins.watch.errors import NotAFeed

LENGTH = struct.Struct(">I")


def send(pipe: IO[bytes], *parts: bytes) -> None:
    """Each part with its length before it."""
    pipe.write(b"".join(piece for part in parts for piece in (LENGTH.pack(len(part)), part)))
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """One part. Raises `EOFError` if the other side is gone."""
    (length,) = LENGTH.unpack(_exactly(pipe, LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data


def packed(outcome: Feed | NotAFeed) -> bytes:
    """A feed, or why it is none, as JSON."""
    if isinstance(outcome, NotAFeed):
        return json.dumps({"code": outcome.code, "detail": outcome.detail}).encode()
    return json.dumps(asdict(outcome), default=datetime.isoformat).encode()


def unpacked(data: bytes) -> Feed:
    """What `packed` was given. Raises the `NotAFeed` if it was one."""
    given: dict[str, Any] = json.loads(data)
    if "code" in given:
        raise NotAFeed(given["code"], given["detail"])
    entries = tuple(
        Entry(**{**entry, "published": _moment(entry["published"])})
        for entry in given.pop("entries")
    )
    return Feed(**{**given, "entries": entries, "faults": tuple(given["faults"])})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

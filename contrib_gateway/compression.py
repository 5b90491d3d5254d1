"""Texts made smaller for the way: a file of the site once, when it is first asked for.

Only what is everybody's is compressed: the length of a page that holds a secret beside a
stranger's words would tell the secret (BREACH).
"""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from flask import Response, request

CODING = "gzip"
LEVEL = 6
LEAST = 1000  # bytes: less fits in one packet anyway
TEXTS = (
    *(".html", ".css", ".js", ".json", ".svg", ".xml", ".atom", ".opml"),
    *(".ics", ".csv", ".geojson", ".txt"),
)
"""By the ending of their names."""


def kept(file: Path, copy: Path, turn: Lock) -> Path | None:
    """`copy`, which then is `file` compressed; None where that is not worth it or fails, or while
    somebody else has the `turn` to compress: who comes meanwhile takes the file as it is.

    The copy bears the file's time: one that was made of another file is made again.
    """
    try:
        told = file.stat()
        if told.st_size < LEAST:
            return None
        if not copy.is_file() or copy.stat().st_mtime_ns != told.st_mtime_ns:
            if not turn.acquire(blocking=False):
                return None
            try:
                _write(file, copy, told.st_mtime_ns)
            finally:
                turn.release()
    except OSError:  # a full disk, a name too long: the file itself is still there, or is not
        return None
    return copy


def _write(file: Path, copy: Path, moment: int) -> None:
    """In one step, and on the disk: neither another request nor a power cut leaves half of it."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=copy.parent) as folder:
        new = Path(folder) / "new"
        with file.open("rb") as text, new.open("wb") as on_disk:
            with gzip.GzipFile("", "wb", LEVEL, on_disk, mtime=0) as packed:
                shutil.copyfileobj(text, packed)
            on_disk.flush()
            os.fsync(on_disk.fileno())
        os.utime(new, ns=(moment, moment))
        new.rename(copy)


def compress(answer: Response) -> Response:
    """A page that was just made of the address alone: compressed for who accepts it."""
    answer.vary.add("Accept-Encoding")
    data = answer.get_data()
    if request.accept_encodings[CODING] and answer.status_code == 200 and len(data) >= LEAST:
        answer.set_data(gzip.compress(data, LEVEL, mtime=0))
        answer.content_encoding = CODING
    return answer

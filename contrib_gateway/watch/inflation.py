"""Compressed answers, inflated piece by piece: a small one that becomes huge costs no memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PIECE = 65_536  # bytes of one piece at most
_GZIP, _ZLIB, _BARE = 31, 15, -15  # zlib's `wbits`
_FORMATS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}
_MAGIC = b"\x1f\x8b"


class Inflater:
    """Undoes one content coding. Raises ValueError where it is not known, or not what it says."""

    def __init__(self, coding: str) -> None:
        self._coding = coding.strip().lower()
        self._begun = self._ended = False
        self._ahead = b""  # of what may follow
        if self._coding in ("", "identity"):
            self._stream = None
        elif self._coding in _FORMATS:
            self._stream = zlib.decompressobj(_FORMATS[self._coding])
        else:
            raise ValueError(coding)

    @property
    def is_over(self) -> bool:
        """Whether what is compressed has told that this was all."""
        return self._stream is not None and self._stream.eof

    @property
    def is_cut_off(self) -> bool:
        """Whether more should have come, if nothing more comes."""
        return self._stream is not None and self._begun and not self._stream.eof

    def inflate(self, data: bytes) -> Iterator[bytes]:
        """What became of some more bytes, in pieces."""
        if self.is_over:
            data = self._following(data)
        while data:
            if self._stream is None:
                yield data
                return
            piece = self._inflated(data)
            self._begun = True
            yield piece
            data = self._stream.unconsumed_tail
            while len(piece) == PIECE and not data and not self._stream.eof:
                piece = self._inflated(b"")  # what it still held back
                yield piece
            if self._stream.eof:
                data = self._following(self._stream.unused_data)

    def _following(self, data: bytes) -> bytes:
        """What is to be inflated of that which follows: a gzip file may be several in a row."""
        data = self._ahead + data
        self._ahead = data if data == _MAGIC[:1] else b""
        if not self._ended and data.startswith(_MAGIC):
            self._stream = zlib.decompressobj(_GZIP)
            return data
        self._ended |= bool(data and not self._ahead)
        return b""

    def _inflated(self, data: bytes) -> bytes:
        assert self._stream is not None  # noqa: S101 — its only caller saw to it
        try:
            return self._stream.decompress(data, PIECE)
        except zlib.error as error:
            if self._coding != "deflate" or self._begun:
                raise ValueError(str(error)) from error
        self._stream = zlib.decompressobj(_BARE)  # what many servers mean by "deflate"
        self._begun = True
        return self._inflated(data)

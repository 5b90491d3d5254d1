"""Why something could not be read as a feed."""

from __future__ import annotations


class NotAFeed(Exception):
    """What was fetched is no feed that can be read; `detail` says more, for whoever mends it.

    `code`: `empty`, `html` (a page that announces no feed), `not_a_feed`, `too_deep`, and of the
    parser processes `too_long`, `too_large`, `broken`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code

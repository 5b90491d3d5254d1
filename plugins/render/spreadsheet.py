"""Rows as files that spreadsheets open: CSV (RFC 4180), in which nothing is computed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

COMPUTED = re.compile(r"[=@\t\r]|[+-](?![\d\s.()]*$)")
"""How a cell begins that a spreadsheet would compute; a telephone or other number does no harm."""


def csv_text(rows: Iterable[Iterable[str | int | float]]) -> str:
    """Cells that would be computed are quoted by '."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    return text.getvalue()


def _inert(cell: str | float) -> str | float:
    return f"'{cell}" if isinstance(cell, str) and COMPUTED.match(cell) else cell

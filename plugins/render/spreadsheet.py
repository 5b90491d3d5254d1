"""Rows as files that spreadsheets open: CSV (RFC 4180), in which nothing is computed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

COMPUTED = re.compile(r"[=@＝＠\t\r]|[+＋－-](?![\d\s.()]*$)")
"""How a cell begins that a spreadsheet would compute; a telephone or other number does no harm.
Some read the wide signs of Japanese as the others.
"""
CUT = re.compile(r"""(?<=[;\r\n])(?="*(?:[=@＝＠]|[+＋－-][^;\r\n]*[(|!]))""")
"""Where such a cell begins inside one: a spreadsheet whose lists are parted by semicolons, as in
French, cuts there, and at the lines of a text, when the file is just opened. A list in a text does
no harm, unless it calls something.
"""


def csv_text(rows: Iterable[Iterable[str | int | float]]) -> str:
    """Cells that would be computed are quoted by '."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_inert(cell) for cell in row])
    return text.getvalue()


def _inert(cell: str | float) -> str | float:
    if not isinstance(cell, str):
        return cell
    return ("'" if COMPUTED.match(cell) else "") + CUT.sub("'", cell)

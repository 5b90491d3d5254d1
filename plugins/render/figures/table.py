"""The numbers of a figure as rows: for its table, and for its file."""

from __future__ import annotations

from plugins.render import spreadsheet
from plugins.render.figures.bars import Bars
from plugins.render.figures.grid import Cells

Row = tuple[str | int, ...]


def table(figure: Bars | Cells, total: str) -> tuple[Row, ...]:
    """Its head, then a row a line. `total` heads the column of the observations of a line."""
    if isinstance(figure, Cells):
        head: Row = (figure.of, *(term.label for term in figure.columns))
        named = zip((term.label for term in figure.rows), figure.numbers, strict=True)
        cells: list[Row] = [(label, *found) for label, found in named]
        return (head, *cells)
    if not figure.apart:
        return ((figure.of, total), *((line.label, line.number) for line in figure.lines))
    head = (figure.of, *(term.label for term in figure.viewpoints), total)
    rows: list[Row] = [(line.label, *line.parts, line.number) for line in figure.lines]
    return (head, *rows)


def csv_text(figure: Bars | Cells, total: str) -> str:
    """The table as a file."""
    return spreadsheet.csv_text(table(figure, total))

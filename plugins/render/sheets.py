"""A form as a sheet of paper: its questions by section, with boxes to tick or lines to write on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from plugins.render.forms import options
from plugins.schema import Audience, ContentType, Field, Index

MOST_BOXES = 20  # of one question: a longer list is written by hand
LINE = 450  # characters that a question may take, for one line to write on
LINES = {"items": 2, "hours": 3}
UNPRINTED = ("image",)
SHORT = ("boolean", "date", "integer", "url", "email", "phone")  # half a line will do
FEW = 6  # boxes that half a line holds
WRITTEN = ("place", "references")  # there are too many towns, and pages come and go


@dataclass(frozen=True, slots=True)
class Question:
    """`boxes` to tick, of which at most `most` (0: as one likes), or so many `lines`."""

    name: str
    kind: str
    label: str
    hint: str
    boxes: tuple[str, ...]
    most: int
    lines: int
    required: bool

    @property
    def is_short(self) -> bool:
        return self.kind in SHORT or 0 < len(self.boxes) <= FEW


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one section."""

    label: str
    questions: tuple[Question, ...]

    @property
    def rows(self) -> tuple[tuple[Question, ...], ...]:
        """In their order, two short ones that follow each other side by side."""
        rows: list[tuple[Question, ...]] = []
        for question in self.questions:
            if rows and len(rows[-1]) == 1 and question.is_short and rows[-1][0].is_short:
                rows[-1] = (*rows[-1], question)
            else:
                rows.append((question,))
        return tuple(rows)


def questions(
    kind: ContentType, index: Index, lang: str, without: Collection[str] = ()
) -> tuple[Group, ...]:
    """What the public is asked, but for what is private: nobody's address lies about on paper."""
    asked = [
        field
        for field in kind.form_fields(Audience.PUBLIC)
        if not field.private and field.name not in without and field.kind.name not in UNPRINTED
    ]
    sections = {**{key: label.get(lang) for key, label in kind.sections.items()}, "": ""}
    groups = {
        key: [_question(f, index, lang) for f in asked if f.section == key] for key in sections
    }
    if kind.body:
        body = kind.body
        written = Question(
            "body",
            "markdown",
            body.label.get(lang),
            body.hint.get(lang),
            (),
            0,
            _lines_for(body.max, body.required),
            body.required,
        )
        groups.setdefault(body.section, []).append(written)
    return tuple(Group(sections[key], tuple(found)) for key, found in groups.items() if found)


def _question(field: Field, index: Index, lang: str) -> Question:
    offered = () if field.kind.name in WRITTEN else options(field, index, lang)
    boxes = tuple(o.label for o in offered) if len(offered) <= MOST_BOXES else ()
    most = getattr(field.kind, "max", 0) if field.kind.name == "choices" else 0
    return Question(
        name=field.name,
        kind=field.kind.name,
        label=field.label.get(lang),
        hint=field.hint.get(lang),
        boxes=boxes,
        most=most if most and most < len(boxes) else 0,
        lines=0 if boxes else _lines(field),
        required=field.required,
    )


def _lines(field: Field) -> int:
    longest = getattr(field.kind, "max", 0)
    if field.kind.name in ("paragraph", "markdown"):
        return _lines_for(longest, field.required)
    return LINES.get(field.kind.name, 1)


def _lines_for(longest: int, required: bool) -> int:
    """What need not be written gets little room: the back of the sheet is there."""
    lines = round(longest / LINE)
    return min(8, max(3, lines)) if required else min(3, max(2, lines - 1))

"""Good documents of any type, and the changes that people make to them, for property tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from plugins.schema import ContentType, Document, Field, Index, Kind, Schema, load_schema
from plugins.schema.kinds import (
    Boolean,
    Choice,
    Choices,
    Date,
    Email,
    Hours,
    Image,
    Integer,
    Items,
    Phone,
    Place,
    References,
    Text,
    Url,
)
from tests.plugins.schema import strategies

BODIES = ("On y vient le mardi.", "On y vient le jeudi.", "On n’y vient plus.")
ISSUE, PARTS = "numero", "abc"
WORDS = ("Un atelier", "Le mardi", "À deux", "Sans rendez-vous")
SAMPLES: Mapping[type[Kind], tuple[Any, ...]] = {
    Boolean: (True, False),
    Email: ("accueil@exemple.fr", "bonjour@exemple.fr"),
    Hours: ("Mo-Fr 09:00-12:00", '"Sur rendez-vous"'),
    Image: ({"file": "a.webp", "alt": "La porte"}, {"file": "a.webp", "alt": "La façade"}),
    Phone: ("02 47 00 00 00", "02 47 00 00 01"),
    Url: ("https://exemple.fr/", "https://exemple.fr/atelier"),
}
likely = st.sampled_from([True, True, True, False])


class Site:
    """A schema of which good documents can be drawn, and documents that they may refer to.

    Values come from so few that two people often give the same one.
    """

    names = ("un", "deux", "trois")

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        types = schema.types.values()
        found = [Document(each, name, {"title": name}) for each in types for name in self.names]
        for each in types:
            if each.parts:  # and one whose parts they may refer to
                rows = [{"id": id} for id in PARTS]
                found.append(Document(each, ISSUE, {"title": ISSUE, each.parts: rows}))
        self.index = Index(schema, found)
        self._values: dict[int, st.SearchStrategy[Any]] = {}

    def values(self, kind: Kind) -> st.SearchStrategy[Any]:
        """Good values of a kind."""
        if id(kind) not in self._values:
            self._values[id(kind)] = self._drawn(kind)
        return self._values[id(kind)]

    def _drawn(self, kind: Kind) -> st.SearchStrategy[Any]:
        match kind:
            case Choice():
                return st.sampled_from(self._terms(kind.vocabulary))
            case Choices() | References():
                return _lists(st.sampled_from(self._entries(kind)), kind)
            case Items():
                return _lists(rows(self, kind), kind)
            case Date():
                return st.sampled_from(_dates(kind))
            case Integer():
                return st.sampled_from([max(kind.min, 0), max(kind.min, 0) + 1, kind.max])
            case Place():
                terms = self._terms(kind.vocabulary)
                more = ({}, {"street": "3 place du Marché"}) if kind.street else ({},)
                return st.sampled_from([{"territory": t} | rest for t in terms for rest in more])
            case Text(pattern=pattern) if pattern:
                return st.sampled_from(["12345678901234", "98765432109876"])
        return st.sampled_from(SAMPLES.get(type(kind), WORDS))

    def _terms(self, vocabulary: str) -> list[str]:
        return list(self.schema.vocabularies[vocabulary].terms)[:5]

    def _entries(self, kind: Choices | References) -> list[str]:
        if isinstance(kind, Choices):
            return self._terms(kind.vocabulary)
        if kind.parts:
            return [f"{type_name}/{ISSUE}#{id}" for type_name in kind.to for id in PARTS]
        return [f"{type_name}/{name}" for type_name in kind.to for name in self.names]


def _dates(kind: Date) -> list[str]:
    if kind.precision == "month":
        return ["2026-03", "2026-09", "2026-12"]
    return [f"2026-11-{day}T18:30" if kind.time else f"2026-11-{day}" for day in (23, 25, 28)]


def _lists(entries: st.SearchStrategy[Any], kind: Choices | References | Items) -> Any:
    least = max(kind.min, 1)
    most = max(least, min(kind.max, 4))
    return st.lists(entries, min_size=least, max_size=most, unique_by=_identity)


def _identity(entry: Any) -> str:
    return entry["id"] if isinstance(entry, dict) else entry


@st.composite
def rows(draw: st.DrawFn, site: Site, kind: Items) -> dict[str, Any]:
    """A row of items; there are few ids, so that two people may well take the same."""
    some = {name: site.values(field.kind) for name, field in kind.fields.items()}
    given = draw(st.fixed_dictionaries({"id": st.sampled_from("abcdef")}, optional=some))
    return _completed(draw, site, kind.fields, given)


def _completed(
    draw: st.DrawFn, site: Site, fields: Mapping[str, Field], given: Mapping[str, Any]
) -> dict[str, Any]:
    """`given` without what is not asked, and with what is required."""
    answers = {name: value for name, value in given.items() if value not in (None, [])}
    for _ in range(3):  # an answer may decide whether another is asked, and that one a third
        for field in fields.values():
            if not field.asked(answers):
                answers.pop(field.name, None)
            elif field.required and not field.private and field.name not in answers:
                answers[field.name] = draw(site.values(field.kind))
    return answers


@st.composite
def subjects(draw: st.DrawFn, content_type: ContentType) -> list[str]:
    """A few fields that people write about at the same time, and those they depend on.

    Rather those whose merging takes some thought: lists, and what others depend on.
    """
    fields = {field.name: field for field in content_type.public_fields()}
    tricky = [
        name
        for name, field in fields.items()
        if field.when or isinstance(field.kind, Choices | References | Items)
    ]
    some = st.lists(st.sampled_from(tricky), min_size=1, max_size=4, unique=True)
    more = st.lists(st.sampled_from(sorted(fields)), max_size=2)
    names = list(dict.fromkeys(draw(some) + draw(more)))
    for name in names:
        names += [other for other in fields[name].when if other not in names]
    return names


@st.composite
def documents(
    draw: st.DrawFn, site: Site, content_type: ContentType, names: Collection[str]
) -> Document:
    """A document that `validate` accepts in a file, and that answers most of `names`."""
    fields = content_type.fields
    given = {name: draw(site.values(fields[name].kind)) for name in names if draw(likely)}
    body = draw(st.sampled_from(BODIES)) if content_type.body else ""
    return Document(content_type, "un", _completed(draw, site, fields, given), body)


@st.composite
def edits(draw: st.DrawFn, site: Site, document: Document, names: Collection[str]) -> Document:
    """The document after somebody changed some of the answers `names`, and still good.

    "body" may be among them.
    """
    fields = document.type.fields
    data = dict(document.data)
    for name in names:
        if name in fields and draw(likely):
            data[name] = _changed(draw, site, fields[name].kind, data.get(name))
    body = document.body
    if "body" in names and document.type.body:
        body = draw(st.sampled_from(BODIES))
    return Document(document.type, document.slug, _completed(draw, site, fields, data), body)


def _changed(draw: st.DrawFn, site: Site, kind: Kind, value: Any) -> Any:
    """Another value, none, or a list with some entries gone, new, changed or elsewhere."""
    if not isinstance(value, list) or not isinstance(kind, Choices | References | Items):
        return draw(site.values(kind)) if draw(likely) else None
    kept = [entry for entry in value if draw(likely)]
    if isinstance(kind, Items):
        kept = [_changed_row(draw, site, kind, row) if draw(st.booleans()) else row for row in kept]
    for entry in draw(site.values(kind))[: draw(st.integers(0, 2))]:
        if _identity(entry) not in map(_identity, kept):
            kept.insert(draw(st.integers(0, len(kept))), entry)
    if not draw(likely):
        kept.reverse()
    return kept[: kind.max] if len(kept) >= kind.min else value


def _changed_row(draw: st.DrawFn, site: Site, kind: Items, row: dict[str, Any]) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(kind.fields)))
    changed = row | {name: _changed(draw, site, kind.fields[name].kind, row.get(name))}
    return _completed(draw, site, kind.fields, changed)


REAL = Site(load_schema(Path(__file__).resolve().parents[3] / "content"))
MADE_UP = Site(strategies.schema(linked=strategies.LINKED))

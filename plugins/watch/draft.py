"""A digest drafted from what was kept: what goes into it, in which order, as its type has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from plugins.schema import (
    ContentType,
    Document,
    Field,
    Index,
    Kind,
    Label,
    Value,
    is_empty,
)
from plugins.watch.plaintext import shortened

DIGEST, ITEMS, THEMES, TRUST = "digest", "items", "themes", "trust"
WORDS = ("text", "paragraph")  # kinds that may be cut short; an address may not


@dataclass(frozen=True, slots=True)
class Pick:
    """One story that was kept. `id` is to be that of its item; `sources` are names, that of the
    lead first, `carriers` their pages ("source/x"); `published` is an ISO date or ""; `said` what
    editors say of it, as the fields of an item of a digest.
    """

    id: str
    title: str
    url: str
    sources: Sequence[str] = ()
    author: str = ""
    published: str = ""
    language: str = ""
    found_by: str = ""
    carriers: Sequence[str] = ()
    said: Mapping[str, Value] = field(default_factory=dict)

    @property
    def themes(self) -> Sequence[str]:
        return self.said.get(THEMES) or ()


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody writes at the head of an issue."""

    title: str
    summary: str
    intro: str


def by_theme(picks: Iterable[Pick], index: Index) -> list[tuple[str, list[Pick]]]:
    """Picks under the first of their themes, in the vocabulary's order, those without one last
    (""); of a theme the best trusted first, then the most carried, then the newest.
    """
    themes, trusts = _rank(index, THEMES), _rank(index, TRUST)
    groups: dict[str, list[Pick]] = {key: [] for key in (*themes, "")}
    for pick in sorted(picks, key=lambda pick: (pick.published, pick.id), reverse=True):
        known = [key for key in pick.themes if key in themes]
        groups[min(known, key=themes.__getitem__, default="")].append(pick)
    for group in groups.values():
        group.sort(key=lambda pick: (_trusted(pick, trusts), -len(pick.sources)))
    return [(key, group) for key, group in groups.items() if group]


def _trusted(pick: Pick, trusts: Mapping[str, int]) -> int:
    return trusts.get(pick.said.get(TRUST, ""), len(trusts))


def _rank(index: Index, name: str) -> dict[str, int]:
    """The place of each term that an item of a digest may have in one of its fields."""
    return {key: place for place, key in enumerate(labels(index, name))}


def labels(index: Index, name: str) -> dict[str, Label]:
    """What each term is called that an item of a digest may have in one of its fields."""
    asked = item_fields(index).get(name)
    vocabulary = index.vocabularies.get(getattr(asked.kind, "vocabulary", "")) if asked else None
    return {key: term.label for key, term in (vocabulary.terms if vocabulary else {}).items()}


def item_fields(index: Index) -> Mapping[str, Field]:
    """What an item of a digest may say; nothing where there are no digests."""
    declared = index.schema.types.get(DIGEST)
    items = declared.fields.get(ITEMS) if declared else None
    fields: Mapping[str, Field] = getattr(items.kind, "fields", {}) if items else {}
    return fields


def most_items(index: Index) -> int:
    """How many items one issue may have."""
    return int(getattr(index.schema.types[DIGEST].fields[ITEMS].kind, "max", 0))


def drafted(picks: Sequence[Pick], words: Words, index: Index, today: str) -> dict[str, Value]:
    """What a digest of these picks says, in the order of `by_theme`; faults in `words` are left.

    Its period begins where that of the digest before ended; those who qualified its items took
    part in it.
    """
    ordered = [pick for _, group in by_theme(picks, index) for pick in group]
    names = dict.fromkeys(pick.said.get("qualified_by", "") for pick in ordered)
    data: dict[str, Value] = {
        "title": words.title,
        "summary": words.summary,
        "date": today,
        "period_start": period_start(index, ordered, today),
        "period_end": today,
        "intro": words.intro,
        ITEMS: [item(pick, index) for pick in ordered],
        "editors": [{"name": name} for name in names if name],
    }
    declared: ContentType = index.schema.types[DIGEST]
    parsed = declared.parse(data)
    return {name: parsed[name] for name in declared.fields if name in parsed}


def period_start(index: Index, picks: Iterable[Pick], today: str) -> str:
    """An ISO date: that of the digest before, else of the oldest pick, else today."""
    ends = [_ended(document) for document in index.of(DIGEST)]
    oldest = min((pick.published for pick in picks if pick.published), default=today)
    return min(max(filter(None, ends), default=oldest), today)


def _ended(digest: Document) -> str:
    return str(digest.data.get("period_end") or digest.data.get("date") or "")


def item(pick: Pick, index: Index) -> dict[str, Value]:
    """The item that a pick becomes, without what its type would not take: a term or a page that is
    gone meanwhile, an address that is none; words that are too long are cut short.
    """
    told, fields = _told(pick), item_fields(index)
    said = {name: value for name, value in pick.said.items() if not is_empty(value)}
    row: dict[str, Value] = {"id": pick.id}
    for name, declared in fields.items():
        value = declared.kind.parse((told | said).get(name))
        if not is_empty(fitted := _fitted(declared.kind, value, index)):
            row[name] = fitted
    return row


def _told(pick: Pick) -> dict[str, Value]:
    return {
        "title": pick.title,
        "url": pick.url,
        "source": ", ".join(pick.sources),
        "author": pick.author,
        "published": pick.published,
        "language": pick.language,
        "found_by": pick.found_by,
        "sources": list(pick.carriers),
    }


TOLD = frozenset(_told(Pick(id="", title="", url="")))
"""What an item of a digest has from the story itself: it is not asked of who qualifies it."""


def _fitted(kind: Kind, value: Value, index: Index) -> Value:
    """A value as its kind takes it, or None."""
    if isinstance(value, list):
        value = [one for one in value if not list(kind.check([one], "", index))]
    if isinstance(value, str) and kind.name in WORDS:
        value = shortened(value, getattr(kind, "max", 0) or len(value))
    if is_empty(value) or list(kind.check(value, "", index)):
        return None
    return value

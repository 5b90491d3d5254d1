"""A list of subscriptions from another reader, as sources to be added in one proposal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from contrib_gateway.clock import Clock, day
from contrib_gateway.library import Library
from contrib_gateway.plan import Plan, Subject
from contrib_gateway.store import Act
from plugins.schema import (
    Audience,
    ContentType,
    Document,
    Index,
    Problem,
    Rewriting,
    Value,
    new_id,
    slugify,
    validate,
)
from plugins.watch.address import canonical
from plugins.watch.opml import Outlines, Subscription
from plugins.watch.plaintext import language, shortened, tidy

SOURCE, THEMES, FEED, SITE, WHY = "source", "themes", "feed", "site", "why"
LONGEST = 120  # characters of a name


@dataclass(frozen=True)
class New:
    """One that could be added; `key` is its canonical address, and tells it apart."""

    key: str
    subscription: Subscription


@dataclass(frozen=True)
class Sorted:
    """What a list holds: what is new, the sources that are there already, and the names of what
    cannot be a source.
    """

    new: tuple[New, ...]
    there: tuple[Document, ...]
    unfit: tuple[str, ...]


class Subscriptions:
    """Sorts lists of subscriptions and plans what they would add."""

    def __init__(self, library: Library, clock: Clock) -> None:
        self._library = library
        self._clock = clock

    def sorted(self, listed: Outlines) -> Sorted:
        """By address: a feed, or the site of one that has none."""
        index = self._library.index
        known = {key: source for source in index.of(SOURCE) for key in _keys(source)}
        there: dict[str, Document] = {}
        new: dict[str, New] = {}
        unfit = list(listed.refused)
        for one in listed.found:
            addresses = [key for key in map(canonical, (one.feed, one.site)) if key]
            # Two feeds of one site are two sources: only where one has no feed does its site tell.
            told = addresses[:1] if one.feed else addresses
            if source := next((known[key] for key in told if key in known), None):
                there[source.ref] = source
            elif told and not _problems(self._source(one, "…", "fr", index, ()), index):
                new.setdefault(told[0], New(told[0], one))
            else:
                unfit.append(one.title)
        return Sorted(tuple(new.values()), tuple(there.values()), _names(unfit))

    def plan(self, chosen: Collection[New], why: str, lang: str) -> Plan:
        """Sources made of these, all at once; `why` for those whose list does not say it. Its
        rewriting has the faults they would have.
        """
        commit, content = self._library.state
        index = content.index
        documents: dict[str, Document] = {}
        problems = []
        for one in chosen:
            source = self._source(one.subscription, why, lang, index, documents.keys())
            documents[source.path] = source
            problems += _problems(source, index)
        first = next(iter(documents.values()))
        rewriting = Rewriting(documents=documents, problems=tuple(problems))
        return Plan(Act.IMPORTED, Subject.of(first), commit, rewriting)

    def _source(
        self,
        one: Subscription,
        why: str,
        lang: str,
        index: Index,
        taken: Collection[str],
    ) -> Document:
        declared = index.schema.types[SOURCE]
        today, told_by = day(self._clock()), one.feed or one.site
        told: dict[str, Value] = {
            "title": _fitted(declared, "title", one.title) or _fitted(declared, "title", told_by),
            SITE: one.site or urljoin(one.feed, "/"),
            WHY: _fitted(declared, WHY, one.about) or _fitted(declared, WHY, why),
            FEED: one.feed,
            THEMES: [key for key in _themes(index) if _is_named(index, key, one.group)],
            "language": language(one.lang) if language(one.lang) in _languages(index) else "",
        }
        managed = {"id": new_id(), "lang": lang, "created": today, "updated": today}
        data = declared.parse(told | managed)
        data = {name: data[name] for name in declared.fields if data.get(name)}
        return Document(
            declared, _free_slug(declared, str(data.get("title", "")), index, taken), data
        )


def _names(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for title in titles if (name := shortened(tidy(title), LONGEST)))


def _problems(source: Document, index: Index) -> list[Problem]:
    return validate(source.type, source.data, source.body, index, Audience.FILE)


def _keys(source: Document) -> Iterator[str]:
    for name in (FEED, SITE):
        if key := canonical(str(source.data.get(name) or "")):
            yield key


def _fitted(declared: ContentType, name: str, text: str) -> str:
    """Words of somebody else's list, on one line and as long as they may be."""
    return shortened(tidy(text), getattr(declared.fields[name].kind, "max", 0) or LONGEST)


def _themes(index: Index) -> Sequence[str]:
    themes = index.vocabularies.get(THEMES)
    return tuple(themes.terms) if themes else ()


def _languages(index: Index) -> Collection[str]:
    languages = index.vocabularies.get("languages")
    return languages.terms.keys() if languages else ()


def _is_named(index: Index, key: str, heading: str) -> bool:
    """Whether a heading of the list is the name of a theme."""
    label = index.vocabularies[THEMES].terms[key].label
    names = (key, *label.texts.values())
    return heading.strip().casefold() in {name.casefold() for name in names if name}


def _free_slug(declared: ContentType, title: str, index: Index, taken: Collection[str]) -> str:
    """A name that no source has, has had, or is given by the same list."""
    wished = slug = slugify(title, declared.name)
    number = 1
    while index.named(declared.name, slug) or f"{declared.folder}/{slug}.md" in taken:
        number += 1
        slug = f"{wished}-{number}"
    return slug

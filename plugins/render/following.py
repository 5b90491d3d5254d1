"""The page that explains feeds, with every feed there is; and the same feeds as a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugins.observation.findings import SYNTHESIS
from plugins.observation.hearing import NEED
from plugins.observation.outcomes import Outcome
from plugins.render.agenda import CALENDAR, EVENT
from plugins.render.evidence import outcome_path, outcome_term
from plugins.render.health import SOURCE
from plugins.render.health import STEM as HEALTH
from plugins.render.listing import facet_label, facets_of, feed_stem, parts_stem
from plugins.render.outlooks import outcome_stem
from plugins.render.shown import Setting
from plugins.render.theme import FOLLOWING, Theme, menu
from plugins.render.typography import typeset
from plugins.render.unanswered import UNANSWERED
from plugins.render.words import words
from plugins.schema import ContentType, Index

LIST = "feeds/vigie.opml"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, in both formats: `stem` is its site path without their endings, `page` that of what
    it follows. `calendar` is the path of the calendar that holds the same, or "".
    """

    label: str
    stem: str
    page: str
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The feeds of the terms of one field."""

    label: str
    feeds: tuple[Feed, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What can be followed of one type: all of it, some of it; `key` is its folder."""

    key: str
    label: str
    feeds: tuple[Feed, ...]
    narrowed: tuple[Narrowed, ...]


def following_page(theme: Theme, index: Index, lang: str) -> str:
    return theme.render(
        "following.html",
        lang,
        FOLLOWING,
        groups=followed(index, Setting(index, theme.site, lang), theme),
        list_path=LIST,
        page_type=index.schema.types.get("page"),
        agenda=EVENT in index.schema.types,
    )


def followed(index: Index, setting: Setting, theme: Theme) -> tuple[Followed, ...]:
    """Every feed of the site but the one of everything, by type, in the order of the menu."""
    listed = menu(theme.schema)
    others = (t for t in theme.schema.types.values() if t.list_url and t not in listed)
    return tuple(_followed(content_type, index, setting) for content_type in (*listed, *others))


def _followed(content_type: ContentType, index: Index, setting: Setting) -> Followed:
    lang, plural = setting.lang, content_type.plural.get(setting.lang)
    path = content_type.list_url or ""
    whole = _feed(content_type, plural, feed_stem(content_type), path)
    narrowed = tuple(
        Narrowed(
            typeset(content_type.facets[name].heading.get(lang), lang),
            tuple(
                _feed(
                    content_type,
                    typeset(facet_label(content_type, index, facet, lang), lang),
                    feed_stem(content_type, facet),
                    path + facet.path,
                )
                for facet, _ in counted
            ),
        )
        for name, counted in facets_of(content_type, index).items()
    )
    feeds = (whole, *_beside(content_type, index, setting))
    return Followed(content_type.folder, plural, feeds, narrowed)


def _feed(content_type: ContentType, label: str, stem: str, page: str) -> Feed:
    return Feed(label, stem, page, f"{stem}{CALENDAR}" if content_type.name == EVENT else "")


def _beside(content_type: ContentType, index: Index, setting: Setting) -> Iterator[Feed]:
    """The feeds of a type that are not those of its list."""
    lang, path = setting.lang, content_type.list_url or ""
    say = words(lang).gettext
    if content_type.parts:
        label = content_type.fields[content_type.parts].heading.get(lang)
        yield Feed(typeset(label, lang), parts_stem(content_type), path)
    if content_type.name == SOURCE:
        yield Feed(say("Health of the sources"), HEALTH, path)
    if content_type.name == NEED:
        stem = f"{feed_stem(content_type)}/{UNANSWERED}"
        yield Feed(say("Needs without answer"), stem, f"{path}{UNANSWERED}/")
    for outcome in Outcome if content_type.name == SYNTHESIS else ():
        term = outcome_term(outcome.term, setting)
        label = term.label if term else outcome.term
        yield Feed(label, outcome_stem(outcome, index), outcome_path(outcome.term, index))

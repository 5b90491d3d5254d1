"""The lines of the watch's inbox: each story as an editor sees it in the list, by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Item, Pile, Story
from contrib_gateway.views.gate import Gate
from contrib_gateway.watch.inbox import WHY, Origin
from plugins.render.dates import ago_in_words, in_words
from plugins.render.shown import Fact, Setting
from plugins.render.values import fact
from plugins.schema import Field
from plugins.watch.address import host
from plugins.watch.plaintext import shortened

LONGEST_TITLE, LONGEST_SUMMARY = 200, 320  # characters; a story's own page shows all
MOST_SOURCES = 3  # named in a line
THEMES = "themes"


@dataclass(frozen=True)
class SourceShown:
    """Who published it; `href` leads to the source's page, "" if it has none."""

    name: str
    href: str


@dataclass(frozen=True)
class TipShown:
    """Somebody sent it: how they wish to be named ("" if they do not), and why it matters."""

    by: str
    why: str


@dataclass(frozen=True)
class Line:
    """One story. `more`: how many other sources carry it; `language`: its name, if it is not this
    page's. `themes` were chosen, `suggested` ones only found by a machine.
    """

    id: str
    version: int
    pile: Pile
    title: str
    lang: str
    href: str
    url: str
    host: str
    sources: tuple[SourceShown, ...]
    more: int
    carriers: int
    language: str
    at: datetime
    summary: str
    tip: TipShown | None
    themes: Fact | None
    suggested: Fact | None
    is_qualified: bool
    decided_by: str
    reason: str


@dataclass(frozen=True)
class Day:
    """The stories of one day."""

    label: str
    lines: tuple[Line, ...]


class Lines:
    """Stories as lines, in one language."""

    def __init__(self, gateway: Gateway, gate: Gate) -> None:
        self._gateway = gateway
        self._gate = gate
        self._lang = gate.lang

    def days(self, stories: Sequence[Story], query: str = "") -> list[Day]:
        """In their order; `query` is carried to each story's page."""
        groups: dict[str, list[Line]] = {}
        for story, line in zip(stories, self.lines(stories, query), strict=True):
            groups.setdefault(f"{story.newest_at:%Y-%m-%d}", []).append(line)
        return [Day(self._day(day), tuple(lines)) for day, lines in groups.items()]

    def lines(self, stories: Sequence[Story], query: str = "") -> list[Line]:
        origins = self._gateway.inbox.origins(stories)
        return [self._line(story, origins, query) for story in stories]

    def source(self, origin: Origin) -> SourceShown:
        document = origin.document
        url = document.url if document and not origin.is_tip else None
        href = self._gateway.site.href(url, self._lang) if url else ""
        return SourceShown(shortened(origin.name, 80), href)

    def terms(self, keys: Iterable[str]) -> Fact | None:
        """Themes, with their words and colours; None of none."""
        field = self._gateway.inbox.questions().fields.get(THEMES)
        return self.fact(field, list(keys)) if field else None

    def fact(self, field: Field, value: object) -> Fact | None:
        gateway = self._gateway
        return fact(field, value, Setting(gateway.library.index, gateway.site, self._lang))

    def _line(self, story: Story, origins: Mapping[int, Origin], query: str) -> Line:
        lead = story.lead
        told = [origins[item.number] for item in story.items]
        sources = dict.fromkeys(self.source(one) for one in told if not one.is_tip)
        chosen = story.qualification.get(THEMES) or ()
        return Line(
            id=story.id,
            version=story.version,
            pile=story.pile,
            title=shortened(lead.title or lead.url, LONGEST_TITLE),
            lang=story.lang,
            href=self._gate.address(f"veille/{story.id}/") + query,
            url=lead.url,
            host=host(lead.url),
            sources=tuple(sources)[:MOST_SOURCES],
            more=max(0, len(sources) - MOST_SOURCES),
            carriers=len(sources),
            language=self._language(story.lang),
            at=lead.at,
            summary=shortened(summary_of(lead), LONGEST_SUMMARY),
            tip=tip(told),
            themes=self.terms(chosen),
            suggested=None if chosen else self.terms(story.suggested),
            is_qualified=bool(story.qualification.get(WHY)),
            decided_by=story.decided_by,
            reason=story.reason,
        )

    def _language(self, code: str) -> str:
        if code in ("", self._lang):
            return ""
        known = self._gateway.library.schema.vocabularies.get("languages")
        term = known.terms.get(code) if known else None
        return term.label.get(self._lang).lower() if term else code

    def _day(self, day: str) -> str:
        noon = datetime.fromisoformat(f"{day}T12:00+00:00")
        ago = (self._gateway.clock().date() - noon.date()).days
        said = in_words(day, self._lang)
        if ago in (0, 1):
            return f"{ago_in_words(noon, self._gateway.clock(), self._lang).capitalize()}, {said}"
        return said


def tip(told: Iterable[Origin]) -> TipShown | None:
    """That somebody sent it, if so; the first who gave a reason."""
    sent = sorted((one for one in told if one.is_tip), key=lambda one: not one.why)
    return TipShown(shortened(sent[0].found_by, 80), shortened(sent[0].why, 600)) if sent else None


def summary_of(item: Item) -> str:
    """What a source says of it; of a link that somebody sent, their reason stands apart."""
    return "" if item.is_tip else item.summary

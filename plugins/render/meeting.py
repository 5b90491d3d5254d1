"""How needs and offers that meet show: the best few of each page, with why."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.observation.matching import AUDIENCES, THEMES, Match, lacks_of, offers_for
from plugins.render.shown import LinkShown, Setting
from plugins.render.typography import typeset
from plugins.render.values import document_link, shown_term
from plugins.render.words import words
from plugins.schema import Document


@dataclass(frozen=True, slots=True)
class MatchShown:
    """A page, and in words what it has in common with the one that shows it."""

    ref: str
    link: LinkShown
    why: tuple[str, ...]
    demo: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who offers what a page lacks, and who lacks what it offers."""

    offers: tuple[MatchShown, ...] = ()
    lacks: tuple[MatchShown, ...] = ()

    @property
    def refs(self) -> frozenset[str]:
        return frozenset(one.ref for one in (*self.offers, *self.lacks))

    def __bool__(self) -> bool:
        return bool(self.offers or self.lacks)


def meeting(document: Document, setting: Setting) -> Meeting:
    """What the directory can say to a page; nothing to one that neither lacks nor offers."""
    index = setting.index
    return Meeting(
        tuple(_shown(one, setting) for one in offers_for(document, index)),
        tuple(_shown(one, setting) for one in lacks_of(document, index)),
    )


def _shown(match: Match, setting: Setting) -> MatchShown:
    say = words(setting.lang)
    terms = setting.index.vocabularies["need_kinds"].terms
    kinds = [terms[key].label.get(setting.lang) for key in match.kinds if key in terms]
    why = [
        say.ngettext("same need: %(terms)s", "same needs: %(terms)s", len(kinds))
        % {"terms": listed(kinds)}
    ]
    if themes := labels(match.document, THEMES, match.themes, setting):
        why.append(
            say.ngettext("same theme: %(terms)s", "same themes: %(terms)s", len(themes))
            % {"terms": listed(themes)}
        )
    if audiences := labels(match.document, AUDIENCES, match.audiences, setting):
        why.append(say.gettext("for the same people: %(terms)s") % {"terms": listed(audiences)})
    if match.metres is not None:
        why.append(far(match.metres, setting))
    told = tuple(typeset(reason, setting.lang) for reason in why)
    return MatchShown(
        match.document.ref, document_link(match.document, setting), told, match.document.demo
    )


def labels(document: Document, name: str, keys: tuple[str, ...], setting: Setting) -> list[str]:
    return [shown_term(document.type.fields[name], key, setting).label for key in keys]


def listed(labels: list[str]) -> str:
    return ", ".join(label[:1].lower() + label[1:] for label in labels)


def far(metres: float, setting: Setting) -> str:
    say = words(setting.lang)
    if not metres:
        return say.gettext("in the same town")
    return away(f"{max(1, round(metres / 1000))}\u00a0km", setting)


def away(distance: str, setting: Setting) -> str:
    return words(setting.lang).gettext("%(distance)s away") % {"distance": distance}

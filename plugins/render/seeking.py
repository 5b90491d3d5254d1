"""« Je cherche » as it is shown: the questions, and what is found with why it is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from plugins.render.agenda.occasions import CANCELLED, POSTPONED, STATE
from plugins.render.facts import doubt
from plugins.render.forms import Option, options
from plugins.render.listing import Facet, facet_label, facet_of
from plugins.render.shown import Doubt, Fact, LinkShown, Setting
from plugins.render.site import Site
from plugins.render.theme import Theme
from plugins.render.typography import typeset
from plugins.render.values import fact
from plugins.render.words import words
from plugins.schema import ContentType, Document, Index, withhold
from plugins.schema.kinds.composed import TERRITORIES
from plugins.seeking import (
    AUDIENCES,
    KINDS,
    PLACE,
    SERVICES,
    THEMES,
    Answer,
    Found,
    Group,
    Near,
    Question,
    Seeking,
    Wish,
    alike,
    spoken,
)

SITUATION, COMMUNE = "situation", "commune"
ASKED: Mapping[str, str] = MappingProxyType({"theme": THEMES, "service": SERVICES, "aide": KINDS})
"""The parameters of an address that hold wishes, each with its vocabulary."""
LONGEST = 200  # characters of an address's value that are looked at
SHOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "actor": ("kind", "place", "phone", "opening", "access", "fees"),
        "resource": ("format", "place", "fees", "url"),
        "event": ("start", "state", "state_detail", "place", "online", "signup", "fees"),
        "initiative": ("carrier_name", "place", "url"),
    }
)
"""What one needs to know to go there, of those fields that a type has."""
WITH_FACET = ("themes", "services")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be ticked, under the parameter `name`."""

    name: str
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Questions:
    """The form, filled in as it was sent; questions that nothing here answers have no choices."""

    situations: tuple[Choice, ...]
    wishes: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    territories: tuple[Option, ...]
    territory: str

    def said(self) -> tuple[str, ...]:
        """What was answered, in words."""
        ticked = (*self.situations, *self.wishes, *self.kinds)
        where = (one.label for one in self.territories if one.value == self.territory)
        return (*(one.label for one in ticked if one.is_chosen), *where)


@dataclass(frozen=True, slots=True)
class FoundShown:
    """A page, why it is here in few words, and how to get there; `address` is for paper."""

    title: str
    href: str
    address: str
    lang: str
    summary: str
    why: tuple[str, ...]
    facts: tuple[Fact, ...]
    demo: bool
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class GroupShown:
    type_name: str
    heading: str
    found: tuple[FoundShown, ...]
    more: LinkShown | None


def question_of(sent: Iterable[tuple[str, str]], index: Index) -> tuple[Question, bool]:
    """The question of an address, and whether something in it could not be understood.

    Keys that a term had before lead to it still: addresses are kept and passed on.
    """
    situation, territory, wishes, strange = "", "", dict[Wish, None](), False
    for name, value in sent:
        of = {SITUATION: AUDIENCES, COMMUNE: TERRITORIES, **ASKED}.get(name, "")
        vocabulary = index.vocabularies.get(of)
        term = vocabulary.known(value) if vocabulary and len(value) <= LONGEST else None
        if term is None:
            strange = strange or bool(value)
        elif name == SITUATION:
            situation = situation or term.key
        elif name == COMMUNE:
            territory = territory or term.key
        else:
            wishes[of, term.key] = None
    return Question(situation, tuple(wishes), territory), strange


def questions(question: Question, seeking: Seeking, index: Index, lang: str) -> Questions:
    likes = alike(index.schema)
    wishes, told = [], {other for wish in question.wishes for other in likes.get(wish, ())}
    for name in ("theme", "service"):  # a service that is also a theme is asked for once
        for wish, choice in _choices(name, question, seeking, index, lang):
            if choice.is_chosen or wish not in told:
                wishes.append(choice)
            told.update(likes.get(wish, ()))
    audiences = index.vocabularies.get(AUDIENCES)
    situations = spoken(audiences) if audiences else {}
    fields = (one for each in index.schema.types.values() for one in each.fields.values())
    place = next((one for one in fields if one.kind.name == "place"), None)
    places = options(place, index, lang) if place else ()
    return Questions(
        tuple(
            Choice(
                SITUATION,
                key,
                typeset((term.spoken or term.label).get(lang), lang),
                key == question.situation,
            )
            for key, term in situations.items()
        ),
        tuple(wishes),
        tuple(choice for _, choice in _choices("aide", question, seeking, index, lang)),
        tuple(one for one in places if index.schema.places.point(one.value)),
        question.territory,
    )


def _choices(
    name: str, question: Question, seeking: Seeking, index: Index, lang: str
) -> Iterator[tuple[Wish, Choice]]:
    """Those that lead to something, and those that were chosen."""
    vocabulary = index.vocabularies.get(ASKED[name])
    if vocabulary is None:
        return
    asked = spoken(vocabulary)
    for key, term in vocabulary.terms.items():
        wish = (vocabulary.name, key)
        if wish in question.wishes or (key in asked and seeking.carries(wish)):
            label = typeset((term.spoken or term.label).get(lang), lang)
            yield wish, Choice(name, key, label, wish in question.wishes)


def shown(
    answer: Answer, question: Question, theme: Theme, index: Index, lang: str
) -> tuple[GroupShown, ...]:
    """What was found, group by group."""
    say = words(lang).gettext
    headings = {
        "actor": say("Places to go to"),
        "resource": say("Trainings and resources"),
        "event": say("Dates to come"),
        "initiative": say("What people do here"),
    }
    return tuple(
        GroupShown(
            group.type_name,
            headings[group.type_name],
            tuple(_found(one, theme, index, lang, len(question.wishes) > 1) for one in group.found),
            _more(group, question, index, theme.site, lang),
        )
        for group in answer.groups
    )


def _found(found: Found, theme: Theme, index: Index, lang: str, several: bool) -> FoundShown:
    document, site = found.document, theme.site
    told, setting = withhold(document, site.built), Setting(index, site, lang, document.lang)
    fields = document.type.fields
    facts = (
        fact(fields[name], told.data.get(name), setting)
        for name in SHOWN[document.type.name]
        if name in fields and not fields[name].private and not _as_usual(name, told)
    )
    return FoundShown(
        title=typeset(document.title, document.lang),
        href=site.href(document.url, lang) if document.url else "",
        address=site.absolute(document.url).split("://")[-1] if document.url else "",
        lang=document.lang,
        summary=typeset(document.summary, document.lang),
        why=tuple(_why(found, index, lang, several)),
        facts=tuple(filter(None, facts)),
        demo=document.demo,
        doubt=doubt(document, site.built),
    )


def _as_usual(name: str, document: Document) -> bool:
    """What goes without saying: that a date is still on."""
    return name == STATE and document.data.get(STATE) not in (CANCELLED, POSTPONED)


def _why(found: Found, index: Index, lang: str, several: bool) -> Iterator[str]:
    """Where it is, for whom and, of `several` wishes, for which: each in about three words."""
    speech = words(lang)
    say = speech.gettext
    if found.near is Near.QUARTER:
        yield say("same neighbourhood")
    elif found.near is Near.COMMUNE:
        yield say("same town")
    elif found.near is Near.AWAY and found.km:
        away = speech.ngettext("about %s km away", "about %s km away", found.km) % found.km
        yield typeset(away, lang)
    if found.situation:
        label = index.vocabularies[AUDIENCES].terms[found.situation].label.get(lang)
        yield typeset(say("for %(audience)s") % {"audience": label[:1].lower() + label[1:]}, lang)
    for vocabulary, key in found.wishes if several else ():
        term = index.vocabularies[vocabulary].terms[key]
        yield typeset((term.spoken or term.label).get(lang), lang)


def _more(
    group: Group, question: Question, index: Index, site: Site, lang: str
) -> LinkShown | None:
    """The plain list that has more: of the one wish, else of the commune, else of all there is."""
    content_type = index.schema.types[group.type_name]
    if not content_type.list_url or group.total <= len(group.found):
        return None
    plural = content_type.plural.get(lang)
    for facet in _facets(content_type, question, index):
        if _count(content_type, index, facet) > len(group.found):
            label = facet_label(content_type, index, facet, lang)
            href = site.href(content_type.list_url + facet.path, lang)
            return LinkShown(typeset(f"{plural}, {label}", lang), href)
    return LinkShown(plural, site.href(content_type.list_url, lang))


def _count(content_type: ContentType, index: Index, facet: Facet) -> int:
    """How long a list is: without putting it in order."""
    name = str(getattr(content_type.facets[facet.field].kind, "vocabulary", ""))
    keys = index.vocabularies[name].inside(facet.term)
    return sum(len(index.with_term(content_type.name, facet.field, key)) for key in keys)


def _facets(content_type: ContentType, question: Question, index: Index) -> Iterator[Facet]:
    """The lists that are nearest to what was asked: of its one wish, else of where it is asked."""
    wishes = question.wishes if len(question.wishes) == 1 else ()
    named = [(vocabulary, key) for vocabulary, key in wishes if vocabulary in WITH_FACET]
    around = index.schema.places.around(question.territory)
    for field, term in (*named, *((PLACE, one.key) for one in around)):
        if term and (facet := facet_of(content_type, index, field, term)):
            yield facet

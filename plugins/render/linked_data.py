"""What a page is about, for machines: JSON-LD in the words of schema.org, public answers only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from plugins.render.agenda.occasions import CANCELLED, EVENT, POSTPONED, Occasion, occasion
from plugins.render.shown import Setting
from plugins.schema import WEEK, Document, Field, Term, read_hours

CONTEXT = "https://schema.org"
ORGANIZATION, PROJECT, WORK, HAPPENING = "Organization", "Project", "CreativeWork", "Event"
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "initiative": PROJECT,
        "actor": ORGANIZATION,
        "group": ORGANIZATION,
        EVENT: HAPPENING,
        "resource": WORK,
        "synthesis": WORK,
        "digest": WORK,
    }
)
"""The class of what each type is about; search engines know no better than the page of others."""
BODIES = frozenset({ORGANIZATION, PROJECT})  # they have addresses, and know about something
STATES: Mapping[str, str] = MappingProxyType(
    {CANCELLED: "EventCancelled", POSTPONED: "EventPostponed"}
)
DAYS: Mapping[str, str] = MappingProxyType(
    {
        **dict(
            zip(
                WEEK,
                ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
                strict=True,
            )
        ),
        "PH": "PublicHolidays",
    }
)
MIDNIGHT, LATEST = "24:00", "23:59"
UNTOLD = "non-precisee"  # of a licence
ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})
"""What would end the element that holds the data, or a line of a script."""
Thing = dict[str, Any]


def linked_data(document: Document, setting: Setting) -> Markup:
    """For a `script` element. `document` is what its page shows: nothing that is withheld. "" of
    what has no page or no class, or was invented: a search engine would announce it.
    """
    if not document.url or document.demo or document.type.name not in CLASSES:
        return Markup("")
    found = {name: value for name, value in _about(document, setting) if value}
    return serialised({"@context": CONTEXT} | found)


def serialised(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot leave its element, with no @ that a harvester of addresses would see."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    return Markup(text.replace("@", "\\u0040").replace('"\\u0040', '"@'))  # noqa: S704 — see ESCAPED


def _about(document: Document, setting: Setting) -> Iterator[tuple[str, Any]]:
    kind = CLASSES[document.type.name]
    data, site = document.data, setting.site
    address = site.absolute(document.url or "", setting.lang)
    yield "@type", kind
    yield "@id", site.absolute(document.url or "")  # one thing, whatever the language
    yield "name", document.title
    yield "description", document.summary
    yield "url", address
    yield "sameAs", _of_kind(document, "url") if kind != HAPPENING else None
    if picture := _of_kind(document, "image"):
        yield "image", site.absolute(f"images/{picture.get('file', '')}")
    yield "knowsAbout" if kind in BODIES else "about", _themes(document, setting)
    if kind in BODIES:
        yield from _body(document, setting)
    else:
        yield "inLanguage", document.lang
        yield (
            "audience",
            [
                {"@type": "Audience", "audienceType": label}
                for label in _labels(document, "audiences", setting)
            ],
        )
        if data.get("fees") == "gratuit":
            yield "isAccessibleForFree", True
    if kind == WORK:
        yield from _work(document, setting)
    if kind == HAPPENING and (found := occasion(document)):
        yield from _event(found, setting)


def _body(document: Document, setting: Setting) -> Iterator[tuple[str, Any]]:
    """An organisation, or a project, which schema.org holds for one."""
    yield "email", _of_kind(document, "email")
    yield "telephone", _of_kind(document, "phone")
    place = _place(document, setting)
    yield "address", place.pop("address", None)
    hours = _of_kind(document, "hours")
    if place or hours:
        yield "location", {"@type": "Place", **place, **_opening(hours)}
    yield "parentOrganization", _pages(document, "carriers", setting)


def _work(document: Document, setting: Setting) -> Iterator[tuple[str, Any]]:
    yield "dateModified", document.updated
    yield "creditText", document.data.get("authors") if document.type.name == "resource" else None
    yield (
        "license",
        [{"@type": WORK, "name": label} for label in _labels(document, "licence", setting)],
    )
    if place := _place(document, setting):
        yield "spatialCoverage", {"@type": "Place", **place}


def _event(found: Occasion, setting: Setting) -> Iterator[tuple[str, Any]]:
    """Its moments are those of the territory's clock, as the page tells them."""
    document = found.document
    yield (
        "startDate",
        _moment(found, found.first.isoformat(), found.start.isoformat("T", "minutes")),
    )
    if found.end is not None:
        end = found.end.isoformat("T", "minutes")
        yield "endDate", _moment(found, found.last.isoformat(), end)
    yield "eventStatus", f"{CONTEXT}/{STATES.get(found.state, 'EventScheduled')}"
    online, place = document.data.get("online"), _place(document, setting)
    there = [{"@type": "Place", **place}] if place else []
    there += [{"@type": "VirtualLocation", "url": online}] if online else []
    yield "location", there
    mode = "Mixed" if online and place else "Online" if online else "Offline"
    yield "eventAttendanceMode", f"{CONTEXT}/{mode}EventAttendanceMode" if there else None
    organisers = document.data.get("organisers")
    named = [{"@type": ORGANIZATION, "name": organisers}] if organisers else []
    yield "organizer", _pages(document, "actors", setting) or named


def _moment(found: Occasion, day: str, moment: str) -> str:
    return day if found.whole_days else moment


def _of_kind(document: Document, kind: str) -> Any:
    """The first answer of a kind that a page shows."""
    fields = (f for f in document.type.public_fields() if f.kind.name == kind)
    return next((document.data[f.name] for f in fields if f.name in document.data), None)


def _place(document: Document, setting: Setting) -> Thing:
    given = _of_kind(document, "place") or {}
    places = setting.index.schema.places
    around = places.around(str(given.get("territory", "")))
    if not around:
        return {}
    town = next((term for term in around if term.insee), around[0])
    address = {
        "streetAddress": given.get("street"),
        "addressLocality": town.label.get(setting.lang),
        "postalCode": town.postal[0] if len(town.postal) == 1 else None,
        "addressCountry": "FR" if town.insee else None,
    }
    found: Thing = {"address": {"@type": "PostalAddress", **_answered(address)}}
    if "lat" in given and "lon" in given:
        point = {"latitude": given["lat"], "longitude": given["lon"]}
        found["geo"] = {"@type": "GeoCoordinates", **point}
    return found


def _opening(value: str | None) -> Thing:
    """Each stretch of hours for itself; school holidays have no name there. What is said beside
    hours may limit them (every other week, by appointment), and has no place there: they are left
    out, rather than anybody being sent to a closed door.
    """
    hours = read_hours(value or "")
    if hours is None:
        return {}
    lines = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": days,
            "opens": start,
            "closes": LATEST if end == MIDNIGHT else end,
        }
        for rule in hours.rules
        if not rule.note
        for start, end in rule.spans
        if (days := [f"{CONTEXT}/{DAYS[day]}" for day in rule.days if day in DAYS])
    ]
    return _answered({"openingHoursSpecification": lines})


def _themes(document: Document, setting: Setting) -> list[Thing]:
    return [
        {"@type": "DefinedTerm", "name": term.label.get(setting.lang), "termCode": term.key}
        for term in _terms(document, "themes", setting)
    ]


def _labels(document: Document, name: str, setting: Setting) -> list[str]:
    return [term.label.get(setting.lang) for term in _terms(document, name, setting)]


def _terms(document: Document, name: str, setting: Setting) -> list[Term]:
    field: Field | None = document.type.fields.get(name)
    vocabulary = str(getattr(field.kind, "vocabulary", "")) if field else ""
    if field is None or vocabulary not in setting.index.vocabularies:
        return []
    terms = setting.index.vocabularies[vocabulary].terms
    return [terms[key] for key in field.kind.terms(document.data.get(name)) if key in terms]


def _pages(document: Document, name: str, setting: Setting) -> list[Thing]:
    """The organisations that a field refers to."""
    field = document.type.fields.get(name)
    references = field.kind.references(document.data.get(name)) if field else ()
    found = (setting.index.get(reference) for reference in references)
    return [
        {
            "@type": ORGANIZATION,
            "name": one.title,
            "url": setting.site.absolute(one.url, setting.lang),
        }
        for one in found
        if one and one.url
    ]


def _answered(given: Thing) -> Thing:
    return {name: value for name, value in given.items() if value}

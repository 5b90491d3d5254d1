"""Closed lists of terms that fields choose from: `content/vocabularies/*.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from plugins.schema.labels import NO_LABEL, Label
from plugins.schema.source import Source

TERM_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Term:
    """One choice. `key` is stable; `within` is its parent's key; `map` its national equivalents.

    `lat` and `lon` are WGS 84 degrees; `insee` is a commune's code; `mark` a glyph shown beside it;
    `formerly` the keys it had, and those of terms that were merged into it; `spoken` how people say
    it of themselves, for what is asked of them.
    """

    key: str
    label: Label
    hint: Label = NO_LABEL
    mark: str = ""
    within: str = ""
    insee: str = ""
    postal: tuple[str, ...] = ()
    population: int | None = None
    lat: float | None = None
    lon: float | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    formerly: tuple[str, ...] = ()
    spoken: Label = NO_LABEL

    @classmethod
    def declare(cls, key: str, source: Source) -> Term:
        if not TERM_KEY.fullmatch(key):
            raise source.error(f"{key!r} is no term key: small letters, digits and hyphens")
        if not source.is_mapping():
            return cls(key, source.label())
        given = source.record(*cls.__slots__[1:])
        if "label" not in given:
            raise source.error(f"term {key!r} has no label")
        return cls(
            key=key,
            label=given["label"].label(),
            hint=given["hint"].label() if "hint" in given else NO_LABEL,
            mark=given["mark"].text() if "mark" in given else "",
            within=given["within"].text() if "within" in given else "",
            insee=given["insee"].text() if "insee" in given else "",
            postal=given["postal"].texts() if "postal" in given else (),
            population=given["population"].integer() if "population" in given else None,
            lat=given["lat"].degrees(90) if "lat" in given else None,
            lon=given["lon"].degrees(180) if "lon" in given else None,
            map={k: v.text() for k, v in given["map"].entries()} if "map" in given else {},
            formerly=given["formerly"].texts() if "formerly" in given else (),
            spoken=given["spoken"].label() if "spoken" in given else NO_LABEL,
        )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A named, ordered list of terms."""

    name: str
    label: Label
    terms: Mapping[str, Term]
    _places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {key: n for n, key in enumerate(self.terms)})

    @classmethod
    def declare(cls, name: str, source: Source) -> Vocabulary:
        given = source.record("label", "terms")
        if "terms" not in given:
            raise source.error("a vocabulary needs `terms:`")
        terms = {}
        for key, value in given["terms"].entries():
            terms[key] = Term.declare(key, value)
        for key, value in given["terms"].entries():
            if terms[key].within and terms[key].within not in terms:
                raise value.error(f"{key!r} is within {terms[key].within!r}, which is not a term")
        label = given["label"].label() if "label" in given else Label({"": name})
        return cls(name, label, terms)

    def known(self, key: str) -> Term | None:
        """The term that has this key or, if none has, that had it."""
        formerly = (term for term in self.terms.values() if key in term.formerly)
        return self.terms.get(key) or next(formerly, None)

    def place(self, key: str) -> int:
        """Where a term stands in the list, from 0."""
        return self._places[key]

    def inside(self, key: str) -> frozenset[str]:
        """The keys of a term and of all that lies within it, however deep."""
        keys = {key}
        while more := {k for k, term in self.terms.items() if term.within in keys} - keys:
            keys |= more
        return frozenset(keys)

    def around(self, key: str) -> tuple[Term, ...]:
        """A term, then what it lies within, up to the outermost; a ring is gone round once."""
        found: dict[str, Term] = {}
        while key in self.terms and key not in found:
            found[key] = self.terms[key]
            key = found[key].within
        return tuple(found.values())

    def wider(self, key: str) -> tuple[Term, ...]:
        """What covers a term: what it lies within, the nearest first, then what is everywhere."""
        within = self.around(key)[1:]
        if self.point(key) is None:
            return within
        everywhere = (one for one in self.terms.values() if self.point(one.key) is None)
        return (*within, *(one for one in everywhere if one not in within))

    def point(self, key: str) -> tuple[float, float] | None:
        """Where a term is, in degrees of latitude and longitude, or else what it lies within; None
        for what is everywhere.
        """
        for term in self.around(key):
            if term.lat is not None and term.lon is not None:
                return term.lat, term.lon
        return None

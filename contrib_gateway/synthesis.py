"""Syntheses that editors draft from observations: kept while they are written, then left on the
desk as proposals like any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contrib_gateway.clock import Clock, day
from contrib_gateway.errors import NotFound
from contrib_gateway.forms import Answers
from contrib_gateway.library import Library
from contrib_gateway.lock import exclusive
from contrib_gateway.service import Draft, Reception
from contrib_gateway.store import REMOVED, SketchKept, Store, Submission
from plugins.observation.choosing import Choice, chosen, month
from plugins.observation.drafting import Speech, body, cited, drafted
from plugins.observation.findings import OBSERVATION, SYNTHESIS, VIEWPOINT
from plugins.observation.sketch import Sketch, read_sketch
from plugins.observation.tallies import PLACE, Count, by_territory, by_viewpoint
from plugins.render.dates import in_words
from plugins.render.words import words
from plugins.schema import Audience, Document, Index, Problem, Value, validate

FORM = "synthesis"
NAMED = 6  # places that the suggested method names


@dataclass(frozen=True)
class Unfinished:
    """A sketch, and how it is kept."""

    kept: SketchKept
    sketch: Sketch

    @property
    def id(self) -> str:
        return self.kept.id

    @property
    def version(self) -> int:
        """What `keep` is told."""
        return self.kept.version

    @property
    def is_removed(self) -> bool:
        return self.kept.submission == REMOVED

    @property
    def became(self) -> str:
        """The id of its proposal, or ""."""
        return "" if self.is_removed else self.kept.submission


class Syntheses:
    """Keeps and leaves them. `lock` is a file that is held while one is left, so that it becomes
    one proposal however often the button is pressed.
    """

    def __init__(
        self, store: Store, library: Library, reception: Reception, clock: Clock, *, lock: Path
    ) -> None:
        self._store = store
        self._library = library
        self._reception = reception
        self._clock = clock
        self._lock = lock

    def begin(self, choice: Choice, lang: str, by: str, key: str) -> Unfinished:
        """A new one of these observations; the same `key` gives the same. Raises `TooMany`."""
        return _read(self._store.begin_sketch(key, Sketch(lang, choice).dump(), by))

    def find(self, id: str) -> Unfinished:
        """One that may have been left or removed not long ago. Raises `NotFound`."""
        kept = self._store.sketch(id)
        if kept is None:
            raise NotFound("no such draft of a synthesis")
        return _read(kept)

    def unfinished(self) -> list[Unfinished]:
        return [_read(kept) for kept in self._store.sketches()]

    def keep(self, id: str, version: int, sketch: Sketch, by: str, sent: object) -> Unfinished:
        """What an editor made of a version, from what they `sent`; under another id if somebody
        else changed, left or removed it meanwhile.
        """
        press = hashlib.sha256(json.dumps(sent).encode()).hexdigest()
        return _read(self._store.keep_sketch(id, version, sketch.dump(), by, press))

    def drop(self, id: str) -> None:
        self._store.end_sketch(id)

    def problems(self, sketch: Sketch) -> list[Problem]:
        """What a synthesis made of it would have wrong."""
        index = self._library.index
        data, text = self._drafted(sketch)
        return validate(index.schema.types[SYNTHESIS], data, text, index, Audience.EDITOR)

    def leave(self, id: str, by: str) -> Submission | None:
        """Leave one, which has no `problems`, on the desk; None if it is there no more."""
        with exclusive(self._lock):
            one = self.find(id)
            if one.became:
                return self._store.find(one.became)
            data, text = self._drafted(one.sketch)
            draft = Draft(
                type=self._library.schema.types[SYNTHESIS],
                form=FORM,
                answers=Answers(data, text, {}),
                lang=one.sketch.lang,
                ticket=f"{FORM} {id}",
                client="",
            )
            left = self._reception.leave(draft, by)
            self._store.end_sketch(id, left.id)
            return left

    def _drafted(self, sketch: Sketch) -> tuple[dict[str, Value], str]:
        index = self._library.index
        method = sketch.typed.get("method") or suggested_method(sketch, index)
        whole = replace(sketch, typed={**sketch.typed, "method": method})
        return drafted(whole, index, day(self._clock())), body(whole, index, speech(sketch.lang))


def _read(kept: SketchKept) -> Unfinished:
    return Unfinished(kept, read_sketch(kept.data))


def speech(lang: str) -> Speech:
    say = words(lang).gettext
    return Speech(against=say("On the contrary"), named=say("“%s”"))


def suggested_method(sketch: Sketch, index: Index) -> str:
    """What was read, counted: how many observations, from where, when, how many are cited."""
    found, lang = chosen(sketch.choice, index), sketch.lang
    say = words(lang)
    read = say.ngettext("%(num)s observation read", "%(num)s observations read", len(found))
    told = [f"{read % {'num': len(found)}}{_when(found, lang)}."]
    if found:
        viewpoints = (count for count in by_viewpoint(found, index).counts if count.number)
        told.append(say.gettext("Viewpoints: %s.") % counted(VIEWPOINT, viewpoints, index, lang))
        places = by_territory(found, index).counts
        named = counted(PLACE, places[:NAMED], index, lang)
        if more := places[NAMED:]:
            others = say.ngettext("%(num)s other place", "%(num)s other places", len(more))
            named += f", {others % {'num': len(more)}}"
        told.append(say.gettext("Places: %s.") % named)
    if number := len(cited(sketch, index)):
        quoted = say.ngettext(
            "%(num)s of them is cited; the figures below count it.",
            "%(num)s of them are cited; the figures below count these.",
            number,
        )
        told.append(quoted % {"num": number})
    return " ".join(told)


def counted(name: str, counts: Iterable[Count], index: Index, lang: str) -> str:
    """The terms of an observation's field with their numbers: "Tours (3), La Riche (1)"."""
    kind = index.schema.types[OBSERVATION].fields[name].kind
    terms = index.vocabularies[getattr(kind, "vocabulary", "")].terms
    return ", ".join(f"{terms[one.key].label.get(lang)} ({one.number})" for one in counts)


def _when(found: Sequence[Document], lang: str) -> str:
    """ ", between October 2026 and November 2026"; "" when no observation says when."""
    months = sorted(filter(None, map(month, found)))
    if not months:
        return ""
    first, last = in_words(months[0], lang), in_words(months[-1], lang)
    say = words(lang).gettext
    if first == last:
        return say(", in %s") % first
    return say(", between %(first)s and %(last)s") % {"first": first, "last": last}

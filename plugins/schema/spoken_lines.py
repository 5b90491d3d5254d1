"""A line of opening hours in words, read from left to right: days, hours, what is closed, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from plugins.schema.hours import WEEK, HoursError, Rule, Span, aside, days_between, tidy
from plugins.schema.hours_words import (
    AND,
    ASIDE,
    CLOSED,
    EDGES,
    HALF_DAY,
    LEAD,
    NAMED,
    OPEN,
    TELLS_HOURS,
    TO,
    WEEKDAY,
    plain,
)
from plugins.schema.spoken_spans import NEXT, SPAN, span_of


@dataclass(slots=True)
class Heard:
    """What the lines have said up to here.

    `days` are those they were about last, `half` the part of them; `awaited` while nothing was
    said of these. `shut` has parts of days that are closed, with the words that say so.
    """

    rules: list[Rule] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shut: list[tuple[tuple[str, ...], str, str]] = field(default_factory=list)
    days: tuple[str, ...] = ()
    half: str = ""
    awaited: bool = False


class Line:
    """One line, read from left to right. `plain` has the same letters without accents or case."""

    def __init__(self, words: str, heard: Heard) -> None:
        self.words = words
        self.plain = plain(words)
        self.at = 0
        self.heard = heard

    def read(self) -> None:
        """Hear what it says of its days, which may be those of the line before."""
        while self.at < len(self.words):
            begun = self.at
            self._read_days()
            if self.at == begun:
                raise HoursError("not_hours", self.words[begun:].strip(EDGES) or self.words)

    def _read_days(self) -> None:
        """What is said of the next days, which may be yet to come."""
        heard = self.heard
        self.skip(LEAD)
        begun = self.at
        closed = self.skip(CLOSED)
        self.skip(OPEN)
        asked = self._name_days() or heard.awaited
        begun = begun if closed else self.at
        if match := HALF_DAY.match(self.plain, self.at):
            heard.half, self.at = match[1], match.end()
        if not closed:
            self.skip(LEAD)
            closed = self.skip(CLOSED)
        if closed:
            self._close(begun, asked)
            return
        spans = self._spans()
        if spans and not heard.days:
            self._name_days()
        note = self._note()
        if note and heard.half and not spans:
            note = note_of(self.words[begun : self.at])
        if not heard.days:
            raise HoursError("hours_without_day", self.words)
        heard.awaited = not (spans or note)
        if not heard.awaited:
            self._say(Rule(heard.days, spans, note))

    def _say(self, *rules: Rule) -> None:
        self.heard.rules += rules
        self.heard.half, self.heard.awaited = "", False

    def _close(self, begun: int, asked: bool) -> None:
        """What was `begun` says that something is closed: days that it was `asked` about, a part of
        them, or more than can be told but in its own words: it is no rule for every week.
        """
        heard = self.heard
        bare = self.says_more()
        note = self._note()
        if note and (bare or heard.half or not asked):
            phrase = note_of(self.words[begun:])
            if asked:
                self._say(Rule(heard.days, (), phrase))
            else:
                heard.notes.append(phrase)
                self._say()
        elif not heard.days:
            raise HoursError("hours_without_day", self.words)
        elif heard.half:
            heard.shut.append((heard.days, heard.half, self.words))
            self._say()
        elif asked:
            self._say(Rule(heard.days, (), note, closed=True))
        else:
            raise HoursError("not_hours", self.words)

    def _name_days(self) -> bool:
        here = self.at
        self.skip(LEAD)
        found = self._named()
        if not found:
            self.at = here
            return False
        if self.heard.awaited:
            raise HoursError("hours_without_time", self.words)
        self.heard.days, self.heard.half = found, ""
        return True

    def _named(self) -> tuple[str, ...]:
        """The days named from here on, one after the other."""
        found: list[str] = []
        while name := self._day():
            found += name
            here = self.at
            if len(name) == 1 and self.skip(TO):
                last = self._day()
                if len(last) == 1 and {*name, *last} <= set(WEEK):
                    found += days_between(name[0], last[0])
                else:
                    self.at = here
                here = self.at
            self.skip(AND)
            if not self.is_day():
                self.at = here
                break
        return tuple(dict.fromkeys(found))

    def _day(self) -> tuple[str, ...]:
        for pattern, days in NAMED:
            if self.skip(pattern):
                return days
        return ()

    def _spans(self) -> tuple[Span, ...]:
        found: list[Span] = []
        while match := SPAN.match(self.plain, self.at):
            found.append(span_of(match, self.words))
            self.at = match.end()
            following = NEXT.match(self.plain, self.at)
            if following and SPAN.match(self.plain, following.end()):
                self.at = following.end()
        return tuple(found)

    def _note(self) -> str:
        """What is said beside the hours, up to the next day that is named."""
        if match := ASIDE.match(self.words, self.at):
            self.at = len(self.words)
            return note_of(match[1])
        here = self.at
        if not self.says_more():
            self.skip(LEAD)
            self.at = here if self.at < len(self.words) else self.at
            return ""
        self.at = len(self.words)
        if TELLS_HOURS.search(self.plain, here) or WEEKDAY.search(self.plain, here):
            raise HoursError("not_hours", self.words[here:].strip(EDGES))
        return note_of(self.words[here:])

    def says_more(self) -> bool:
        """Whether what comes is in words of its own: no brackets, no days, no hours."""
        if ASIDE.match(self.words, self.at):
            return False
        line = Line(self.words, self.heard)
        line.at = self.at
        line.skip(LEAD)
        if line.at == len(line.words) or line.is_day() or CLOSED.match(line.plain, line.at):
            return False
        half = HALF_DAY.match(line.plain, line.at)
        return not (half and SPAN.match(line.plain, half.end()))

    def is_day(self) -> bool:
        return any(pattern.match(self.plain, self.at) for pattern, _ in NAMED)

    def skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.plain, self.at)
        if match:
            self.at = match.end()
        return match is not None


def note_of(words: str) -> str:
    """What OpenStreetMap can put between its quotation marks."""
    return aside(tidy(words).replace('"', "’"))

"""A revision: a page as somebody saw it, with only the answers replaced that they altered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from contrib_gateway.forms import Answers, DocumentForm, only_asked
from plugins.observation.states import dated
from plugins.schema import Audience, Clash, Document, Index, Value, merge


@dataclass(frozen=True)
class Revision:
    """What somebody is changing: the page they saw on main's `commit`, and the page as it is `now`,
    at main's `head` (None: it is gone). The commits are "" for what is not on main. `lost`: what
    they saw cannot be read any more, nor what they altered be known; `seen` is the page as it is.
    """

    seen: Document
    now: Document | None
    index: Index
    commit: str = ""
    head: str = ""
    lost: bool = False
    audience: Audience = Audience.PUBLIC

    @cached_property
    def shown(self) -> Answers:
        """What the form says when nobody has touched it."""
        form = DocumentForm(self.seen.type, self.index, self.audience)
        form.show(self.seen, {})
        return form.answers()

    def altered(self, answers: Answers) -> tuple[str, ...]:
        """The fields, and "body", whose answers are not what the form said."""
        names, fields = dict.fromkeys((*self.shown.data, *answers.data)), self.seen.type.fields
        before, after = self.shown.data, answers.data
        found = [n for n in names if not fields[n].kind.same(before.get(n), after.get(n))]
        return (*found, *(("body",) if answers.body != self.shown.body else ()))

    def revised(self, answers: Answers, today: str) -> Document:
        """The page as they saw it with what they altered; `today` is written if that is anything.

        Answers that the other answers make meaningless are left out, those of editors too.
        """
        altered = self.altered(answers)
        data: dict[str, Value] = dict(self.seen.data)
        for name in altered:
            if name in answers.data:
                data[name] = answers.data[name]
            else:
                data.pop(name, None)
        if altered:
            data = self.seen.type.stamped(data, {"updated": today})
        body = answers.body if "body" in altered else self.seen.body
        asked = dated(self.seen.type, self.seen.data, only_asked(self.seen.type, data), today)
        return Document(self.seen.type, self.seen.slug, asked, body)

    def combined(self, theirs: Document) -> tuple[Document, tuple[Clash, ...]]:
        """Their page with what others changed since they saw it; where both changed the same,
        theirs is shown and the clash is told.
        """
        if self.now is None or self.now == self.seen:
            return theirs, ()
        merged = merge(self.seen, self.now, theirs)
        return with_theirs(merged.document, merged.clashes, theirs), merged.clashes


def with_theirs(document: Document, clashes: tuple[Clash, ...], theirs: Document) -> Document:
    """A merged document with one side's values where both clash, to be looked at."""
    names = {clash.field.partition(".")[0] for clash in clashes}
    data = {name: value for name, value in document.data.items() if name not in names}
    data |= {name: theirs.data[name] for name in names if name in theirs.data}
    body = theirs.body if "body" in names else document.body
    return Document(document.type, document.slug, data, body)

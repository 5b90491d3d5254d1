"""What there is to check in a proposal, and to know of it: in all, and answer by answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contrib_gateway.flags import has_many_links
from contrib_gateway.forms import BODY
from contrib_gateway.gateway import Gateway
from contrib_gateway.review import Review
from contrib_gateway.service import WORKSHOP
from contrib_gateway.signals import LINKS
from contrib_gateway.store import RELAY, UNDECIDED, State
from contrib_gateway.views.faults import refusal
from contrib_gateway.views.shown import HELD_FOR, SCREENING, SUSPECT
from contrib_gateway.views.telling import told_of
from plugins.render import sentence
from plugins.render.words import words
from plugins.schema import ContentType


@dataclass(frozen=True)
class Remarks:
    """Sentences: of the whole proposal, and of each field ("body" too) by its name; `notes` are to
    know, and nothing to doubt. `personal`: some tell of a person, perhaps.
    """

    whole: list[str]
    fields: Mapping[str, list[str]]
    notes: list[str]
    personal: bool = False


class Checking:
    """Says in one language what is remarkable about a proposal."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def remarks(self, review: Review) -> Remarks:
        whole = [*self._reasons(review), *self._letters(review), *self._conflicts(review)]
        fields: dict[str, list[str]] = {}
        tells: dict[str, list[str]] = {}
        if review.submission.state in UNDECIDED:
            kind = review.document.type
            for problem in review.problems:
                name, dotted, _ = problem.field.partition(".")
                beside = is_shown(kind, name)
                said = sentence(problem, kind, self._lang, named=bool(dotted) or not beside)
                (fields.setdefault(name, []) if beside else whole).append(said)
            tells = told_of(review.document, self._lang, review.before)
            for name, told in tells.items():
                (fields.setdefault(name, []) if is_shown(kind, name) else whole).extend(told)
        return Remarks(whole, fields, self._notes(review), any(tells.values()))

    def _reasons(self, review: Review) -> Iterator[str]:
        """Why it was held, why it is dead."""
        submission, say = review.submission, words(self._lang).gettext
        if submission.state is State.DEAD:
            found = {f"{problem.field}:{problem.code}" for problem in review.problems}
            if found & set(submission.reason.split()):
                yield say("It cannot be proposed with these answers: correct them, or ask for it.")
            else:
                yield refusal(submission.reason, self._lang)
        held = submission.state is State.HELD or review.amended
        suspect = [why for why in submission.reason.split() if held and why in SUSPECT]
        yield from (say(HELD_FOR[why].sentence) for why in suspect)
        is_open = submission.state in UNDECIDED and LINKS not in suspect
        if is_open and has_many_links(review.document, review.before):
            yield say("It has many links, or one in its title: perhaps an advertisement.")

    def _letters(self, review: Review) -> Iterator[str]:
        """Where what visitors write would go."""
        submission, say = review.submission, words(self._lang).gettext
        address = submission.private.get(RELAY)
        if submission.state not in UNDECIDED or not address:
            return
        letters = say("What visitors write to this structure would go to %s, unseen by them.")
        yield letters % address
        told = self._gateway.store.reach(submission.document_id).address
        if self._gateway.correspondence.is_stopped(review.document):
            yield say("They had asked for no more messages: ask them first.")
        if told and told != address:
            yield say("Until now it goes to %s: ask them, if you do not know.") % told

    def _conflicts(self, review: Review) -> Iterator[str]:
        """What somebody else did to the same answers, or to this proposal."""
        say = words(self._lang).gettext
        if review.clashes:
            kind = review.document.type
            yield say(
                "Since it was written, somebody else has changed the same answers (%s). It cannot "
                "be published as it is: nobody’s words are overwritten."
            ) % " · ".join(label_of(kind, name, self._lang) for name in review.clashes)
        if review.others:
            touched = ", ".join(review.others)
            added = say("Somebody added other files, which would be published too: %s")
            yield added % touched

    def _notes(self, review: Review) -> list[str]:
        say = words(self._lang).gettext
        submission, said = review.submission, []
        if review.amended:
            said.append(say("It has been changed since: this is the new version."))
        if submission.state is State.HELD and SCREENING in submission.reason.split():
            said.append(say(HELD_FOR[SCREENING].sentence))
        elif submission.state is State.HELD and WORKSHOP in submission.reason.split():
            said.append(say(HELD_FOR[WORKSHOP].sentence))
        if submission.workshop:
            said.append(say("It comes from the workshop %s.") % submission.workshop.upper())
        if submission.sheet:
            said.append(say("It was typed in from the paper sheet %s.") % submission.sheet)
        return said


def is_shown(kind: ContentType, name: str) -> bool:
    """Whether a change of this field has a row among those of a proposal."""
    if name == BODY:
        return kind.body is not None
    return any(field.name == name and not field.managed for field in kind.public_fields())


def label_of(kind: ContentType, name: str, lang: str) -> str:
    """The question that a field asks."""
    if name == BODY and kind.body:
        return kind.body.label.get(lang)
    return kind.fields[name].label.get(lang) if name in kind.fields else name

"""What a proposal's page shows of its decision: how to take it, what became of it, its undoing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from contrib_gateway.desk import LONGEST_WORDS
from contrib_gateway.gateway import Gateway
from contrib_gateway.review import Review
from contrib_gateway.store import CORRECTABLE, State, Submission
from contrib_gateway.views.gate import Gate
from contrib_gateway.views.shown import DecisionShown, shown_decision
from plugins.render.words import words
from plugins.schema import overdue

REASONS = "decline_reasons"  # the vocabulary of kind sentences; a site may have none
LATE = timedelta(minutes=20)  # a site that GitHub builds should show what was published by then
OFTEN, SELDOM = 5, 60  # seconds between two looks of a page that waits for the site
_FILE = re.compile(r"\b(?:[\w-]+/)+[\w-]+\.(?:md|yaml)\b")


@dataclass(frozen=True)
class Attempt:
    """What an editor sent that could not be done: to be shown again, with what is `missing`."""

    missing: str = ""
    kind: str = ""
    typed: str = ""
    undo_typed: str = ""


NOTHING = Attempt()


@dataclass(frozen=True)
class PublicationShown:
    """`state` is "online", "kept" (it has no page), "building", "failed" (for `reason`, in the
    build's own words `log`) or "late"; `href` is the page's address, or GitHub's page of its
    builds, or "". `ours`: the fault is in the page itself.
    """

    state: str
    href: str = ""
    reason: str = ""
    log: str = ""
    ours: bool = False


@dataclass(frozen=True)
class UndoShown:
    """How what was published can be taken back: `back` if a former version comes back. `needed`:
    how many pages refer to it, so that it can only be taken off where they are rewritten, at
    `manage_href`.
    """

    action: str
    back: bool
    needed: int
    manage_href: str


@dataclass(frozen=True)
class DecisionPart:
    """`taken` is None while it is open; then `seen` is the mark of what is read, and the hrefs are
    where it is decided: `again_href` of what is dead, `correct_href` of what may be corrected, else
    None. `clashes`: somebody changed the same answers.

    `kinds`: (key, sentence) of each ready reason; `their_lang`: the language that it will be sent
    in, if it is not this page's. `watching`: the page waits for the site, and looks again.
    `confirm_href`: where a page of which it changed an answer is confirmed, if nobody has for long.
    """

    taken: DecisionShown | None
    seen: str
    clashes: bool
    publish_href: str
    decline_href: str
    again_href: str | None
    correct_href: str | None
    kinds: tuple[tuple[str, str], ...]
    their_lang: str
    attempt: Attempt
    publication: PublicationShown | None
    undo: UndoShown | None
    watching: bool
    confirm_href: str | None
    here: str


def decision_part(
    gateway: Gateway, gate: Gate, review: Review, attempt: Attempt, *, watch: bool
) -> DecisionPart:
    """`watch`: it was published a moment ago, and its editor waits to see it online."""
    submission, lang = review.submission, gate.lang
    state, here = submission.state, f"{submission.id}/"
    shown = publication(gateway, submission, lang)
    watching = watch and shown is not None and shown.state == "building"
    return DecisionPart(
        taken=shown_decision(submission),
        seen=review.mark,
        clashes=bool(review.clashes),
        publish_href=gate.address(f"{here}publier/"),
        decline_href=gate.address(f"{here}refuser/"),
        again_href=gate.address(f"{here}reprendre/") if state is State.DEAD else None,
        correct_href=gate.address(f"{here}corriger/") if state in CORRECTABLE else None,
        kinds=kind_sentences(gateway, lang),
        their_lang=language(gateway, submission.lang, lang) if submission.lang != lang else "",
        attempt=attempt,
        publication=shown,
        undo=None if watching else _undo(gateway, gate, submission),
        watching=watching,
        confirm_href=_confirm_href(gateway, gate, submission),
        here=gate.address(f"{here}?suite=1"),
    )


def kind_sentences(gateway: Gateway, lang: str) -> tuple[tuple[str, str], ...]:
    """The ready reasons of this site, by their keys."""
    vocabulary = gateway.library.schema.vocabularies.get(REASONS)
    terms = vocabulary.terms.values() if vocabulary else ()
    return tuple((term.key, term.label.get(lang)) for term in terms)


def reason_for(gateway: Gateway, kind: str, added: str, lang: str) -> str:
    """The reason that a contributor reads, in their language: the sentence that was chosen, then
    what the editor added; "" if there is neither.
    """
    chosen = dict(kind_sentences(gateway, lang)).get(kind, "")
    return "\n\n".join(part for part in (chosen, added) if part)


def reason_fault(gateway: Gateway, kind: str, added: str, lang: str) -> str:
    """What is wrong with such a reason, for the editor; "" if nothing is."""
    if len(added) > LONGEST_WORDS:
        return too_long(lang)
    missing = words(lang).gettext("Choose or write a reason: the contributor will read it.")
    return "" if reason_for(gateway, kind, added, lang) else missing


def too_long(lang: str) -> str:
    return words(lang).gettext("This is too long: %s characters at most.") % LONGEST_WORDS


def language(gateway: Gateway, code: str, lang: str) -> str:
    """The name of a language."""
    vocabulary = gateway.library.schema.vocabularies.get("languages")
    term = vocabulary.terms.get(code) if vocabulary else None
    return term.label.get(lang) if term else code


def publication(gateway: Gateway, submission: Submission, lang: str) -> PublicationShown | None:
    """Whether what was merged can be read, or what keeps it; None if nothing was."""
    if submission.state is not State.PUBLISHED or submission.decided_at is None:
        return None
    document = gateway.library.index.by_id(submission.document_id)
    url = document.url if document else None
    if document and url is None:
        return PublicationShown("kept")
    if submission.online_at:
        return PublicationShown("online", gateway.site.href(url, lang) if url else "")
    build, settings = gateway.store.last_build(), gateway.settings
    if build and not build.ok and not build.running and build.started_at >= submission.decided_at:
        named = _FILE.search(build.log)
        ours = bool(document and document.path in build.log)
        return PublicationShown("failed", "", _why(build.log, named, lang), build.log, ours)
    host = settings.github_url.rstrip("/") or "https://github.com"
    if settings.github and gateway.clock() - submission.decided_at > LATE:
        return PublicationShown("late", f"{host}/{settings.github}/actions")
    return PublicationShown("building")


def pause(gateway: Gateway, submission: Submission) -> int:
    """Seconds until a page that waits for the site looks again: it may take GitHub minutes."""
    age = (gateway.clock() - (submission.decided_at or gateway.clock())).total_seconds()
    return int(min(max(age / 6, OFTEN), SELDOM))


def _why(log: str, named: re.Match[str] | None, lang: str) -> str:
    """Why a build failed, for whoever does not read its own words."""
    say = words(lang).gettext
    if "No space left" in log:
        return say("The disk of the server is full.")
    if "timed out" in log:
        return say("Building the site took too long.")
    if named:
        return say("A file has a fault that stops the whole site: %s.") % named[0]
    return say("The program that makes the pages stopped; its own words are below.")


def _confirm_href(gateway: Gateway, gate: Gate, submission: Submission) -> str | None:
    """Who changed one answer has not said that the others still hold; None if somebody has."""
    document = gateway.library.index.by_id(submission.document_id)
    if submission.state is not State.PUBLISHED or document is None:
        return None
    stale = overdue([document], gateway.clock().date())
    return gate.address(f"fiches/{document.ref}/gerer/") if stale else None


def _undo(gateway: Gateway, gate: Gate, submission: Submission) -> UndoShown | None:
    """None where there is nothing to take back: it is not published, or its page is gone since."""
    document = gateway.library.index.by_id(submission.document_id)
    if submission.state is not State.PUBLISHED or document is None:
        return None
    mentions = () if submission.page else gateway.library.index.mentions(document)
    return UndoShown(
        action=gate.address(f"{submission.id}/annuler/"),
        back=bool(submission.page),
        needed=len(mentions),
        manage_href=gate.address(f"fiches/{document.ref}/gerer/"),
    )

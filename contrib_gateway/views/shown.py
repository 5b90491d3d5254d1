"""What the desk's templates are given: submissions and builds, as an editor sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from contrib_gateway.service import WORKSHOP
from contrib_gateway.store import (
    CORRECTABLE,
    UNDECIDED,
    Act,
    Build,
    Entry,
    State,
    Store,
    Submission,
)
from plugins.render.words import N_, words

SCREENING = "screening"


@dataclass(frozen=True)
class Held:
    """Why something is held: in a few words, in its line; in a sentence, on its page."""

    words: str
    sentence: str


HELD_FOR: Mapping[str, Held] = MappingProxyType(
    {
        SCREENING: Held(
            N_("to be read first"),
            N_("Held: this kind of page is read by an editor before it goes further."),
        ),
        WORKSHOP: Held(
            N_("from a workshop"),
            N_("Held: it was written in a workshop; an editor reads it before it goes further."),
        ),
        "rate": Held(
            N_("many at once"),
            N_("Held: many pages came from one place in a short time; perhaps a workshop."),
        ),
        "too_fast": Held(
            N_("sent very fast"), N_("Held: the form was sent faster than a person can read it.")
        ),
        "honeypot": Held(
            N_("perhaps a robot"),
            N_("Held: a field that people cannot see was filled in; often a robot."),
        ),
        "links": Held(
            N_("many links"),
            N_("Held: it has many links, or one in its title; often an advertisement."),
        ),
        "repeated": Held(
            N_("repeated text"),
            N_("Held: nearly the same text was sent a short time ago; often a robot."),
        ),
    }
)
HEARD = (Act.ASKED, Act.ANSWERED, Act.AMENDED)  # of the journal
SUSPECT = frozenset(HELD_FOR) - {SCREENING, WORKSHOP}  # what a machine found odd


@dataclass(frozen=True)
class Spoken:
    """One thing that was said about a submission."""

    by: str
    at: datetime
    text: str


def conversation(store: Store, submission: Submission, lang: str) -> list[Spoken]:
    """All that was said of it, here and on the forge, the oldest first."""
    contributor = submission.signed_as or words(lang).gettext("the contributor")
    here = [
        Spoken(m.who if m.from_editor else contributor, m.at, m.text)
        for m in store.conversation(submission.id)
    ]
    there = [Spoken(r.by, r.at, r.text) for r in store.remarks(submission.id)]
    return sorted(here + there, key=lambda one: one.at)


def is_answered(store: Store, submission: Submission) -> bool:
    """Whether editors asked something, and its contributor answered or changed it since."""
    waits = submission.state in UNDECIDED and not submission.asked
    return waits and any(said.from_editor for said in store.conversation(submission.id))


def last_heard(store: Store, submission: Submission) -> Entry | None:
    """The last time somebody asked, answered or changed something, while it waits."""
    if submission.state not in CORRECTABLE:
        return None
    return next((e for e in store.journal(submission.id) if e.what in HEARD), None)


@dataclass(frozen=True)
class Subject:
    """What stands at the head of a proposal's page."""

    title: str
    signed_as: str
    at: datetime


@dataclass(frozen=True)
class DecisionShown:
    """What was decided: to publish it or, for `reason`, not to; `undone`: it was, first."""

    merged: bool
    by: str
    reason: str
    at: datetime
    undone: bool


@dataclass(frozen=True)
class BuildShown:
    """`state` is "ok", "running", "failed" or "never"."""

    state: str
    at: datetime | None = None
    reason: str = ""


def shown_build(build: Build | None) -> BuildShown:
    if build is None:
        return BuildShown("never")
    if build.running:
        return BuildShown("running", build.started_at)
    return BuildShown("ok" if build.ok else "failed", build.finished_at, build.log)


def shown_decision(submission: Submission) -> DecisionShown | None:
    if submission.state not in (State.PUBLISHED, State.DECLINED) or submission.decided_at is None:
        return None
    merged = submission.state is State.PUBLISHED
    return DecisionShown(
        merged,
        submission.decided_by,
        "" if merged else submission.reason,
        submission.decided_at,
        submission.undone,
    )

"""What a form is for, and what somebody sent with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from werkzeug.datastructures import MultiDict

from contrib_gateway.forms import Answers, DocumentForm
from contrib_gateway.guards import Ticket, content_digest
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from contrib_gateway.store import Workshop
from plugins.check import Content
from plugins.render import Change
from plugins.schema import (
    Audience,
    ContentType,
    Document,
    Index,
    Problem,
    Value,
    in_current_terms,
)

LEAVE = "_leave"  # the button that leaves it for a colleague


@dataclass(frozen=True)
class Clashing:
    """One answer that two people changed: what stood there, what is proposed, what the page says
    now; None where nothing stands. `name` leads to the question.
    """

    name: str
    label: str
    before: Change | None
    theirs: Change | None
    now: Change | None


@dataclass(frozen=True)
class Already:
    """A page, or a proposal that `waits`, which may say already what a form is to say: how often it
    is `said`, what both have `in_common`, and how it is taken instead: `action` with its `hidden`
    inputs, None where there is nothing to do.
    """

    title: str
    href: str
    said: str = ""
    in_common: tuple[str, ...] = ()
    waits: bool = False
    action: str | None = None
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Task:
    """What a form is for. `form` names its tickets, `path` is its address on the gateway.

    `accept` takes a confirmed draft in and returns the address to go to; `revision` is the page
    that it changes, `private` what was told in private before; `amends`: it was sent already,
    and `back` is where its receipt is. An editor's form has `hidden` inputs of its own, and shows
    the `clashes` that it is to solve; with `may_leave`, it may be left for a colleague to publish.
    In a `workshop` it begins with its common answers; `paper`: a sheet of paper is typed in. A new
    page may have `begun` with what another one, its `source`, says, beside those that may say it
    `already`, and is given what Vigie writes by itself (`managed`).
    """

    type: ContentType
    content: Content
    form: str
    path: str
    accept: Callable[[Draft], str]
    revision: Callable[[Ticket | None], Revision | None] = lambda _: None
    commit: str = ""
    private: Mapping[str, Value] = field(default_factory=dict)
    amends: bool = False
    back: str = ""
    audience: Audience = Audience.PUBLIC
    hidden: tuple[tuple[str, str], ...] = ()
    clashes: tuple[Clashing, ...] = ()
    may_leave: bool = False
    workshop: Workshop | None = None
    paper: bool = False
    begun: Document | None = None
    source: Document | None = None
    already: tuple[Already, ...] = ()
    managed: Mapping[str, Value] = field(default_factory=dict)

    @property
    def index(self) -> Index:
        return self.content.index

    @property
    def common(self) -> Document:
        """What the workshop answered for all its notes, with the keys that its terms have now."""
        answers = self.workshop.answers if self.workshop else {}
        asked = {name: answers[name] for name in answers if name in self.type.fields}
        return in_current_terms(Document(self.type, "", asked, ""), self.index.schema)


@dataclass(frozen=True)
class Filled:
    """One POST of a form: what was sent, under which ticket, and what it says."""

    task: Task
    form: DocumentForm
    sent: MultiDict[str, str]
    ticket: Ticket
    revision: Revision | None
    answers: Answers
    problems: Sequence[Problem]

    @cached_property
    def digest(self) -> str:
        return content_digest(self.task.form, self.answers)

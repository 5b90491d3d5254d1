"""What a form is for, and what somebody sent with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from contrib_gateway.forms import Answers, DocumentForm
from contrib_gateway.guards import Ticket, content_digest
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from plugins.check import Content
from plugins.schema import ContentType, Index, Problem, Value


@dataclass(frozen=True)
class Task:
    """What a form is for. `form` names its tickets, `path` is its address on the gateway.

    `accept` takes a confirmed draft in and returns the submission's id; `revision` is the page that
    it changes, `private` what was told in private before; `amends`: it was sent already,
    and `back` is where its receipt is.
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

    @property
    def index(self) -> Index:
        return self.content.index


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

    @property
    def digest(self) -> str:
        return content_digest(self.task.form, self.answers)

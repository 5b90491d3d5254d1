"""Completing a page that exists instead of making it twice: which ones, and what comes along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from contrib_gateway.duplicates import Likely
from contrib_gateway.forms import Answers, DocumentForm
from contrib_gateway.revision import Revision
from contrib_gateway.views.forms.task import Task
from plugins.render import Change, Site, changes
from plugins.schema import Document

TYPED = "typed."  # of inputs: what was typed in the form of a new page


@dataclass(frozen=True)
class LikelyShown:
    """A page that may be about the same thing; `action` is the form that completes it."""

    title: str
    summary: str
    href: str
    action: str


def shown_likely(found: Iterable[Likely], site: Site, lang: str) -> list[LikelyShown]:
    return [
        LikelyShown(
            title=one.document.title,
            summary=str(one.document.data.get("summary", "")),
            href=site.href(one.document.url or "", lang),
            action=site.gateway(f"contribuer/{one.document.ref}/", lang),
        )
        for one in found
    ]


def completed(task: Task, revision: Revision, answers: Answers) -> DocumentForm:
    """The form of the page as it is, with what somebody wrote where it says nothing."""
    seen = revision.seen
    added = {name: value for name, value in answers.data.items() if name not in seen.data}
    form = DocumentForm(task.type, task.index)
    both = replace(seen, data={**added, **seen.data}, body=seen.body or answers.body)
    form.show(both, answers.private)
    return form


def renewed(task: Task, revision: Revision, answers: Answers) -> DocumentForm:
    """The form of the page as it is: what it does not say any more, others may have taken off. Only
    what was told in private comes along.
    """
    form = DocumentForm(task.type, task.index)
    form.show(revision.seen, answers.private)
    return form


def remembered(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What was typed first, as inputs to be carried along."""
    return [
        (f"{TYPED}{key}", value)
        for key, value in sent.items(multi=True)
        if not key.startswith(("_", TYPED))
    ]


def left_over(
    task: Task, shown: DocumentForm, sent: MultiDict[str, str], site: Site, lang: str
) -> tuple[Change, ...]:
    """What was typed first, that the form shown does not say: to be read beside it."""
    typed = MultiDict(
        (key.removeprefix(TYPED), value)
        for key, value in sent.items(multi=True)
        if key.startswith(TYPED)
    )
    if not typed:
        return ()
    form = DocumentForm(task.type, task.index)
    form.fill(typed)
    first, now = form.answers(), shown.answers()
    data = {name: value for name, value in first.data.items() if now.data.get(name) != value}
    body = "" if first.body == now.body else first.body
    rest = Document(task.type, "", data, body)
    return changes(None, rest, task.index, site, lang)

"""The two pages of a form: the one to fill in, and the one to read over before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from flask import g
from markupsafe import Markup

from contrib_gateway.forms import hidden_inputs
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket
from contrib_gateway.service import Draft
from contrib_gateway.settings import Screening
from contrib_gateway.store import CONTACT, FOLLOW, RELAY
from contrib_gateway.views.checking import label_of
from contrib_gateway.views.forms.completion import TYPED, left_over, shown_likely
from contrib_gateway.views.forms.task import Filled, Task
from contrib_gateway.views.telling import said_plainly, told_of
from contrib_gateway.views.trap import HONEYPOT
from plugins.render import Change, Theme, changes, document_page, sentence
from plugins.render.shown import LinkShown, Setting
from plugins.render.values import document_link
from plugins.render.words import words
from plugins.schema import Audience, Document, Problem

SHEET = "sheet-number"  # of a paper sheet: no type's field has a hyphen
MAILED = (CONTACT, RELAY, FOLLOW)  # of no use where no mail can be sent


@dataclass(frozen=True)
class Gathered:
    """A workshop as a form of it shows it: the `names` of the questions that are answered for all,
    how they are `said`, whether they are to be `open`; of a paper sheet its number, and those
    `typed` before.
    """

    code: str
    href: str
    names: tuple[str, ...]
    said: str
    open: bool
    paper: bool
    number: str
    typed: tuple[str, ...]


def next_sheet(typed: Sequence[str]) -> str:
    """The number after the highest."""
    return str(max((int(one) for one in typed if one.isascii() and one.isdigit()), default=0) + 1)


class FormPages:
    """Both pages in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def form(
        self,
        filled: Filled,
        problems: Sequence[Problem] = (),
        *,
        unsaved: bool = False,
        notice: str = "",
    ) -> str:
        """The form as it is filled in. `unsaved`: what was sent could not be stored."""
        g.nonce = token_urlsafe(12)
        task, revision, site = filled.task, filled.revision, self._gateway.site
        return self._theme(task).render(
            "gateway/form.html",
            self._lang,
            task.path,
            content_type=task.type,
            form=filled.form,
            index=task.index,
            problems=self._said(filled, problems),
            faults=self._said(filled, problems, named=False),
            action=site.gateway(task.path, self._lang),
            document=revision.now or revision.seen if revision else None,
            amends=task.amends,
            without=() if self._gateway.post else MAILED,
            back=site.gateway(task.back, self._lang) if task.back else "",
            ticket=filled.ticket.text,
            nonce=g.nonce,
            unsaved=unsaved,
            notice=words(self._lang).gettext(notice) if notice else "",
            typed=[*task.hidden, *_carried(filled)],
            clashes=task.clashes,
            already=task.already,
            source=self._source(task),
            editing=task.audience is Audience.EDITOR,
            left=left_over(task, filled.form, filled.sent, site, self._lang),
            remarks=self._remarks(filled),
            workshop=self._workshop(filled, problems) if task.workshop else None,
            first_look=self._is_read_first(task),
            on_github=bool(self._gateway.settings.github),
        )

    def _source(self, task: Task) -> LinkShown | None:
        """The page that a new one is drawn from."""
        if not (task.source and task.source.url):
            return None
        return document_link(task.source, Setting(task.index, self._gateway.site, self._lang))

    def _said(
        self, filled: Filled, problems: Sequence[Problem], *, named: bool = True
    ) -> dict[str, list[str]]:
        said: dict[str, list[str]] = {}
        for problem in problems:
            sentences = said.setdefault(problem.field, [])
            sentences.append(sentence(problem, filled.task.type, self._lang, named=named))
        return said

    def _workshop(self, filled: Filled, problems: Sequence[Problem]) -> Gathered:
        """What the form says of the workshop that it is of."""
        task, code = filled.task, filled.task.workshop.code if filled.task.workshop else ""
        common, wrong = task.common, {problem.field.partition(".")[0] for problem in problems}
        typed = self._gateway.store.workshop_sheets(code) if task.paper else ()
        return Gathered(
            code,
            self._gateway.site.gateway(f"a/{code}/animer/", self._lang),
            tuple(common.data),
            ", ".join(said_plainly(common, task.index, self._gateway.site, self._lang)),
            bool(wrong & common.data.keys()),
            task.paper,
            filled.sent.get(SHEET, "") or next_sheet(typed),
            typed,
        )

    def _remarks(self, filled: Filled) -> dict[str, list[str]]:
        """What the page to review pointed out, beside the questions that whoever corrects sees."""
        if not filled.sent:
            return {}
        seen, answers = filled.revision.seen if filled.revision else None, filled.answers
        typed = Document(filled.task.type, "", answers.data, answers.body)
        return told_of(typed, self._lang, seen)

    def review(self, filled: Filled, draft: Draft, ticket: Ticket, *, unsaved: bool = False) -> str:
        """The page exactly as it will be, under a banner to confirm or correct it."""
        task, revision = filled.task, filled.revision
        document = self._gateway.reception.document(draft)
        changed: tuple[Change, ...] = ()
        if revision:
            document, _ = revision.combined(document)
            before = revision.now or revision.seen
            changed = changes(before, document, task.index, self._gateway.site, self._lang)
        banner = self._banner(filled, document, ticket, changed, unsaved)
        return document_page(
            self._theme(task),
            document,
            task.index,
            self._lang,
            banner=Markup(banner),  # noqa: S704 — made by our own template
            foot=Markup(self._foot(filled)),  # noqa: S704 — as above
        )

    def _banner(
        self,
        filled: Filled,
        document: Document,
        ticket: Ticket,
        changed: Sequence[Change],
        unsaved: bool,
    ) -> str:
        task, revision, site = filled.task, filled.revision, self._gateway.site
        trapped = [(HONEYPOT, text)] if (text := filled.sent.get(HONEYPOT, "")) else []
        likely = () if revision else self._gateway.duplicates.likely(document, task.index)
        told = told_of(document, self._lang, revision.seen if revision else None)
        return self._theme(task).render(
            "components/review_banner.html",
            self._lang,
            task.path,
            content_type=task.type,
            action=site.gateway(task.path, self._lang),
            hidden=[*hidden_inputs(filled.sent), *trapped, *task.hidden],
            editing=task.audience is Audience.EDITOR,
            may_leave=task.may_leave,
            ticket=ticket.text,
            reviewed=self._gateway.tickets.seal(ticket, filled.digest),
            likely=shown_likely(likely, site, self._lang),
            paper=task.paper,
            told=[(label_of(task.type, name, self._lang), said) for name, said in told.items()],
            first_look=self._is_read_first(task),
            on_github=bool(self._gateway.settings.github),
            unsaved=unsaved,
            amends=task.amends,
            is_change=bool(revision),
            changes=changed,
        )

    def _foot(self, filled: Filled) -> str:
        task = filled.task
        return self._theme(task).render(
            "components/review_foot.html",
            self._lang,
            None,
            content_type=task.type,
            is_change=bool(filled.revision),
            editing=task.audience is Audience.EDITOR,
            may_leave=task.may_leave,
            waits=task.amends,
        )

    def _is_read_first(self, task: Task) -> bool:
        """Whether an editor looks before anything is proposed."""
        return Screening.BEFORE in (task.type.screening, self._gateway.settings.screening)

    def _theme(self, task: Task) -> Theme:
        return self._gateway.theme(task.index.schema)


def _carried(filled: Filled) -> list[tuple[str, str]]:
    """What was typed first in another form."""
    return [pair for pair in filled.sent.items(multi=True) if pair[0].startswith(TYPED)]

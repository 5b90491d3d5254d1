"""Workshops: what their notes share is answered once; a short address, a square to photograph, and
how many notes came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from contrib_gateway.clock import day
from contrib_gateway.errors import NotFound, TooMany
from contrib_gateway.forms import Answers, DocumentForm
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import client_key, content_digest
from contrib_gateway.service import Draft
from contrib_gateway.square import square
from contrib_gateway.store import Workshop
from contrib_gateway.views.forms.contribute import asked_type, kept_for_going_back
from contrib_gateway.views.forms.filling import TICKET, Answered, Filling
from contrib_gateway.views.forms.task import Task
from contrib_gateway.views.telling import said_plainly
from contrib_gateway.views.trap import HONEYPOT
from plugins.check import Content
from plugins.render import sentence
from plugins.render.words import words
from plugins.schema import ContentType, Problem

VIEWPOINT = "viewpoint"  # the question by which notes are counted


@dataclass(frozen=True)
class Count:
    """How many notes came from one viewpoint; `mark` is its glyph."""

    label: str
    mark: str
    number: int


class WorkshopPages:
    """/contribuer/<type>/atelier/ and /a/<code>/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._filling = Filling(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"workshops-{self._lang}", __name__)
        pages.after_request(kept_for_going_back)
        new, note, paper = "/contribuer/<name>/atelier/", "/a/<code>/", "/a/<code>/saisir/"
        pages.add_url_rule(new, view_func=self.begin, methods=["GET"])
        pages.add_url_rule(new, view_func=self.open, methods=["POST"])
        pages.add_url_rule(note, view_func=self.note, methods=["GET"])
        pages.add_url_rule(note, view_func=self.send_note, methods=["POST"])
        pages.add_url_rule(paper, view_func=self.sheet, methods=["GET"])
        pages.add_url_rule(paper, view_func=self.send_sheet, methods=["POST"])
        pages.add_url_rule("/a/<code>/animer/", view_func=self.led)
        return pages

    # What is common

    def begin(self, name: str) -> str:
        content = self._gateway.library.content
        asked = common_type(content, name)
        return self._begin_page(content, name, DocumentForm(asked, content.index))

    def open(self, name: str) -> Response | tuple[str, int] | str:
        content, gateway = self._gateway.library.content, self._gateway
        asked = common_type(content, name)
        form = DocumentForm(asked, content.index)
        form.fill(MultiDict(request.form))
        answers = form.answers()
        ticket = gateway.tickets.read(_ticket(name), request.form.get(TICKET, ""))
        if problems := form.problems(answers):
            return self._begin_page(content, name, form, problems), 422
        if ticket is None or ticket.expired(gateway.clock()) or request.form.get(HONEYPOT):
            return self._begin_page(content, name, form)
        try:
            opened = self._opened(name, answers, ticket.nonce)
        except TooMany as error:
            fault = words(self._lang).gettext(
                "Many workshops were opened already: try again tomorrow, or write to the editors."
            )
            return self._begin_page(content, name, form, fault=fault), error.status
        return redirect(gateway.site.gateway(f"a/{opened.code}/animer/", self._lang), 303)

    def _opened(self, name: str, answers: Answers, nonce: str) -> Workshop:
        key = f"{nonce} {content_digest(name, answers)}"
        secret, moment = self._gateway.settings.secret_key, self._gateway.clock()
        client = client_key(secret, request.remote_addr or "", moment)
        return self._gateway.workshops.open(name, answers.data, key, client)

    def _begin_page(
        self,
        content: Content,
        name: str,
        form: DocumentForm,
        problems: list[Problem] | None = None,
        fault: str = "",
    ) -> str:
        gateway, path = self._gateway, f"contribuer/{name}/atelier/"
        said: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
        for problem in problems or ():
            for named, sentences in said.items():
                told = sentence(problem, form.type, self._lang, named=named)
                sentences.setdefault(problem.field, []).append(told)
        return gateway.theme(content.index.schema).render(
            "gateway/workshop_new.html",
            self._lang,
            path,
            content_type=content.index.schema.types[name],
            fields=form.asked,
            form=form,
            index=content.index,
            problems=said[True],
            faults=said[False],
            action=gateway.site.gateway(path, self._lang),
            ticket=gateway.tickets.issue(_ticket(name)).text,
            fault=fault,
        )

    # Its notes

    def note(self, code: str) -> Response | str:
        return self._elsewhere(code, "") or self._filling.show(self._task(code))

    def send_note(self, code: str) -> Answered:
        return self._filling.send(self._task(code))

    def sheet(self, code: str) -> Response | str:
        return self._elsewhere(code, "saisir/") or self._filling.show(self._task(code, paper=True))

    def send_sheet(self, code: str) -> Answered:
        return self._filling.send(self._task(code, paper=True))

    def _elsewhere(self, typed: str, rest: str) -> Response | None:
        """Where a code typed by hand leads, if it is not written as we write it."""
        code = self._gateway.workshops.find(typed).code
        if code == typed:
            return None
        return redirect(self._gateway.site.gateway(f"a/{code}/{rest}", self._lang), 302)

    def _task(self, typed: str, *, paper: bool = False) -> Task:
        content, workshop = self._gateway.library.content, self._gateway.workshops.find(typed)
        content_type = asked_type(content, workshop.type)
        way = f"a/{workshop.code}/" + ("saisir/" if paper else "")
        return Task(
            content_type,
            content,
            form=way,
            path=way,
            accept=self._accept,
            workshop=workshop,
            paper=paper,
        )

    def _accept(self, draft: Draft) -> str:
        accepted = self._gateway.reception.accept(draft)
        return self._gateway.receipt_path(accepted.id, self._lang)

    # For whoever leads it

    def led(self, code: str) -> Response | str:
        """What to project or to print, and how many notes came; never what they say."""
        if elsewhere := self._elsewhere(code, "animer/"):
            return elsewhere
        task, site = self._task(code), self._gateway.site
        workshop = self._gateway.workshops.find(code)
        address = site.absolute_gateway(f"a/{workshop.code}/", self._lang)
        ways = ("", "animer/", "feuille/", "saisir/")
        counts, number = self._counts(task.type, task.content, workshop.code)
        return self._gateway.theme(task.index.schema).render(
            "gateway/workshop.html",
            self._lang,
            f"a/{workshop.code}/animer/",
            content_type=task.type,
            workshop=workshop,
            until=day(workshop.until),
            address=address,
            spoken=spoken(address),
            square=square(address),
            said=said_plainly(task.common, task.index, site, self._lang),
            counts=counts,
            number=number,
            sheets=self._gateway.store.workshop_sheets(workshop.code),
            links={way: site.gateway(f"a/{workshop.code}/{way}", self._lang) for way in ways},
        )

    def _counts(self, kind: ContentType, content: Content, code: str) -> tuple[list[Count], int]:
        """Its notes by viewpoint, where the type asks for it, and all of them."""
        notes: Mapping[str, int] = self._gateway.store.workshop_notes(code, VIEWPOINT)
        field = kind.fields.get(VIEWPOINT)
        terms = content.index.schema.vocabularies.get(
            getattr(field and field.kind, "vocabulary", "")
        )
        shown = [
            Count(term.label.get(self._lang), term.mark, notes.get(key, 0))
            for key, term in (terms.terms.items() if terms else ())
        ]
        return shown, sum(notes.values())


def common_type(content: Content, name: str) -> ContentType:
    """The questions that a workshop of that type answers for all. Raises `NotFound`."""
    asked = asked_type(content, name).common
    if asked is None:
        raise NotFound(f"no workshops of {name}")
    return asked


def spoken(address: str) -> str:
    """An address as one reads it aloud: without what browsers add by themselves."""
    whole = urlsplit(address)
    return f"{whole.netloc}{whole.path}".rstrip("/")


def _ticket(name: str) -> str:
    return f"atelier {name}"

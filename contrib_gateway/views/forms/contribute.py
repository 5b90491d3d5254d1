"""The way in: all forms; the form of a new page, and the form of a change of one."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import Ticket
from contrib_gateway.revision import Revision
from contrib_gateway.service import Draft
from contrib_gateway.views.forms.filling import Answered, Filling
from contrib_gateway.views.forms.task import Task
from plugins.check import Content
from plugins.schema import ContentType, Document


class ContributePages:
    """/contribuer/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._filling = Filling(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"contribute-{self._lang}", __name__)
        pages.after_request(kept_for_going_back)
        new, change = "/contribuer/<name>/", "/contribuer/<name>/<slug>/"
        pages.add_url_rule("/contribuer/", view_func=self.forms)
        pages.add_url_rule(new, view_func=self.form, methods=["GET"])
        pages.add_url_rule(new, view_func=self.send, methods=["POST"])
        pages.add_url_rule(change, view_func=self.change_form, methods=["GET"])
        pages.add_url_rule(change, view_func=self.send_change, methods=["POST"])
        return pages

    def forms(self) -> str:
        theme = self._gateway.theme(self._gateway.library.schema)
        return theme.render("gateway/contribute.html", self._lang, "contribuer/")

    # A new page

    def form(self, name: str) -> str:
        return self._filling.show(self._new(name))

    def send(self, name: str) -> Answered:
        return self._filling.send(self._new(name))

    def _new(self, name: str) -> Task:
        content = self._gateway.library.content
        content_type = asked_type(content, name)
        return Task(content_type, content, name, f"contribuer/{name}/", self._accept)

    def _accept(self, draft: Draft) -> str:
        accepted = self._gateway.reception.accept(draft)
        return self._gateway.receipt_path(accepted.id, self._lang)

    # A change

    def change_form(self, name: str, slug: str) -> Response | str:
        commit, content = self._gateway.library.state
        document = _named(content, asked_type(content, name), slug)
        if document is None:
            raise NotFound(f"no page {name}/{slug}")
        if document.slug != slug:
            path = f"contribuer/{name}/{document.slug}/"
            return redirect(self._gateway.site.gateway(path, self._lang), 302)
        return self._filling.show(self._change(commit, content, name, slug))

    def send_change(self, name: str, slug: str) -> Answered:
        try:
            return self._filling.send(self._change(*self._gateway.library.state, name, slug))
        except NotFound:
            if not request.form:
                raise
            new = replace(self._new(name), form=f"{name}/{slug}")  # whose ticket was sent
            return self._filling.keep(new), 409

    def _change(self, commit: str, content: Content, name: str, slug: str) -> Task:
        content_type = asked_type(content, name)

        def revision(ticket: Ticket | None) -> Revision:
            now = _named(content, content_type, slug)
            seen = self._seen(ticket.commit, content_type, slug, now) if ticket else None
            if seen and ticket:
                there = content.index.by_id(seen.id)
                return Revision(seen, there, content.index, ticket.commit, commit)
            if now is None:
                raise NotFound(f"no page {name}/{slug}")
            return Revision(now, now, content.index, commit, commit, lost=ticket is not None)

        path = f"contribuer/{name}/{slug}/"
        return Task(
            content_type, content, f"{name}/{slug}", path, self._accept, revision, commit=commit
        )

    def _seen(
        self, commit: str, content_type: ContentType, slug: str, now: Document | None
    ) -> Document | None:
        """The page as it was when its form was made, under this name or the one it has `now`; None
        if that cannot be read any more.
        """
        paths = [f"{content_type.folder}/{slug}.md", *([now.path] if now else [])]
        found = (self._gateway.library.document_at(commit, path) for path in paths)
        return next(filter(None, found), None)


def kept_for_going_back(response: Response) -> Response:
    """Whoever goes back meets the same form, whose ticket makes one of what is sent twice; whoever
    comes anew meets a new one.
    """
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def asked_type(content: Content, name: str) -> ContentType:
    """The type of that name, if the public may propose one. Raises `NotFound`."""
    content_type = content.index.schema.types.get(name)
    if content_type is None or not content_type.contribute:
        raise NotFound(f"no form {name}")
    return content_type


def _named(content: Content, content_type: ContentType, slug: str) -> Document | None:
    """The page of this name, or that had it."""
    found = content.index.named(content_type.name, slug)
    return next((d for d in found if d.slug == slug), found[0] if found else None)

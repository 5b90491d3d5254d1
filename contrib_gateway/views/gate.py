"""The gate of the desk: who is signed in, what their forms carry, which pages they may open."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import Forbidden, GatewayError, SignedOut
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import keyed
from contrib_gateway.store import Session
from contrib_gateway.views.faults import decision_fault
from contrib_gateway.views.privacy import private

COOKIE = "vigie-desk"
CSRF = "_csrf"
SEEN = "_seen"  # what was read before something is decided on it
Page = Callable[..., Response]


class Gate:
    """Before every page of the desk, in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self.lang = lang

    def blueprint(self, name: str) -> Blueprint:
        """What pages of the desk are added to: all of them are private."""
        pages = Blueprint(f"{name}-{self.lang}", __name__)
        pages.after_request(private)
        return pages

    def route(
        self, pages: Blueprint, rule: str, page: Page, method: str = "GET", *, admin: bool = False
    ) -> None:
        """Add a page below /redaction/ that only editors open, or only administrators."""
        guarded = self._guarded(page, admin)
        pages.add_url_rule(f"/redaction/{rule}", page.__name__, guarded, methods=[method])

    def _guarded(self, page: Page, admin: bool) -> Page:
        """Only with a session; a POST only with that session's token, from our own pages."""

        @wraps(page)
        def guarded(**arguments: Any) -> Response:
            session = self.session()
            editor = self._gateway.settings.editor(session.address) if session else None
            if session is None or editor is None:
                raise SignedOut("no session")
            g.session, g.editor = session, editor
            if request.method == "POST":
                sent = request.form.get(CSRF, "")
                if not hmac.compare_digest(self.csrf().encode(), sent.encode()):
                    raise Forbidden("the form was not made for this session")
            if admin and not editor.admin:
                raise Forbidden("for administrators only")
            return page(**arguments)

        return guarded

    def session(self) -> Session | None:
        """That of the browser that asks, if its editor still is one."""
        token = request.cookies.get(COOKIE, "")
        session = self._gateway.store.session(token) if token else None
        known = self._gateway.settings.editor(session.address) if session else None
        return session if known else None

    def csrf(self) -> str:
        """What each form of this session carries."""
        token = request.cookies.get(COOKIE, "")
        return keyed(self._gateway.settings.secret_key, "csrf", token)

    def name(self) -> str:
        """How the editor is named in the history: never by an address."""
        return editor_name(g.session.address)

    def fault(self, error: GatewayError) -> str:
        """Why what an editor decided was not done, for one of DECISION_FAULTS."""
        return decision_fault(error, self._gateway.library.schema, self.lang)

    def address(self, path: str) -> str:
        return self._gateway.site.gateway(f"redaction/{path}", self.lang)

    def go(self, path: str) -> Response:
        return redirect(self.address(path), 303)

    def render(self, template: str, path: str, **values: object) -> str:
        """A page of the desk, at a path below /redaction/; each has `csrf` and `desk_href`."""
        theme = self._gateway.theme(self._gateway.library.schema)
        own = {"csrf": self.csrf(), "desk_href": self.address("")}
        return theme.render(template, self.lang, f"redaction/{path}", **own, **values)


def editor_name(address: str) -> str:
    """A name from an address, without the address: "marie.dupont@…" is "Marie Dupont"."""
    return address.partition("@")[0].replace(".", " ").replace("_", " ").title()

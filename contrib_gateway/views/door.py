"""The door of the desk: asking for a link by mail, entering with it, leaving; one's account."""

from __future__ import annotations

from typing import TypedDict, Unpack

from flask import Blueprint, g, make_response, redirect, request
from werkzeug.wrappers import Response

from contrib_gateway.errors import Forbidden, SignedOut
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import client_key, feed_secret
from contrib_gateway.store import Alert
from contrib_gateway.views.gate import COOKIE, Gate, editor_name

SAME = ("same-origin", "none")  # of Sec-Fetch-Site: from our own page, or typed by somebody


class Door(TypedDict, total=False):
    """What the page says: a link was used or is too old, one was asked for; the token of the link
    that led here; what is wrong with the address that was typed.
    """

    expired: bool
    asked: bool
    token: str
    fault: bool
    typed: str


class DoorPages:
    """/redaction/entrer/, /redaction/sortir/ and /redaction/compte/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang
        self._gate = Gate(gateway, lang)

    def blueprint(self) -> Blueprint:
        pages = self._gate.blueprint("door")
        door, link = "/redaction/entrer/", "/redaction/entrer/<token>/"
        pages.add_url_rule(door, view_func=self.door, methods=["GET"])
        pages.add_url_rule(door, view_func=self.ask, methods=["POST"])
        pages.add_url_rule(link, view_func=self.threshold, methods=["GET"])
        pages.add_url_rule(link, view_func=self.enter, methods=["POST"])
        self._gate.route(pages, "sortir/", self.leave, "POST")
        self._gate.route(pages, "compte/", self.account)
        self._gate.route(pages, "compte/fermer/", self.close, "POST")
        self._gate.route(pages, "compte/fil/", self.renew_feed, "POST")
        self._gate.route(pages, "compte/courriel/", self.wish_daily, "POST")
        return pages

    def door(self) -> Response:
        return self._page()

    def ask(self) -> Response:
        """Whoever asks for a link is told the same, whether they are an editor or not."""
        post = self._gateway.post
        address = request.form.get("address", "").strip()
        if post is None:
            return self._page()
        if "@" not in address:
            return self._page(422, fault=True, typed=address)
        secret, moment = self._gateway.settings.secret_key, self._gateway.clock()
        post.admit(address, client_key(secret, request.remote_addr or "", moment), self._lang)
        return self._page(asked=True)

    def threshold(self, token: str) -> Response:
        """Where a link leads to: only a person presses the button, no scanner of mails does."""
        if self._gate.session():
            return self._gate.go("")
        return self._page(token=token)

    def enter(self, token: str) -> Response:
        """Sign in by a link that serves once; pressing again while signed in does no harm."""
        if request.headers.get("Sec-Fetch-Site", "none") not in SAME:
            raise Forbidden("pressed on a page of another site")
        secret = self._gateway.store.redeem_login(token)
        if secret is None:
            if self._gate.session():
                return self._gate.go("")
            raise SignedOut("this link has been used or is too old", used=True)
        answer = self._gate.go("")
        secure = self._gateway.settings.gateway_url.startswith("https:")
        answer.set_cookie(COOKIE, secret, httponly=True, samesite="Lax", secure=secure)
        return answer

    def leave(self) -> Response:
        self._gateway.store.end_session(request.cookies[COOKIE])
        answer = redirect(self._gateway.site.href("", self._lang), 303)
        answer.delete_cookie(COOKIE)
        return answer

    def account(self) -> Response:
        """How one is told of what waits, and where one is signed in; an administrator sees all."""
        store, admin = self._gateway.store, g.editor.admin
        sessions = store.sessions(None if admin else g.session.address)
        page = self._gate.render(
            "gateway/account.html",
            "compte/",
            close_action=self._gate.address("compte/fermer/"),
            editor=self._gate.name(),
            is_admin=admin,
            sessions=[(one, editor_name(one.address)) for one in sessions],
            here=g.session.id,
            alert=(alert := store.alert(g.session.address)),
            feed_url=self._feed_url(alert),
            feed_action=self._gate.address("compte/fil/"),
            daily_action=self._gate.address("compte/courriel/"),
            mails=self._gateway.post is not None,
        )
        return make_response(page)

    def close(self) -> Response:
        """End one session, or all of one's own."""
        store, chosen = self._gateway.store, request.form.get("session", "")
        if chosen == "all":
            store.end_sessions(g.session.address)
            return self._gate.go("")
        store.end_session_of(chosen, None if g.editor.admin else g.session.address)
        return self._gate.go("compte/")

    def renew_feed(self) -> Response:
        """Whoever has the address of before, and a program that asks there, finds nothing."""
        self._gateway.store.renew_feed(g.session.address)
        return self._gate.go("compte/#fil")

    def wish_daily(self) -> Response:
        wished = request.form.get("daily", "") == "yes"
        self._gateway.store.wish_daily(g.session.address, self._lang, wished)
        return self._gate.go("compte/#courriel")

    def _feed_url(self, alert: Alert) -> str:
        """The secret address of an editor's feed, whole; "" while there is none."""
        if not alert.feed:
            return ""
        secret = feed_secret(self._gateway.settings.secret_key, alert.address, alert.feed)
        return self._gateway.site.absolute_gateway(f"redaction/fil/{secret}.atom", self._lang)

    def _page(self, status: int = 200, **shown: Unpack[Door]) -> Response:
        return make_response(door_page(self._gateway, self._lang, **shown), status)


def door_page(gateway: Gateway, lang: str, **shown: Unpack[Door]) -> str:
    """For who is not signed in."""
    theme = gateway.theme(gateway.library.schema)
    mails = gateway.post is not None
    return theme.render("gateway/login.html", lang, None, mails=mails, **shown)

"""What tells editors of what waits, at secret addresses that need no sign-in: their feed, and the
page that ends their daily mail.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin

from flask import Blueprint, Response, make_response, request
from werkzeug.wrappers import Response as Answer

from contrib_gateway.clock import day
from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import feed_secret, stop_secret
from contrib_gateway.standing import standing
from contrib_gateway.store import Offer, Submission
from contrib_gateway.views.privacy import private
from plugins.render.channels import xml_text
from plugins.render.dates import days_since, in_words
from plugins.render.feeds import Feed
from plugins.render.typography import typeset
from plugins.render.words import words

SINCE_EVER = datetime(2026, 1, 1, tzinfo=UTC)  # of a feed in which nothing waits


class DeskFeedPages:
    """/redaction/fil/ and /redaction/courriel/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"deskfeed-{self._lang}", __name__)
        pages.after_request(secluded)
        pages.add_url_rule("/redaction/fil/<secret>.atom", view_func=self.feed)
        stop = "/redaction/courriel/<secret>/"
        pages.add_url_rule(stop, view_func=self.ask_to_stop, methods=["GET"])
        pages.add_url_rule(stop, view_func=self.stop, methods=["POST"])
        return pages

    def feed(self, secret: str) -> Answer:
        """What waits, the last that came first. Raises `NotFound`."""
        if not any(hmac.compare_digest(one, secret.encode()) for one in self._feeds()):
            raise NotFound("no feed of an editor's")
        answer = make_response(self._atom(request.path))
        answer.mimetype = "application/atom+xml"
        answer.headers["Cache-Control"] = "private"
        answer.add_etag()
        return answer.make_conditional(request)

    def ask_to_stop(self, secret: str) -> Answer:
        self._reader(secret)
        return self._stop_page(stopped=False)

    def stop(self, secret: str) -> Answer:
        """Pressed by a person on that page, or by a program for mail (RFC 8058): twice is once."""
        self._gateway.store.stop_daily(self._reader(secret))
        return self._stop_page(stopped=True)

    def _feeds(self) -> Iterator[bytes]:
        """The secrets that open a feed today: of those who are editors and have one."""
        key = self._gateway.settings.secret_key
        for editor in self._gateway.settings.editors:
            alert = self._gateway.store.alert(editor.address)
            if alert.feed:
                yield feed_secret(key, alert.address, alert.feed).encode()

    def _reader(self, secret: str) -> str:
        """Whose daily mail this link ends. Raises `NotFound`."""
        key, sent = self._gateway.settings.secret_key, secret.encode()
        for editor in self._gateway.settings.editors:
            if hmac.compare_digest(stop_secret(key, editor.address).encode(), sent):
                return editor.address
        raise NotFound("no daily mail of an editor's")

    def _stop_page(self, *, stopped: bool) -> Answer:
        theme = self._gateway.theme(self._gateway.library.schema)
        return make_response(theme.render("gateway/daily.html", self._lang, None, stopped=stopped))

    def _atom(self, path: str) -> str:
        site, lang = self._gateway.site, self._lang
        name = self._gateway.library.schema.site.name.get(lang)
        say = words(lang).gettext
        waiting = self._gateway.store.waiting()
        feed = Feed(
            title=xml_text(f"{say('Review desk')} – {name}"),
            link=site.absolute_gateway("redaction/", lang),
            feed_url=urljoin(site.public_url, path),
            description=say("Waiting for you"),
            author_name=xml_text(name),
            language=lang,
            feed_guid=site.tag("redaction"),
        )
        feed.empty_since = SINCE_EVER
        offers = self._gateway.store.waiting_offers()
        everything: list[Submission | Offer] = [*waiting, *offers]
        for one in sorted(everything, key=_came, reverse=True):
            if isinstance(one, Offer):
                self._enter_offer(feed, one)
            else:
                self._enter(feed, one)
        return str(feed.writeString("utf-8"))

    def _enter(self, feed: Feed, submission: Submission) -> None:
        """Nothing private, and nothing of what was sent but its title, as a text."""
        gateway, lang = self._gateway, self._lang
        label = gateway.library.schema.type_label(submission.type, lang)
        say = words(lang).gettext
        parts = [label, say("change") if submission.page else say("new page")]
        parts += [say(standing(submission)), self._age(submission.accepted_at)]
        feed.add_item(
            title=xml_text(typeset(submission.title, submission.lang)) or label,
            link=gateway.site.absolute_gateway(f"redaction/{submission.id}/", lang),
            description=xml_text(" · ".join(parts)),
            unique_id=gateway.site.tag(f"redaction/{submission.id}"),
            updateddate=submission.accepted_at,
            pubdate=submission.accepted_at,
            categories=[xml_text(label)],
        )

    def _enter_offer(self, feed: Feed, offer: Offer) -> None:
        """Of what somebody wrote in private, only the need that it is about."""
        site, label = self._gateway.site, words(self._lang).gettext("I can help")
        feed.add_item(
            title=xml_text(typeset(offer.title, offer.lang)) or label,
            link=site.absolute_gateway(f"redaction/aides/#{offer.key}", self._lang),
            description=xml_text(f"{label} · {self._age(offer.at)}"),
            unique_id=site.tag(f"redaction/aides/{offer.key}"),
            updateddate=offer.at,
            pubdate=offer.at,
            categories=[xml_text(label)],
        )

    def _age(self, came: datetime) -> str:
        speech = words(self._lang)
        days = days_since(came, self._gateway.clock())
        since = in_words(day(came), self._lang)
        if days < 1:
            return speech.gettext("received today, %(date)s") % {"date": since}
        waits = speech.ngettext(
            "waits for %(num)s day, since %(date)s", "waits for %(num)s days, since %(date)s", days
        )
        return waits % {"num": days, "date": since}


def _came(one: Submission | Offer) -> datetime:
    return one.at if isinstance(one, Offer) else one.accepted_at


def secluded(response: Response) -> Response:
    """Kept from others as all that is private; what says how long it may be kept, says so."""
    kept = response.headers.get("Cache-Control")
    private(response)
    if kept:
        response.headers["Cache-Control"] = kept
    return response

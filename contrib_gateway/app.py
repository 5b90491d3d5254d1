"""The Flask application: pages, errors in plain words, and the headers every answer carries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Rule
from werkzeug.wrappers import Response as Answer

from contrib_gateway.errors import GatewayError
from contrib_gateway.gateway import Gateway
from contrib_gateway.metrics import Metrics
from contrib_gateway.views.deskfeed import DeskFeedPages
from contrib_gateway.views.door import DoorPages
from contrib_gateway.views.forms.contribute import ContributePages
from contrib_gateway.views.history import HistoryPages
from contrib_gateway.views.journal import JournalPages
from contrib_gateway.views.letters.offering import OfferingPages
from contrib_gateway.views.letters.offers import OffersPages
from contrib_gateway.views.letters.relay import RelayPages
from contrib_gateway.views.messages import message_page
from contrib_gateway.views.pages.editing import EditingPages
from contrib_gateway.views.pages.merging import MergingPages
from contrib_gateway.views.pages.needs import NeedPages
from contrib_gateway.views.pages.versions import VersionPages
from contrib_gateway.views.planning import PlanningPages
from contrib_gateway.views.proposals.correcting import CorrectingPages
from contrib_gateway.views.proposals.deciding import DecidingPages
from contrib_gateway.views.proposals.together import TogetherPages
from contrib_gateway.views.proposals.waiting import WaitingPages
from contrib_gateway.views.receipts import ReceiptPages
from contrib_gateway.views.search import SearchPages
from contrib_gateway.views.seeking import SeekingPages
from contrib_gateway.views.sheets import SheetPages
from contrib_gateway.views.site import SitePages
from contrib_gateway.views.synthesis.drafting import SynthesisPages
from contrib_gateway.views.vocabularies import VocabularyPages
from contrib_gateway.views.watch.inbox import InboxPages
from contrib_gateway.views.watch.issue import IssuePages
from contrib_gateway.views.watch.qualifying import QualifyingPages
from contrib_gateway.views.watch.sources import SourcesPages
from contrib_gateway.views.watch.subscriptions import SubscriptionPages
from contrib_gateway.views.webhooks import WebhookPages
from contrib_gateway.views.workshops import WorkshopPages
from plugins.render import LANGUAGES

LARGEST_REQUEST = 2 * 1024 * 1024  # bytes; a form without pictures is far smaller
MOST_PARTS = 2000
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})  # a stranger may make up others
PAGES = (
    ContributePages,
    SeekingPages,
    SearchPages,
    WorkshopPages,
    SheetPages,
    ReceiptPages,
    RelayPages,
    OfferingPages,
    HistoryPages,
    DoorPages,
    DeskFeedPages,
    WaitingPages,
    JournalPages,
    TogetherPages,
    DecidingPages,
    CorrectingPages,
    EditingPages,
    NeedPages,
    MergingPages,
    OffersPages,
    VersionPages,
    VocabularyPages,
    PlanningPages,
    IssuePages,
    SynthesisPages,
    InboxPages,
    QualifyingPages,
    SubscriptionPages,
    SourcesPages,
)
"""In each language."""
Shown = tuple[str, int, dict[str, str]]
"""A page, its status and what is added to its headers."""
log = logging.getLogger(__name__)


class Route(Rule):
    """An address to be matched. Pages write addresses by `Site`, none asks the router for one.

    Werkzeug compiles a function of each rule to write it, which is most of what the rules cost a
    start; here it is compiled when it is called.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made = super()._compile_builder

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            written: tuple[str, str] = made(append_unknown).__get__(rule)(**values)
            return written

        return build


def create_app(gateway: Gateway) -> Flask:
    """The WSGI application of an assembled gateway; starts nothing by itself."""
    app = Flask("contrib_gateway", static_folder=None)
    app.url_rule_class = Route
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.config["MAX_FORM_PARTS"] = MOST_PARTS
    for lang in LANGUAGES:
        prefix = None if lang == LANGUAGES[0] else f"/{lang}"
        for pages in PAGES:
            app.register_blueprint(pages(gateway, lang).blueprint(), url_prefix=prefix)
    app.register_blueprint(WebhookPages(gateway).blueprint())
    app.register_blueprint(SitePages(gateway).blueprint())
    _answer_errors(app, gateway)
    app.before_request(begin)
    app.before_request(refuse_crowds)
    app.after_request(partial(note, gateway.metrics))
    app.after_request(add_headers)
    app.after_request(redirect_within)
    if hops := gateway.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops
        )
    return app


def _answer_errors(app: Flask, gateway: Gateway) -> None:
    """Every error is a page with a sentence, and none for good: browsers keep a 410 that does not
    say so for ever. `note` tells the log of those that are ours.
    """

    def show(status: int, error: Exception) -> Shown:
        lang = "en" if request.path.startswith("/en/") else LANGUAGES[0]
        page = message_page(gateway, lang, status, error, sent_inputs(status))
        return page, status, {"Cache-Control": "no-cache"}

    def gateway_error(error: GatewayError) -> Shown:
        g.fault = error
        return show(error.status, error)

    def http_error(error: HTTPException) -> Shown | Answer:
        if error.code is None or error.code < 400:
            return error.get_response()
        return show(error.code, error)

    def surprise(error: Exception) -> Shown:
        g.fault = error
        return show(500, error)

    app.register_error_handler(GatewayError, gateway_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, surprise)


def sent_inputs(status: int) -> Sequence[tuple[str, str]]:
    """What a form sent that may well be taken later; () for all else."""
    if status != 503:
        return ()
    try:
        return tuple(request.form.items(multi=True))
    except HTTPException:  # too large to be read, and so to be carried
        return ()


def begin() -> None:
    g.began = perf_counter()


def note(metrics: Metrics, answer: Response) -> Response:
    """Measure the answer; log it if the fault is ours, which `g.fault` tells."""
    seconds = perf_counter() - g.began
    route = request.url_rule.rule if request.url_rule else ""
    method = request.method if request.method in METHODS else "other"
    metrics.request(method, route, answer.status_code, seconds)
    if answer.status_code >= 500:
        about = {"route": route, "method": method, "status": answer.status_code}
        if "session" in g and request.view_args and "id" in request.view_args:
            about["submission"] = request.view_args["id"]  # an editor asked, not a stranger
        level = logging.ERROR if answer.status_code == 500 else logging.WARNING
        log.log(level, "could not be answered", extra=about, exc_info=g.get("fault"))
    return answer


def refuse_crowds() -> None:
    """As many fields as a form can have, in whichever way it is sent: MAX_FORM_PARTS is for one."""
    if request.mimetype == "application/x-www-form-urlencoded":
        sent = request.get_data(parse_form_data=False)
        if sent.count(b"&") >= MOST_PARTS:
            raise RequestEntityTooLarge


def redirect_within(answer: Response) -> Response:
    """A redirection to this host does not repeat its name: anybody may write one in a request."""
    address = urlsplit(answer.headers.get("Location", ""))
    if address.scheme and address.netloc in ("", request.host):
        within = address._replace(scheme="", netloc="", path="/" + address.path.lstrip("/"))
        answer.headers["Location"] = within.geturl()
    return answer


def add_headers(answer: Response) -> Response:
    """Nothing from another host, no script or frame but our own files; nothing guesses a type."""
    nonce = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    wasm = " 'wasm-unsafe-eval'" if "wasm" in g else ""
    inline = "style-src-attr 'unsafe-inline'; " if "inline_styles" in g else ""
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self'{wasm}; style-src 'self'{nonce}; {inline}"
        "img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; "
        "form-action 'self'; "
        "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    return answer

"""The receipt: what became of a submission, for whoever holds its secret link."""

from __future__ import annotations

from urllib.parse import urljoin

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from contrib_gateway.errors import NotFound
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import read_receipt


def private(response: Response) -> Response:
    """For pages whose address is a secret or whose content is nobody else's."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


class ReceiptPages:
    """/suivi/<receipt>/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"receipts-{self._lang}", __name__)
        pages.after_request(private)
        pages.add_url_rule("/suivi/<receipt>/", view_func=self.receipt)
        return pages

    def receipt(self, receipt: str) -> Response:
        id = read_receipt(self._gateway.settings.secret_key, receipt)
        submission = self._gateway.store.find(id) if id else None
        if submission is None:
            raise NotFound("no such receipt")
        schema = self._gateway.library.schema
        content_type = schema.types.get(submission.type)
        pattern = content_type.url if content_type else None
        url = pattern.replace("{slug}", submission.slug) if pattern else ""
        site, path = self._gateway.site, f"suivi/{receipt}/"
        words = self._gateway.theme(schema).render(
            "gateway/receipt.html",
            self._lang,
            path,
            submission=submission,
            said=self._gateway.store.remarks(submission.id),
            content_type=content_type,
            receipt_url=urljoin(site.public_url, site.gateway(path, self._lang)),
            page_url=site.href(url, self._lang) if submission.online_at else None,
        )
        return make_response(words)

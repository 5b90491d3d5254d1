"""« Je cherche »: questions in an address, and what answers them on the same page.

Nothing of who asks is kept: no cookie, no trace in the log, nothing for a cache or another site.
"""

from __future__ import annotations

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.compression import compress
from contrib_gateway.gateway import Gateway
from plugins.render.seeking import question_of, questions, shown
from plugins.seeking import seeking

PATH = "je-cherche/"


class SeekingPages:
    """/je-cherche/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"seeking-{self._lang}", __name__)
        pages.after_request(kept_by_nobody)
        pages.after_request(compress)
        pages.add_url_rule(f"/{PATH}", view_func=self.seek)
        return pages

    def seek(self) -> Response:
        """The questions alone, or with what answers them once the form was sent."""
        gateway, lang = self._gateway, self._lang
        index = gateway.library.index
        theme = gateway.theme(index.schema)
        question, strange = question_of(request.args.items(multi=True), index)
        known = seeking(index, theme.site.built)
        answer = known.answer(question) if request.args else None
        page = theme.render(
            "gateway/seek.html",
            lang,
            PATH,
            questions=questions(question, known, index, lang),
            answer=answer,
            groups=shown(answer, question, theme, index, lang) if answer else (),
            strange=strange,
        )
        return make_response(page)


def kept_by_nobody(response: Response) -> Response:
    """An address with answers tells of a person: it goes to no other page, cache or index."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    if request.args:
        response.headers["X-Robots-Tag"] = "noindex"
    return response

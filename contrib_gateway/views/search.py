"""The search page, answered without a script: what is sought stands in the address.

Nothing of who looks for what is kept: no cookie, no trace in the log, nothing for a cache.
"""

from __future__ import annotations

from flask import Blueprint, g, make_response, request
from werkzeug.wrappers import Response

from contrib_gateway.compression import compress
from contrib_gateway.gateway import Gateway
from contrib_gateway.views.seeking import kept_by_nobody
from plugins.render.search.looking import asked_of
from plugins.render.search.page import search_page
from plugins.render.theme import SEARCH


class SearchPages:
    """/recherche/ in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"search-{self._lang}", __name__)
        pages.after_request(kept_by_nobody)
        pages.after_request(compress)
        pages.add_url_rule(f"/{SEARCH}", view_func=self.search)
        return pages

    def search(self) -> Response:
        index = self._gateway.library.index
        theme = self._gateway.theme(index.schema)
        g.wasm = True  # for whoever has scripts: Pagefind is WebAssembly
        asked = asked_of(request.args.items(multi=True))
        return make_response(search_page(theme, index, self._lang, asked))

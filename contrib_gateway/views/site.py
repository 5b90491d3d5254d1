"""The published site as files, and how the gateway is doing."""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, jsonify, redirect, request, send_from_directory
from werkzeug.exceptions import NotFound as Nothing
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as Answer

from contrib_gateway import compression
from contrib_gateway.errors import NotFound, SiteNotBuilt
from contrib_gateway.gateway import Gateway
from contrib_gateway.metrics import CONTENT_TYPE
from contrib_gateway.views.absence import absent_at
from plugins.render.mailing import PAGE as MAILING
from plugins.render.search.page import FOLDER
from plugins.render.search.page import WORKER as COUNTER
from plugins.render.theme import ROOT as THEME
from plugins.render.theme import version

YEAR = 365 * 24 * 3600
PICTURES = "images/"
WORKER = "/hors-ligne.js"
ASSETS = ("theme/", "images/")
HASHED = tuple(f"{FOLDER}/{name}/" for name in ("index", "filter", "fragment"))
TYPES = {
    ".atom": "application/atom+xml",
    ".json": "application/json",
    ".opml": "text/x-opml",
    ".ics": "text/calendar",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
}


class SitePages:
    """Every address that is not the gateway's own: a file of the site that is online."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._below = urlsplit(gateway.settings.public_url).path.lstrip("/")
        self._packing = Lock()

    def blueprint(self) -> Blueprint:
        pages = Blueprint("site", __name__)
        pages.add_url_rule("/healthz", view_func=self.health)
        pages.add_url_rule("/metrics", view_func=self.metrics)
        pages.add_url_rule(WORKER, view_func=self.worker)
        pages.add_url_rule("/", view_func=self.file)
        pages.add_url_rule("/<path:path>", view_func=self.file)
        return pages

    def _kept(self, name: str) -> Response | None:
        """A picture that is not published yet, for whoever reads over or decides: its name is a
        secret until then.
        """
        stem, _, ending = name.rpartition(".")
        data = self._gateway.album.files(f"{stem}.webp").get(name)
        if data is None:
            return None
        kind = {"webp": "image/webp", "jpg": "image/jpeg"}[ending]
        return Response(data, content_type=kind, headers={"Cache-Control": "private, max-age=3600"})

    def health(self) -> Response:
        """How many submissions were accepted, and how many are in each state."""
        counts = self._gateway.store.counts()
        return jsonify({"accepted": sum(counts.values())} | {str(s): n for s, n in counts.items()})

    def metrics(self) -> Response:
        return Response(self._gateway.metrics.text(), content_type=CONTENT_TYPE)

    def worker(self) -> Response:
        """What shows a form without network: it stands above all forms, and only there may it."""
        answer = send_from_directory(THEME / "static" / "js", "worker.js", conditional=True)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    def file(self, path: str = "") -> Answer:
        # The site's pages write its path in their links; the gateway may stand at another's root.
        path = path.removeprefix(self._below)
        link = self._gateway.builder.places.site
        name = path.removeprefix(PICTURES) if path.startswith(PICTURES) else ""
        if name and not (link / path).exists() and (picture := self._kept(name)):
            return picture
        if not link.exists():
            raise SiteNotBuilt("no build has succeeded yet")
        # Resolved once: a whole answer comes from one build, whatever is switched meanwhile.
        site = link.resolve()
        found = safe_join(str(site), path)
        if found is None or "\0" in path:
            raise NotFound(path)
        if path == "" or path.endswith("/"):
            path += "index.html"
        elif os.path.isdir(found):  # noqa: PTH112 — Path.is_dir fails on a name that is too long
            return redirect(f"{request.script_root}/{path}/", 301)
        if path.endswith(f"/{MAILING}index.html"):
            g.inline_styles = True  # it is to be copied with its look
        if path == f"{FOLDER}/{COUNTER}":
            g.wasm = True  # Pagefind is WebAssembly; what runs beside a page has its own policy
        try:
            answer = self._sent(site, path)
        except Nothing as error:
            raise absent_at(self._gateway, path) from error
        # Assets bear a version in their address, parts of the search in their name; everything
        # else is asked for again each time.
        versioned = path.startswith(HASHED) or (
            path.startswith(ASSETS) and _is_version(request.args.get("v"), site / path)
        )
        kept = f"public, max-age={YEAR}, immutable" if versioned else "no-cache"
        answer.headers["Cache-Control"] = kept
        if path.endswith(".woff2"):  # a preview stands in a frame that is of no origin
            answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    def _sent(self, site: Path, path: str) -> Answer:
        """A file, whole or in part; a text compressed, for who accepts it: each of the two has an
        ETag of its own.
        """
        name, kind = path.rpartition("/")[2], _mimetype(path)
        if not path.endswith(compression.TEXTS):
            return send_from_directory(site, path, mimetype=kind, conditional=True)
        copies = self._gateway.builder.places.compressed / site.name
        copy = f"{path}.gz"
        packed = request.accept_encodings[compression.CODING] and compression.kept(
            site / path, copies / copy, self._packing
        )
        folder, chosen = (copies, copy) if packed else (site, path)
        answer = send_from_directory(
            folder, chosen, mimetype=kind, download_name=name, conditional=True
        )
        answer.vary.add("Accept-Encoding")
        if packed:
            answer.content_encoding = compression.CODING
        return answer


def _is_version(asked: str | None, file: Path) -> bool:
    """Whether that is the version of this very file. Just after an upgrade it is not: forms are of
    the new theme, and the site of the one before it until it is built.
    """
    try:
        return asked is not None and asked == version(file.read_bytes())
    except OSError:  # it went with its build just now
        return False


def _mimetype(path: str) -> str | None:
    if path.startswith("feeds/") and path.endswith(".json"):
        return "application/feed+json"
    kind = next((kind for ending, kind in TYPES.items() if path.endswith(ending)), None)
    return kind or mimetypes.guess_type(path)[0]

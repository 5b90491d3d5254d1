"""Links lead somewhere: to a file and its anchor, or to a page of the gateway that answers.

Of feeds, data and calendars too: every address of the site that stands in any of its files.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.site.built import PUBLIC, Built
from tests.site.page import Fault

ASKED = 400  # pages of the gateway; of more, as many by chance, always the same ones
TEXTS = ("atom", "json", "csv", "geojson", "ics", "opml", "txt")
ADDRESS = re.compile(re.escape(PUBLIC) + r"""[^\s"'<>\\,;)]*""")


def broken(site: Built) -> Iterator[Fault]:
    """Links of pages and addresses in other files that lead nowhere."""
    asked: dict[str, Fault] = {}
    for page, content in site.pages.items():
        for line, address in content.links:
            fault = Fault(page, line, f"{address} leads nowhere")
            if (to := site.inside(page, address)) is None:
                continue
            path, anchor = to
            if path in site.files:
                if anchor and path in site.pages and anchor not in site.pages[path].anchors:
                    yield fault._replace(words=f"{address}: no such place on that page")
            else:
                asked.setdefault(gateway_path(path, address), fault)
    for name in sorted(site.files):
        if name.rpartition(".")[2] in TEXTS:
            yield from _in_text(site, name, asked)
    yield from _unanswered(site, asked)


def _in_text(site: Built, name: str, asked: dict[str, Fault]) -> Iterator[Fault]:
    """A calendar folds its lines, in the middle of addresses too."""
    text = site.bytes(name).decode().replace("\r\n ", "")
    for number, line in enumerate(text.split("\n"), 1):
        for address in ADDRESS.findall(line.replace("&amp;", "&")):
            path, anchor = site.inside("", address) or ("", "")
            fault = Fault(name, number, f"{address} leads nowhere")
            if path not in site.files:
                asked.setdefault(gateway_path(path, address), fault)
            elif anchor and path in site.pages and anchor not in site.pages[path].anchors:
                yield fault._replace(words=f"{address}: no such place on that page")


def gateway_path(path: str, address: str) -> str:
    query = address.partition("#")[0].partition("?")[2]
    return path.removesuffix("index.html") + (f"?{query}" if query else "")


def _unanswered(site: Built, asked: dict[str, Fault]) -> Iterator[Fault]:
    """Ask the gateway for what is no file."""
    visitor, chosen = site.gateway.test_client(), sorted(asked)
    if len(chosen) > ASKED:
        chosen = random.Random(0).sample(chosen, ASKED)
    for path in chosen:
        answer = visitor.get("/" + path)
        if path.startswith("/") or answer.status_code >= 400:
            yield asked[path]


def elsewhere(site: Built) -> Iterator[Fault]:
    """What a page would fetch from another host."""
    for page, content in site.pages.items():
        for kind, addresses in content.fetched.items():
            for line, address in addresses:
                if site.inside(page, address) is None and not address.startswith("data:"):
                    yield Fault(page, line, f"a {kind} from another host: {address}")
    for name in sorted(site.files):
        if name.endswith(".css"):
            text = site.bytes(name).decode()
            for found in re.finditer(r"@import|url\(\s*['\"]?(?:https?:)?//", text):
                line = text.count("\n", 0, found.start()) + 1
                yield Fault(name, line, "a style sheet asks another file or host for something")

"""Addresses of pages: what may be linked to, and when two are the same page."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

LONGEST = 2000  # characters; what is longer is no address that anybody gave on purpose
SCHEMES = frozenset({"http", "https"})
TRACKING = re.compile(  # parameters that tell where a reader came from, not what is read
    r"(?:utm|mtm|pk|piwik|matomo|at|oly|vero|hsa|ga|_ga|trk|ns)_.*"
    r"|[a-z]{0,4}clid|gclsrc|msclkid|igshid|mc_[ce]id|_hs(?:enc|mi)|hsctatracking|mkt_tok"
    r"|xt(?:or|ref|mc|cr|np)|wickedid|s_cid|cmpid|ref_(?:src|url)|amp|fb_(?:action_ids|source)"
)
TOLD_BY_VALUE = re.compile(r"(?:ref|source|src|from|medium|origin)=(?:rss|atom|feed|twitter)")
CAMPAIGN = re.compile(r"(?:utm_[^=]*|[a-z]{0,4}clid)=.*", re.IGNORECASE)  # never what is read
INDEX = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|cfm)$", re.IGNORECASE)
KEPT = "!$&'()*+,;=:@/~"  # what stands as it is in a path
UNSAFE = re.compile(  # what is not seen, or ends an address where it stands in a text
    r"[\x00-\x20\x7f-\x9f<>\"\\^`{|}\u2028\u2029\ud800-\udfff"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]"
)
BLANK = "".join(map(chr, range(0x21))) + "\x7f\xa0\u200b\ufeff"


def linkable(address: str, base: str = "") -> str:
    """An address that a page may link to, absolute; "" for what is not on the web.

    A relative one is resolved against `base`.
    """
    given = re.sub(r"[\r\n\t]", "", address.strip(BLANK))
    if not given or len(given) > LONGEST:
        return ""
    try:
        whole = urljoin(base, given) if base else given
        parts = urlsplit(whole)
        parts.port  # noqa: B018 — asking for it tells whether it is one
    except ValueError:
        return ""
    if parts.scheme not in SCHEMES or not parts.hostname:
        return ""
    if UNSAFE.search(parts.netloc):
        return ""
    safe = UNSAFE.sub(lambda found: quote(found[0], errors="replace"), whole)
    return safe if len(safe) <= LONGEST else ""


def canonical(address: str) -> str:
    """The one way to write the address of a page, "" for what is none; to compare, not to follow.

    http and https, with and without `www.`, a default port, a fragment, an index page, a slash at
    the end, the order of parameters and where a reader came from make no difference.
    """
    whole = linkable(address)
    if not whole:
        return ""
    parts = urlsplit(whole)
    host = _host(parts)
    if not host:
        return ""
    path = INDEX.sub("/", _path(parts.path)).rstrip("/")
    query = "&".join(sorted(filter(None, map(_parameter, re.split("[&;]", parts.query)))))
    route = parts.fragment if parts.fragment.startswith(("!", "/")) else ""  # it is what is shown
    return "".join(
        ("https://", host, path or "/", query and f"?{query}", route and f"#{_escaped(route)}")
    )


def untracked(address: str) -> str:
    """An address to follow, without what only says whose campaign brought a reader there."""
    page, hash_, fragment = address.partition("#")
    path, asked, query = page.partition("?")
    kept = "&".join(one for one in query.split("&") if not CAMPAIGN.fullmatch(one))
    return path + (asked if kept else "") + kept + hash_ + fragment if asked else address


def host(address: str) -> str:
    """Whose page it is: the host, without `www.`."""
    try:
        return _host(urlsplit(address))
    except ValueError:
        return ""


def is_front_page(canonical_address: str) -> bool:
    """Whether it is a site's first page: many things are told there, so it tells none of them."""
    return canonical_address.count("/") == 3 and canonical_address.endswith("/")


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            return ""
        if UNSAFE.search(name):  # a sign that is written as a space and another one, "¨" say
            return ""
    name = name.removeprefix("www.") or name
    port = parts.port
    if ":" in name:
        name = f"[{name}]"
    return name if port in (None, 80, 443) else f"{name}:{port}"


def _path(path: str) -> str:
    """The path with its dots resolved, and escaped in the one way."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept = kept[:-1]
        elif part not in (".", ""):
            kept.append(_escaped(part))
    return "/" + "/".join(kept) + ("/" if path.endswith("/") and kept else "")


def _escaped(part: str) -> str:
    """Letters, digits and "-._~" as they are, the rest escaped; what was escaped stays so."""
    pieces = re.split(r"(%[0-9a-fA-F]{2})", part)
    for place, piece in enumerate(pieces):
        if place % 2:
            plain = unquote(piece, errors="strict") if int(piece[1:], 16) < 0x7F else ""
            pieces[place] = plain if re.fullmatch(r"[\w.~-]", plain) else piece.upper()
        else:
            pieces[place] = quote(piece, safe=KEPT, errors="replace")
    return "".join(pieces)


def _parameter(text: str) -> str:
    name = text.partition("=")[0].lower()
    if TRACKING.fullmatch(name) or TOLD_BY_VALUE.fullmatch(text.lower()):
        return ""
    return _escaped(text)

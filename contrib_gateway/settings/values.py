"""How the text of a setting becomes a value; every reader raises ValueError on a wrong one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from contrib_gateway.address import ascii_host, deliverable

SHORTEST_SECRET = 16  # characters; less could be guessed from one receipt
PERIODS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class Screening(StrEnum):
    """When an editor looks: after a proposal is opened, or before."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True)
class Editor:
    """Somebody who may decide at the desk."""

    address: str
    admin: bool = False


@dataclass(frozen=True)
class RateLimit:
    """At most `count` submissions from one client in `window`; the next ones are held."""

    count: int
    window: timedelta


class Security(StrEnum):
    """How words on their way to the mail server are kept from others; also the URL's scheme."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


SMTP_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True)
class Smtp:
    """The server that takes our mail, and `sender`, the address our mail comes from.

    `user` and `password` are ASCII, both "" where the server asks for none.
    """

    security: Security
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", raw) or not lowest <= int(raw) <= highest:
            raise ValueError(raw)
        return int(raw)

    return parse


def url(raw: str) -> str:
    parts = urlsplit(raw)
    surplus = parts.query or parts.fragment or parts.username or re.search(r"\s", raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or surplus or parts.port == 0:
        raise ValueError(raw)
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + "/", "", ""))


def secret(raw: str) -> str:
    if raw and len(raw) < SHORTEST_SECRET:
        raise ValueError(raw)
    return raw


def forge(raw: str) -> str:
    """ "" for the embedded one, OWNER/REPO for one on GitHub."""
    if raw == "local":
        return ""
    if not re.fullmatch(r"github:[A-Za-z0-9][A-Za-z0-9-]*/(?!\.+$)[A-Za-z0-9._-]+", raw):
        raise ValueError(raw)
    return raw.removeprefix("github:")


def word(raw: str) -> str:
    if not re.fullmatch(r"[!-~]*", raw):
        raise ValueError(raw)
    return raw


def digits(raw: str) -> str:
    if not re.fullmatch("[0-9]*", raw):
        raise ValueError(raw)
    return raw


def optional_url(raw: str) -> str:
    return url(raw) if raw else ""


def pem(raw: str) -> str:
    """A private key: its text, or the path of the file that holds it."""
    if raw and "-----BEGIN" not in raw:
        try:
            raw = Path(raw).read_text(encoding="ascii")
        except OSError as error:
            raise ValueError(raw) from error
    if raw and "PRIVATE KEY-----" not in raw:
        raise ValueError(raw)
    return raw.replace("\\n", "\n")


def on_off(raw: str) -> bool:
    if raw not in ("on", "off"):
        raise ValueError(raw)
    return raw == "on"


def yes_no(raw: str) -> bool:
    if raw not in ("1", "0"):
        raise ValueError(raw)
    return raw == "1"


def interval(shortest: timedelta, longest: timedelta) -> Callable[[str], timedelta | None]:
    """None for "off"."""

    def parse(raw: str) -> timedelta | None:
        if raw == "off":
            return None
        match = re.fullmatch("([1-9][0-9]{0,5})([mhd])", raw)
        length = int(match[1]) * UNITS[match[2]] if match else timedelta(0)
        if not shortest <= length <= longest:
            raise ValueError(raw)
        return length

    return parse


def editors(raw: str) -> tuple[Editor, ...]:
    editors = []
    for entry in filter(None, (part.strip() for part in raw.split(","))):
        address, _, role = entry.partition(":")
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or role not in ("", "admin"):
            raise ValueError(entry)
        editors.append(Editor(address.lower(), admin=role == "admin"))
    if len({editor.address for editor in editors}) < len(editors):
        raise ValueError(raw)
    return tuple(editors)


def rate_limit(raw: str) -> RateLimit | None:
    if raw == "off":
        return None
    match = re.fullmatch("([1-9][0-9]{0,8})/(" + "|".join(PERIODS) + ")", raw)
    if not match:
        raise ValueError(raw)
    return RateLimit(int(match[1]), PERIODS[match[2]])


def smtp(raw: str) -> Smtp | None:
    """None where there is no mail; `sender` is "" where none is given."""
    if not raw:
        return None
    parts = urlsplit(raw)
    name, _, sender = parts.query.partition("=")
    asked = (name, bool(sender)) in (("", False), ("from", True))
    bare = parts.path in ("", "/") and not parts.fragment and parts.port != 0
    if not asked or not bare or " " in raw or not raw.isprintable():
        raise ValueError(raw)
    security = Security(parts.scheme)
    return Smtp(
        security,
        _server(parts.hostname or ""),
        parts.port or SMTP_PORTS[security],
        *_credentials(parts.username or "", parts.password or ""),
        sender=_sender(sender) if sender else "",
    )


def _server(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        return ascii_host(host)


def _credentials(*given: str) -> tuple[str, str]:
    """Both or none; smtplib knows no other letters than ASCII in them."""
    user, password = (unquote(part, errors="strict") for part in given)
    if bool(user) != bool(password) or not re.fullmatch("[ -~]*", user + password):
        raise ValueError(given)
    return user, password


def _sender(quoted: str) -> str:
    sender = deliverable(unquote(quoted, errors="strict"))
    if not sender.isascii():
        raise ValueError(quoted)
    return sender

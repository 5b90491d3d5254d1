"""E-mail addresses: those that mail can be sent to, with their domain as DNS knows it."""

import re
import unicodedata
from ipaddress import ip_address

import idna

MOST_LOCAL, MOST = 64, 254  # octets: RFC 5321, 4.5.3.1
# RFC 5321's dot-atom, with the letters beyond ASCII that RFC 6531 adds. What needs quotes is not
# taken: nearly nobody has such an address, and programs disagree on where it ends.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")


def deliverable(raw: str) -> str:
    """Exactly one address, its domain in ASCII. Raises ValueError."""
    local, _, domain = raw.rpartition("@")
    # In a header, "=?…?=" would be read as other words than those that the server was told.
    if not _LOCAL.fullmatch(local) or not local.isprintable() or "=?" in local:
        raise ValueError(raw)
    address = f"{local}@{ascii_host(domain)}"
    if len(local.encode()) > MOST_LOCAL or len(address.encode()) > MOST:
        raise ValueError(raw)
    return address


def same_mailbox(raw: str) -> str:
    """What addresses have in common that lead to one mailbox, however they are written: to compare
    with, not to write to.
    """
    local, _, domain = unicodedata.normalize("NFC", raw.strip()).casefold().rpartition("@")
    try:
        return f"{local}@{ascii_host(domain).lower()}"
    except ValueError:
        return f"{local}@{domain}"


def ascii_host(raw: str) -> str:
    """The name of a host as DNS knows it. Raises ValueError."""
    name = raw if raw.isascii() else idna.encode(raw, uts46=True).decode("ascii")
    if not _HOST.fullmatch(name):
        raise ValueError(raw)
    return name


def mailbox(local: str, host: str) -> str:
    """The address of `local` at `host`, which may be an IP address. Raises ValueError."""
    try:
        number = ip_address(host)
    except ValueError:
        return deliverable(f"{local}@{host}")
    return f"{local}@[{'IPv6:' if number.version == 6 else ''}{number}]"

"""Where the watch may go: addresses of the public internet, as they were when their name was asked.

Whoever connects goes to the very address that was judged here. A name that is asked twice may have
two answers, the second one inside our own network.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from contrib_gateway.watch.faults import Fault, Unfetched

WEB_PORTS = frozenset({80, 443})
OPEN_PORTS = 1024  # from here on anybody may serve pages; below stand mail, shells and the like
TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are an IPv4 address


@dataclass(frozen=True)
class Peer:
    """One address to connect to, as `socket.connect` takes it."""

    family: int
    address: tuple[str | int | bytes, ...]


def peers(host: str, port: int, allow_private: bool) -> list[Peer]:
    """Where a host is, in the order to try. Raises `Unfetched` if it is nowhere, or if any of its
    addresses is none of the public internet.
    """
    if port not in WEB_PORTS and port < OPEN_PORTS:
        raise Unfetched(Fault.ADDRESS)
    try:
        # The resolver's own patience bounds this: a few seconds for each of its servers.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unfetched(Fault.UNKNOWN_HOST) from error
    if not allow_private and not all(is_public(str(sockaddr[0])) for *_, sockaddr in found):
        raise Unfetched(Fault.PRIVATE)
    return [Peer(family, sockaddr) for family, *_, sockaddr in found]


def is_public(number: str) -> bool:
    """Whether anybody on the internet could be meant."""
    address = _meant(ip_address(number))
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address

"""A thousand sites on as many loopback addresses: `python -m benchmarks.newsstand PORT`.

Each answers `/` with an RSS or Atom feed, of ITEMS entries and about 55 kB, after a latency; told
`/latency/MS` or `/change/PER_CENT`, all or some are otherwise from then on.
"""

from __future__ import annotations

import asyncio
import random
import socket
import sys
from dataclasses import dataclass
from itertools import accumulate

SITES = 1000
ITEMS = 35
NEW = 2  # items of a site that changed
SYLLABLES = [first + then for first in "bdlmnrt" for then in ("a", "e", "é", "i", "o", "u")]
WORDS = [
    "".join(random.Random(n).choices(SYLLABLES, k=1 + n.bit_length() // 4)) for n in range(6000)
]
WEIGHTS = list(accumulate(1 / (n + 3) for n in range(6000)))  # as in a language: few are frequent
SECTIONS = 4  # of an entry, so that a feed is of about 55 kB


def host(number: int) -> str:
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def entry(site: int, number: int, atom: bool) -> str:
    chance = random.Random(site * 1_000_003 + number)
    words = lambda count: " ".join(chance.choices(WORDS, cum_weights=WEIGHTS, k=count))  # noqa: E731 — one line, here only
    link = f"http://{host(site)}/articles/{number}?utm_source=rss"
    text = "".join(f"&lt;p&gt;{words(46)}.&lt;/p&gt;\n" for _ in range(SECTIONS))
    day, hour = 1 + number % 28, number % 24
    if atom:
        return (
            f"<entry><id>urn:{site}:{number}</id><title>{words(8)}</title>"
            f'<link rel="alternate" href="{link}"/><updated>2026-10-{day:02}T{hour:02}:00:00Z'
            f'</updated><author><name>{words(2)}</name></author><content type="html">{text}'
            "</content></entry>\n"
        )
    return (
        f'<item><guid isPermaLink="false">{site}-{number}</guid><title>{words(8)}</title>'
        f"<link>{link}</link><pubDate>{day:02} Oct 2026 {hour:02}:00:00 GMT</pubDate>"
        f"<dc:creator>{words(2)}</dc:creator><description>{text}</description></item>\n"
    )


def feed(site: int, newest: int) -> bytes:
    atom = site % 2 == 1
    entries = "".join(entry(site, newest - n, atom) for n in range(ITEMS))
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    if atom:
        body = (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Site {site}</title>{entries}</feed>'
        )
    else:
        body = (
            '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>Site {site}</title><link>http://{host(site)}/</link>{entries}</channel></rss>"
        )
    return (head + body).encode()


@dataclass
class Newsstand:
    """What all the sites serve now."""

    latency: float = 0.02

    def __post_init__(self) -> None:
        self.newest = [ITEMS] * SITES
        self.feeds = [feed(site, ITEMS) for site in range(SITES)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        if path == "/":
            await asyncio.sleep(self.latency)
            writer.write(self._answer(writer.get_extra_info("sockname")[0], head))
        else:
            self._obey(*path.strip("/").split("/"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    def _answer(self, address: str, head: str) -> bytes:
        _, _, high, low = map(int, address.split("."))
        site = high * 250 + low - 1
        tag = f'"{self.newest[site]}"'
        if tag in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n".encode()
        body = self.feeds[site]
        return (
            f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Type: application/xml\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode() + body

    def _obey(self, what: str, number: str) -> None:
        if what == "latency":
            self.latency = int(number) / 1000
        if what == "change":
            for site in range(0, SITES, 100 // int(number)):
                self.newest[site] += NEW
                self.feeds[site] = feed(site, self.newest[site])


async def main(port: int) -> None:
    listening = socket.create_server(("", port), backlog=2048)  # every 127.x.y.z is this machine
    server = await asyncio.start_server(Newsstand().serve, sock=listening)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

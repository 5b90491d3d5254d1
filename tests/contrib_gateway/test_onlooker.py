"""Published is not yet online, where the site is built on GitHub: its page has to be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest

from contrib_gateway import onlooker
from contrib_gateway.onlooker import GIVES_UP, LATEST, Onlooker
from plugins.render import digest
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.houses import House, open_house
from tests.contrib_gateway.offices import small_content
from tests.contrib_gateway.running import BRIEF, until
from tests.github import GitHub


@dataclass
class PublicSite:
    """The site that is built elsewhere: `pages` are by path, `asked` is what readers asked for."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: handler.send_error(404)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/site/"


@pytest.fixture
def public() -> Iterator[PublicSite]:
    site = PublicSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.answer(self)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=[BRIEF], daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()


def page(found: str, before: bytes = b"", after: bytes = b"") -> bytes:
    meta = f'<meta name="vigie:digest" content="{found}">'
    return b"<!doctype html>" + before + meta.encode() + after


def gives(body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass
class Watched:
    """A page that was merged on GitHub, and whoever looks whether it is online."""

    house: House
    id: str
    public: PublicSite
    eye: Onlooker

    @property
    def digest(self) -> str:
        found = self.house.gateway.library.index.by_id(self.id)
        assert found
        return digest(found)

    def look(self, after: timedelta = LATEST) -> bool:
        """Whether it is known to be online after one more look."""
        self.house.clock.now += after
        self.eye.look()
        return self.house.submission(self.id).online_at is not None


@pytest.fixture
def watched(tmp_path: Path, clock: SetClock, public: PublicSite) -> Iterator[Watched]:
    seed, address = small_content(tmp_path / "seed"), {"VIGIE_PUBLIC_URL": public.address}
    with (
        GitHub(tmp_path / "github.git", seed, clock=clock) as github,
        open_house(github, tmp_path / "state", clock, **address) as house,
    ):
        id = house.propose()
        github.merge_as(house.number(id), "nadia", "Nadia Roy")
        house.later()
        gateway = house.gateway
        eye = Onlooker(gateway.settings, gateway.store, gateway.library, clock)
        yield Watched(house, id, public, eye)


def test_published_is_not_online_before_the_page_is_there(watched: Watched) -> None:
    """Absent, then as it was before, then as it was merged."""
    assert not watched.look()
    watched.public.answer = gives(page("0" * 16))
    assert not watched.look()
    assert "sera en ligne dans un instant" in watched.house.receipt(watched.id).words
    watched.public.answer = gives(page(watched.digest))
    assert watched.look()
    slug = watched.house.submission(watched.id).slug
    assert set(watched.public.asked) == {f"/site/besoins/{slug}/"}
    assert "C’est en ligne." in watched.house.receipt(watched.id).words
    asked = len(watched.public.asked)
    watched.look()
    assert len(watched.public.asked) == asked


def sends_bytes(handler: BaseHTTPRequestHandler) -> None:
    """A length is promised, and not kept."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<!doctype")


def redirects(location: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\n\r\n")

    return answer


def odd(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\xff\xfe what is HTTP?\r\n\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        gives(b""),
        gives(b"\xff" * 5000),
        gives(b'<meta name="vigie:digest" content="">'),
        gives(b"<p>\x00" * 1_000_000),
        gives(b"not gzip", **{"Content-Encoding": "gzip"}),
        sends_bytes,
        redirects(b"/site/besoins/"),
        redirects(b"http://[::1"),
        redirects(b"\xff\xfe://\x80"),
        redirects(b"file:///etc/passwd"),
        redirects(b""),
        odd,
        lambda handler: handler.send_error(500),
    ],
)
def test_an_odd_answer_is_no_page_and_keeps_nobody_from_being_looked_at(
    watched: Watched, answer: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    other = watched.house.propose("Un autre")
    watched.house.github.merge_as(watched.house.number(other), "nadia", "Nadia Roy")
    watched.house.later()
    found = watched.house.gateway.library.index.by_id(other)
    assert found
    assert found.url

    def one_good(handler: BaseHTTPRequestHandler) -> None:
        gives(page(digest(found)))(handler) if found.url in handler.path else answer(handler)  # type: ignore[operator]

    watched.public.answer = one_good
    assert not watched.look()
    assert watched.house.submission(other).online_at


@pytest.mark.parametrize(
    "rest", [b"", b"\xff\xfe" * 1000, b"x" * 5_000_000], ids=["small", "not UTF-8", "huge"]
)
def test_the_digest_is_found_whatever_stands_around_it(watched: Watched, rest: bytes) -> None:
    watched.public.answer = gives(page(watched.digest, rest[:2000], rest))
    assert watched.look()


def test_a_redirection_is_followed_as_readers_do(watched: Watched) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path.startswith("/site/"):
            redirects(b"/elsewhere/")(handler)
        else:
            gives(page(watched.digest))(handler)

    watched.public.answer = answer
    assert watched.look()


def test_a_page_that_comes_drop_by_drop_is_left_alone_in_the_end(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onlooker, "LONGEST_LOOK", 0.1)
    gone = []

    def drops(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"<")
                handler.wfile.flush()
        except OSError:
            gone.append(True)

    watched.public.answer = drops
    assert not watched.look()
    until(lambda: bool(gone), "the end of it")


def test_pauses_grow_and_it_is_given_up_in_the_end(watched: Watched) -> None:
    begun = watched.house.clock.now
    looks = []
    while watched.house.clock.now - begun < timedelta(hours=2):
        before = len(watched.public.asked)
        watched.look(timedelta(seconds=1))
        if len(watched.public.asked) > before:
            looks.append(watched.house.clock.now)
    pauses = [later - sooner for sooner, later in pairwise(looks)]
    assert len(looks) < 80
    assert max(pauses[:3]) < timedelta(seconds=10)
    assert all(later >= sooner - timedelta(seconds=1) for sooner, later in pairwise(pauses))
    assert pauses[-1] <= LATEST + timedelta(seconds=1)
    watched.look(GIVES_UP)
    asked = len(watched.public.asked)
    watched.public.answer = gives(page(watched.digest))
    for _ in range(3):
        assert not watched.look()
    assert len(watched.public.asked) == asked


def test_a_merge_on_github_is_built_and_then_online(watched: Watched) -> None:
    """The whole way: what the builder makes of main is what the public site shows."""
    house = watched.house
    assert house.gateway.builder.build_if_needed(), house.gateway.store.last_build()
    assert house.submission(watched.id).online_at is None
    built = house.gateway.builder.places.site
    slug = house.submission(watched.id).slug
    watched.public.answer = gives((built / "besoins" / slug / "index.html").read_bytes())
    assert watched.look()

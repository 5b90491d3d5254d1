"""How much the search adds to a build and weighs, and how long it takes on a slower phone.

    python benchmarks/bench_search.py [PROFILES …]

Pagefind is given the records of a made-up territory; a browser then looks for words in them. Bytes
are those that a server sends without compressing them.
"""

from __future__ import annotations

import datetime
import resource
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from playwright.sync_api import Page, sync_playwright

from benchmarks.territory import seed
from plugins.check import load
from plugins.finder import Finder
from plugins.render import Site, Theme
from plugins.render.search.page import FOLDER, search_page
from plugins.render.search.records import records
from plugins.render.theme import ROOT, SEARCH, SHEET
from tests.browser import FLAGS, chromium

SLOWER = 4  # than this machine's processor: a phone of the middle
WORDS = ("médiation numérique", "emploi", "atelier tours", "imprimer", "equipement", "habitants")
TAKEN = """words => new Promise(done => {
  const list = document.querySelector("#search-found");
  const box = document.querySelector("#search-words");
  const began = performance.now();
  new MutationObserver((_, observer) => {
    if (list.getAttribute("aria-busy") === "true") return;
    observer.disconnect();
    done(performance.now() - began);
  }).observe(list, {attributeFilter: ["aria-busy"]});
  box.value = words;
  box.form.requestSubmit();
})"""


def measure(profiles: int, folder: Path) -> None:
    seed(folder / "content", profiles)
    index = load(folder / "content").index
    url = "http://127.0.0.1/"
    theme = Theme(Site(url, url, datetime.date(2026, 11, 26)), index.schema)
    output = folder / "site"
    output.mkdir()
    began = time.process_time()
    found = records(index)
    told = time.process_time() - began
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with Finder(output, found):
        pass
    after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    weight = sum(file.stat().st_size for file in (output / FOLDER).rglob("*") if file.is_file())
    print(f"{profiles} profiles, {len(found)} records: told in {told:.2f} s of processor;", end=" ")
    print(f"Pagefind {took:.1f} s, {busy:.1f} s of processor; {weight / 1e6:.1f} MB on disk")
    (output / SEARCH).mkdir()
    (output / SEARCH / "index.html").write_text(search_page(theme, index, "fr"))
    shutil.copytree(ROOT / "static", output / "theme")
    (output / "theme" / SHEET).write_text(theme.sheet)
    browse(output)


class Server(ThreadingHTTPServer):
    sent = 0  # bytes


class Files(SimpleHTTPRequestHandler):
    """A silent server, that counts."""

    server: Server

    def log_message(self, *_: object) -> None: ...

    def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:
        data = source.read()
        self.server.sent += len(data)
        outputfile.write(data)


def browse(site: Path) -> None:
    files = partial(Files, directory=str(site))
    with Server(("127.0.0.1", 0), files) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"http://127.0.0.1:{server.server_port}/{SEARCH}", wait_until="networkidle")
        before = server.sent
        first = look(page, WORDS[0])
        found = server.sent - before
        print(f"  the page {before / 1000:.0f} kB; the first search {found / 1000:.0f} kB", end=" ")
        counted = count(page)
        counts = server.sent - before - found
        print(f"in {first:.0f} ms, its counts {counts / 1000:.0f} kB in {counted:.0f} ms;", end=" ")
        others = [(look(page, words), count(page)) for words in WORDS[1:]]
        each = (server.sent - before - found - counts) / 1000 / len(others)
        found_in, counted_in = (statistics.median(column) for column in zip(*others, strict=True))
        print(f"the next {each:.0f} kB, {found_in:.0f} ms and {counted_in:.0f} ms")
        browser.close()
        server.shutdown()


def count(page: Page) -> float:
    """How many milliseconds more until each choice says how much it would leave."""
    began = time.monotonic()
    page.locator(".list-side[aria-busy=false]").wait_for(state="attached", timeout=120_000)
    return (time.monotonic() - began) * 1000


def look(page: Page, words: str) -> float:
    """How many milliseconds until the rows stand."""
    return float(page.evaluate(TAKEN, words))


def main(sizes: Sequence[int]) -> None:
    for profiles in sizes:
        with TemporaryDirectory() as made:
            measure(profiles, Path(made))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1000, 10_000])

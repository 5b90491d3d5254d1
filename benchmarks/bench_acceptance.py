"""Accepted forms a second and their latency, beside a bare form that only inserts durably.

All run in their own process on this machine, the load beside them; pages to review are prepared
beforehand, so that only confirming is measured. The same with the embedded forge and with a GitHub
of our own that answers at once or after 300 ms: a contributor waits for neither. Rounds alternate;
the ratio is of medians.
"""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.contrib_gateway.running import Server, free_port, prepare, sample_content
from tests.contrib_gateway.visitor import Pairs, Visitor, answers

ROUNDS = 3
POSTS = 320
CLIENTS = (1, 32)
FORGES = ("embedded", "github 0 ms", "github 300 ms")
Review = tuple[str, Pairs]

BARE = """
import sqlite3, sys, threading, flask, waitress
from wtforms import Form, StringField, TextAreaField, validators
app, here = flask.Flask(__name__), threading.local()
names = [f"field{n}" for n in range(12)]
class Bare(Form):
    title = StringField(validators=[validators.InputRequired()])
    body = TextAreaField()
for name in names: setattr(Bare, name, StringField())
def db():
    if not hasattr(here, "db"):
        here.db = sqlite3.connect(sys.argv[2], isolation_level=None, timeout=30)
        here.db.execute("pragma journal_mode=wal"); here.db.execute("pragma synchronous=full")
        here.db.execute("create table if not exists s (id integer primary key, body text)")
    return here.db
@app.post("/")
def take():
    form = Bare(flask.request.form)
    if not form.validate(): return "no", 422
    db().execute("insert into s (body) values (?)", [repr(form.data)])
    return flask.redirect("/done", 303)
@app.get("/")
def ready(): return "ready"
waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, _quiet=True)
"""


def confirm(port: int, reviews: list[Review], clients: int) -> tuple[float, float]:
    """Answers a second, and the median latency in milliseconds."""

    def post(review: Review) -> float:
        began = time.perf_counter()
        status = Visitor(port).post(*review).status
        assert status == 303, status
        return time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        latencies = list(pool.map(post, reviews))
    return len(reviews) / (time.perf_counter() - began), median(latencies) * 1000


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            Visitor(port).get("/")
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise SystemExit(f"nothing answers at port {port}")


def start_bare(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    command = [sys.executable, "-c", BARE, str(port), str(folder / "bare.sqlite")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for(port)
    return process, port


@contextmanager
def github(folder: Path, seed: Path, latency: float) -> Iterator[dict[str, str]]:
    """A GitHub of our own in a process of its own; the settings that lead to it."""
    port = free_port()
    command = [sys.executable, "-m", "tests.github", "--repository", str(folder / "github.git")]
    command += ["--seed", str(seed), "--port", str(port)]
    command += ["--latency", str(latency), "--no-validation"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield {
            "VIGIE_FORGE": "github:vigie/territoire",
            "VIGIE_GITHUB_URL": f"http://127.0.0.1:{port}",
            "VIGIE_GITHUB_TOKEN": "ghp_test",
            "VIGIE_GITHUB_PACE": "off",
        }
    finally:
        process.kill()
        process.wait()


@contextmanager
def forge(kind: str, folder: Path, seed: Path) -> Iterator[dict[str, str]]:
    if kind == "embedded":
        yield {}
    else:
        with github(folder, seed, float(kind.split()[1]) / 1000) as settings:
            yield settings


def measure(folder: Path, kind: str, bare_port: int) -> None:
    with forge(kind, folder, folder / "content") as settings:
        server = Server(folder / f"state {kind}", **settings).start()
        try:
            server.wait_site()
            for clients in CLIENTS:
                rounds = [
                    one_round(server, kind, clients, turn, bare_port) for turn in range(ROUNDS)
                ]
                rate, latency, bare_rate, bare_latency = map(median, zip(*rounds, strict=True))
                print(
                    f"{kind:13} {clients:3} clients: {rate:5.0f}/s ({latency:4.1f} ms) | "
                    f"{bare_rate:5.0f}/s ({bare_latency:4.1f} ms) | x {rate / bare_rate:.2f}",
                    flush=True,
                )
        finally:
            server.kill()


def one_round(
    server: Server, kind: str, clients: int, turn: int, bare_port: int
) -> tuple[float, float, float, float]:
    """Rate and latency of Vigie, then of the bare form."""
    titles = [f"Besoin {kind} {clients} {turn} {number}" for number in range(POSTS)]
    visitor = server.visitor()
    reviews = [visitor.review("need", answers("need", title)) for title in titles]
    plain = [("/", [("title", title), ("body", "x")]) for title in titles]
    return (*confirm(server.port, reviews, clients), *confirm(bare_port, plain, clients))


def main() -> None:
    print("confirmed a second (median latency), Vigie | bare form | ratio of rates")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder / "state", sample_content(folder / "content"))
        bare, bare_port = start_bare(folder)
        try:
            for kind in FORGES:
                shutil.copytree(folder / "state", folder / f"state {kind}", symlinks=True)
                measure(folder, kind, bare_port)
        finally:
            bare.kill()
            bare.wait()


if __name__ == "__main__":
    main()

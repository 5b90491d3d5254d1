"""Accepted forms a second and their latency, beside a bare form that only inserts durably.

Both run in their own process under waitress on this machine; pages to review are prepared
beforehand, so that only confirming is measured. Rounds alternate; the ratio is of medians.
"""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.contrib_gateway.running import Server, free_port, prepare, sample_content
from tests.contrib_gateway.visitor import Pairs, Visitor, answers

ROUNDS = 3
POSTS = 160
CLIENTS = (1, 32)
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
    return len(reviews) / (time.perf_counter() - began), statistics.median(latencies) * 1000


def start_bare(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    command = [sys.executable, "-c", BARE, str(port), str(folder / "bare.sqlite")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            Visitor(port).get("/")
            return process, port
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    raise SystemExit("the bare form does not start")


def main() -> None:
    print("confirmed a second (median latency), Vigie | bare form | ratio of rates")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(prepare(folder / "state", sample_content(folder / "content"))).start()
        bare, bare_port = start_bare(folder)
        try:
            for clients in CLIENTS:
                ours: list[tuple[float, float]] = []
                theirs: list[tuple[float, float]] = []
                for turn in range(ROUNDS):
                    titles = [f"Besoin {clients} {turn} {number}" for number in range(POSTS)]
                    visitor = server.visitor()
                    reviews = [visitor.review("need", answers("need", t)) for t in titles]
                    plain = [("/", [("title", title), ("body", "x")]) for title in titles]
                    ours.append(confirm(server.port, reviews, clients))
                    theirs.append(confirm(bare_port, plain, clients))
                rate, latency = (statistics.median(column) for column in zip(*ours, strict=True))
                bare_rate, bare_latency = (
                    statistics.median(column) for column in zip(*theirs, strict=True)
                )
                print(
                    f"{clients:3} clients: {rate:5.0f}/s ({latency:4.1f} ms) | "
                    f"{bare_rate:5.0f}/s ({bare_latency:4.1f} ms) | x {rate / bare_rate:.2f}"
                )
        finally:
            server.stop()
            bare.kill()
            bare.wait()


if __name__ == "__main__":
    main()

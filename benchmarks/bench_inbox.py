"""How long an editor waits for the watch's inbox with 50 000 items, beside a bare page.

A real store in a process of its own, asked over HTTP on this machine. Nine items in ten are stories
of their own, as in life. The bare page is /healthz of the same process, asked in turns in the same
run; the ratio is of medians. The first search of all is told apart: it takes what came since the
last one into the index of words.
"""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from benchmarks.bench_desk import BARE, asked, measure
from contrib_gateway.store import Store
from contrib_gateway.store.tables import clusters, items
from tests.contrib_gateway.running import Server, copied_state, prepare, sample_content

ITEMS = 50_000
SOURCES = 1000
BATCH = 5000
WORDS = (Path(__file__).parents[1] / "docs" / "operations.md").read_text("utf-8").split()
THEMES = ("sante", "mobilite", "se-former", "cooperer", "citoyennete", "lien-social")


def fill(store: Store) -> None:
    """An inbox of that many, over a year."""
    chance, now = random.Random(6), datetime.now(UTC)
    told, stories = [], []
    for number in range(1, ITEMS + 1):
        at = now - timedelta(minutes=chance.randrange(365 * 24 * 60))
        if number % 10 == 1 or chance.random() < 0.9:
            stories.append(story(number, at, chance))
        stories[-1]["carriers"] += 1
        told.append(item(number, at, stories[-1]["id"], chance))
    with store._writing() as connection:
        for table, rows in ((items, told), (clusters, stories)):
            for start in range(0, len(rows), BATCH):
                connection.execute(insert(table), rows[start : start + BATCH])


def story(number: int, at: datetime, chance: random.Random) -> dict[str, object]:
    state = chance.choice(("inbox",) * 7 + ("discarded", "discarded", "kept"))
    return {
        **dict.fromkeys(("decided_by", "reason"), ""),
        "id": f"story{number}",
        "state": state,
        "version": 1,
        "lead": number,
        "newest_at": at,
        "carriers": 0,
        "lang": chance.choice(("fr", "fr", "fr", "en")),
        "suggested": chance.sample(THEMES, chance.randrange(3)),
        "qualification": {},
        "decided_at": None if state == "inbox" else at,
    }


def item(number: int, at: datetime, cluster: str, chance: random.Random) -> dict[str, object]:
    address = f"https://source{number % SOURCES}.example/{number}"
    return {
        "source": f"source{number % SOURCES}",
        "key": str(number),
        "address": address,
        "url": address,
        "title": " ".join(chance.choices(WORDS, k=10)),
        "summary": " ".join(chance.choices(WORDS, k=60)),
        "author": "",
        "lang": "fr",
        "published_at": at,
        "found_at": at,
        "cluster": cluster,
    }


def main() -> None:
    print(f"the inbox of the watch, {ITEMS} items, ms: median | 95 of 100 | ratio to the bare page")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder / "seed", sample_content(folder / "content"))
        state = copied_state(folder / "seed", folder / "state")
        store = Store(state / "vigie.sqlite")
        fill(store)
        server = Server(state).start()
        try:
            editor = server.editor()
            first = asked(editor, "/redaction/veille/?q=courriel")
            measure(
                editor,
                {
                    BARE: "/healthz",
                    "first page": "/redaction/veille/",
                    "last page": "/redaction/veille/?page=99999",
                    "kept by theme": "/redaction/veille/?theme=sante&etat=gardees",
                    "by theme": "/redaction/veille/?theme=sante",
                    "by language": "/redaction/veille/?langue=en",
                    "by words": "/redaction/veille/?q=courriel+sauvegarde",
                    "common word": "/redaction/veille/?q=the",
                    "a story": "/redaction/veille/story1/",
                    "the desk": "/redaction/",
                },
                store,
            )
            print(f"first search  {first:6.0f}")
        finally:
            server.kill()


if __name__ == "__main__":
    main()

"""The disk is full, the database locked or broken, the forge away: nobody loses what they typed."""

from __future__ import annotations

import json
import re
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from contrib_gateway.clock import utc_now
from tests.contrib_gateway.ledger import Ledger, git
from tests.contrib_gateway.running import Server, copied_state, serving, until
from tests.contrib_gateway.visitor import Page, Pairs, answers, id_of

IMPATIENT = ("tests.contrib_gateway.impatient", "serve")
FORM = "/contribuer/need/"
UNSAVED = "Ceci n’a pas pu être enregistré."
CANARY = "canari"
NUMBERS = count(1)
Fault = Callable[[Server], AbstractContextManager[object]]


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """No file can grow."""
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def locked_database(server: Server) -> Iterator[None]:
    """Another program writes, and does not end."""
    connection = sqlite3.connect(server.state / "vigie.sqlite", isolation_level=None, timeout=60)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def unreadable_database(server: Server) -> Iterator[None]:
    """The table that everything asks is not there."""
    connection = sqlite3.connect(server.state / "vigie.sqlite", isolation_level=None, timeout=60)
    connection.execute("ALTER TABLE submissions RENAME TO elsewhere")
    try:
        yield
    finally:
        connection.execute("ALTER TABLE elsewhere RENAME TO submissions")
        connection.close()


@contextmanager
def unwritable_forge(server: Server) -> Iterator[None]:
    """All can be read; no branch can be written: a file is in the place of their folder."""
    git(server.state / "forge.git", "pack-refs", "--all")
    folder = server.state / "forge.git/refs/heads/contribution"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("")
    try:
        yield
    finally:
        folder.unlink()


@contextmanager
def unmounted(state: Path) -> Iterator[None]:
    """The disk of the forge is not there."""
    forge, away = state / "forge.git", state / "away.git"
    forge.rename(away)
    try:
        yield
    finally:
        away.rename(forge)


def forge_away(server: Server) -> AbstractContextManager[None]:
    return unmounted(server.state)


DATABASE = (full_disk, locked_database, unreadable_database)
FORGE = (unwritable_forge, forge_away)


@pytest.fixture(scope="module")
def server(sample_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    state = tmp_path_factory.mktemp("outage") / "state"
    copied_state(sample_state, state)
    server = Server(state, IMPATIENT).start()
    yield server
    server.kill()
    assert_discreet(server)


def assert_discreet(server: Server) -> None:
    """Its log is lines of JSON, without a word that was typed, and nothing surprised it."""
    for line in server.log.splitlines():
        assert CANARY not in line.lower()
        assert {"time", "level", "logger", "event"} <= set(json.loads(line))
    assert "Traceback" not in server.log, server.log[-4000:]


def need() -> dict[str, str]:
    title = f"Un {CANARY} {next(NUMBERS)}"
    return {
        **answers("need", title),  # type: ignore[dict-item]
        "body": f"Le {CANARY} & <les> « autres » :\r\n\r\nil chante.",
        "contact": f"{CANARY}@example.org",
        "signed_as": f"Le {CANARY}",
    }


def typed(pairs: Pairs) -> Pairs:
    return sorted((name, value) for name, value in pairs if not name.startswith("_"))


def inputs(page: Page) -> Pairs:
    return page.form(FORM).filled({})


def assert_balanced(server: Server, accepted: int) -> None:
    server.wait_queue()
    Ledger.read(server.state).assert_balanced()
    assert server.health()["accepted"] == accepted


@pytest.mark.parametrize("fault", DATABASE)
def test_what_could_not_be_stored_comes_back_whole_and_can_be_sent_again(
    server: Server, fault: Fault
) -> None:
    visitor, before = server.visitor(), server.health()["accepted"]
    review = visitor.fill("need", need())
    with fault(server):
        for _ in range(2):  # pressed twice
            again = visitor.submit(review, FORM, {})
            assert again.status == 503
            assert UNSAVED in again.words
            assert "Réessayez dans une minute." in again.words
            assert inputs(again) == inputs(review)
    sent = visitor.submit(again, FORM, {})
    assert sent.status == 303
    assert visitor.submit(again, FORM, {}).location == sent.location
    assert_balanced(server, before + 1)


def test_what_is_corrected_while_the_database_is_broken_comes_back_whole(server: Server) -> None:
    visitor, given = server.visitor(), need()
    review = visitor.fill("need", given)
    with unreadable_database(server):
        page = visitor.submit(review, FORM, {}, "_edit")
        assert page.status == 503
        assert UNSAVED in page.words
        kept = dict(inputs(page))
        assert {name: kept[name] for name in given if name != "themes"} == {
            name: value for name, value in given.items() if name != "themes"
        }
        assert visitor.submit(page, FORM, {"title": ""}).status == 503
    again = visitor.submit(page, FORM, {})
    assert again.status == 200
    assert typed(inputs(again)) == typed(inputs(review))


@pytest.mark.parametrize("fault", FORGE)
def test_a_contribution_is_accepted_while_the_forge_is_away_and_proposed_afterwards(
    server: Server, fault: Fault
) -> None:
    visitor, before = server.visitor(), server.health()["accepted"]
    review = visitor.review("need", need())
    with fault(server):
        assert visitor.get(FORM).status == 200
        receipt = visitor.confirm(review)
        assert visitor.get(receipt).status == 200
        until(lambda: id_of(receipt) in told(server, "will be tried again"), "an attempt")
        assert server.health()["queued"] == 1
    assert_balanced(server, before + 1)


def told(server: Server, event: str) -> set[str]:
    """The submissions of which the log says so."""
    lines = [json.loads(line) for line in server.log.splitlines()]
    return {line["submission"] for line in lines if line["event"] == event}


@pytest.mark.parametrize("fault", (*DATABASE, *FORGE))
def test_every_page_answers_or_says_that_it_cannot(server: Server, fault: Fault) -> None:
    visitor, editor = server.visitor(), server.editor()
    receipt = visitor.contribute("need", need())
    server.wait_queue()
    id = id_of(receipt)
    paths = ["/", "/besoins/", "/contribuer/", FORM, f"/en{FORM}", receipt, "/healthz", "/metrics"]
    desk = ["/redaction/", f"/redaction/{id}/", f"/redaction/{id}/page/"]
    read = editor.get(f"/redaction/{id}/").form("/publier/").inputs
    with fault(server):
        pages = [visitor.get(path) for path in paths] + [editor.get(path) for path in desk]
        for verb in ("publier", "refuser"):
            sent = [*read, ("reason", f"Un {CANARY}")]
            pages.append(editor.post(f"/redaction/{id}/{verb}/", sent))
    for page in pages:
        decided = page.status == 409 and "vient d’en décider" in page.words
        assert decided or page.status in (200, 303, 503), (page.path, page.status)
        if page.status == 503:
            assert re.search("[Rr]éessayez", page.words), page.words
    assert [page.status for page in pages[:2]] == [200, 200]  # readers notice nothing
    assert pages[paths.index(FORM)].status == 200
    assert pages[paths.index("/metrics")].status == 200
    server.wait_queue()
    until(lambda: balanced(server), "the decision to be noted")


def balanced(server: Server) -> bool:
    try:
        Ledger.read(server.state).assert_balanced()
    except AssertionError:
        return False
    return True


def test_a_reason_written_on_the_desk_is_kept_while_the_database_is_broken(server: Server) -> None:
    receipt = server.visitor().contribute("need", need())
    server.wait_queue()
    editor, id = server.editor(), id_of(receipt)
    page = editor.get(f"/redaction/{id}/")
    with unreadable_database(server):
        kept = editor.submit(page, f"/{id}/refuser/", {"reason": "Il en existe un."})
        assert kept.status == 503
    again = editor.post(kept.path, kept.form("").filled({}))
    assert again.status == 303
    assert "Il en existe un." in server.visitor().get(receipt).words


def test_what_is_sent_before_main_was_ever_read_is_kept_too(
    sample_state: Path, tmp_path: Path
) -> None:
    """Vigie has just started, and its disk goes away: not even the site's name is known."""
    state = copied_state(sample_state, tmp_path / "state")
    sent = [*need().items()]
    with serving(state, utc_now) as (gateway, form):  # no loop of its own reads main first
        with unmounted(state):
            page = form.post(FORM, [(name, str(value)) for name, value in sent if name != "themes"])
            assert page.status == 503
            kept = page.form("").filled({})
        review = form.post(FORM, [*kept, ("themes", "chercher-un-emploi")])
        assert review.status == 200
        assert form.submit(review, FORM, {}).status == 303
        assert sum(gateway.store.counts().values()) == 1


def test_a_database_of_a_later_vigie_is_refused_with_a_sentence(
    sample_state: Path, tmp_path: Path
) -> None:
    copied_state(sample_state, tmp_path / "state")
    with sqlite3.connect(tmp_path / "state/vigie.sqlite") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    done = Server(tmp_path / "state").run("serve")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: the database is of version 99")
    assert "Traceback" not in done.stderr

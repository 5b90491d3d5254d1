"""When it is hard to forget: two processes, a forge that says no, an editor who acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pygit2
import pytest

from contrib_gateway.errors import ForgeUnavailable, Refused
from contrib_gateway.forge.github.pulls import Pulls
from contrib_gateway.gateway import Gateway, assemble
from contrib_gateway.library import ROOT
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.test_receipts import ADDRESS, amended, contribute, post, posting, press
from tests.contrib_gateway.visitor import id_of

FIXTURES = (content, desk, github, on_github)
WORDS = b"Un r\xc3\xa9cit personnel."  # in what `contribute` sends


@contextmanager
def another_process(desk: Desk) -> Iterator[Gateway]:
    """On the same state folder, as `vigie forget` is."""
    other = assemble(desk.gateway.settings, desk.clock)
    try:
        yield other
    finally:
        other.store.close()


def interrupt(
    monkeypatch: pytest.MonkeyPatch,
    thing: object,
    name: str,
    before: Callable[[], object] = lambda: None,
    after: Callable[[], object] = lambda: None,
) -> None:
    """Something happens just before, or just after, the next call of a method."""
    honest = getattr(thing, name)

    def interrupted(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(thing, name, honest)
        before()
        done = honest(*arguments, **named)
        after()
        return done

    monkeypatch.setattr(thing, name, interrupted)


def branches(desk: Desk) -> list[str]:
    """All that the forge has of proposals."""
    forge = desk.gateway.forge
    return [one.branch for one in (*forge.pending(), *forge.strays())]


def copies(desk: Desk) -> list[str]:
    """Where git on this machine has what was written."""
    found = []
    for folder in desk.gateway.settings.state.glob("*.git"):
        repository = pygit2.Repository(str(folder))
        found += [f"{folder.name} {oid}" for oid in repository if WORDS in repository.read(oid)[1]]
    return found


# Two processes


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_another_process_forgets_while_it_is_being_proposed(
    desk: Desk, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = contribute(desk, work=False)
    id = id_of(receipt)
    with another_process(desk) as other:

        def forget() -> None:
            other.store.forget(id)
            other.worker.do_errands()

        interrupt(monkeypatch, desk.gateway.forge, "propose", **{moment: forget})
        desk.work(minutes=5)
    assert desk.state(id) is State.WITHDRAWN
    assert (branches(desk), copies(desk)) == ([], [])
    assert not desk.gateway.reconciliation().differences()


def test_what_another_process_takes_back_while_it_is_being_proposed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = contribute(desk, work=False)
    with another_process(desk) as other:

        def withdraw() -> None:
            other.store.mark_withdrawn(id_of(receipt))
            other.worker.do_errands()

        interrupt(monkeypatch, desk.gateway.forge, "propose", withdraw)
        desk.work(minutes=5)
    assert branches(desk) == []
    assert not desk.gateway.reconciliation().differences()


@pytest.mark.parametrize("moment", ["unannounced", "add_errand"])
def test_who_is_forgotten_while_a_mail_to_them_is_being_written_gets_none(
    state: Path, clock: SetClock, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mailbox() as box, posting(state, clock, box) as desk:
        receipt = contribute(desk)
        post(desk)
        desk.gateway.desk.decline(id_of(receipt), "Nour", "Elle y est déjà.")
        store = desk.gateway.store

        def forget() -> None:
            with another_process(desk) as other:
                other.store.forget(id_of(receipt))

        then = {"after": forget} if moment == "unannounced" else {"before": forget}
        interrupt(monkeypatch, store, moment, **then)
        for _ in range(2):
            post(desk)
        assert store.count_errands("declined ") == 0
        assert len(box.wait_for(1)) == 1, "the receipt"
        store.shred()
        files = desk.gateway.settings.state.glob("vigie.sqlite*")
        assert not any(ADDRESS.encode() in file.read_bytes() for file in files)


# An editor who acts


@pytest.mark.parametrize("verb", ["oublier", "retirer"])
def test_what_is_merged_while_its_contributor_thinks_better_of_it_is_said_to_be_published(
    desk: Desk, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = contribute(desk)
    id = id_of(receipt)
    pressed = []
    interrupt(
        monkeypatch,
        desk.gateway.forge,
        "merge",
        after=lambda: pressed.append(press(desk, receipt, verb).status),
    )
    assert desk.press(id, "publier").status == 303
    desk.work(minutes=5)
    assert pressed == [303]
    assert desk.state(id) is State.PUBLISHED and desk.gateway.library.index.by_id(id)
    last = desk.gateway.store.journal(id)[0]
    assert (last.what, bool(last.who)) == ("published", True)
    shown = desk.editor.get(receipt).words
    assert ("C’est oublié" if verb == "oublier" else "C’est accepté") in shown
    assert "C’est retiré" not in shown
    assert not desk.gateway.reconciliation().differences()


def test_what_is_merged_on_the_forge_just_before_it_is_forgotten_stays_published(
    desk: Desk,
) -> None:
    receipt = contribute(desk)
    id = id_of(receipt)
    desk.gateway.forge.merge(id, "Nour")
    press(desk, receipt, "oublier")
    assert desk.state(id) is State.WITHDRAWN
    desk.gateway.worker.work()
    assert desk.state(id) is State.PUBLISHED
    assert not desk.gateway.reconciliation().differences()


# A forge that says no


def refusing(monkeypatch: pytest.MonkeyPatch, thing: object, name: str) -> Callable[[], None]:
    """A right was taken from the gateway; call what is returned to give it back."""
    honest = getattr(thing, name)

    def refused(*_: object, **__: object) -> None:
        raise Refused("GitHub answered 403")

    monkeypatch.setattr(thing, name, refused)
    return lambda: monkeypatch.setattr(thing, name, honest)


def test_forgetting_survives_a_forge_that_refuses_for_eight_days(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = contribute(desk)
    allow = refusing(monkeypatch, desk.gateway.forge, "erase")
    press(desk, receipt, "oublier")
    for _ in range(16):
        desk.clock.move(hours=12)
        desk.gateway.worker.work()
    assert branches(desk)
    allow()
    desk.clock.move(hours=2)
    desk.gateway.worker.work()
    assert (branches(desk), copies(desk)) == ([], [])


@pytest.mark.parametrize(("verb", "call"), [("corriger", "amend"), ("retirer", "decline")])
def test_second_thoughts_survive_a_forge_that_refuses_for_six_days(
    desk: Desk, verb: str, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = contribute(desk)
    allow = refusing(monkeypatch, desk.gateway.forge, call)
    if verb == "corriger":
        amended(desk, receipt, body="Un autre récit.")
    else:
        press(desk, receipt, verb)
    for _ in range(12):
        desk.clock.move(hours=12)
        desk.gateway.worker.work()
    allow()
    desk.clock.move(hours=2)
    desk.gateway.worker.work()
    opened = desk.gateway.forge.opened(id_of(receipt))
    if verb == "corriger":
        assert opened
        assert WORDS not in b"".join(data for data in opened.files.values() if data)
    else:
        assert opened is None


# A name


def test_who_takes_their_name_off_is_not_named_by_what_is_published(desk: Desk) -> None:
    receipt = contribute(desk)
    before = desk.gateway.forge.head()
    amended(desk, receipt, signed_as="", title="Le wifi de la place")
    desk.gateway.worker.work()
    assert desk.press(id_of(receipt), "publier").status == 303
    document = desk.gateway.library.index.by_id(id_of(receipt))
    assert document
    [version] = desk.gateway.forge.history([ROOT + document.path])
    assert (version.proposed_by, version.corrected_by) == ("", "")
    assert desk.gateway.forge.head() != before


# On GitHub


def test_a_branch_that_never_came_to_a_pull_request_goes_too(
    on_github: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise ForgeUnavailable("502")

    with monkeypatch.context() as patch:
        patch.setattr(Pulls, "create", unavailable)
        receipt = contribute(on_github)
    assert branches(on_github)
    press(on_github, receipt, "oublier")
    on_github.work(minutes=5)
    assert branches(on_github) == []
    assert not on_github.gateway.reconciliation().differences()


def test_what_an_editor_had_looked_at_leaves_this_machine(on_github: Desk) -> None:
    receipt = contribute(on_github)
    on_github.editor.get(f"/redaction/{id_of(receipt)}/")
    amended(on_github, receipt, title="Le wifi de la place")
    on_github.gateway.worker.work()
    on_github.editor.get(f"/redaction/{id_of(receipt)}/")
    assert copies(on_github)
    press(on_github, receipt, "oublier")
    on_github.gateway.worker.work()
    assert copies(on_github) == []
    forge = on_github.gateway.forge
    assert all(forge.read(blob) for blob in forge.files(forge.head()).values())

"""What a contributor asks to be forgotten is nowhere in the database's files."""

from datetime import timedelta
from pathlib import Path

import pytest

from contrib_gateway.errors import AlreadyDecided
from contrib_gateway.store import ERASE, SHRED, Amendment, NewErrand, NewLetter, Reach, State, Store
from contrib_gateway.store.privacy import SHREDS
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.store.samples import accept, new

SECRETS = ("Zoé-la-secrète", "zoe.secrete@exemple.org", "un récit très personnel", "ma question")


def secret(store: Store, id: str = "a1") -> None:
    accept(
        store,
        id,
        title="un récit très personnel",
        slug="un-recit-tres-personnel",
        body="un récit très personnel " * 40,
        data={"title": "un récit très personnel"},
        private={"contact": "zoe.secrete@exemple.org"},
        signed_as="Zoé-la-secrète",
    )
    store.ask(id, "Nour", "ma question")
    store.answer(id, "zoe.secrete@exemple.org")
    store.add_errand(NewErrand(f"mail {id}", "mail", id, {"to": "zoe.secrete@exemple.org"}))


def found(path: Path) -> list[str]:
    """Which of the secrets stand in which file of the database."""
    files = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
    assert files
    text = {file.name: file.read_bytes() for file in files}
    return [f"{s} in {name}" for s in SECRETS for name, data in text.items() if s.encode() in data]


def test_what_waits_is_withdrawn_and_leaves_every_file(path: Path) -> None:
    store = Store(path)
    secret(store)
    accept(store, "b2")
    assert found(path)
    assert store.forget("a1") is not None
    store.shred()
    assert found(path) == []
    forgotten = store.find("a1")
    assert forgotten is not None
    assert (forgotten.state, forgotten.title, forgotten.private) == (State.WITHDRAWN, "", {})
    assert forgotten.forgotten_at is not None
    assert store.conversation("a1") == []
    assert [errand.kind for errand in store.errands("a1")] == [ERASE]
    assert store.accepted() == sum(store.counts().values()) == 2
    other = store.find("b2")
    assert other is not None and other.private == {"contact": "zoe@example.org"}


def test_forgetting_twice_is_forgetting_once(path: Path) -> None:
    store = Store(path)
    secret(store)
    store.forget("a1")
    store.forget("a1")
    assert [errand.kind for errand in store.errands("a1")] == [ERASE]
    assert store.forget("nobody") is None


def test_no_mail_is_taken_on_for_what_was_forgotten_meanwhile(path: Path) -> None:
    """Somebody was about to write to them."""
    store = Store(path)
    secret(store)
    store.forget("a1")
    to = {"to": "zoe.secrete@exemple.org"}
    assert not store.add_errand(NewErrand("declined a1", "mail", "a1", to))
    assert store.add_errand(NewErrand("erase a1 again", ERASE, "a1"))
    store.shred()
    assert found(path) == []


def test_letters_on_their_way_to_an_address_that_is_forgotten_do_not_keep_it(path: Path) -> None:
    store = Store(path)
    secret(store)
    told, public = "zoe.secrete@exemple.org", "accueil@exemple.org"
    store.set_address("page1", "a1", told)
    for key, to in {"k1": told, "k2": public}.items():
        store.add_letter(NewLetter(key, "page1", "visiteur@exemple.org", key, "c1", "fr"))
        store.add_errand(NewErrand(f"relay {key}", "mail", "", {"to": to}))
    store.forget("a1")
    store.shred()
    assert found(path) == []
    assert [errand.key for errand in store.errands("")][:1] == ["relay k2"]


def shreds(store: Store, clock: SetClock) -> int:
    """Do those that are due; returns how many."""
    done = 0
    while errand := store.next_errand(clock(), [SHRED]):
        store.shred()
        store.finish_errand(errand.number)
        done += 1
    return done


def test_many_who_are_forgotten_cost_one_rewriting_and_the_first_is_not_kept_waiting(
    path: Path,
) -> None:
    clock = SetClock()
    store = Store(path, clock)
    ids = [f"a{number}" for number in range(12)]
    for id in ids:
        secret(store, id)
    store.forget(ids[0])
    assert shreds(store, clock) == 1
    for id in ids[1:]:
        store.forget(id)
        assert shreds(store, clock) == 0, "one was just done"
    clock.move(seconds=SHREDS.total_seconds())
    assert shreds(store, clock) == 1
    assert found(path) == []
    clock.move(seconds=SHREDS.total_seconds())
    assert shreds(store, clock) == 0


def test_what_is_forgotten_while_the_file_is_rewritten_is_not_forgotten_about(path: Path) -> None:
    """It may come too late for that rewriting, whose errand is not finished yet."""
    clock = SetClock()
    store = Store(path, clock)
    secret(store)
    secret(store, "b2")
    store.forget("a1")
    begun = store.next_errand(clock(), [SHRED])
    assert begun is not None
    store.shred()
    store.forget("b2")
    store.finish_errand(begun.number)
    clock.move(seconds=SHREDS.total_seconds())
    assert shreds(store, clock) == 1
    assert found(path) == []


def test_what_is_published_stays_without_its_contributor(path: Path) -> None:
    store = Store(path)
    secret(store)
    store.mark_proposed("a1", "contribution/need/x-a1")
    store.mark_published("a1", "Nour", "c0ffee")
    store.forget("a1")
    kept = store.find("a1")
    assert kept is not None
    assert (kept.state, kept.private, kept.signed_as) == (State.PUBLISHED, {}, "")
    assert kept.title == "un récit très personnel"
    assert store.errands("a1") == []
    store.shred()
    assert not [line for line in found(path) if "personnel" not in line]


def test_an_address_is_found_however_it_is_written(path: Path) -> None:
    store = Store(path)
    secret(store)
    assert store.of_address(" Zoe.Secrete@EXEMPLE.org ") == ["a1"]
    assert store.of_address("zoe@exemple.org") == []
    store.add_letter(NewLetter("k1", "page1", "Zoe.Secrete@exemple.org", "r1", "c1", "fr"))
    store.set_address("page2", "a1", "zoe.secrete@exemple.org")
    assert store.forget_address("zoe.secrete@exemple.org") == 3
    assert store.letter("k1") is None and store.reach("page2") == Reach()


def test_addresses_and_conversations_end_ninety_days_after_the_decision(path: Path) -> None:
    clock = SetClock()
    store = Store(path, clock)
    secret(store)
    accept(store, "b2")
    store.mark_withdrawn("a1")
    clock.move(days=89)
    assert store.expire(clock() - timedelta(days=90)) == 0
    clock.move(days=2)
    assert store.expire(clock() - timedelta(days=90)) == 1
    assert store.expire(clock() - timedelta(days=90)) == 0
    ended, waiting = store.find("a1"), store.find("b2")
    assert ended is not None and (ended.private, ended.signed_as) == ({}, "")
    assert store.conversation("a1") == []
    assert waiting is not None and waiting.private


def test_letters_and_errands_that_are_old_leave_every_file_too(path: Path) -> None:
    clock = SetClock()
    store = Store(path, clock)
    store.add_letter(NewLetter("k1", "page1", "zoe.secrete@exemple.org", "r1", "c1", "fr"))
    assert found(path)
    clock.move(days=91)
    assert store.expire(clock() - timedelta(days=90)) == 1
    assert shreds(store, clock) == 1
    assert found(path) == []
    clock.move(days=91)
    assert store.expire(clock() - timedelta(days=90)) == 1, "the errand of that"
    assert store.expire(clock() - timedelta(days=90)) == 0


def test_a_question_and_its_answer(path: Path) -> None:
    store = Store(path)
    accept(store)
    store.ask("a1", "Nour", "Où est-ce ?")
    asked = store.find("a1")
    assert asked is not None and asked.asked
    store.answer("a1", "À Tours.")
    store.answer("a1", "À Tours.")  # a double click
    answered = store.find("a1")
    assert answered is not None and not answered.asked
    said = [(m.who, m.from_editor, m.text) for m in store.conversation("a1")]
    assert said == [("Nour", True, "Où est-ce ?"), ("Zoé", False, "À Tours.")]
    store.mark_withdrawn("a1")
    with pytest.raises(AlreadyDecided):
        store.answer("a1", "Trop tard")


def test_an_amendment_replaces_what_was_sent_once(path: Path) -> None:
    store = Store(path)
    accept(store)
    amendment = Amendment("Titre", {"title": "Titre"}, "Texte", {"signed_as": "Zo"})
    for _ in range(2):
        store.amend("a1", amendment)
    amended = store.find("a1")
    assert amended is not None
    assert (amended.title, amended.body, amended.signed_as) == ("Titre", "Texte", "Zo")
    assert amended.slug == "besoin-a1"
    assert [errand.kind for errand in store.errands("a1")] == ["amend"]
    assert store.by_ticket("ticket-a1", "digest-a1") == amended


def test_two_changes_of_one_page_wait_side_by_side(path: Path) -> None:
    store = Store(path)
    accept(store)
    first = store.accept(new("c1", slug="besoin-a1", page="p1", base="abc"), lambda _: True)
    second = store.accept(new("c2", slug="besoin-a1", page="p1", base="abc"), lambda _: True)
    assert first.slug == second.slug == "besoin-a1"
    again = store.accept(new("d1", slug="besoin-a1"), lambda _: False)
    assert again.slug == "besoin-a1-2"


def test_an_errand_is_done_once_and_forgets_its_payload(path: Path) -> None:
    clock = SetClock()
    store = Store(path, clock)
    assert store.add_errand(NewErrand("k", "mail", "a1", {"to": "z@x.fr"}))
    assert not store.add_errand(NewErrand("k", "mail", "a1", {"to": "z@x.fr"}))
    errand = store.next_errand(clock(), ["mail"])
    assert errand is not None and errand.payload == {"to": "z@x.fr"}
    store.retry_errand(errand.number, clock() + timedelta(minutes=1), "silence")
    assert store.next_errand(clock(), ["mail"]) is None
    clock.move(minutes=2)
    errand = store.next_errand(clock(), ["mail"])
    assert errand is not None and errand.attempts == 1
    store.finish_errand(errand.number)
    assert store.next_errand(clock() + timedelta(days=1), ["mail"]) is None
    assert not store.add_errand(NewErrand("k", "mail", "a1", {"to": "z@x.fr"}))

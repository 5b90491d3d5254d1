"""Pages grow older without anybody touching them: the site follows the days by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from contrib_gateway.store import Store
from plugins.render import document_page
from plugins.schema import Document
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, signed_in
from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import serving
from tests.contrib_gateway.test_changes import by_hand

CONTACTS = {"phone": "02 47 00 00 00", "email": "accueil@structure.example"}
TO_CHECK = "personne n’a confirmé cette fiche"
LETTER = {"text": "Êtes-vous toujours là ?", "address": "lea@exemple.org"}


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


@pytest.fixture
def desk(state: Path, clock: SetClock, box: Mailbox) -> Iterator[Desk]:
    with serving(state, clock, VIGIE_SMTP_URL=box.url) as (gateway, editor):
        yield signed_in(gateway, editor, clock)


def actor(desk: Desk, verified: str) -> Document:
    """A page with contacts, verified that day; it is on main."""
    [page, *_] = desk.gateway.library.index.of("actor")
    changed = replace(page, data={**page.data, **CONTACTS, "verified": verified})
    by_hand(desk, page, changed)
    return changed


def online(desk: Desk, page: Document) -> str:
    return (desk.gateway.builder.places.site / str(page.url) / "index.html").read_text()


def builds(store: Store) -> int:
    last = store.last_build()
    return last.number if last else 0


def test_the_site_is_built_again_once_when_a_day_begins(desk: Desk, clock: SetClock) -> None:
    builder, store = desk.gateway.builder, desk.gateway.store
    page = actor(desk, "2025-11-24")
    assert builder.build_if_needed()
    assert TO_CHECK not in online(desk, page)

    number = builds(store)
    clock.move(hours=5)
    assert builder.build_if_needed()
    assert builds(store) == number, "the same day"

    clock.move(hours=1)
    assert clock.now.date().isoformat() == "2026-11-24"
    assert builder.build_if_needed()
    assert builder.build_if_needed()
    assert builds(store) == number + 1
    assert f"{TO_CHECK} depuis novembre 2025" in online(desk, page)
    theme = desk.gateway.theme(desk.gateway.library.schema)
    assert online(desk, page) == document_page(theme, page, desk.gateway.library.index)


def test_a_stale_page_offers_no_letter_and_one_from_a_kept_link_still_arrives(
    desk: Desk, box: Mailbox
) -> None:
    page = actor(desk, "2014-01-01")
    assert desk.gateway.builder.build_if_needed()
    shown = online(desk, page)
    assert "/ecrire/" not in shown
    told = unescape(shown).replace("\u00a0", " ")
    assert not any(contact in told for contact in CONTACTS.values())
    path = f"/ecrire/{page.ref}/"
    assert desk.editor.submit(desk.editor.get(path), path, LETTER).status == 303
    assert desk.gateway.post
    desk.gateway.post.work()
    assert box.wait_for(1)[0]["To"] == CONTACTS["email"]

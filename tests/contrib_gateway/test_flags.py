"""Flags tell what an editor should know before opening: found by themselves, gone by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contrib_gateway.errors import ForgeUnavailable
from contrib_gateway.flags import Flag, spotted
from contrib_gateway.gateway import Gateway
from contrib_gateway.manuscript import document_of
from contrib_gateway.store import Amendment
from plugins.schema import Document
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.crowds import change, wait
from tests.contrib_gateway.inprocess import open_gateway

CALM = "On y vient le mardi."


@pytest.fixture
def gateway(tmp_path: Path, clock: SetClock) -> Iterator[Gateway]:
    gateway = open_gateway(tmp_path / "state", clock=clock)
    yield gateway
    gateway.store.close()


def flags(gateway: Gateway, id: str) -> set[Flag]:
    """Those that the desk shows, once somebody has looked behind people's backs."""
    gateway.flags.work()
    found = gateway.store.find(id)
    assert found is not None
    return set(gateway.flags.of(found))


def publish_elsewhere(gateway: Gateway, page: Document, **fields: str) -> None:
    """Another editor corrects a page in its form."""
    now = gateway.edition.find(page.type.name, page.slug)
    after = replace(now, data={**now.data, **fields})
    gateway.edition.correct("Marie", after, gateway.library.state[0])


def test_a_page_like_a_published_one_may_be_a_duplicate(gateway: Gateway) -> None:
    actor = gateway.library.index.of("actor")[0]
    same = {"title": actor.title, "place": actor.data["place"]}
    wait(gateway, "twin", "actor", data=same, body=CALM)
    wait(gateway, "other", "actor", data={"title": "Zzz", "place": {"territory": "druye"}})
    assert flags(gateway, "twin") == {Flag.DUPLICATE}
    assert flags(gateway, "other") == set()


def test_two_that_wait_may_be_duplicates_of_one_another_until_one_is_decided(
    gateway: Gateway,
) -> None:
    first = {"title": "Le café des réparateurs de Druye"}
    wait(gateway, "first", data=first, held="screening")
    assert flags(gateway, "first") == set()
    wait(gateway, "second", data=first, held="screening")
    assert flags(gateway, "first") == {Flag.DUPLICATE}
    assert flags(gateway, "second") == {Flag.DUPLICATE}
    gateway.desk.decline("first", "Marie", "Déjà dit.")
    assert flags(gateway, "second") == set()


def test_a_telephone_is_personal_unless_a_contact_was_asked_for(gateway: Gateway) -> None:
    wait(gateway, "told", body="Appelez Léa au 06 12 34 56 78.")
    wait(gateway, "asked", "actor", data={"phone": "06 12 34 56 78", "email": "lea@example.org"})
    assert flags(gateway, "told") == {Flag.PERSONAL}
    assert flags(gateway, "asked") == set()
    found = gateway.store.find("told")
    assert found is not None
    document = document_of(found, gateway.library.schema)
    assert spotted(document) == {"body": ("06 12 34 56 78",)}


def test_what_a_page_says_already_is_not_spotted_again_in_its_change(gateway: Gateway) -> None:
    need = gateway.library.index.of("need")[0]
    publish_elsewhere(gateway, need, title="Écrire à lea@example.org")
    now = gateway.edition.find("need", need.slug)
    change(gateway, "other", now, viewpoint="institution")
    change(gateway, "more", now, title="Écrire à lea@example.org ou max@example.org")
    assert flags(gateway, "other") == set()
    assert flags(gateway, "more") == {Flag.PERSONAL}


def test_many_links_are_told(gateway: Gateway) -> None:
    wait(gateway, "links", body=" ".join(f"https://a.example/{n}" for n in range(4)))
    assert flags(gateway, "links") == {Flag.LINKS}


def test_a_change_conflicts_from_when_somebody_changes_the_same_until_it_is_amended(
    gateway: Gateway,
) -> None:
    need = gateway.library.index.of("need")[0]
    change(gateway, "change", need, title="Imprimer partout")
    assert flags(gateway, "change") == set()
    publish_elsewhere(gateway, need, title="Imprimer ici")
    assert flags(gateway, "change") == {Flag.CONFLICT}
    data = {**need.data, "title": "Imprimer ici"}
    gateway.store.amend("change", Amendment("Imprimer ici", data, need.body, {}))
    assert flags(gateway, "change") == set()


def test_after_seven_days_it_has_waited_long(gateway: Gateway, clock: SetClock) -> None:
    wait(gateway, "old", body=CALM)
    clock.move(days=7)
    assert flags(gateway, "old") == set()
    clock.now += timedelta(seconds=1)
    assert flags(gateway, "old") == {Flag.OLD}


def test_who_decides_on_several_need_not_wait_for_the_look_behind_their_back(
    gateway: Gateway,
) -> None:
    submission = wait(gateway, "told", body="Appelez Léa au 06 12 34 56 78.")
    assert gateway.flags.of(submission) == set()
    assert gateway.flags.look(submission) == {Flag.PERSONAL}


def test_what_waits_of_a_type_that_is_gone_has_no_flags_and_stops_nothing(gateway: Gateway) -> None:
    gone = wait(gateway, "gone", "gone")
    wait(gateway, "told", body="Appelez Léa au 06 12 34 56 78.")
    assert flags(gateway, "told") == {Flag.PERSONAL}
    assert gateway.flags.of(gone) == gateway.flags.look(gone) == set()


def test_nothing_is_looked_at_twice(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    wait(gateway, "told", body="Appelez Léa au 06 12 34 56 78.")
    gateway.flags.work()
    monkeypatch.setattr(gateway.store, "waiting", lambda: pytest.fail("it looked again"))
    gateway.flags.work()


def test_while_the_forge_is_silent_what_is_known_stays(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(gateway, "told", body="Appelez Léa au 06 12 34 56 78.")
    assert flags(gateway, "told") == {Flag.PERSONAL}

    def silent() -> str:
        raise ForgeUnavailable("no answer")

    monkeypatch.setattr(gateway.forge, "head", silent)
    assert flags(gateway, "told") == {Flag.PERSONAL}

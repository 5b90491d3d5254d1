"""Needs on the desk: drawn from an observation, added to one that says the same, joined, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contrib_gateway.forge.local import LocalForge
from plugins.observation.hearing import hearing
from plugins.schema import Document
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, open_desk
from tests.contrib_gateway.running import sample_content
from tests.contrib_gateway.test_editing import corrected, here, now
from tests.contrib_gateway.visitor import Page, answers

SEEN = "observation/retrouver-un-mot-de-passe"
DRAW = f"/redaction/fiches/{SEEN}/besoin/"
NEEDS = ("un-cadre-quand-on-fait-a-la-place", "savoir-ou-orienter-avant-d-envoyer")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    also = [SEEN, *(f"need/{slug}" for slug in NEEDS)]
    return sample_content(tmp_path_factory.mktemp("content") / "content", also)


@pytest.fixture
def desk(planted: Path, tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    state = tmp_path / "state"
    state.mkdir()
    LocalForge.open(state / "forge.git", planted)
    with open_desk(state, clock) as desk:
        yield desk


def find(desk: Desk, ref: str) -> Document:
    found = desk.gateway.library.index.get(ref)
    assert found
    return found


def drawn(desk: Desk, button: str = "", **values: str) -> Page:
    over = desk.editor.submit(desk.editor.get(DRAW), DRAW, values)
    assert over.status == 200, over.words[:600]
    return desk.editor.submit(over, DRAW, {}, button)


def test_a_need_is_drawn_from_an_observation_with_its_source_and_heard_once(desk: Desk) -> None:
    manage = desk.editor.get(f"/redaction/fiches/{SEEN}/gerer/")
    assert DRAW in manage.links and "En faire un besoin" in manage.words
    begun = desk.editor.get(DRAW)
    source = find(desk, SEEN)
    assert f"observation {source.title}" in begun.words and f"/{source.url}" in begun.links
    sent = drawn(desk, "_leave")
    (waiting,) = desk.gateway.desk.waiting()
    assert sent.location == f"/redaction/{waiting.id}/"
    assert desk.press(waiting.id, "publier").status == 303
    born = find(desk, "need/un-endroit-ou-on-apprend-ca-une-bonne-fois")
    seen = find(desk, SEEN)
    assert born.data["heard"] == [SEEN] and born.data["drawn"] is True
    for name in ("viewpoint", "themes", "place", "audiences", "group", "demo"):
        assert born.data[name] == seen.data[name]
    assert born.data["kinds"] == seen.data["needs"]
    assert hearing(born, desk.gateway.library.index).viewpoints == {"professionnel": 1}
    assert corrected(desk, born, title="Apprendre une bonne fois").status == 303
    assert now(desk, born).data["drawn"] is True


@pytest.mark.parametrize("button", ["_leave", ""])
def test_pressed_twice_there_is_one_need_and_another_one_may_still_be_written(
    desk: Desk, button: str
) -> None:
    before = len(desk.gateway.library.index.of("need"))
    first, again = drawn(desk, button), drawn(desk, button)
    assert (first.status, again.status) == (303, 303)
    assert again.location.partition("?")[0] == first.location.partition("?")[0]
    assert drawn(desk, button, title="Un autre besoin, du même jour").status == 303
    waiting = len(desk.gateway.desk.waiting())
    assert waiting + len(desk.gateway.library.index.of("need")) == before + 2
    shown = desk.editor.get(DRAW).words
    assert "Déjà dit ?" in shown.replace("\u202f", " ") and "Un autre besoin, du même jour" in shown


def test_the_observation_is_added_to_a_need_that_says_it_already(desk: Desk) -> None:
    shown = desk.editor.get(DRAW)
    kept, there = (find(desk, f"need/{slug}") for slug in reversed(NEEDS))
    assert f"{there.title} Entendu 2 fois, depuis 1 point de vue · en" in shown.words
    assert "déjà entendu ici" in shown.words, "there it is already"
    assert kept.title in shown.words and "en commun : Thèmes" in shown.words.replace("\u202f", " ")
    before = hearing(kept, desk.gateway.library.index).times

    def add(page: Page) -> Page:
        (form,) = (f for f in page.forms if ("besoin", kept.slug) in f.inputs)
        return desk.editor.post(f"{DRAW}ajouter/", form.inputs)

    assert corrected(desk, kept, tried="Un classeur.").status == 303
    told = add(shown)
    assert told.status == 409 and "Relisez-la" in told.words
    shown = desk.editor.get(DRAW)
    for _ in range(2):  # the second time it is there already
        assert add(shown).location == f"/redaction/fiches/{kept.ref}/gerer/?fait=1"
    after = now(desk, kept)
    assert after.data["heard"].count(SEEN) == 1 and "drawn" not in after.data
    assert hearing(after, desk.gateway.library.index).times == before + 1
    assert not any(("besoin", kept.slug) in f.inputs for f in desk.editor.get(DRAW).forms)


def test_an_observation_that_waits_gives_no_need_yet_and_says_so(desk: Desk) -> None:
    desk.editor.contribute(
        "observation",
        answers("observation", "On cherche où brancher son téléphone", needs=["materiel"]),
    )
    (waiting,) = desk.gateway.desk.waiting()
    shown = desk.editor.get(f"/redaction/{waiting.id}/")
    assert "une fois publiée" in shown.words and "En faire un besoin" not in shown.words
    assert desk.editor.get(f"/redaction/fiches/observation/{waiting.slug}/besoin/").status == 404
    assert desk.press(waiting.id, "publier").status == 303
    shown = desk.editor.get(f"/redaction/{waiting.id}/")
    assert "En faire un besoin" in shown.words
    begun = desk.editor.get(f"/redaction/fiches/observation/{waiting.slug}/besoin/")
    assert begun.status == 200 and "On cherche où brancher" in begun.text


def test_two_needs_are_brought_together_as_it_was_read_and_let_go_again(desk: Desk) -> None:
    kept, other = (find(desk, f"need/{slug}") for slug in NEEDS)
    path = f"{here(kept)}reunir/"
    assert path in desk.editor.get(f"{here(kept)}gerer/").links
    chosen = desk.editor.get(f"{path}?q={other.title.split()[0]}")
    assert other.title in chosen.words
    before = {voice.ref for one in (kept, other) for voice in voices(desk, one)}
    shown = desk.editor.get(f"{path}?avec={other.slug}")
    assert "quitte les listes" in shown.words and f"Entendu {len(before)} fois" in shown.words
    assert f"{here(other)}reunir/?avec={kept.slug}" in shown.links, "the other one may stay instead"
    assert now(desk, kept) == kept, "nothing is done yet"
    stale = desk.editor.get(f"{path}?avec={other.slug}")
    done = desk.editor.submit(shown, path, {})
    assert done.location == f"{here(kept)}gerer/?fait=1"
    after = now(desk, kept)
    assert after.data["merged"] == [other.ref] and after.updated == str(desk.clock().date())
    assert {**after.data, "merged": 0, "updated": 0} == {**kept.data, "merged": 0, "updated": 0}
    assert now(desk, other) == other
    assert {voice.ref for voice in voices(desk, after)} == before
    assert other not in desk.gateway.library.index.listed("need")
    assert desk.editor.submit(stale, path, {}).status == 409
    assert "Réuni avec" in desk.editor.get(f"{here(other)}gerer/").words
    told = desk.editor.get(f"{here(other)}reunir/?avec={kept.slug}")
    assert "dans l’autre sens" in told.words
    assert not any(f.method == "post" and "reunir" in f.action for f in told.forms)
    assert "a réuni une autre fiche avec" in desk.editor.get("/redaction/journal/").words
    versions = desk.editor.get(f"{here(kept)}versions/")
    (form,) = (one for one in versions.forms if "/versions/" in one.action)
    assert desk.editor.post(form.action, form.inputs).status == 303
    assert other in desk.gateway.library.index.listed("need")


def voices(desk: Desk, need: Document) -> tuple[Document, ...]:
    return hearing(need, desk.gateway.library.index).voices


def test_a_ring_made_by_hand_in_the_form_is_refused_with_its_sentence(desk: Desk) -> None:
    kept, other = (find(desk, f"need/{slug}") for slug in NEEDS)
    assert corrected(desk, kept, merged=other.ref).status == 303
    told = corrected(desk, other, merged=kept.ref)
    assert told.status == 409 and "réunit déjà cette fiche" in told.words
    assert "merged" not in now(desk, other).data


def test_only_pages_that_can_be_the_same_are_brought_together(desk: Desk) -> None:
    assert desk.editor.get(f"/redaction/fiches/{SEEN}/reunir/").status == 404
    kept = find(desk, f"need/{NEEDS[0]}")
    assert "reunir" not in desk.editor.get(f"/redaction/fiches/{SEEN}/gerer/").text
    assert desk.editor.get(f"{here(kept)}reunir/?avec=inconnu").status == 404
    assert desk.editor.get(f"{here(kept)}reunir/?avec={kept.slug}").status == 200

"""Once it is published, the desk says whether it can be read; to decline, it offers kind words."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from contrib_gateway.forge.local import LocalForge
from contrib_gateway.views.proposals.decision import LATE
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, content, github, on_github, signed_in
from tests.contrib_gateway.desks import embedded as desk
from tests.contrib_gateway.running import sample_content, serving
from tests.contrib_gateway.test_editing import press
from tests.contrib_gateway.visitor import answers, id_of

FIXTURES = (content, desk, github, on_github)


def sent(desk: Desk, lang: str = "fr") -> str:
    """The receipt of what waits on the forge."""
    receipt = desk.editor.contribute("need", answers("need", "Le wifi de la gare"), lang)
    desk.gateway.worker.work()
    return receipt


def test_the_page_waits_for_the_site_and_then_leads_to_what_is_online(desk: Desk) -> None:
    id = id_of(sent(desk))
    after = desk.press(id, "publier")
    waits = desk.editor.get(after.location)
    assert "Publié ; le site se reconstruit" in waits.words
    assert waits.headers["Refresh"] == "5"
    assert "Revenir en arrière" not in waits.words, "nothing is typed in a page that renews itself"
    calm = desk.editor.get(f"/redaction/{id}/")
    assert calm.headers["Refresh"] is None and "Regarder encore" in calm.words
    assert desk.gateway.builder.build()
    online = desk.editor.get(after.location)
    assert "Publié, en ligne" in online.words and online.headers["Refresh"] is None
    assert "/besoins/le-wifi-de-la-gare/" in online.links


def test_the_receipt_of_a_page_that_was_taken_off_later_does_not_promise_it(desk: Desk) -> None:
    receipt = sent(desk)
    desk.press(id_of(receipt), "publier")
    assert desk.gateway.builder.build()
    assert "C’est en ligne" in desk.editor.get(receipt).words
    (page,) = (d for d in desk.gateway.library.index.of("need") if d.title == "Le wifi de la gare")
    assert press(desk, page, "retirer").status == 303
    shown = desk.editor.get(receipt).words
    assert "Besoin · retirée du site" in shown and "n’est plus sur le site" in shown
    assert "dans un instant" not in shown
    at_desk = desk.editor.get(f"/redaction/{id_of(receipt)}/").words
    assert "La fiche a été retirée du site." in at_desk and "en ligne" not in at_desk


def failing(desk: Desk, log: str) -> str:
    """What the desk says of a proposal that was published before a build failed so."""
    id = id_of(sent(desk))
    desk.press(id, "publier")
    desk.clock.move(minutes=1)
    number = desk.gateway.store.start_build(desk.gateway.forge.head())
    desk.gateway.store.finish_build(number, ok=False, log=log)
    return desk.editor.get(f"/redaction/{id}/").words


@pytest.mark.parametrize(
    ("log", "why"),
    [
        ("OSError: [Errno 28] No space left on device", "Le disque du serveur est plein"),
        ("Command timed out after 600 seconds", "a pris trop de temps"),
        ("CRITICAL content/actors/epn.md: bad", "Un fichier a un défaut"),
        ("Traceback…", "s’est arrêté"),
        ("CRITICAL needs/le-wifi-de-la-gare.md: bad", "Le défaut est dans cette fiche"),
    ],
)
def test_a_build_that_failed_is_told_with_why_and_what_to_do(
    desk: Desk, log: str, why: str
) -> None:
    words = failing(desk, log)
    assert "Publié, mais le site n’a pas pu être reconstruit" in words
    assert why in words and log in words
    assert "Revenir en arrière" in words


def test_a_fault_of_real_content_is_told_by_the_name_of_its_file(desk: Desk) -> None:
    id = id_of(sent(desk))
    desk.press(id, "publier")
    folder = desk.gateway.builder.places.content
    desk.gateway.builder.export(desk.gateway.forge.head())
    (folder / "needs" / "casse.md").write_text("---\ntitle: [\n---\n")
    desk.clock.move(minutes=1)
    assert not desk.gateway.builder.build()
    assert "Un fichier a un défaut" in (said := desk.editor.get(f"/redaction/{id}/").words)
    assert "needs/casse.md" in said


def test_on_github_what_is_long_in_coming_leads_to_its_builds(on_github: Desk) -> None:
    id = id_of(sent(on_github))
    on_github.press(id, "publier")
    assert "le site se reconstruit" in on_github.editor.get(f"/redaction/{id}/").words
    on_github.clock.move(minutes=LATE / timedelta(minutes=1) + 1)
    page = on_github.editor.get(f"/redaction/{id}/")
    assert "pas encore en ligne" in page.words
    assert "/actions" in page.text
    on_github.gateway.store.mark_online([id])
    assert "Publié, en ligne" in on_github.editor.get(f"/redaction/{id}/").words


def test_a_kind_sentence_goes_to_the_contributor_in_their_language(desk: Desk) -> None:
    receipt = sent(desk, "en")
    page = desk.editor.get(f"/redaction/{id_of(receipt)}/")
    assert "Cette fiche est déjà sur le site" in page.words and "(Anglais)" in page.words
    missing = desk.editor.submit(page, "/refuser/", {})
    assert missing.status == 422 and "Choisissez ou écrivez une raison" in missing.words
    values = {"kind": "deja-la", "reason": "See “Wifi”."}
    assert desk.editor.submit(missing, "/refuser/", values).status == 303
    told = desk.editor.get(receipt).words
    assert "This is already on the site" in told and "See “Wifi”." in told


def test_a_site_without_ready_sentences_asks_for_words(tmp_path: Path, clock: SetClock) -> None:
    content = sample_content(tmp_path / "content")
    (content / "vocabularies" / "decline_reasons.yaml").unlink()
    LocalForge.open(tmp_path / "state" / "forge.git", content)
    shutil.rmtree(content)
    with serving(tmp_path / "state", clock, VIGIE_RATE_LIMIT="off") as (gateway, editor):
        desk = signed_in(gateway, editor, clock)
        receipt = sent(desk)
        form = editor.get(f"/redaction/{id_of(receipt)}/").form("/refuser/")
        assert "kind" not in form.controls
        editor.decline(id_of(receipt), "Un doublon.")
        assert "Un doublon." in editor.get(receipt).words

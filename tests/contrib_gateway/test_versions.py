"""Editors restore what a page said before, and what was taken off; or leave it for a colleague."""

from __future__ import annotations

from functools import partial

from contrib_gateway.store import State
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.test_changes import some_page
from tests.contrib_gateway.test_editing import corrected, here, now, press
from tests.contrib_gateway.test_races import at_once
from tests.contrib_gateway.visitor import Page, Visitor, answers

FIXTURES = (content, desk, github, on_github)


def versions(desk: Desk, ref: str) -> Page:
    return desk.editor.get(f"/redaction/fiches/{ref}/versions/")


def restore(desk: Desk, shown: Page, which: int = -1) -> Page:
    """Press one of the buttons, the newest version's first."""
    actions = [form.action for form in shown.forms if "/versions/" in form.action]
    return desk.editor.submit(shown, actions[which], {})


def test_a_former_version_is_restored_with_what_it_said_and_as_old_as_it_was(desk: Desk) -> None:
    page = some_page(desk)
    assert corrected(desk, page, title="Un nom de trop").status == 303
    assert press(desk, now(desk, page), "exact").status == 303
    assert press(desk, now(desk, page), "renommer", slug="ailleurs").status == 303
    renamed = now(desk, page)
    shown = versions(desk, renamed.ref)
    assert "Un nom de trop" in shown.words and page.title in shown.words
    assert restore(desk, shown).status == 303
    after = now(desk, page)
    assert (after.title, after.body, after.slug) == (page.title, page.body, "ailleurs")
    assert after.data.get("verified") == page.data.get("verified"), "nobody confirmed these words"
    assert after.data["updated"] == desk.clock().date().isoformat()
    last = desk.gateway.store.journal(limit=1)[0]
    assert (last.what, last.about) == ("restored", after.ref)
    assert not desk.gateway.reconciliation().differences()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    page = some_page(desk)
    assert corrected(desk, page, title="Le deuxième").status == 303
    shown = versions(desk, page.ref)
    assert corrected(desk, page, title="Le troisième").status == 303
    told = restore(desk, shown)
    assert told.status == 409
    unread = [pair for pair in shown.forms[-1].filled({}) if pair[0] != "vu"]
    assert desk.editor.post(shown.forms[-1].action, unread).status == 409, "it says what was read"
    assert now(desk, page).title == "Le troisième"
    assert restore(desk, told).status == 303
    assert now(desk, page).title == page.title


def test_restored_twice_at_once_it_is_what_it_was(desk: Desk) -> None:
    page = some_page(desk)
    assert corrected(desk, page, title="Le deuxième").status == 303
    form = versions(desk, page.ref).forms[-1]
    posts = [partial(desk.editor.post, form.action, form.filled({})) for _ in range(2)]
    statuses = sorted(answer.status for answer in at_once(posts))
    assert statuses in ([303, 303], [303, 409]), "the same words twice are no conflict"
    assert now(desk, page).title == page.title
    assert desk.gateway.forge.pending() == []


def test_a_page_taken_off_is_found_and_put_back(desk: Desk) -> None:
    page = some_page(desk)
    assert press(desk, page, "retirer").status == 303
    gone = "/redaction/fiches/retirees/"
    listed = desk.editor.get(gone)
    assert f"/redaction/fiches/{page.ref}/versions/" in listed.links
    found = desk.editor.get(f"{gone}?type=actor&adresse=/acteurs/{page.slug}/")
    assert found.location == f"/redaction/fiches/{page.ref}/versions/"
    unknown = desk.editor.get(f"{gone}?type=actor&adresse=jamais")
    assert "Il n’y a jamais eu de fiche" in unknown.words
    assert desk.editor.get(f"{gone}?type=..%2f&adresse=%00%F0").status == 200
    shown = versions(desk, page.ref)
    assert "Cette fiche a été retirée" in shown.words
    assert restore(desk, shown).status == 303
    back = now(desk, page)
    assert (back.ref, back.title, back.body) == (page.ref, page.title, page.body)
    assert page.ref not in desk.editor.get(gone).words
    assert restore(desk, shown).status in (303, 409), "pressed twice"
    assert len(desk.gateway.library.index.named("actor", page.slug)) == 1


def test_what_cannot_be_restored_is_told(desk: Desk) -> None:
    page, other = some_page(desk), desk.gateway.library.index.of("initiative")[0]
    link = f"Voir [celle-ci]({other.ref})."
    assert corrected(desk, page, body=link).status == 303
    assert corrected(desk, page, body="Plus rien à voir.").status == 303
    assert press(desk, other, "retirer").status == 303
    shown = versions(desk, page.ref)
    assert "Elle ne peut pas être rétablie" in shown.words and other.ref in shown.words
    assert len([form for form in shown.forms if "/versions/" in form.action]) == 1
    assert versions(desk, "actor/jamais").status == 404
    assert versions(desk, "rien/jamais").status == 404
    assert desk.editor.get("/redaction/fiches/actor/%00..%2f/versions/").status == 404


def test_strangers_and_other_sites_restore_nothing(desk: Desk) -> None:
    page = some_page(desk)
    corrected(desk, page, title="Un nom de trop")
    [action, *_] = [f.action for f in versions(desk, page.ref).forms if "/versions/" in f.action]
    stranger = Visitor(desk.editor.port)
    assert stranger.get(f"{here(page)}versions/").status == 403
    assert stranger.get("/redaction/fiches/retirees/").status == 403
    for person in (stranger, desk.editor):
        assert person.post(action, [("vu", "x")]).status == 403
    assert now(desk, page).title == "Un nom de trop"


def left(desk: Desk, path: str, **values: str) -> tuple[Page, Page]:
    """Left for a colleague, pressed twice."""
    over = desk.editor.submit(desk.editor.get(path), path, values)
    assert over.status == 200 and "Proposer à un collègue" in over.words, over.words[:600]
    return tuple(desk.editor.submit(over, path, {}, "_leave") for _ in "xx")  # type: ignore[return-value]


def test_a_correction_is_left_for_a_colleague_in_its_editors_name(desk: Desk) -> None:
    page = some_page(desk)
    first, second = left(desk, here(page), title="À relire", verified="2026-11-01")
    assert first.status == 303 and first.location == second.location
    assert now(desk, page).title == page.title, "nothing is published yet"
    desk.gateway.worker.work()
    [waiting] = desk.gateway.desk.waiting()
    assert (waiting.state, waiting.signed_as) == (State.PROPOSED, "Lea Martin")
    acts = [entry.what for entry in desk.gateway.store.journal(waiting.id)]
    assert acts.count("left") == 1, "pressed twice, left once"
    shown = desk.editor.get(first.location)
    assert "À relire" in shown.words and "Lea Martin" in shown.words
    assert desk.press(waiting.id, "publier").status == 303
    after = now(desk, page)
    assert (after.title, after.data["verified"]) == ("À relire", "2026-11-01")


def test_a_new_page_of_a_screened_type_is_left_without_being_held(desk: Desk) -> None:
    told = dict(answers("observation", "Vu par la rédaction"))
    first, _ = left(desk, "/redaction/fiches/observation/nouvelle/", **told)
    desk.gateway.worker.work()
    [waiting] = desk.gateway.desk.waiting()
    assert first.location == f"/redaction/{waiting.id}/"
    assert waiting.state is State.PROPOSED
    assert desk.press(waiting.id, "publier").status == 303
    assert desk.gateway.library.index.get("observation/vu-par-la-redaction")

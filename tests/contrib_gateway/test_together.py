"""Several proposals are read and decided at once, only where it is safe, each on what was read."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contrib_gateway.forge import Proposal
from contrib_gateway.library import ROOT
from contrib_gateway.store import State
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.test_receipts import amended
from tests.contrib_gateway.visitor import Page, answers, id_of

FIXTURES = (content, desk, github, on_github)
TOGETHER = "/redaction/ensemble/"


def contributed(desk: Desk, *titles: str, lang: str = "fr") -> list[str]:
    receipts = [desk.editor.contribute("need", answers("need", t), lang) for t in titles]
    desk.gateway.worker.work()
    return receipts


def together(desk: Desk, *ids: str) -> Page:
    page = desk.editor.get(f"{TOGETHER}?{'&'.join(f'id={id}' for id in ids)}")
    assert page.status == 200
    return page


def test_those_that_are_safe_are_published_at_once_and_each_is_told_of(desk: Desk) -> None:
    ids = [id_of(receipt) for receipt in contributed(desk, "Un", "Deux", "Trois")]
    desk.gateway.store.ask(ids[2], "Nour", "Où ?")
    page = together(desk, *ids)
    assert "Une question attend la réponse" in page.words
    form = page.form(TOGETHER)
    assert form.controls["id"].sent == ids[:2], "what is not safe is not ticked"
    sent = form.filled({"id": ids})
    done = desk.editor.post(form.action, sent)
    assert done.status == 303
    told = desk.editor.get(done.location)
    assert told.words.count("Publiée par Lea Martin") == 2
    assert "Une question attend la réponse" in told.words
    assert [desk.state(id) for id in ids] == [State.PUBLISHED] * 2 + [State.PROPOSED]
    again = desk.editor.post(form.action, sent)
    assert again.status == 303, "a double click does and tells the same"
    assert desk.editor.get(again.location).words.count("Publiée par Lea Martin") == 2


def test_what_changed_since_it_was_read_is_not_decided_with_the_others(desk: Desk) -> None:
    receipts = contributed(desk, "Un", "Deux")
    ids = [id_of(receipt) for receipt in receipts]
    page = together(desk, *ids)
    amended(desk, receipts[1], title="Autre chose")
    desk.gateway.worker.work()
    for path in (TOGETHER, f"{TOGETHER}refuser/"):
        form = page.form(TOGETHER)
        sent = [*form.filled({}), ("kind", "deja-la"), ("reason", "")]
        told = desk.editor.get(desk.editor.post(path, sent).location)
        assert "Quelqu’un l’a changée pendant que vous la lisiez" in told.words
        assert desk.state(ids[1]) is State.PROPOSED
    assert desk.state(ids[0]) is State.PUBLISHED


def test_what_may_exist_already_is_read_beside_it(desk: Desk) -> None:
    [first] = contributed(desk, "Imprimer sans rendez-vous")
    assert desk.press(id_of(first), "publier").status == 303
    id = id_of(*contributed(desk, "Imprimer, sans rendez-vous"))
    page = together(desk, id)
    assert "Elle existe peut-être déjà" in page.words
    assert not page.form(TOGETHER).controls["id"].sent


def test_two_changes_of_the_same_answer_are_not_both_published(desk: Desk) -> None:
    page = desk.gateway.library.index.of("actor")[0]
    ids = [desk.change(id, page, title=title) for id, title in (("a1", "Un"), ("b2", "Deux"))]
    read = together(desk, *ids)
    done = desk.editor.submit(read, TOGETHER, {"id": ids})
    told = desk.editor.get(done.location).words
    assert "Publiée par Lea Martin" in told
    assert sorted(desk.state(id) for id in ids) == [State.PROPOSED, State.PUBLISHED]


def test_several_are_declined_with_one_sentence_each_in_its_contributors_language(
    desk: Desk,
) -> None:
    receipts = contributed(desk, "Un") + contributed(desk, "One", lang="en")
    ids = [id_of(receipt) for receipt in receipts]
    form = together(desk, *ids).form(TOGETHER)
    asked = desk.editor.post(f"{TOGETHER}refuser/", form.filled({}))
    assert asked.status == 200 and "Ne pas retenir 2 propositions" in asked.words
    missing = desk.editor.submit(asked, f"{TOGETHER}refuser/", {})
    assert missing.status == 422 and "Choisissez ou écrivez une raison" in missing.words
    values = {"kind": "deja-la", "reason": "Voyez « Un »."}
    done = desk.editor.submit(missing, f"{TOGETHER}refuser/", values)
    told = desk.editor.get(done.location).words
    assert told.count("Non retenue, décision de Lea Martin") == 2
    french, english = (desk.editor.get(receipt).words for receipt in receipts)
    assert "Cette fiche est déjà sur le site" in french and "Voyez « Un »" in french
    assert "This is already on the site" in english and "Voyez « Un »" in english


def test_what_was_put_aside_can_only_be_declined_here(desk: Desk) -> None:
    receipt = desk.editor.contribute("observation", answers("observation", "Vu à la gare"))
    id = id_of(receipt)
    form = together(desk, id).form(TOGETHER)
    assert not form.controls["id"].sent
    sent = form.filled({"id": [id]})
    assert "mise de côté" in desk.editor.get(desk.editor.post(TOGETHER, sent).location).words
    assert desk.state(id) is State.HELD


def test_twenty_are_read_at_once_and_whatever_an_address_says_is_answered(desk: Desk) -> None:
    ids = [id_of(receipt) for receipt in contributed(desk, *(f"Un {n}" for n in range(21)))]
    page = together(desk, *ids, "unknown", ids[0])
    assert len(page.form(TOGETHER).controls["id"].choices or ()) == 20
    assert "décidez d’abord de celles-ci" in page.words
    assert "Aucune n’est choisie" in desk.editor.get(TOGETHER).words
    csrf = ("_csrf", desk.editor.csrf())
    for path in (TOGETHER, f"{TOGETHER}refuser/"):
        assert desk.editor.post(path, [csrf]).status == 303
        assert desk.editor.post(path).status == 403


def by_git(desk: Desk, id: str, path: str, data: bytes | None) -> None:
    """Somebody changes one file of main."""
    desk.gateway.forge.propose(Proposal(id, "hand", "x", "By hand", {ROOT + path: data}))
    desk.gateway.forge.merge(id, "Nour")


def test_one_whose_type_is_gone_since_it_was_read_stops_none_of_the_others(desk: Desk) -> None:
    forge = desk.gateway.forge
    need = forge.read(forge.files(forge.head())[f"{ROOT}types/need.yaml"])
    thing = need.replace(b"folder: needs", b"folder: things").replace(b"besoins/", b"choses/")
    thing = thing.replace(b"{kind: references, to: need,", b"{kind: references, to: thing,")
    by_git(desk, "come", "types/thing.yaml", thing)
    first = id_of(desk.editor.contribute("thing", answers("need", "Une chose")))
    second = id_of(contributed(desk, "Un besoin")[0])
    read, alone = together(desk, first, second), desk.editor.get(f"/redaction/{first}/")
    by_git(desk, "gone", "types/thing.yaml", None)
    assert desk.editor.submit(alone, f"/{first}/publier/", {}).status == 404
    assert desk.editor.get("/redaction/").status == 200
    sent = [*read.form(TOGETHER).filled({}), ("kind", "deja-la"), ("reason", "")]
    told = desk.editor.get(desk.editor.post(f"{TOGETHER}refuser/", sent).location).words
    assert "Rien n’en a été décidé" in told and "Non retenue" in told
    assert [desk.state(id) for id in (first, second)] == [State.PROPOSED, State.DECLINED]


made_up = st.text(max_size=12)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(st.sampled_from(["id", "r", "kind", "reason", "seen-x"]), made_up)))
def test_nothing_that_is_sent_breaks_it(desk: Desk, sent: list[tuple[str, str]]) -> None:

    csrf = ("_csrf", desk.editor.csrf())
    for path in (TOGETHER, f"{TOGETHER}bilan/"):
        query = urlencode(sent, errors="replace")
        assert desk.editor.get(f"{path}?{query}").status == 200
    given = [csrf, *((n, v.encode(errors="replace").decode()) for n, v in sent)]
    for path in (TOGETHER, f"{TOGETHER}refuser/"):
        assert desk.editor.post(path, given).status in (200, 303, 422)

"""A synthesis is drafted on the desk: nothing typed or ticked is lost, nothing is invented, and
what is left there is one proposal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from contrib_gateway.cli import main
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.store import State, Submission
from plugins.observation.findings import Standing, findings_of
from plugins.schema import Document
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.desks import Desk, open_desk
from tests.contrib_gateway.running import EDITORS, PUBLIC, copied_state, enter, sample_content
from tests.contrib_gateway.visitor import Page, Visitor
from tests.pages import dangers

START = "/redaction/synthese/"
MORE = 12  # than a page of a column holds
HOSTILE = "<script>alert(1)</script> [a](observation/rien) **b** # c"
WORDS = {"title": "On attend dehors", "question": "Qui attend ?", "limits": "Peu de monde."}


def plant_another(content: Path, number: int) -> None:
    """One more observation from the same viewpoint, which says what nobody should."""
    text = (content / "observations" / "trois-fois-devant-la-porte.md").read_text("utf-8")
    lines = text.splitlines()
    said = {
        "title": f"Autre {number}",
        "date": "2025-03",
        "seen": json.dumps(HOSTILE),
        "id": f"autre{number}",
    }
    kept = [
        f"{name}: {said[name]}" if (name := line.partition(":")[0]) in said else line
        for line in lines
    ]
    (content / "observations" / f"autre-{number}.md").write_text("\n".join(kept), "utf-8")


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A forge with the project's observations."""
    folder = tmp_path_factory.mktemp("observed")
    content = sample_content(folder / "content", also=["synthesis/chercher-un-emploi-en-ligne"])
    for number in range(MORE):
        plant_another(content, number)
    (folder / "state").mkdir()
    LocalForge.open(folder / "state" / "forge.git", content)
    (folder / "state" / "site").mkdir()
    return folder / "state"


@pytest.fixture
def desk(planted: Path, tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    with open_desk(copied_state(planted, tmp_path / "state"), clock) as desk:
        yield desk


def begin(desk: Desk, **choice: object) -> Page:
    """A new draft, as its page shows it."""
    answer = desk.editor.submit(desk.editor.get(START), START, choice)  # type: ignore[arg-type]
    assert answer.status == 303, answer.words[:600]
    page = desk.editor.get(answer.location)
    assert page.status == 200, page.words[:800]
    assert dangers(page.text) == []
    return page


def send(desk: Desk, page: Page, do: str, by: Visitor | None = None, **typed: object) -> Page:
    form = page.form(page.path.partition("?")[0].partition("#")[0])
    inputs = [pair for pair in form.filled(typed) if pair[0] != "do"]  # type: ignore[arg-type]
    return (by or desk.editor).post(form.action, [*inputs, ("do", do)])


def press(desk: Desk, page: Page, do: str, **typed: object) -> Page:
    """What the page shows after a button."""
    answer = send(desk, page, do, **typed)
    assert answer.status == 303, answer.words[:800]
    return desk.editor.get(answer.location.partition("#")[0])


def keys(page: Page) -> dict[str, list[str]]:
    """The passages on offer, by the id of their observation."""
    found: dict[str, list[str]] = {}
    for form in page.forms:
        for key in (form.controls["pick"].choices or ()) if "pick" in form.controls else ():
            found.setdefault(key.rpartition("-")[0], []).append(key)
    return found


def of(desk: Desk, slug: str) -> Document:
    found = desk.gateway.library.index.get(f"observation/{slug}")
    assert found
    return found


def picked(desk: Desk, page: Page, *slugs: str) -> list[str]:
    return [sorted(keys(page)[of(desk, slug).id])[0] for slug in slugs]


def claim_names(page: Page) -> list[str]:
    return [n for form in page.forms for n in form.controls if n.startswith("claim-")]


def left(desk: Desk, answer: Page) -> Submission:
    assert answer.status == 303, answer.words[:1200]
    found = desk.gateway.store.find(answer.location.rstrip("/").rpartition("/")[2])
    assert found and found.type == "synthesis"
    return found


def written(desk: Desk) -> Page:
    """A draft with one finding that is supported from two viewpoints, contradicted from a third."""
    page = begin(desk)
    ticks = picked(desk, page, "on-vient-a-deux", "quatre-listes-de-permanences")
    page = press(desk, page, "gather", pick=ticks)
    name = claim_names(page)[0]
    return press(desk, page, "keep", **WORDS, **{name: "On attend *dehors*."})


def test_observations_stand_side_by_side_with_what_they_say_counted(desk: Desk) -> None:
    page = begin(desk)
    assert "21 observations" in page.words and "15 observations" in page.words
    for heading in ("Professionnel de terrain", "Usager, demandeur", "Institution"):
        assert heading in page.words
    assert "Ce que j’en comprends" in page.words and "Mots" in page.words
    assert "Difficultés" in page.words
    narrow = begin(desk, territory="sanitas")
    assert "La candidature est partie" in narrow.words and "On vient à deux" not in narrow.words


def test_what_is_ticked_on_one_page_stays_ticked_on_the_next(desk: Desk) -> None:
    page = begin(desk, themes=["lien-social"], first="2025-03", last="03/2025")
    seen = keys(page)
    assert len(seen) == 8 and "page 1 sur 2" in page.words
    one = sorted(key for found in seen.values() for key in found)[0]
    page = press(desk, page, "page 2", pick=[one], title="Gardé")
    rest = keys(page)
    assert len(rest) == MORE - 8 and not set(rest) & set(seen) and "Gardé" in page.text
    two = sorted(key for found in rest.values() for key in found)[0]
    page = press(desk, page, "page 1", pick=[two])
    assert dict(page.form(page.path.partition("?")[0]).inputs)["pick"] == one
    page = press(desk, page, "gather")
    assert page.text.count('name="side-') == 2 * 3


def test_what_a_stranger_wrote_stays_text_up_to_the_published_page(desk: Desk) -> None:
    page = begin(desk, first="2025-03", last="2025-03")
    ticks = [key for found in keys(page).values() for key in found]
    page = press(desk, page, "gather", pick=ticks)
    name = claim_names(page)[0]
    synthesis = left(desk, send(desk, page, "leave", **WORDS, **{name: HOSTILE}))
    desk.gateway.worker.work()
    shown = desk.editor.get(f"/redaction/{synthesis.id}/")
    assert dangers(shown.text) == []
    preview = desk.editor.get(f"/redaction/{synthesis.id}/page/")
    assert dangers(preview.text) == [] and HOSTILE in preview.words
    desk.editor.publish(synthesis.id)
    index = desk.gateway.library.index
    published = index.by_id(synthesis.id)
    assert published
    assert {d.slug[:5] for d in index.references(published)} == {"autre"}


def test_nothing_that_fits_is_said_and_other_observations_can_be_chosen(desk: Desk) -> None:
    page = begin(desk, first="2031-01")
    assert "Aucune observation publiée ne convient" in page.words
    page = press(desk, page, "choose", first="hier")
    assert (
        "11/2026" in page.words
        and dict(page.form(page.path.partition("?")[0]).inputs)["first"] == "hier"
    ), "a month that is none is told, and kept"
    assert "On vient à deux" in page.words


def test_what_is_picked_becomes_a_proposal_with_its_sources(desk: Desk) -> None:
    page = written(desk)
    against = picked(desk, page, "l-atelier-tient-quand-les-habitues-l-animent")
    claim = claim_names(page)[0].removeprefix("claim-")
    page = press(desk, page, "gather", pick=against, into=claim)
    page = press(desk, page, "keep", **{f"side-{claim}-{against[0]}": "against"})
    synthesis = left(desk, send(desk, page, "leave"))
    assert synthesis.state is State.QUEUED and "@" not in synthesis.signed_as
    assert synthesis.data["method"].startswith("21 observations lues, entre")
    assert "3 y sont citées" in synthesis.data["method"], "as its figures count"
    assert synthesis.data["places"] and synthesis.data["period_start"]
    assert "## On attend \\*dehors\\*." in synthesis.body
    assert synthesis.body.count("\n> — ") == 3 and "À l’inverse" in synthesis.body
    desk.gateway.worker.work()
    assert desk.editor.get(f"/redaction/{synthesis.id}/").status == 200
    desk.editor.publish(synthesis.id)
    index = desk.gateway.library.index
    published = index.by_id(synthesis.id)
    assert published
    (finding,) = findings_of(published, index)
    assert finding.standing is Standing.DIVERGENT and len(finding.supporting) == 2
    page = desk.editor.get(page.path)
    assert page.status == 303 and page.location.endswith(f"/{synthesis.id}/")
    assert "On attend dehors" not in desk.editor.get(START).words


def test_pressed_twice_it_is_one_proposal(desk: Desk) -> None:
    page = written(desk)
    with ThreadPoolExecutor(4) as crowd:
        told = list(crowd.map(lambda _: send(desk, page, "leave"), range(4)))
    assert len({answer.location for answer in told}) == 1, [answer.status for answer in told]
    assert send(desk, page, "leave").location == told[0].location
    assert len(desk.gateway.store.waiting()) == 1
    assert desk.gateway.store.sketches() == []


def test_what_is_missing_is_told_beside_its_question_and_nothing_is_lost(desk: Desk) -> None:
    page = begin(desk)
    page = press(desk, page, "gather", pick=picked(desk, page, "on-vient-a-deux"))
    answer = send(desk, page, "leave", title="Mon titre", limits="")
    assert answer.status == 422 and "n’est pas encore prête" in answer.words
    assert "Mon titre" in answer.text
    assert len(claim_names(answer)) == 1
    assert "Mon titre" in desk.editor.get(START).words, "it is kept all the same"
    answer = send(desk, answer, "leave", **WORDS, **{claim_names(answer)[0]: "Un constat."})
    assert left(desk, answer).data["findings"][0]["claim"] == "Un constat."


def test_a_finding_that_nothing_supports_is_not_left(desk: Desk) -> None:
    page = written(desk)
    claim = claim_names(page)[0].removeprefix("claim-")
    names = [n for n in page.forms[-2].controls if n.startswith(f"side-{claim}-")]
    answer = send(desk, page, "leave", **dict.fromkeys(names, "against"))
    assert answer.status == 422 and "Rien ne l’appuie" in answer.words


def test_findings_are_moved_and_taken_out_and_what_is_ticked_stays(desk: Desk) -> None:
    page = begin(desk)
    one, two = picked(desk, page, "on-vient-a-deux", "quatre-listes-de-permanences")
    page = press(desk, page, "gather", pick=[one])
    first = claim_names(page)[0]
    page = press(desk, page, "gather", pick=[two], into="", **{first: "Premier"})
    second = next(name for name in claim_names(page) if name != first)
    page = press(desk, page, f"up {second.removeprefix('claim-')}", **{second: "Second"})
    assert claim_names(page) == [second, first]
    assert page.text.index("Second</textarea>") < page.text.index("Premier</textarea>")
    page = press(desk, page, f"out {second.removeprefix('claim-')}")
    assert claim_names(page) == [first]
    assert dict(page.form(page.path.partition("?")[0]).inputs)["pick"] == two
    assert press(desk, page, "gather", pick=[]).text.count("claim-") == page.text.count("claim-")
    for strange in ("up x", "out", "page -3", "page 99999999", "", "x" * 999):
        assert claim_names(press(desk, page, strange)) == [first]
        page = desk.editor.get(page.path)


def test_two_editors_at_once_never_overwrite_each_other(desk: Desk) -> None:
    other = enter(desk.gateway, Visitor(desk.editor.port), EDITORS[1])
    page = begin(desk)
    theirs = other.get(page.path)
    press(desk, page, "keep", title="Le mien")
    answer = send(desk, theirs, "keep", by=other, title="Le sien")
    apart = other.get(answer.location)
    assert "Rien n’est écrasé" in apart.words and "Le sien" in apart.text
    assert "Le mien" in desk.editor.get(page.path).text
    again = send(desk, theirs, "keep", by=other, title="Le sien")
    assert again.location == answer.location, "pressed twice it is kept apart once"
    assert sorted(one.data["typed"]["title"] for one in desk.gateway.store.sketches()) == [
        "Le mien",
        "Le sien",
    ]


def test_words_of_a_finding_that_a_colleague_took_out_meanwhile_are_kept_apart(desk: Desk) -> None:
    page = written(desk)
    name = claim_names(page)[0]
    late = desk.editor.get(page.path)
    press(desk, page, f"out {name.removeprefix('claim-')}")
    apart = desk.editor.get(send(desk, late, "keep", **{name: "Une heure de travail."}).location)
    assert "Une heure de travail." in apart.text and claim_names(apart) == [name]
    said = left(desk, send(desk, apart, "leave"))
    assert [row["claim"] for row in said.data["findings"]] == ["Une heure de travail."]
    assert len(said.data["findings"][0]["supporting"]) == 2


def test_what_is_typed_on_a_draft_that_is_left_or_removed_is_kept_apart(desk: Desk) -> None:
    page = written(desk)
    late = desk.editor.get(page.path)
    left(desk, send(desk, page, "leave"))
    apart = desk.editor.get(send(desk, late, "leave", title="Trop tard ?").location)
    assert "Trop tard" in apart.text and "On attend *dehors*." in apart.text
    assert len(desk.gateway.store.waiting()) == 1, "it is read over before it is left too"
    assert desk.editor.submit(apart, "/oter/", {}).status == 303
    assert desk.editor.get(apart.path).status == 404
    assert "Trop tard" not in desk.editor.get(START).words
    again = desk.editor.get(send(desk, apart, "keep", title="Encore").location)
    assert "Encore" in again.text and "On attend *dehors*." in again.text


def test_a_withdrawn_observation_is_quoted_no_more(desk: Desk) -> None:
    page = written(desk)
    gone = of(desk, "quatre-listes-de-permanences")
    desk.gateway.edition.carry_out("Léa", desk.gateway.edition.taking_off(gone))
    page = desk.editor.get(page.path)
    assert "1 passage a été changé ou retiré" in page.words and gone.title not in page.words
    synthesis = left(desk, send(desk, page, "leave"))
    assert gone.slug not in synthesis.body and len(synthesis.data["findings"]) == 1


def test_the_past_of_a_synthesis_tells_no_more_of_a_withdrawn_observation(desk: Desk) -> None:
    page = written(desk)
    gone, stays = (of(desk, s) for s in ("quatre-listes-de-permanences", "on-vient-a-deux"))
    synthesis = left(desk, send(desk, page, "leave"))
    desk.editor.publish(synthesis.id)
    past, reader = f"/historique/synthesis/{synthesis.slug}/", Visitor(desk.editor.port)
    assert "Une seule liste" in reader.get(past).words
    desk.gateway.edition.carry_out("Léa", desk.gateway.edition.taking_off(gone))
    told = reader.get(past)
    assert told.status == 200 and stays.title in told.words and "constat" in told.words.lower()
    assert not [said for said in ("Une seule liste", gone.title, gone.slug) if said in told.text]


def test_what_nobody_made_is_refused_and_nothing_answers_500(desk: Desk) -> None:
    page = begin(desk)
    inputs = page.form(page.path).inputs
    without = [pair for pair in inputs if pair[0] != "_csrf"]
    assert desk.editor.post(page.path, without).status == 403
    csrf = next(pair for pair in inputs if pair[0] == "_csrf")
    for sent in ([], [("pick", "x")] * 500, [("title", "\ud800<script>"[1:])], [("do", "leave")]):
        assert desk.editor.post(page.path, [csrf, *sent]).status in (303, 422)
    assert desk.editor.get(f"{START}rien/").status == 404
    assert desk.editor.post(f"{START}rien/", [csrf]).status == 404
    assert Visitor(desk.editor.port).get(page.path).status != 200


def test_a_synthesis_is_begun_from_the_command_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"VIGIE_STATE": str(desk.gateway.settings.state), "VIGIE_PUBLIC_URL": PUBLIC}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def told(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["synthesis", "new", *options])
        return done.exit_code, done.output

    code, said = told("--theme", "x", "--place", "ailleurs", "--from", "hier")
    assert code == 1 and "theme: x" in said and "place: ailleurs" in said and "--from" in said
    assert told("--from", "2031-01") == (1, "Error: no published observation fits\n")
    code, said = told("--theme", "chercher-un-emploi", "--place", "tours", "--to", "2026-11")
    assert code == 0, said
    (kept,) = desk.gateway.syntheses.unfinished()
    assert f"{PUBLIC}redaction/synthese/{kept.id}/" in said and "Points de vue" in said
    assert kept.sketch.claims == (), "no finding is made up"
    page = desk.editor.get(f"{START}{kept.id}/")
    assert page.status == 200 and "La rédaction" in desk.editor.get(START).words
    assert told("--lang", "en", "--by", "Léa")[1].startswith("21 observations read, between")

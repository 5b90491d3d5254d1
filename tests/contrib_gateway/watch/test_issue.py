"""An issue is prepared from what was kept: it waits on the desk, and no item is in two issues."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from contrib_gateway.cli import main
from contrib_gateway.store import Pile, State, Submission, Verdict
from contrib_gateway.watch.preface import title
from tests.contrib_gateway.desks import Desk, content
from tests.contrib_gateway.desks import embedded as desk
from tests.contrib_gateway.running import EDITORS, PUBLIC, enter
from tests.contrib_gateway.visitor import Page, Visitor
from tests.contrib_gateway.watch.stories import Told, story

FIXTURES = (content, desk)
PATH = "/redaction/veille/numero/"
WRITTEN = {"title": "Se loger", "summary": "Une. Deux.", "intro": "Ce qui se dégage."}


def keep(desk: Desk, title: str, **said: object) -> str:
    """A story that an editor kept; returns its id."""
    store = desk.gateway.store
    one = story(store, Told(title), now=desk.clock())
    qualification = {
        "why": f"{title}, utile ici.",
        "themes": ["sante"],
        "qualified_by": "Léa",
    } | said
    store.sort_stories(
        {one.id: one.version}, Verdict(Pile.KEPT, qualification=qualification), "Léa"
    )
    return one.id


def prepare(desk: Desk, page: Page | None = None, **typed: object) -> Page:
    values = {**WRITTEN, **typed}
    return desk.editor.submit(page or desk.editor.get(PATH), PATH, values)  # type: ignore[arg-type]


def left(desk: Desk, answer: Page) -> Submission:
    assert answer.status == 303, answer.words[:800]
    found = desk.gateway.store.find(answer.location.rstrip("/").rpartition("/")[2])
    assert found
    return found


def ids(submission: Submission) -> list[str]:
    return [row["id"] for row in submission.data["items"]]


def available(desk: Desk) -> set[str]:
    return {pick.id for pick in desk.gateway.digests.available().picks}


def test_what_was_kept_becomes_an_issue_that_waits_on_the_desk(desk: Desk) -> None:
    first, second = keep(desk, "Un guide"), keep(desk, "Une aide", themes=["se-former"])
    issue = left(desk, prepare(desk))
    assert (issue.type, issue.title, issue.state) == ("digest", "Se loger", State.QUEUED)
    assert ids(issue) == [second, first], "by theme, in the order of their list"
    assert [row["name"] for row in issue.data["editors"]] == ["Léa"]
    assert issue.signed_as and "@" not in issue.signed_as
    desk.gateway.worker.work()
    assert desk.editor.get(f"/redaction/{issue.id}/").status == 200
    assert "Un numéro attend" in desk.editor.get(PATH).words
    desk.editor.publish(issue.id)
    published = desk.gateway.library.index.by_id(issue.id)
    assert published and [row["id"] for row in published.data["items"]] == [second, first]
    assert not available(desk)


def test_words_to_begin_with_are_there_but_the_introduction_is_to_be_written(desk: Desk) -> None:
    keep(desk, "Un guide")
    page = desk.editor.get(PATH)
    inputs = dict(page.form(PATH).inputs)
    assert inputs["title"].startswith("Veille du ") and "1 information retenue" in inputs["summary"]
    told = prepare(desk, page, intro="", title="Mon titre à moi")
    assert told.status == 422 and "Mon titre à moi" in told.text
    assert "Pour commencer" in told.words and not desk.gateway.store.waiting()


def test_a_suggested_title_tells_each_day_as_far_as_it_differs() -> None:
    end = "2026-11-26"
    told = [title(day, end, "fr") for day in ("2026-11-01", "2026-10-19", "2025-11-19", end)]
    assert [one.replace("\u00a0", " ") for one in told] == [
        "Veille du 1er au 26 novembre 2026",
        "Veille du 19 octobre au 26 novembre 2026",
        "Veille du 19 novembre 2025 au 26 novembre 2026",
        "Veille du 26 novembre 2026",
    ]


def test_words_left_as_they_are_suggested_keep_their_spaces(desk: Desk) -> None:
    keep(desk, "Un guide")
    suggested = dict(desk.editor.get(PATH).form(PATH).inputs)
    told = prepare(desk, title=suggested["title"], intro="Pourquoi\u202f?\u200e")
    issue = left(desk, told)
    assert issue.title == suggested["title"] and "\u00a0novembre" in issue.title
    assert issue.data["intro"] == "Pourquoi\u202f?", "what nobody sees is left out"


def test_an_issue_sends_nobody_through_a_campaign(desk: Desk) -> None:
    address = "https://guide.example/page"
    one = story(
        desk.gateway.store, Told("Un guide", url=f"{address}?utm_source=rss"), now=desk.clock()
    )
    qualified = {"why": "Utile ici.", "themes": ["sante"], "qualified_by": "Léa"}
    verdict = Verdict(Pile.KEPT, qualification=qualified)
    desk.gateway.store.sort_stories({one.id: one.version}, verdict, "Léa")
    assert [row["url"] for row in left(desk, prepare(desk)).data["items"]] == [address]


def test_what_is_unticked_waits_for_the_next_issue(desk: Desk) -> None:
    first, second = keep(desk, "Un guide"), keep(desk, "Une aide")
    assert ids(left(desk, prepare(desk, id=[second]))) == [second]
    assert available(desk) == {first}
    assert prepare(desk, id=[]).status == 422, "an issue has at least one item"


def test_nothing_kept_is_said_and_no_form_is_shown(desk: Desk) -> None:
    assert "Rien n’est encore prêt" in desk.editor.get(PATH).words
    keep(desk, "Sans raison", why="")
    page = desk.editor.get(PATH)
    assert "1 information est gardée" in page.words and not available(desk)


def test_a_declined_issue_gives_its_items_back(desk: Desk) -> None:
    kept = keep(desk, "Un guide")
    issue = left(desk, prepare(desk))
    assert not available(desk)
    desk.gateway.worker.work()
    desk.editor.decline(issue.id, "Pas maintenant.")
    assert available(desk) == {kept}
    assert ids(left(desk, prepare(desk))) == [kept]


def test_an_item_taken_out_on_the_desk_waits_for_the_next_issue(desk: Desk) -> None:
    first, second = keep(desk, "Un guide"), keep(desk, "Une aide")
    issue = left(desk, prepare(desk))
    desk.gateway.worker.work()
    address = f"/redaction/{issue.id}/corriger/"
    form = desk.editor.get(address)
    gone = ids(issue)[0]
    sent = [pair for pair in form.form(address).inputs if not pair[0].startswith("items-0-")]
    sent = [pair for pair in sent if pair[0] not in ("_add", "_row")]
    over = desk.editor.post(address, sent)
    assert over.status == 200, over.words[:600]
    assert desk.editor.submit(over, address, {}).status == 303
    assert desk.state(issue.id) is State.PUBLISHED
    assert available(desk) == {gone} and gone in (first, second)


def test_pressed_twice_it_is_one_issue(desk: Desk) -> None:
    keep(desk, "Un guide")
    page = desk.editor.get(PATH)
    assert prepare(desk, page).location == prepare(desk, page).location
    assert len(desk.gateway.store.waiting()) == 1


def test_two_editors_who_press_at_once_never_share_an_item(desk: Desk) -> None:
    kept = {keep(desk, f"Guide {n}") for n in range(4)}
    other = enter(desk.gateway, Visitor(desk.editor.port), EDITORS[1])
    pages = [(editor, editor.get(PATH)) for editor in (desk.editor, other) for _ in range(2)]
    with ThreadPoolExecutor(4) as crowd:
        told = list(crowd.map(lambda one: one[0].submit(one[1], PATH, WRITTEN), pages))
    assert sorted(answer.status for answer in told) == [303, 409, 409, 409]
    [issue] = desk.gateway.store.waiting()
    assert set(ids(issue)) == kept and len(ids(issue)) == 4
    late = next(answer for answer in told if answer.status == 409)
    assert "entre-temps" in late.words and "Rien n’est encore prêt" in late.words
    assert WRITTEN["intro"] in late.text, "what was written is not lost"


def test_a_late_editor_is_shown_what_is_left_with_what_they_wrote(desk: Desk) -> None:
    first, second = keep(desk, "Un guide"), keep(desk, "Une aide")
    page = desk.editor.get(PATH)
    left(desk, prepare(desk, id=[first]))
    told = prepare(desk, page, title="Mon titre à moi")
    assert told.status == 409 and "Mon titre à moi" in told.text
    assert dict(told.form(PATH).inputs)["id"] == second
    told = prepare(desk, page, id=[first], title="")
    assert told.status == 409 and "entre-temps" in told.words, "not that it lacks something"


def test_a_page_that_nobody_made_is_not_sent(desk: Desk) -> None:
    keep(desk, "Un guide")
    page = desk.editor.get(PATH)
    inputs = dict(page.form(PATH).inputs) | WRITTEN
    assert desk.editor.post(PATH, {**inputs, "_ticket": "x"}.items()).status == 422
    assert desk.editor.post(PATH, {**inputs, "_csrf": "x"}.items()).status == 403
    assert Visitor(desk.editor.port).get(PATH).status in (303, 401, 403)
    for strange in ("", "../../x", "é" * 9000, "<script>"):
        answer = desk.editor.post(PATH, {**inputs, "id": strange, "title": strange}.items())
        assert answer.status in (409, 422) and "<script>" not in answer.text.replace(
            "</script>", ""
        )
    assert not desk.gateway.store.waiting()


def test_an_issue_is_prepared_from_the_command_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"VIGIE_STATE": str(desk.gateway.settings.state), "VIGIE_PUBLIC_URL": PUBLIC}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    command = ["watch", "digest", "--title", "Se loger", "--by", "Karim"]
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 1 and "nothing is ready" in told.output
    first = keep(desk, "Un guide")
    told = CliRunner().invoke(main, command, input="Ce qui se dégage.\n")
    assert told.exit_code == 0, told.output
    [issue] = desk.gateway.store.waiting()
    assert f"{PUBLIC}redaction/{issue.id}/" in told.output
    assert (issue.title, ids(issue), issue.signed_as) == ("Se loger", [first], "Karim")
    keep(desk, "Une aide")
    told = CliRunner().invoke(main, [*command, "--intro", "x", "--title", "y" * 400])
    assert told.exit_code == 1 and "Titre" in told.output

"""An editor sees at a glance whether a new page is about what there is, or waits, already."""

from __future__ import annotations

import re
from html import unescape

from contrib_gateway.gateway import Gateway
from plugins.render import paired
from plugins.schema import Document
from tests.contrib_gateway.desks import Desk, content, desk, github, on_github
from tests.contrib_gateway.test_changes import by_hand, some_page
from tests.contrib_gateway.visitor import answers, id_of

FIXTURES = (content, desk, github, on_github)
TITLE = "Le café des voisins"


def garden(desk: Desk, title: str = TITLE, **more: str) -> str:
    """Propose an initiative, going on whatever the form says exists already."""
    return id_of(desk.editor.contribute("initiative", answers("initiative", title, **more)))


def test_a_page_that_exists_stands_beside_the_proposal_fact_by_fact(desk: Desk) -> None:
    first = garden(desk, url="https://cafe.example/", email="bonjour@cafe.example")
    desk.gateway.worker.work()
    assert desk.press(first, "publier").status == 303
    other = garden(desk, f"{TITLE} du quai", url="https://cafe.example", phone="02 47 00 00 00")
    desk.gateway.worker.work()
    told = desk.editor.get(f"/redaction/{other}/")
    page = desk.gateway.library.index.by_id(first)
    assert page and page.url
    assert "Elle existe peut-être déjà" in told.words
    assert f"/{page.url}" in told.text and f"/redaction/fiches/{page.ref}/" in told.links
    beside = told.text.partition('id="likely"')[2].partition("</section>")[0]
    assert (
        "bonjour@cafe.example" in unescape(beside)
        and "02\u00a047\u00a000\u00a000\u00a000" in beside
    )
    site = re.search(r"<tr[^>]*>\s*<th[^>]*>Site ou page.*?</tr>", beside, re.S)
    assert site and "identique" in site[0]
    assert desk.editor.get(f"/redaction/fiches/{page.ref}/").status == 200


def test_another_that_waits_for_the_same_is_shown_too(desk: Desk) -> None:
    ids = garden(desk), garden(desk, f"{TITLE} !")
    desk.gateway.flags.work()
    for id, other in (ids, ids[::-1]):
        told = desk.editor.get(f"/redaction/{id}/")
        assert "attend aussi" in told.words and f"/redaction/{other}/" in told.links
    desk.work(minutes=1)
    desk.editor.decline(ids[0], "Deux fois la même.")
    assert "attend aussi" not in desk.editor.get(f"/redaction/{ids[1]}/").words


def test_a_change_and_what_is_decided_are_compared_with_nothing(desk: Desk) -> None:
    page = some_page(desk)
    by_hand(desk, None, Document(page.type, "jumelle", {**page.data, "id": "twin"}, page.body))
    change = desk.change("a1", page, summary="Autrement dit.")
    assert "existe peut-être" not in desk.editor.get(f"/redaction/{change}/").words
    id = garden(desk)
    desk.gateway.worker.work()
    assert desk.press(id, "publier").status == 303
    assert "existe peut-être" not in desk.editor.get(f"/redaction/{id}/").words


def test_a_page_is_the_same_as_itself_and_shows_no_more_than_it_says(desk: Desk) -> None:
    gateway: Gateway = desk.gateway
    page, index = some_page(desk), gateway.library.index
    pairs = paired(page, page, index, gateway.site, "fr")
    assert pairs and all(pair.same for pair in pairs)
    assert {"title", "place"} <= {pair.name for pair in pairs} <= set(page.data)
    bare = Document(page.type, "nue", {"title": 3, "place": "Tours", "url": ["x"]})
    assert not any(pair.same for pair in paired(bare, page, index, gateway.site, "fr"))

"""The watch from one end to the other: sent, collected, qualified, shared, made use of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.contrib_gateway.running import PATIENCE, Server, copied_state, until
from tests.contrib_gateway.watch import servers
from tests.stories.conftest import open_page, overflow, sign_in, violations

INITIATIVE = "initiative/veille-et-observation-participative"
OPML = """<opml version="2.0"><body>
<outline text="Le blog des ateliers" xmlUrl="{feed}" htmlUrl="{site}" description="Utile ici."/>
</body></opml>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Le blog</title><link>{site}</link>
<item><guid>1</guid><title>Apprendre à plusieurs dans le quartier</title>
<link>{site}apprendre?utm_source=rss</link><description>Un récit d’atelier.</description>
<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>Prêter des ordinateurs le mercredi</title>
<link>{site}preter</link><description>Comment on s’y prend.</description>
<pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate></item>
</channel></rss>"""


@pytest.fixture
def blog() -> Iterator[servers.Server]:
    """A source on this machine."""
    with servers.Server() as blog:
        text = FEED.format(site=blog.url())
        blog.put("/feed.xml", servers.reply(body=text.encode()))
        yield blog


@pytest.fixture
def vigie(small_state: Path, tmp_path: Path) -> Iterator[Server]:
    state = copied_state(small_state, tmp_path / "state")
    server = Server(state, VIGIE_WATCH_ALLOW_PRIVATE="1", VIGIE_PUBLIC_URL="").start()
    yield server
    server.kill()
    assert "Traceback" not in server.log, server.log[-3000:]


def test_from_a_link_and_a_source_to_the_page_of_an_initiative(
    browser: Browser, vigie: Server, blog: servers.Server, tmp_path: Path
) -> None:
    resident = open_page(browser, scripts=False)
    send_a_link(resident, vigie, blog.url("/apprendre"))
    editor = open_page(browser, wide=True)
    sign_in(editor, vigie.address + vigie.login_path().removeprefix("/"))
    publish_the_link(editor, vigie)
    add_the_source(editor, vigie, blog, tmp_path)
    collected = vigie.run("watch", "collect", "--all")
    assert collected.returncode == 0, collected.stderr
    qualify(editor, vigie)
    prepare_the_issue(editor, vigie)
    put_in_order_and_publish(editor)
    issue = "/veille/apprendre-et-preter/"
    until(lambda: vigie.visitor().get(issue).status == 200, issue, patience=3 * PATIENCE)
    read_it(resident, vigie)


def send_a_link(page: Page, vigie: Server, address: str) -> None:
    page.goto(f"{vigie.address}contribuer/link/")
    page.locator("#url").fill(address)
    page.locator("#title").fill("Apprendre à plusieurs")
    page.locator("#why").fill("On pourrait le faire ici.")
    page.locator("#signed_as").fill("Zoé du Sanitas")
    page.get_by_role("button", name="Relire").last.click()
    page.get_by_role("button", name="Envoyer").first.click()
    expect(page).to_have_url(re.compile("/suivi/"))
    expect(page.locator("[hidden]:visible")).to_have_count(0)  # what only a script can offer


def publish_the_link(page: Page, vigie: Server) -> None:
    vigie.wait_queue()
    page.goto(f"{vigie.address}redaction/")
    page.get_by_role("link", name="Apprendre à plusieurs").click()
    page.get_by_role("button", name="Transmettre à la veille").click()
    page.wait_for_load_state()


def add_the_source(page: Page, vigie: Server, blog: servers.Server, folder: Path) -> None:
    file = folder / "abonnements.opml"
    file.write_text(OPML.format(feed=blog.url("/feed.xml"), site=blog.url()))
    page.goto(f"{vigie.address}redaction/veille/")
    page.get_by_role("link", name="Comment vont les sources").click()
    page.get_by_role("link", name="Ajouter les sources d’un autre lecteur").click()
    page.get_by_label("Le fichier").set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").click()
    look(page)
    page.get_by_role("button", name="Ajouter ce qui est coché").click()
    page.get_by_text("1 source est ajoutée").wait_for()


def qualify(page: Page, vigie: Server) -> None:
    """The link and the source's entry are one story; both of its stories are kept."""
    for title, why in (("Apprendre à plusieurs", "À essayer."), ("Prêter", "À emprunter.")):
        page.goto(f"{vigie.address}redaction/veille/")
        assert page.locator(".story").filter(has_text=title).count() == 1, "told once"
        page.get_by_role("link", name=title).first.click()
        page.locator("#why").fill(why)
        if title.startswith("Apprendre"):
            expect(page.locator("main")).to_contain_text("Zoé du Sanitas")
            expect(page.locator("main")).to_contain_text("Le blog des ateliers")
            page.locator(f"[name=about][value='{INITIATIVE}']").check()
        page.get_by_role("button", name="Garder", exact=True).locator("visible=true").first.click()
        page.wait_for_load_state()


def prepare_the_issue(page: Page, vigie: Server) -> None:
    page.goto(f"{vigie.address}redaction/veille/")
    page.get_by_role("link", name="Préparer le numéro").click()
    look(page)
    page.locator("#title").fill("Apprendre et prêter")
    page.locator("#intro").fill("Ce que l’on peut faire à plusieurs.")
    page.get_by_role("button", name="Préparer le numéro").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Apprendre et prêter")
    vigie.wait_queue()


def put_in_order_and_publish(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="Corriger").first.click()
    titles = page.locator("#items .row-title")
    first, second = titles.all_inner_texts()
    page.locator("#items .row-item").nth(1).get_by_role("button", name="Monter").click()
    assert titles.all_inner_texts() == [second, first]
    look(page)
    page.get_by_role("button", name="Relire").last.click()
    heading = page.get_by_role("heading", name=second).first.bounding_box()
    other = page.get_by_role("heading", name=first).first.bounding_box()
    assert heading and other and heading["y"] < other["y"], "the preview has the new order"
    page.get_by_role("button", name="Publier").first.click()
    page.wait_for_load_state()


def read_it(page: Page, vigie: Server) -> None:
    page.goto(f"{vigie.address}veille/apprendre-et-preter/")
    expect(page.locator("main")).to_contain_text("Zoé du Sanitas")
    page.goto(f"{vigie.address}{INITIATIVE.replace('initiative/', 'initiatives/')}/")
    expect(page.locator("main")).to_contain_text("Apprendre à plusieurs")
    page.get_by_role("link", name="Apprendre à plusieurs").first.click()
    expect(page).to_have_url(re.compile(r"/veille/apprendre-et-preter/#"))
    assert overflow(page) == 0
    feed = json.loads(vigie.visitor().get("/feeds/watch/items.json").body)
    entries = {entry["title"]: entry for entry in feed["items"]}
    found = next(entry for title, entry in entries.items() if title.startswith("Apprendre à"))
    assert "/veille/apprendre-et-preter/#" in found["url"]


def look(page: Page) -> None:
    """On a phone and on a wide screen."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, (page.url, width)
        assert violations(page) == [], (page.url, width)

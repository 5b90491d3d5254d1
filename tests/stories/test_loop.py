"""The five steps of the README, in a real browser, on a phone: with scripts and without, with the
embedded forge and with GitHub.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.conftest import Demo, open_page, open_when, sign_in

# The very same story, whichever forge the proposals go to.
pytestmark = pytest.mark.parametrize("demo", ["embedded", "github"], indirect=True, scope="module")
NEXT = re.compile("Relire ma fiche")
SEND = re.compile("Envoyer ma (fiche|correction)")


def fill_in(page: Page, title: str) -> None:
    page.get_by_label("Nom de l’initiative").fill(title)
    page.get_by_label("En deux phrases").fill("On s’aide à écrire, le mardi.\nVenez <b>vite</b> !")
    page.get_by_label("Qui porte l’initiative").fill("Les voisins du Sanitas")
    page.get_by_label("Commune ou quartier").select_option("tours")
    page.get_by_label("Coopérer entre structures").check()


@pytest.fixture
def asked(browser: Browser, scripts: bool) -> tuple[Page, list[str]]:
    """A contributor's page, and every address it asked for."""
    page = open_page(browser, scripts=scripts)
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return page, addresses


def test_a_form_becomes_a_reviewed_merged_published_page(
    demo: Demo, browser: Browser, scripts: bool, asked: tuple[Page, list[str]]
) -> None:
    page, addresses = asked
    title = f"Le café des claviers {'qui bougent' if scripts else 'immobiles'}"

    # 1. The home page leads to the forms.
    page.goto(demo.url)
    page.get_by_role("link", name="Contribuer").first.click()
    page.get_by_role("link", name="Présenter une initiative").click()

    # 2. Mistakes come back beside the fields; what was typed is there.
    page.get_by_label("Nom de l’initiative").fill(title)
    page.get_by_role("button", name=NEXT).last.click()
    expect(page).to_have_title(re.compile("^Erreur"))
    expect(page.get_by_label("Nom de l’initiative")).to_have_value(title)
    page.get_by_role("link", name=re.compile("Qui porte l’initiative")).click()
    assert page.url.endswith("#carrier_name")

    # 3. The page exactly as it will look; back to correct, and nothing is lost.
    fill_in(page, title)
    page.get_by_role("button", name=NEXT).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("button", name=re.compile("Revenir corriger")).first.click()
    expect(page.get_by_label("Qui porte l’initiative")).to_have_value("Les voisins du Sanitas")
    expect(page.get_by_label("Coopérer entre structures")).to_be_checked()
    page.get_by_role("button", name=NEXT).last.click()
    page.get_by_role("button", name=SEND).first.click()

    # 4. A receipt, whose link can be kept.
    expect(page).to_have_url(re.compile("/suivi/"))
    receipt = page.url
    expect(page.get_by_text(receipt)).to_be_visible()
    assert page.context.cookies() == []

    # 5. The desk: the page as it will be, field by field; merge.
    desk = open_page(browser, scripts=scripts, wide=True)
    sign_in(desk, demo.sign_in_link())
    desk.get_by_role("link", name=title).click()
    expect(desk.get_by_role("row", name=re.compile("Qui porte"))).to_contain_text("Les voisins")
    inside = desk.frame_locator("iframe").get_by_role("heading", level=1)
    expect(inside).to_have_text(title)
    desk.get_by_role("button", name="Publier").click()
    expect(desk.get_by_text(re.compile("Publiée? par"))).to_be_visible()

    # 6. Within seconds it is online, and the receipt says so.
    open_when(page, receipt, "Voir la page")
    page.get_by_role("link", name="Voir la page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("Venez <b>vite</b>")).to_be_visible()
    page.goto(f"{demo.url}/initiatives/")
    expect(page.get_by_role("link", name=title)).to_be_visible()
    page.goto(f"{demo.url}/en/initiatives/")
    expect(page.get_by_role("link", name=title)).to_be_visible()
    assert all(address.startswith((demo.url, "data:")) for address in addresses)
    assert page.context.cookies() == []


def test_the_link_that_the_demo_prints_signs_in(demo: Demo, browser: Browser) -> None:
    page = open_page(browser, wide=True)
    sign_in(page, demo.link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bureau de rédaction")
    page.goto(demo.link)  # again, in the same browser: no harm
    expect(page.get_by_role("heading", level=1)).to_have_text("Bureau de rédaction")
    stranger = open_page(browser)
    sign_in(stranger, demo.link)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(
        "Le bureau est réservé à la rédaction"
    )


def test_declining_tells_the_contributor_why(demo: Demo, browser: Browser) -> None:
    page = open_page(browser)
    page.goto(f"{demo.url}/contribuer/initiative/")
    fill_in(page, "Une initiative en double")
    page.get_by_role("button", name=NEXT).last.click()
    page.get_by_role("button", name=SEND).first.click()
    receipt = page.url
    desk = open_page(browser, wide=True)
    sign_in(desk, demo.sign_in_link())
    desk.get_by_role("link", name="Une initiative en double").click()
    desk.get_by_text("Ne pas retenir, en disant pourquoi").click()
    desk.get_by_role("button", name="Ne pas retenir").click()
    words = desk.get_by_label("À ajouter, ou avec vos mots")
    expect(words).to_have_attribute("aria-invalid", "true")
    desk.get_by_label("Cette fiche est déjà sur le site").check()
    words.fill("Voyez la fiche des mardis.")
    desk.get_by_role("button", name="Ne pas retenir").click()
    page.goto(receipt)
    expect(page.get_by_text("Cette fiche est déjà sur le site")).to_be_visible()
    expect(page.get_by_text("Voyez la fiche des mardis.")).to_be_visible()


def test_a_port_that_is_taken_is_told_in_a_sentence(demo: Demo) -> None:
    port = demo.url.rpartition(":")[2]
    environ = demo.environ | {"PORT": port}
    command = [sys.executable, "-m", "contrib_gateway", "serve"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr

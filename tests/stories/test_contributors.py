"""Somebody on a phone, once in her life: whole stories, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR
from threading import Thread
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.contrib_gateway.mailbox import Mailbox
from tests.stories.conftest import Built, Demo, open_page, open_when, overflow, sign_in, violations

NEXT = re.compile("Relire ma fiche")
SEND = re.compile("Envoyer ma (fiche|correction)")
ORIENTATION, GPS, MODEL = 0x0112, 0x8825, 0x0110
INITIATIVE = "/contribuer/initiative/"
CARRIER = "Les voisins du Sanitas"


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def demo(box: Mailbox, tmp_path_factory: pytest.TempPathFactory, built: Built) -> Iterator[Demo]:
    state = tmp_path_factory.mktemp("contributors") / "state"
    yield from built.once_more(state, {"VIGIE_SMTP_URL": box.url})


@pytest.fixture
def page(browser: Browser, scripts: bool) -> Iterator[Page]:
    page = open_page(browser, scripts=scripts)
    yield page
    page.context.close()


@pytest.fixture
def desk(browser: Browser, demo: Demo) -> Iterator[Page]:
    page = open_page(browser, wide=True)
    sign_in(page, demo.sign_in_link())
    yield page
    page.context.close()


def look(page: Page) -> None:
    """Nothing is wider than the phone; axe finds nothing, by day and by night."""
    page.wait_for_load_state()
    assert overflow(page) <= 0
    page.emulate_media(color_scheme="light")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")  # another palette, and nothing else
    assert violations(page, ["color-contrast"]) == []


def seen(page: Page, scripts: bool) -> None:
    if scripts:  # axe is one
        look(page)


def fill_in(page: Page, title: str) -> None:
    page.get_by_label("Nom de l’initiative").fill(title)
    page.get_by_label("En deux phrases").fill("On s’aide à écrire, le mardi. Venez vite !")
    page.get_by_label("Qui porte l’initiative").fill(CARRIER)
    page.get_by_label("Commune ou quartier").select_option("tours")
    page.get_by_label("Coopérer entre structures").check()


def contribute(page: Page, demo: Demo, title: str) -> str:
    """Send a short initiative; the receipt's address."""
    page.goto(demo.url + INITIATIVE)
    fill_in(page, title)
    page.get_by_role("button", name=NEXT).last.click()
    page.get_by_role("button", name=SEND).first.click()
    expect(page).to_have_url(re.compile("/suivi/"))
    return page.url


def unfold(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).first.click()


def publish(desk: Page, demo: Demo, title: str) -> None:
    desk.goto(f"{demo.url}/redaction/")
    desk.get_by_role("link", name=title, exact=True).first.click()
    desk.get_by_role("button", name="Publier").click()


def wait_online(page: Page, receipt: str) -> None:
    open_when(page, receipt, "Voir la page")


def photo(folder: Path) -> Path:
    """As a phone held upright takes it: lying, marked as such, with its place and its owner."""
    width, height = 4000, 3000
    top, bottom = Image.new("RGB", (width // 2, height), "navy"), Image.linear_gradient("L")
    image = Image.merge("RGB", [bottom.resize((width, height))] * 3)
    image.paste(top, (0, 0))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = 6, "Téléphone de Zoé".encode().decode("latin-1")
    exif.get_ifd(GPS).update({1: "N", 2: (47.0, 23.0, 38.0), 3: "E", 4: (0.0, 41.0, 5.0)})
    path = folder / "IMG_20261125.jpg"
    image.save(path, "JPEG", quality=95, exif=exif)
    return path


def test_a_photo_from_a_phone(
    demo: Demo, page: Page, desk: Page, scripts: bool, tmp_path: Path
) -> None:
    title = f"Le jardin {'animé' if scripts else 'tranquille'} du quai"
    page.goto(demo.url + INITIATIVE)
    fill_in(page, title)
    picture = page.locator("[name=image-upload]")
    page.locator("details", has=picture).locator("summary").click()
    picture.set_input_files(photo(tmp_path))
    page.get_by_role("button", name=NEXT).last.click()

    # It has no words yet for who cannot see it: asked for, and the photo is kept meanwhile.
    expect(page).to_have_title(re.compile("^Erreur"))
    seen(page, scripts)
    page.locator("[name=image-alt]").fill("Le quai, bleu, sous un ciel gris")
    page.get_by_role("button", name=NEXT).last.click()
    shown = page.get_by_alt_text("Le quai, bleu, sous un ciel gris")
    expect(shown).to_be_visible()
    width, height = shown.evaluate("i => i.decode().then(() => [i.naturalWidth, i.naturalHeight])")
    assert width < height, "upright"
    seen(page, scripts)
    page.get_by_role("button", name=SEND).first.click()
    receipt = page.url
    publish(desk, demo, title)
    wait_online(page, receipt)
    seen(page, scripts)
    page.get_by_role("link", name="Voir la page").click()
    online = page.get_by_alt_text("Le quai, bleu, sous un ciel gris")
    expect(online).to_be_visible()
    for address in {online.get_attribute("src"), online.evaluate("i => i.currentSrc")}:
        data = page.request.get(f"{demo.url}{urlsplit(address or '').path}").body()
        assert len(data) > 1000
        assert not re.search(rb"Exif|GPS|Zo\xe9|photoshop|http", data)


def test_a_change_to_an_answer_that_somebody_else_changed(
    demo: Demo, browser: Browser, page: Page, desk: Page, scripts: bool
) -> None:
    name = "Atelier mobile" if scripts else "Atelier immobile"
    receipt = contribute(page, demo, name)
    publish(desk, demo, name)
    wait_online(page, receipt)
    page.get_by_role("link", name="Voir la page").click()
    page.get_by_role("link", name="Corriger ou compléter").click()
    expect(page.get_by_label("Nom de l’initiative")).to_have_value(name)
    seen(page, scripts)

    other = open_page(browser, scripts=scripts)
    other.goto(page.url)
    other.get_by_label("Nom de l’initiative").fill(f"{name} des voisins")
    other.get_by_role("button", name=NEXT).last.click()
    other.get_by_role("button", name=SEND).first.click()
    expect(other).to_have_url(re.compile("/suivi/"))
    publish(desk, demo, f"{name} des voisins")

    page.get_by_label("Nom de l’initiative").fill(f"{name} du samedi")
    page.get_by_label("En deux phrases").fill("On répare ensemble. Le samedi.")
    page.get_by_role("button", name=NEXT).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} du samedi")
    page.get_by_role("button", name=SEND).first.click()
    expect(page).to_have_url(re.compile("/suivi/"))

    desk.goto(f"{demo.url}/redaction/")
    desk.get_by_role("link", name=f"{name} du samedi").click()
    row = desk.get_by_role("row", name=re.compile("Nom de l’initiative"))
    expect(row).to_contain_text("des voisins")
    expect(row).to_contain_text("du samedi")
    expect(desk.get_by_text("quelqu’un d’autre a changé les mêmes réponses")).to_be_visible()
    look(desk)
    desk.get_by_role("link", name="Choisir dans le formulaire").click()
    three = desk.get_by_role("row", name=re.compile("Nom de l’initiative"))
    for said in (name, f"{name} des voisins", f"{name} du samedi"):
        expect(three).to_contain_text(said)
    look(desk)
    desk.get_by_label("Nom de l’initiative").fill(f"{name} des voisins, le samedi")
    desk.get_by_role("button", name=NEXT).last.click()
    expect(desk.get_by_role("button", name="Publier ainsi").first).to_be_visible()
    look(desk)
    desk.get_by_role("button", name="Publier ainsi").first.click()
    expect(desk.get_by_text(re.compile("Publiée? par"))).to_be_visible()
    other.context.close()


def test_a_question_an_amendment_a_withdrawal(
    demo: Demo, page: Page, desk: Page, scripts: bool
) -> None:
    name = f"Le dictionnaire {'parlé' if scripts else 'écrit'}"
    receipt = contribute(page, demo, name)
    expect(page.get_by_text(re.compile("reçue|en relecture")).first).to_be_visible()
    seen(page, scripts)
    desk.goto(f"{demo.url}/redaction/")
    desk.get_by_role("link", name=name).click()
    unfold(desk, "Demander")
    desk.get_by_label("Votre question").fill("Est-ce ouvert à tous ?")
    desk.get_by_role("button", name="Poser la question").click()
    look(desk)

    page.goto(receipt)
    expect(page.get_by_text("La rédaction a une question")).to_be_visible()
    expect(page.get_by_text("Est-ce ouvert à tous")).to_be_visible()
    seen(page, scripts)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_label("Votre réponse")).to_have_attribute("aria-invalid", "true")
    seen(page, scripts)
    page.get_by_label("Votre réponse").fill("Oui, sans inscription.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Oui, sans inscription.")).to_be_visible()
    assert page.url == receipt

    page.get_by_role("link", name="Corriger ce que j’ai envoyé").click()
    expect(page.get_by_label("Nom de l’initiative")).to_have_value(name)
    seen(page, scripts)
    page.get_by_label("Nom de l’initiative").fill(f"{name} de Touraine")
    page.get_by_role("button", name=NEXT).last.click()
    expect(page.get_by_role("button", name=SEND).first).to_be_visible()
    seen(page, scripts)
    page.get_by_role("button", name=SEND).first.click()
    expect(page).to_have_url(receipt)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} de Touraine")
    desk.goto(f"{demo.url}/redaction/")
    desk.get_by_role("link", name=f"{name} de Touraine").click()
    expect(desk.get_by_text("Oui, sans inscription.")).to_be_visible()

    unfold(page, "Retirer")
    page.get_by_role("button", name="Oui, la retirer").click()
    expect(page.get_by_text("retirée").first).to_be_visible()
    seen(page, scripts)
    unfold(page, "Être oublié")
    page.get_by_role("button", name="Oui, tout effacer").click()
    expect(page.get_by_text("C’est oublié.")).to_be_visible()
    expect(page.get_by_text(name)).to_have_count(0)
    seen(page, scripts)
    desk.goto(f"{demo.url}/redaction/")
    expect(desk.get_by_role("link", name=name)).to_have_count(0)


class BadNetwork(ThreadingHTTPServer):
    """Between a browser and the demo: of the first confirmation, only the answer is lost."""

    def __init__(self, demo: Demo) -> None:
        super().__init__(("127.0.0.1", 0), BadLine)
        self.demo = urlsplit(demo.url)
        self.confirmed: list[str] = []  # where each confirmation led to

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class BadLine(BaseHTTPRequestHandler):
    server: BadNetwork
    protocol_version = "HTTP/1.1"

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        host = self.server.demo
        inner = HTTPConnection(str(host.hostname), host.port or 80, timeout=30)
        inner.request(self.command, self.path, body, dict(self.headers))
        answer = inner.getresponse()
        data = answer.read()
        if b"_reviewed" in body:
            self.server.confirmed.append(answer.headers["Location"] or "")
            if len(self.server.confirmed) == 1:
                self.close_connection = True
                self.connection.shutdown(SHUT_RDWR)
                return
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_HEAD = pass_on  # noqa: N815 — the library's names

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing to say."""


@pytest.fixture
def network(demo: Demo) -> Iterator[BadNetwork]:
    with BadNetwork(demo) as network:
        thread = Thread(target=network.serve_forever, daemon=True)
        thread.start()
        yield network
        network.shutdown()


def test_sent_twice_on_a_bad_network_is_sent_once(
    demo: Demo, network: BadNetwork, page: Page, desk: Page, scripts: bool
) -> None:
    name = f"Le réseau {'nerveux' if scripts else 'calme'}"
    page.goto(network.url + INITIATIVE)
    fill_in(page, name)
    page.get_by_role("button", name=NEXT).last.click()
    page.get_by_role("button", name=SEND).first.dblclick(no_wait_after=True)
    page.wait_for_timeout(1500)
    if "/suivi/" not in page.url:  # the browser says that the connection was lost: one goes back
        page.go_back()
        expect(page.get_by_label("Nom de l’initiative")).to_have_value(name)
        page.get_by_role("button", name=NEXT).last.click()
    expect(page).to_have_url(re.compile("/suivi/"))
    assert {urlsplit(address).path for address in network.confirmed} == {urlsplit(page.url).path}
    desk.goto(f"{demo.url}/redaction/")
    expect(desk.get_by_role("link", name=name)).to_have_count(1)


def test_what_exists_already_is_completed_instead(demo: Demo, page: Page, scripts: bool) -> None:
    page.goto(demo.url + INITIATIVE)
    fill_in(page, "LES BAINS DOUCHES NUMÉRIQUES")
    existing = page.context.request.get(f"{demo.url}/data/initiatives.json").json()
    known = next(  # not one that another story is still changing
        one
        for one in existing
        if (one["place"] or {}).get("territory") and one["carrier_name"] != CARRIER
    )
    page.get_by_label("Nom de l’initiative").fill(known["title"].upper())
    page.get_by_label("Commune ou quartier").select_option(known["place"]["territory"])
    page.get_by_role("button", name=NEXT).last.click()
    expect(page.get_by_role("heading", name="Cela existe peut-être déjà")).to_be_visible()
    seen(page, scripts)
    page.get_by_role("button", name=re.compile("Compléter cette fiche")).first.click()
    expect(page.get_by_label("Nom de l’initiative")).to_have_value(known["title"])
    expect(page.get_by_role("heading", name="Ce que vous aviez écrit")).to_be_visible()
    seen(page, scripts)


def test_a_letter_to_a_structure_and_its_answer(
    demo: Demo, box: Mailbox, page: Page, desk: Page, scripts: bool
) -> None:
    name = f"La permanence {'sonore' if scripts else 'muette'}"
    page.goto(demo.url + INITIATIVE)
    fill_in(page, name)
    unfold(page, "Contact")
    page.get_by_label("Adresse électronique où recevoir").fill("benevole@maison.example")
    page.get_by_role("button", name=NEXT).last.click()
    page.get_by_role("button", name=SEND).first.click()
    receipt = page.url
    publish(desk, demo, name)
    wait_online(page, receipt)
    before = len(box.messages)
    page.get_by_role("link", name="Voir la page").click()
    page.get_by_role("link", name="Écrire à cette structure").click()
    seen(page, scripts)
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    seen(page, scripts)
    words = f"Êtes-vous ouverts {'le mardi' if scripts else 'le jeudi'} ?"
    page.get_by_label("Votre message").fill(words)
    page.get_by_label("Votre adresse électronique").fill("lea@exemple.org")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_text("Votre message est parti.")).to_be_visible()
    seen(page, scripts)
    written = box.wait_for(before + 1)[-1]
    assert written["To"] == "benevole@maison.example" and "lea@exemple.org" not in str(written)
    letter = written.get_content()
    assert f"> {words}".replace("\u202f", " ") in letter.replace("\u202f", " ")
    page.goto(re.findall(r"http\S+/ecrire/reponse/\S+", letter)[0])
    seen(page, scripts)
    page.get_by_label("Votre message").fill("Oui, toute la journée.")
    page.get_by_role("button", name="Envoyer le message").click()
    expect(page.get_by_text("Votre message est parti.")).to_be_visible()
    answer = box.wait_for(before + 2)[-1]
    assert answer["To"] == "lea@exemple.org" and "toute la journée" in answer.get_content()

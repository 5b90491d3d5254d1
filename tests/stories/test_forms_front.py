"""What the forms do in a browser: drafts, places, one click that sends once, faults met first."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route, expect

from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import until
from tests.pages import dangers
from tests.stories.conftest import Built, Demo, open_page, overflow, violations

NEED = "/contribuer/need/"
INITIATIVE = "/contribuer/initiative/"
OBSERVATION = "/contribuer/observation/"
KEEP = "Garder un brouillon sur cet appareil"
RESUME = re.compile("Reprendre mon brouillon du ")
NEXT = re.compile("Relire ma fiche")
SEND = re.compile("Envoyer ma (fiche|correction)")
DAY = 24 * 3600
MB = 1024 * 1024
PATIENCE = 15_000  # ms
SMALLEST = 44  # pixels, of what a finger has to meet


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, built: Built) -> Iterator[Demo]:
    """It can send mail: addresses are asked for."""
    with Mailbox() as box:
        state = tmp_path_factory.mktemp("forms") / "state"
        yield from built.once_more(state, {"VIGIE_SMTP_URL": box.url})


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor on a phone, with scripts; no script may fail."""
    page = open_page(browser)
    page.set_default_timeout(PATIENCE)
    failures: list[object] = []
    page.on("pageerror", lambda error: failures.append(error))  # noqa: PLW0108 — Playwright wants one
    yield page
    assert failures == []
    page.context.close()


def stored(page: Page) -> str:
    """All that this site keeps on the device."""
    words: str = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    return "" if words == "[{},{}]" else words


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name)


def title(page: Page) -> Locator:
    return page.locator("[name=title]")


def write(page: Page, words: str = "Un guichet ouvert le soir") -> None:
    title(page).fill(words)
    page.check("[name=viewpoint][value=usager]")
    page.check("[name=themes][value=sante]")


def leave_a_draft(page: Page, demo: Demo, words: str = "Un guichet ouvert le soir") -> None:
    """Of a need; then go away at once, as one does."""
    page.goto(demo.url + NEED)
    button(page, KEEP).click()
    write(page, words)
    page.goto(f"{demo.url}/contribuer/")


# Drafts


def test_nothing_is_kept_before_somebody_asks_for_it(demo: Demo, page: Page) -> None:
    page.goto(demo.url + NEED)
    expect(button(page, KEEP)).to_be_visible()
    write(page)
    page.goto(f"{demo.url}/contribuer/")
    assert stored(page) == ""
    page.goto(demo.url + NEED)
    expect(button(page, KEEP)).to_be_visible()
    expect(button(page, RESUME)).to_be_hidden()


def test_a_draft_comes_back_when_it_is_asked_for(demo: Demo, page: Page) -> None:
    page.goto(demo.url + NEED)
    button(page, KEEP).click()
    said = page.get_by_text(re.compile(r"Brouillon gardé sur cet appareil, \d+\u202fh\u202f\d\d"))
    expect(said).to_contain_text("effacé dans 7\u202fjours ou à l’envoi")
    write(page)
    page.fill("[name=contact]", "zoe@example.org")
    page.evaluate("document.querySelector('[name=_website]').value = 'un robot'")
    page.goto(f"{demo.url}/contribuer/")
    assert "zoe@example.org" in stored(page)
    assert not re.search("un robot|_ticket|_website", stored(page))

    page.goto(demo.url + NEED)
    expect(title(page)).to_have_value("")
    title(page).fill("Autre chose")
    expect(button(page, RESUME)).to_be_visible()
    expect(title(page)).to_have_value("Autre chose")
    assert "Autre chose" not in stored(page)
    button(page, RESUME).click()
    expect(title(page)).to_have_value("Un guichet ouvert le soir")
    expect(page.locator("[name=themes][value=sante]")).to_be_checked()
    expect(page.locator("[name=contact]")).to_have_value("zoe@example.org")
    expect(said).to_be_visible()


def test_a_draft_comes_back_with_all_its_rows(demo: Demo, page: Page) -> None:
    page.goto(demo.url + OBSERVATION)
    button(page, KEEP).click()
    rows = page.locator("#field-quotes")
    page.locator("details", has=rows).locator("summary").click()
    for number in range(3):
        rows.locator(f"[name=quotes-{number}-text]").fill(f"Parole {number}")
        rows.get_by_role("button").click()
    page.goto(demo.url + OBSERVATION)
    button(page, RESUME).click()
    for number in range(3):
        expect(rows.locator(f"[name=quotes-{number}-text]")).to_have_value(f"Parole {number}")


def test_a_draft_keeps_the_words_on_a_picture_and_not_the_picture(
    demo: Demo, page: Page, tmp_path: Path
) -> None:
    Image.new("RGB", (800, 600), "navy").save(tmp_path / "atelier.png")
    page.goto(demo.url + INITIATIVE)
    button(page, KEEP).click()
    title(page).fill("Un atelier en photo")
    upload, alt = page.locator("[name=image-upload]"), page.locator("[name=image-alt]")
    page.locator("details", has=upload).locator("summary").click()
    upload.set_input_files(tmp_path / "atelier.png")
    alt.fill("Six personnes autour d’une table")
    button(page, NEXT).last.click()
    file = page.locator("[name=image-file]").input_value()
    title(page).fill("Un atelier")
    page.goto(f"{demo.url}/contribuer/")
    assert "Six personnes" in stored(page)
    assert not re.search(f"atelier.png|image-file|{re.escape(file)}", stored(page))
    page.goto(demo.url + INITIATIVE)
    button(page, RESUME).click()
    expect(title(page)).to_have_value("Un atelier")
    expect(alt).to_have_value("Six personnes autour d’une table")
    expect(page.locator("[name=image-file]")).to_have_count(0)


def test_a_draft_can_be_erased_and_what_is_typed_stays(demo: Demo, page: Page) -> None:
    leave_a_draft(page, demo)
    page.goto(demo.url + NEED)
    title(page).fill("Autre chose")
    button(page, "L’effacer").click()
    assert stored(page) == ""
    expect(page.get_by_text("Il n’y a plus de brouillon")).to_be_visible()
    expect(button(page, KEEP)).to_be_focused()
    button(page, KEEP).click()
    assert "Autre chose" in stored(page)
    button(page, "Ne plus garder de brouillon").click()
    assert stored(page) == ""
    expect(title(page)).to_have_value("Autre chose")


def test_everything_can_be_erased_while_a_draft_is_offered(demo: Demo, page: Page) -> None:
    leave_a_draft(page, demo)
    page.goto(demo.url + NEED)
    expect(button(page, RESUME)).to_be_visible()
    button(page, "Tout effacer").click()
    button(page, "Non, garder").click()
    expect(button(page, RESUME)).to_be_visible()
    button(page, "Tout effacer").click()
    button(page, "Oui, tout effacer").click()
    expect(page.get_by_text("Tout est effacé.")).to_be_visible()
    assert stored(page) == ""


def test_everything_is_erased_once_it_is_confirmed(demo: Demo, page: Page) -> None:
    page.goto(demo.url + INITIATIVE)
    button(page, KEEP).click()
    title(page).fill("À oublier")
    button(page, NEXT).last.click()
    expect(page).to_have_title(re.compile("^Erreur"))
    page.on("dialog", lambda dialog: pytest.fail("a dialog opened"))
    button(page, "Tout effacer").click()
    expect(button(page, "Non, garder")).to_be_focused()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_value("À oublier")
    assert "À oublier" in stored(page)
    button(page, "Tout effacer").click()
    button(page, "Oui, tout effacer").click()
    expect(page.get_by_text("Tout est effacé.")).to_be_visible()
    expect(page).to_have_url(demo.url + INITIATIVE)
    expect(title(page)).to_have_value("")
    expect(page).not_to_have_title(re.compile("^Erreur"))
    assert stored(page) == ""


@pytest.mark.parametrize(("days", "kept"), [(6.9, True), (7.1, False)])
def test_a_draft_lives_seven_days(demo: Demo, page: Page, days: float, kept: bool) -> None:
    leave_a_draft(page, demo)
    page.clock.set_fixed_time(time.time() + days * DAY)
    page.goto(demo.url + INITIATIVE)  # any page with the script
    expect(button(page, KEEP)).to_be_visible()
    assert ("Un guichet" in stored(page)) is kept


def test_a_draft_is_gone_once_it_was_sent_and_not_before(demo: Demo, page: Page) -> None:
    page.goto(demo.url + NEED)
    button(page, KEEP).click()
    write(page, "Un besoin dont le brouillon part")
    button(page, NEXT).last.click()
    button(page, re.compile("Revenir corriger")).first.click()
    expect(button(page, "Ne plus garder de brouillon")).to_be_visible()
    assert "dont le brouillon part" in stored(page)
    button(page, NEXT).last.click()
    button(page, SEND).first.click()
    expect(page).to_have_url(re.compile("/suivi/"))
    until(lambda: stored(page) == "", "the draft to be gone")
    page.goto(demo.url + NEED)
    expect(button(page, KEEP)).to_be_visible()


def test_of_several_tabs_the_last_one_wins(demo: Demo, page: Page) -> None:
    page.goto(demo.url + NEED)
    button(page, KEEP).click()
    other = page.context.new_page()
    other.goto(demo.url + NEED)
    title(page).fill("Depuis le premier onglet")
    title(other).fill("Depuis le second")
    for tab in (page, other):
        tab.goto(f"{demo.url}/contribuer/")
    assert "Depuis le second" in stored(page)
    assert "premier onglet" not in stored(page)


FULL = """
  for (let size = localStorage.heap ? 0 : 2 ** 22, heap = ""; size >= 8; size /= 2) {
    const more = heap + "x".repeat(size);
    try { localStorage.heap = more; heap = more; } catch {}
  }
"""
FORBIDDEN = """
  Object.defineProperty(window, "localStorage", {get() { throw new DOMException("no"); }});
"""


@pytest.mark.parametrize("storage", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_a_device_that_keeps_nothing_says_so(demo: Demo, page: Page, storage: str) -> None:
    page.add_init_script(storage)
    page.goto(demo.url + NEED)
    write(page)
    button(page, KEEP).click()
    expect(page.get_by_text("Le brouillon n’a pas pu être gardé")).to_be_visible()
    expect(button(page, KEEP)).to_be_visible()
    button(page, NEXT).last.click()
    expect(button(page, SEND).first).to_be_visible()


# Places


def test_a_town_is_found_by_typing(demo: Demo, page: Page) -> None:
    page.goto(demo.url + INITIATIVE)
    box = page.get_by_label("Chercher une commune ou un quartier")
    towns = page.get_by_label("Commune ou quartier", exact=True)
    every = towns.locator("option").count()
    box.press_sequentially("st cyr")
    expect(page.get_by_text("Une seule réponse, elle est choisie")).to_be_visible()
    expect(towns).to_have_value("saint-cyr-sur-loire")
    box.press("Escape")
    expect(box).to_have_value("")
    expect(towns.locator("option")).to_have_count(every)
    expect(towns).to_have_value("saint-cyr-sur-loire")

    box.press_sequentially("JOUE")
    expect(page.get_by_text(re.compile(r"^\d+ réponses"))).to_be_visible()
    named = towns.locator("option").all_text_contents()
    assert named[0] == "Choisissez"
    assert all("Joué" in name or "Saint-Cyr" in name for name in named[1:])
    expect(towns).to_have_value("saint-cyr-sur-loire")
    box.press("Enter")
    expect(towns).to_be_focused()
    towns.press("J")
    expect(towns).to_have_value("joue-les-tours")

    box.fill("37510")
    assert "Ballan-Miré" in towns.locator("option").all_text_contents()
    box.fill("Zanzibar")
    expect(page.get_by_text("voici toute la liste")).to_be_visible()
    expect(towns.locator("option")).to_have_count(every)
    assert page.url.endswith(INITIATIVE)


def test_a_town_is_picked_for_nobody_while_several_have_the_name(demo: Demo, page: Page) -> None:
    page.goto(demo.url + INITIATIVE)
    box = page.get_by_label("Chercher une commune ou un quartier")
    towns = page.get_by_label("Commune ou quartier", exact=True)
    box.fill("st cyr")
    expect(towns).to_have_value("saint-cyr-sur-loire")
    box.fill("tours")
    expect(page.get_by_text(re.compile(r"^\d+ réponses"))).to_be_visible()
    expect(towns).to_have_value("")
    assert int(towns.get_attribute("size") or 0) > 2, "they can be read without opening the list"
    towns.select_option("tours")
    towns.blur()
    expect(towns).to_have_value("tours")
    box.fill("zanzibar")
    expect(towns).to_have_value("tours")


# Sending


# While an answer is held, Playwright reads nothing of a page: the page tells what it says.
TELL = """
  addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    for (const said of document.querySelectorAll("[role=status]")) console.log(said.innerText);
  }).observe(document.body, { childList: true, subtree: true }));
"""


def test_a_double_click_sends_once(demo: Demo, page: Page) -> None:
    page.add_init_script(TELL)
    page.goto(demo.url + NEED)
    write(page, "Un besoin au double clic")
    button(page, NEXT).last.click()
    expect(button(page, SEND).first).to_be_visible()
    held: list[Route] = []
    told: list[str] = []

    def answer_once_told(happened: Route | ConsoleMessage) -> None:
        held.extend([happened] if isinstance(happened, Route) else [])
        told.extend([happened.text] if isinstance(happened, ConsoleMessage) else [])
        if held and "Envoi en cours…" in told:
            held[0].continue_()

    page.route(f"**{NEED}", answer_once_told)
    page.on("console", answer_once_told)
    button(page, SEND).first.dblclick(no_wait_after=True)
    expect(page).to_have_url(re.compile("/suivi/"))
    assert len(held) == 1


def test_after_going_back_the_form_can_be_sent_again(demo: Demo, page: Page) -> None:
    page.goto(demo.url + NEED)
    write(page, "Un besoin repris")
    button(page, NEXT).last.click()
    expect(button(page, SEND).first).to_be_visible()
    page.go_back()
    write(page, "Un besoin repris et corrigé")
    button(page, NEXT).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Un besoin repris et corrigé")


@pytest.mark.parametrize(
    ("file", "said"),
    [(("vacances.jpg", 16 * MB), "Cette photo pèse 17"), (("carte.svg", 9999), "n’est pas une")],
)
def test_a_picture_that_cannot_be_taken_is_told_at_once(
    demo: Demo, page: Page, tmp_path: Path, file: tuple[str, int], said: str
) -> None:
    name, size = file
    with (tmp_path / name).open("wb") as sparse:
        sparse.truncate(size)
    page.goto(demo.url + INITIATIVE)
    upload = page.locator("[name=image-upload]")
    page.locator("details", has=upload).locator("summary").click()
    upload.set_input_files(tmp_path / name)
    expect(page.locator("#image-upload-told")).to_contain_text(said)
    sent = upload.evaluate("input => input.files[0]?.size ?? 0")
    assert sent < 5000, "it is not sent for nothing"
    (tmp_path / "belle.png").write_bytes(b"small")
    upload.set_input_files(tmp_path / "belle.png")
    expect(page.locator("#image-upload-told")).to_have_text("")
    expect(upload).to_have_value(re.compile("belle.png"))


def test_a_file_that_is_no_picture_is_told_again_when_it_is_sent(
    demo: Demo, page: Page, tmp_path: Path
) -> None:
    """And the picture that was sent before stays."""
    (tmp_path / "tract.pdf").write_bytes(b"%PDF-1.7\n" + b"0" * 50_000)
    Image.new("RGB", (800, 600), "navy").save(tmp_path / "atelier.png")
    page.goto(demo.url + INITIATIVE)
    upload = page.locator("[name=image-upload]")
    page.locator("details", has=upload).locator("summary").click()
    page.locator("[name=image-alt]").fill("Six personnes autour d’une table")
    upload.set_input_files(tmp_path / "tract.pdf")
    button(page, NEXT).last.click()
    expect(page.locator("#image-fault")).to_contain_text("document PDF")
    expect(page.locator("#image-fault")).not_to_contain_text("écrivez une réponse")
    upload.set_input_files(tmp_path / "atelier.png")
    page.locator("[name=image-alt]").fill("")
    button(page, NEXT).last.click()
    expect(page.locator("#image-alt-fault")).to_have_text(
        "Erreur\u202f: Dites ce que montre la photo."
    )
    held = page.locator("[name=image-file]").input_value()
    upload.set_input_files(tmp_path / "tract.pdf")
    expect(page.locator("#image-upload-told")).to_contain_text("est gardée en attendant")
    button(page, NEXT).last.click()
    expect(page.locator("#image-fault")).to_contain_text("document PDF")
    expect(page.locator("[name=image-file]")).to_have_value(held)


def test_what_is_left_of_a_limit_is_counted(demo: Demo, page: Page) -> None:
    page.goto(demo.url + NEED)
    page.check("[name=themes][value=sante]")
    expect(page.locator("#field-themes .count")).to_have_text("1 sur 3")
    page.goto(demo.url + INITIATIVE)
    words = page.locator("#field-summary")
    words.locator("textarea").fill("Peu de mots.")
    expect(words.locator(".count")).to_be_hidden()
    words.locator("textarea").fill("x" * 301)
    expect(words.locator(".count")).to_have_text("301 sur 300")


# Faults, and everybody's hands, eyes and ears


def test_faults_are_met_first_and_lead_to_their_questions(
    demo: Demo, browser: Browser, scripts: bool
) -> None:
    page = open_page(browser, scripts=scripts)
    page.set_default_timeout(PATIENCE)
    page.goto(demo.url + OBSERVATION)
    button(page, NEXT).last.click()
    expect(page).to_have_title(re.compile("^Erreur\u202f: "))
    summary = page.get_by_role("alert").filter(has_text="réponses sont à revoir")
    expect(summary).to_be_focused()
    links = summary.get_by_role("link")
    assert links.count() >= 4
    for link in links.all():
        link.press("Enter")
        asked = page.locator(str(link.get_attribute("href")))
        expect(asked).to_be_focused()
        described = f"{page.url.partition('#')[2]}-fault".replace("-territory", "")
        assert page.locator(f"#{described}").count() == 1
    for group in page.locator(".field--wrong").all():
        assert group.locator("[aria-invalid=true]").count() >= 1
    page.context.close()


def test_whoever_goes_back_finds_all_that_was_typed(demo: Demo, page: Page) -> None:
    """A browser that keeps no page in memory gives back only what "autocomplete=off" is not on."""
    page.goto(demo.url + INITIATIVE)
    page.eval_on_selector_all("details", "all => all.forEach((one) => one.open = true)")
    boxes = page.locator("[data-draft] .field :is([type=text], [type=email]):visible")
    for box in boxes.all() + page.locator("textarea:visible, input[type=tel]:visible").all():
        box.fill("ce qui est écrit")
    page.locator("[name=place-territory]").select_option("tours")
    ticket = page.locator("[name=_ticket]").input_value()
    button(page, NEXT).last.click()
    page.goto(f"{demo.url}/contribuer/")
    page.go_back()
    page.go_back()
    page.eval_on_selector_all("details", "all => all.forEach((one) => one.open = true)")
    assert page.locator("[name=_ticket]").input_value() == ticket, "sent again, it is the same"
    assert boxes.count() > 10
    for box in boxes.all():
        expect(box).to_have_value("ce qui est écrit")
    expect(page.locator("[name=place-territory]")).to_have_value("tours")


def test_the_browser_helps_with_what_is_the_visitors_own(demo: Demo, page: Page) -> None:
    page.goto(demo.url + INITIATIVE)
    tokens = {"contact": "email", "signed_as": "name", "email": None, "phone": None, "url": None}
    for name, token in tokens.items():
        assert page.locator(f"[name={name}]").get_attribute("autocomplete") == token
    modes = {"contact": "email", "phone": "tel", "url": "url", "started": "numeric"}
    for name, mode in modes.items():
        assert page.locator(f"[name={name}]").get_attribute("inputmode") == mode


def test_no_script_but_our_files_can_run(demo: Demo, page: Page) -> None:
    answer = page.goto(demo.url + INITIATIVE)
    assert answer is not None
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert dangers(answer.text(), nonce=True) == []
    assert len(page.locator("script").all()) == 5


TOO_SMALL = """smallest => {
  const targets = "button, summary, select, textarea, .input, .box label, .summary-wrong a";
  return [...document.querySelectorAll(`main :is(${targets})`)]
    .filter((e) => e.checkVisibility() && !e.closest(".enter, .trap"))
    .filter((e) => e.getBoundingClientRect().height < smallest
      || e.matches("input, select, textarea") && parseFloat(getComputedStyle(e).fontSize) < 16)
    .map((e) => e.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_is_for_every_hand_and_eye(
    demo: Demo, browser: Browser, scripts: bool, scheme: str
) -> None:
    """On 320 pixels: also what is left of 1280 at 400 %."""
    page = open_page(browser)  # axe needs scripts: ours are as if they never came
    page.set_default_timeout(PATIENCE)
    if not scripts:
        page.route("**/theme/js/*", lambda route: route.abort())
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(demo.url + INITIATIVE)
    for fold in page.locator("main form summary").all():
        fold.click()
    look(page)
    if scripts:
        button(page, KEEP).click()
        page.get_by_label("Chercher une commune").fill("37")
        look(page)
        page.goto(demo.url + INITIATIVE)
        title(page).fill("Une autre")
        button(page, "Tout effacer").click()
        look(page)
        button(page, "Non, garder").click()
    button(page, NEXT).last.click()
    expect(page).to_have_title(re.compile("^Erreur"))
    look(page)
    page.context.close()


def look(page: Page) -> None:
    assert violations(page) == []
    assert overflow(page) == 0
    assert page.evaluate(TOO_SMALL, SMALLEST) == []

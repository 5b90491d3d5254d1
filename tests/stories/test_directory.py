"""A directory narrowed by several answers at once; without a script it has its lists."""

from __future__ import annotations

import csv
import io
import json
import re

from playwright.sync_api import Browser, Page, Route, expect

from tests.stories.conftest import Demo, open_page, overflow, violations


def tick(page: Page, field: str, term: str) -> None:
    box = page.locator(f"[name={field}][value={term}]")
    if not box.is_visible():
        page.locator(f"[data-field={field}] summary").click()
    box.check()
    page.wait_for_url(re.compile(rf"[=,]{term}\b"))  # what was found is there then


def found(page: Page) -> list[str]:
    links: list[str] = page.eval_on_selector_all(
        ".rows .row-title a",
        "all => all.filter((a) => a.checkVisibility()).map((a) => a.getAttribute('href'))",
    )
    return links


def listed(page: Page, address: str) -> set[str]:
    """What a plain list has."""
    html = page.request.get(address).text()
    return set(re.findall(r'class="row-title"[^>]*><a href="([^"]+)"', html))


def test_answers_to_several_questions_narrow_a_list_at_once(browser: Browser, demo: Demo) -> None:
    page, address = open_page(browser, wide=True), f"{demo.url}/initiatives/"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert not any("index.json" in url for url in asked)  # not before it is wanted
    tick(page, "place", "metropole")
    expect(page.locator("#list-count")).to_have_text(re.compile(r"^\d+ fiches?$"))
    page.get_by_role("link", name="Aller à ce qui a été trouvé").press("Enter")
    page.keyboard.press("Tab")  # past all the questions: the way back, then what was found
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.row') !== null")
    in_all = listed(page, f"{address}par/place/metropole/")
    assert set(found(page)) == in_all
    first = page.locator(".rows:visible .row").first  # as the plain list shows it
    shown = page.request.get(f"{address}par/place/metropole/").text()
    assert first.locator(".row-summary").inner_text().split()[0] in shown
    invented = page.locator(".rows:visible .row", has_text="Exemple inventé").count()
    assert invented == shown.count("<dd>Exemple inventé</dd>") > 0
    tick(page, "themes", "chercher-un-emploi")
    both = in_all & listed(page, f"{address}par/themes/chercher-un-emploi/")
    assert set(found(page)) == both
    tick(page, "themes", "cooperer")  # of one question, either will do
    either = both | in_all & listed(page, f"{address}par/themes/cooperer/")
    assert set(found(page)) == either
    number = page.locator("[data-field=themes] [data-term=cooperer] .count").inner_text()
    assert int(number) == len(in_all & listed(page, f"{address}par/themes/cooperer/"))
    assert page.url == f"{address}?place=metropole&themes=chercher-un-emploi,cooperer"
    assert violations(page) == []
    page.get_by_role("link", name="Tableau").click()
    assert page.url.endswith("&view=table")
    assert page.locator(".table tbody tr").count() == len(either)
    assert violations(page) == []
    page.get_by_role("link", name="Liste").click()
    other = open_page(browser)  # the address was sent to somebody with a phone
    other.goto(page.url)
    expect(other.locator("#list-count")).to_have_text(f"{len(either)} fiches")
    assert set(found(other)) == either
    assert overflow(other) == 0 and violations(other) == []
    other.get_by_role("link", name="Tableau").click()  # it slides in its place, not the page
    assert overflow(other) == 0
    page.get_by_role("button", name="Tout afficher").click()
    assert page.url == address and set(found(page)) == listed(page, address)


def tags(page: Page) -> dict[str, list[str]]:
    """What the rows that are shown say under their summaries, by title."""
    rows = page.locator(".rows:visible .row").all()
    return {
        row.locator(".row-title").inner_text(): row.locator(".row-tags").all_inner_texts()
        for row in rows
    }


def test_what_is_found_says_the_same_as_the_plain_list(browser: Browser, demo: Demo) -> None:
    page = open_page(browser, wide=True)
    page.goto(f"{demo.url}/acteurs/")
    plain = tags(page)
    page.goto(f"{demo.url}/acteurs/?q=e")
    expect(page.locator("#list-found .row").first).to_be_visible()
    found = tags(page)
    assert found and found.items() <= plain.items()
    assert any(", " in line for lines in found.values() for line in lines)


def test_what_is_found_says_its_language_where_the_page_has_another(
    browser: Browser, demo: Demo
) -> None:
    page = open_page(browser, wide=True)
    page.goto(f"{demo.url}/en/initiatives/?themes=chercher-un-emploi")
    rows = page.locator("#list-found .row")
    expect(rows.first).to_be_visible()
    assert rows.count() == rows.locator("h2[lang=fr], h3[lang=fr]").count() > 0
    assert rows.locator(".row-summary").count() == rows.locator(".row-summary[lang=fr]").count()
    page.get_by_role("link", name="Table").click()
    assert page.locator("tbody tr").count() == page.locator("tbody th[lang=fr]").count() > 0

    def translate(route: Route) -> None:
        answer = route.fetch()
        found = answer.json()
        found["notes"] = found["notes"].replace("\n", "1\n", 1)  # the first is in English
        route.fulfill(response=answer, json=found)

    page.route("**/initiatives/index.json", translate)
    page.goto(f"{demo.url}/initiatives/?q=e")
    expect(page.locator("#list-found [lang]")).to_have_count(2)  # its title and its summary
    assert page.locator("#list-found .row-title").first.get_attribute("lang") == "en"


def test_what_was_found_stays_in_sight_beside_longer_questions(
    browser: Browser, demo: Demo
) -> None:
    """As far as it can be seen at once; what is longer is read to its end first."""
    page = open_page(browser, wide=True)
    for query, height in (("?q=mardis", 700), ("?q=e", 300)):
        page.set_viewport_size({"width": 1280, "height": height})
        page.goto(f"{demo.url}/initiatives/{query}")
        rows = page.locator("#list-found .row")
        expect(rows.first).to_be_visible()
        page.locator(".narrow-one").evaluate_all("all => all.forEach((one) => { one.open = true })")
        for part in (rows.last, page.locator(".narrow-one label").last):
            part.scroll_into_view_if_needed()
            expect(rows.last).to_be_in_viewport()


def test_a_directory_on_its_way_is_asked_for_once_and_again_if_it_was_lost(
    browser: Browser, demo: Demo
) -> None:
    page = open_page(browser, wide=True)
    asked: list[Route] = []
    page.route("**/index.json", lambda route: asked.append(route))  # noqa: PLW0108 - no attribute can be set on the method
    page.goto(f"{demo.url}/initiatives/")
    page.get_by_label("Des mots du titre").press_sequentially("mardis")
    page.wait_for_timeout(200)
    assert len(asked) == 1
    asked[0].abort()
    expect(page.locator("#list-count")).to_contain_text("Vos choix n’ont pas pu être croisés.")
    page.unroute("**/index.json")
    page.get_by_label("Des mots du titre").press_sequentially(" d")
    expect(page.locator("#list-count")).to_have_text("1 fiche")


def test_what_was_found_is_taken_along_in_the_columns_of_the_whole_file(
    browser: Browser, demo: Demo
) -> None:
    page = open_page(browser, wide=True)
    page.goto(f"{demo.url}/initiatives/?place=metropole&themes=cooperer")
    expect(page.locator("#list-count")).to_have_text(re.compile("^[0-9]+ fiche"))
    wanted = sorted(href.split("/")[-2] for href in found(page))
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    with taken.value.path().open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    whole = csv.DictReader(io.StringIO(page.request.get(f"{demo.url}/data/initiatives.csv").text()))
    assert rows == [row for row in whole if row["slug"] in wanted] and len(rows) == len(wanted)
    with page.expect_download() as taken:
        page.get_by_role("button", name="GeoJSON").click()
    features = json.loads(taken.value.path().read_text("utf-8"))["features"]
    assert sorted(one["properties"]["slug"] for one in features) == wanted
    assert taken.value.suggested_filename == "initiatives.geojson"
    page.route("**/initiatives.csv", lambda route: route.abort())
    page.get_by_role("button", name="CSV").click()
    expect(page.get_by_text("Le fichier n’est pas arrivé.")).to_be_visible()


def test_words_of_a_title_are_found_without_their_accents(browser: Browser, demo: Demo) -> None:
    page = open_page(browser)
    page.goto(f"{demo.url}/besoins/")
    page.locator(".narrow summary").click()
    page.get_by_label("Des mots du titre").fill("qu'un TELEPHONE")
    expect(page.locator("#list-count")).to_have_text("1 fiche")
    assert found(page) == ["/besoins/candidater-quand-on-n-a-qu-un-telephone/"]
    page.get_by_label("Des mots du titre").fill("introuvable")
    expect(page.locator("#list-count")).to_contain_text("Aucune fiche ne réunit tout cela")
    assert overflow(page) == 0 and violations(page) == []
    page.get_by_role("link", name="Chercher ces mots dans tout").click()
    assert page.url == f"{demo.url}/recherche/?q=introuvable"


def test_an_address_that_asks_for_what_there_is_not_still_narrows(
    browser: Browser, demo: Demo
) -> None:
    page = open_page(browser)
    strange = "__proto__=toString&themes=constructor,chercher-un-emploi&valueOf=name"
    page.goto(f"{demo.url}/initiatives/?{strange}")
    lone = listed(page, f"{demo.url}/initiatives/par/themes/chercher-un-emploi/")
    expect(page.locator("#list-count")).to_have_text(f"{len(lone)} fiches")
    assert set(found(page)) == lone


def test_every_entry_leads_to_its_page(browser: Browser, demo: Demo) -> None:
    """The script makes addresses of titles."""
    for path in ("initiatives", "acteurs", "ressources", "besoins", "observations"):
        page = open_page(browser, wide=True)
        page.goto(f"{demo.url}/{path}/?q=e")
        expect(page.locator("#list-count")).to_have_text(re.compile("^[0-9]+ fiche"))
        for href in found(page):
            assert page.request.get(demo.url + href, max_redirects=0).status == 200, href
        assert found(page)


def test_one_term_s_list_leads_to_the_whole_one_narrowed_further(
    browser: Browser, demo: Demo
) -> None:
    page = open_page(browser, wide=True)
    page.goto(f"{demo.url}/en/initiatives/par/place/metropole/")
    tick(page, "themes", "chercher-un-emploi")
    page.wait_for_url(f"{demo.url}/en/initiatives/?place=metropole&themes=chercher-un-emploi")
    expect(page.locator("#list-count")).to_have_text(re.compile("^[0-9]+ pages?$"))


def test_what_cannot_be_combined_is_said_with_the_ways_that_remain(
    browser: Browser, demo: Demo
) -> None:
    page = open_page(browser, wide=True)
    page.route("**/index.json", lambda route: route.abort())
    page.goto(f"{demo.url}/initiatives/")
    page.locator("[name=place][value=metropole]").check()
    said = page.locator("#list-count")
    expect(said).to_contain_text("Vos choix n’ont pas pu être croisés.")
    said.get_by_role("link", name="Toute la métropole").click()
    page.wait_for_url(f"{demo.url}/initiatives/par/place/metropole/")


def test_without_a_script_each_answer_is_a_link_to_its_list(browser: Browser, demo: Demo) -> None:
    page = open_page(browser, scripts=False, wide=True)
    page.goto(f"{demo.url}/initiatives/")
    assert page.get_by_label("Des mots du titre").count() == 0
    page.locator(".list-side").get_by_role("link", name="Toute la métropole", exact=True).click()
    assert page.url == f"{demo.url}/initiatives/par/place/metropole/"

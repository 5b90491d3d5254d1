"""Every kind of page in every state: axe finds nothing, nothing is wider than a small phone.

A page is opened once, and looked at in turn by day and by night, zoomed in and wide.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from contrib_gateway.app import create_app
from contrib_gateway.builder import PROJECT
from contrib_gateway.clock import utc_now
from contrib_gateway.forge import Proposal
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import Gateway, assemble
from contrib_gateway.guards import receipt_for
from contrib_gateway.library import ROOT
from contrib_gateway.settings import Settings
from contrib_gateway.store import NewOffer, NewSubmission, Offer, State
from plugins.publication import publication
from plugins.render import Site, Theme
from plugins.render.theme import ROOT as THEME
from plugins.schema import Document, write
from tests.contrib_gateway.crowds import crowd, wait
from tests.contrib_gateway.running import PUBLIC
from tests.stories.conftest import free_port, overflow, violations

EDITOR = "marie.dupont@vigie.example"
HERE = Path(__file__).parent
LONG = "Anticonstitutionnellement" * 4
ZOOMED = (320, 256)  # what 1280 by 1024 pixels become at 400 %; and as narrow as the smallest phone
WIDE = (1280, 1024)
CONTRAST = ("color-contrast",)  # takes axe longer than all its other rules together
Scheme = Literal["light", "dark"]
# Templates that another module of the stories has axe look at: most are the desk's.
ELSEWHERE = {
    "test_contributors": ("letter",),
    "test_desk_states": ("daily", "decline_together", "journal", "together_done"),
    "test_seeking": ("seek",),
    "test_sorting": ("inbox", "sources", "story"),
    "test_synthesis": ("syntheses", "synthesis"),
    "test_watch": ("issue", "subscriptions"),
    "test_workshop": ("sheet", "workshop", "workshop_new"),
}
NO_PAGE = {
    "base.html",
    "gateway/private.html",
    "redirect.html",
}  # others stand on them; nobody stays


@dataclass
class Stage:
    """A gateway served by a thread, whose every state the test sets by hand.

    `drawn`: the template of each page of the site, by its path. `seen`: those that were looked at.
    """

    gateway: Gateway
    url: str
    drawn: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def submission(self, state: State, number: int) -> str:
        """Bring a submission into a state, as its way would; returns its id."""
        store, id = self.gateway.store, f"made{number}"
        data = {"title": f"Besoin {LONG} {number}", "viewpoint": "usager", "themes": ["sante"]}
        managed = {"id": id, "created": "2026-11-23", "updated": "2026-11-23", "lang": "fr"}
        held = state is State.HELD
        store.accept(
            NewSubmission(
                id=id,
                ticket=id,
                digest=id,
                type="need",
                slug=f"besoin-{number}",
                title=str(data["title"]),
                lang="fr",
                data=data | managed,
                body="# Un titre\n\n> une citation\n\n- un\n- deux",
                private={},
                signed_as="Léa",
                client="",
                state=State.HELD if held else State.QUEUED,
                reason="screening too_fast" if held else "",
            ),
            lambda slug: False,
        )
        if state in (State.PROPOSED, State.PUBLISHED, State.DECLINED, State.WITHDRAWN):
            self.gateway.worker.open(id)
        if state is State.PUBLISHED:
            self.gateway.desk.publish(id, "Marie")
        if state is State.DECLINED:
            self.gateway.desk.decline(id, "Marie", "Ce besoin est déjà dit ailleurs.")
        if state is State.WITHDRAWN:
            store.mark_withdrawn(id)
        if state is State.DEAD:
            store.mark_dead(id, "themes:unknown_term")
        return id

    def change(self, before: Document, **fields: str) -> None:
        """Publish a change of a page."""
        after = replace(before, data={**before.data, **fields})
        files = {ROOT + after.path: write(after).encode()}
        id = f"change{before.id}"
        proposal = Proposal(id, before.type.name, before.slug, before.title, files, "Zoé")
        self.gateway.forge.propose(proposal)
        self.gateway.forge.merge(id, "Marie")

    def receipt(self, id: str) -> str:
        return f"/suivi/{receipt_for(self.gateway.settings.secret_key, id)}/"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    state = tmp_path_factory.mktemp("stage")
    seed = tmp_path_factory.mktemp("seed") / "content"
    shutil.copytree(PROJECT / "content", seed)
    shutil.rmtree(seed / "events")
    for file in seed.rglob("*.md"):  # nothing may point to a rendez-vous that is not there
        file.write_text(without_events(file.read_text()))
    LocalForge.open(state / "forge.git", seed)
    port = free_port()
    settings = {"VIGIE_STATE": str(state), "PORT": str(port), "VIGIE_EDITORS": f"{EDITOR}:admin"}
    gateway = assemble(Settings.from_environ(settings))
    assert gateway.builder.build(), gateway.store.last_build()
    server = make_server("127.0.0.1", port, create_app(gateway), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stage = Stage(gateway, f"http://127.0.0.1:{port}", templates(gateway))
    with noting(stage.seen):
        yield stage
    server.shutdown()
    thread.join()


class Outline(Theme):
    """Renders nothing, and notes which template each page would have."""

    drawn: dict[str, str]

    def render(self, template: str, lang: str, path: str | None, **values: object) -> str:
        self.drawn[self.site.href(path or "", lang)] = template
        return ""


def templates(gateway: Gateway) -> dict[str, str]:
    index = gateway.library.index
    outline = Outline(Site(PUBLIC, PUBLIC, utc_now().date()), index.schema)
    outline.drawn = {}
    for _ in publication(outline, index):
        pass
    return outline.drawn


@contextmanager
def noting(seen: set[str]) -> Iterator[None]:
    """Note the templates of the gateway's pages as they are answered."""
    render = Theme.render

    def noted(self: Theme, template: str, *about: Any, **values: object) -> str:
        seen.add(template)
        return render(self, template, *about, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Theme, "render", noted)
        yield


def without_events(text: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\(event/[^)]*\)", r"\1", text)
    return "\n".join(line for line in text.split("\n") if not line.strip().startswith("- event/"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    width, height = ZOOMED
    context = browser.new_context(viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


def look(page: Page, stage: Stage, *paths: str) -> None:
    for path in paths:
        answer = page.goto(stage.url + path)
        assert answer and answer.status < 500, path
        inspect(page, path)
        if path in stage.drawn:
            stage.seen.add(stage.drawn[path])


def inspect(page: Page, name: str) -> None:
    """By day and by night, zoomed in; and wide, where the same colours are elsewhere: the gallery's
    components are looked at in both palettes there.
    """
    view(page, "light", ZOOMED)
    found = {"light": violations(page)}
    view(page, "dark", ZOOMED)
    found["dark"] = violations(page, CONTRAST)
    assert overflow(page) == 0, f"{name} is wider than a window of {ZOOMED[0]}"
    view(page, "dark", WIDE)
    found["wide"] = violations(page, without=CONTRAST)
    assert not any(found.values()), (name, found)
    assert overflow(page) == 0, f"{name} is wider than a window of {WIDE[0]}"


def view(page: Page, scheme: Scheme, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)


def test_the_site(stage: Stage, page: Page) -> None:
    look(page, stage, "/", "/initiatives/", "/acteurs/carte/", "/agenda/")
    documents = stage.gateway.library.index
    for name in (
        "initiative",
        "actor",
        "need",
        "observation",
        "synthesis",
        "digest",
        "group",
        "page",
    ):
        look(page, stage, f"/{documents.of(name)[0].url}")
    look(page, stage, "/en/", "/en/acteurs/", "/rien-ici/")
    look(page, stage, "/observations/chiffres/", "/syntheses/", "/syntheses/a-renforcer/")
    look(page, stage, "/besoins/sans-reponse/", "/recherche/", "/accessibilite/")


def test_what_can_be_followed_and_taken_along(stage: Stage, page: Page) -> None:
    month = utc_now().strftime("%Y-%m")
    look(page, stage, f"/agenda/mois/{month}/", "/a-propos/suivre/", "/a-propos/glossaire/")
    look(page, stage, "/data/")
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    inspect(page, "the columns of the data, unfolded")


def test_the_watch_can_be_used_by_all(stage: Stage, page: Page) -> None:
    (issue, *_) = stage.gateway.library.index.of("digest")
    assert issue.url
    look(page, stage, "/veille/par/themes/cooperer/", f"/{issue.url}courriel/", "/sources/")
    look(page, stage, "/sources/la-gazette-des-mardis/", "/contribuer/link/")


def test_every_form_and_its_errors(stage: Stage, page: Page) -> None:
    look(page, stage, "/contribuer/", "/contribuer/initiative/", "/en/contribuer/observation/")
    for name in ("initiative", "observation", "event"):
        page.goto(f"{stage.url}/contribuer/{name}/")
        page.locator("main form button[type=submit]").last.click()
        inspect(page, f"{name} with errors")


def test_the_page_to_review(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.url}/contribuer/need/")
    page.fill("[name=title]", LONG)
    page.check("[name=viewpoint][value=usager]")
    page.check("[name=themes][value=sante]")
    page.locator("main form button[type=submit]").last.click()
    assert page.locator(".review").count() == 1
    inspect(page, "review")


@pytest.mark.parametrize("state", State)
def test_receipts_and_proposals_in_each_state(stage: Stage, page: Page, state: State) -> None:
    number = len(stage.gateway.store.journal(limit=10_000)) + 1
    id = stage.submission(state, number)
    look(page, stage, stage.receipt(id))
    if state is State.PUBLISHED:
        stage.gateway.store.mark_online([id])
        look(page, stage, stage.receipt(id))
    enter(page, stage)
    look(page, stage, "/redaction/", f"/redaction/{id}/", f"/redaction/{id}/page/")


def test_the_desk_empty_signed_out_and_after_a_failed_build(stage: Stage, page: Page) -> None:
    look(page, stage, "/redaction/", "/redaction/entrer/")
    enter(page, stage)
    look(page, stage, "/redaction/compte/")
    actor = stage.gateway.library.index.of("actor")[0]
    form = f"/redaction/fiches/{actor.ref}/"
    look(page, stage, "/redaction/fiches/", "/redaction/fiches/?q=a", form, f"{form}gerer/")
    one, other, *_ = stage.gateway.library.index.of("need")
    merging = f"/redaction/fiches/{one.ref}/reunir/"
    look(page, stage, merging, f"{merging}?avec={other.slug}")
    number = stage.gateway.store.start_build("0" * 40)
    words = "content/needs/wifi.md — title : « Quel est le besoin ? » : écrivez une réponse. " * 9
    stage.gateway.store.finish_build(number, ok=False, log=words)
    look(page, stage, "/redaction/")
    assert page.get_by_role("alert").count() == 1


def test_offers_of_help_written_and_read(stage: Stage, page: Page) -> None:
    need, store = stage.gateway.library.index.of("need")[0], stage.gateway.store
    form = f"{stage.url}/aider/{need.slug}/"
    look(page, stage, f"/en/aider/{need.slug}/", f"/aider/{need.slug}/")
    page.get_by_role("button", name="Envoyer à la rédaction").click()
    inspect(page, "an offer with a fault")
    page.goto(form)
    page.fill("[name=text]", f"{LONG}\n\nDeux ordinateurs.")
    page.fill("[name=address]", f"{'awa' * 12}@exemple.org")
    page.get_by_role("button", name="Envoyer à la rédaction").click()
    inspect(page, "an offer that is sent")
    offer = store.open_offers()[-1]
    store.note_answer(offer.key, "Marie", f"Merci ! {LONG}")
    store.add_offer(NewOffer(**{**made(offer), "key": "aside", "reason": "honeypot links"}))
    store.add_offer(NewOffer(**{**made(offer), "key": "done", "name": LONG}))
    store.deal_with_offer("done", "Marie")
    enter(page, stage)
    look(page, stage, "/redaction/aides/", "/en/redaction/aides/")
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    inspect(page, "offers unfolded")


def made(offer: Offer) -> dict[str, Any]:
    return {name: getattr(offer, name) for name in NewOffer.__dataclass_fields__}


def test_lists_of_choices_and_versions(stage: Stage, page: Page) -> None:
    enter(page, stage)
    lists, actor = "/redaction/vocabulaires/", stage.gateway.library.index.of("actor")[0]
    themes, key = f"{lists}themes/", "demarches-et-droits"
    look(page, stage, lists, themes, f"{themes}termes/{key}/", f"{lists}territories/")
    look(page, stage, f"{themes}ajouter/?fr={LONG}", f"{themes}reunir/?terme={key}&garde=sante")
    look(page, stage, f"{themes}retirer/?terme={key}", f"{themes}nommer/?terme={key}")
    stage.change(actor, title=f"Un titre {LONG}")
    gone = "/redaction/fiches/retirees/"
    look(page, stage, f"/redaction/fiches/{actor.ref}/versions/", gone)
    look(page, stage, f"{gone}?type=actor&adresse=jamais")


def test_the_desk_with_every_tag_very_long_words_and_hundreds_waiting(
    stage: Stage, page: Page
) -> None:
    if not stage.gateway.store.find("loud"):
        held = "screening rate too_fast honeypot links repeated"
        body = "Léa, 06 12 34 56 78. " + "https://a.example/ " * 4
        wait(stage.gateway, "loud", data={"title": LONG}, body=body, held=held, signed_as=LONG)
        crowd(stage.gateway, 300)
        stage.gateway.store.ask("loud", "Marie", "Où ?")
        stage.gateway.flags.work()
    enter(page, stage)
    look(page, stage, "/redaction/", "/redaction/?page=99", "/redaction/?etat=asked")
    page.goto(f"{stage.url}/redaction/?type=actor")
    assert page.locator("details.sieve").get_attribute("open") is not None
    boxes = page.locator(".waits input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Lire ensemble ce qui est coché").click()
    assert re.search(r"/redaction/ensemble/\?id=\w+&id=\w+$", page.url)


def test_a_proposal_with_all_there_may_be_to_read(stage: Stage, page: Page) -> None:
    """Every field changed, one by somebody else too, remarks, a long text; and one like another."""
    gateway, index = stage.gateway, stage.gateway.library.index
    if not gateway.store.find("rich"):
        before, base = index.of("initiative")[0], gateway.forge.head()
        asked = [f for f in before.type.public_fields() if not f.managed and f.kind.name != "image"]
        data = before.data | {
            field.name: f"{LONG} {before.data.get(field.name)}" for field in asked
        }
        data |= {"summary": f"{before.summary} Léa, 06 12 34 56 78.", "themes": ["sante", LONG]}
        body = f"{before.body}\n\n" + "Et ainsi de suite. " * 40 + LONG
        wait(gateway, "rich", "initiative", data=data, body=body, page=before.id, base=base)
        stage.change(before, summary=f"{before.summary} {LONG}")
        like = {"title": before.title, **{n: before.data[n] for n in ("place", "carrier_name")}}
        wait(gateway, "like", "initiative", data=like, signed_as=LONG)
        wait(gateway, "alike", "initiative", data=like)
        gateway.flags.work()
    enter(page, stage)
    for id in ("rich", "like"):
        look(page, stage, f"/redaction/{id}/")
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        inspect(page, f"{id}, unfolded")
    assert page.locator(".likenesses details").count() >= 2


def enter(page: Page, stage: Stage) -> None:
    """Sign in; the page of the link is one of those to look at."""
    page.goto(f"{stage.url}/redaction/entrer/{stage.gateway.store.create_login(EDITOR)}/")
    if page.url.rstrip("/").endswith("redaction"):
        return
    inspect(page, "the page of a link")
    page.get_by_role("button", name="Entrer").click()


def test_the_past_of_a_page(stage: Stage, page: Page) -> None:
    id = stage.submission(State.PUBLISHED, len(stage.gateway.store.journal(limit=10_000)) + 1)
    need = stage.gateway.library.index.by_id(id)
    assert need
    stage.change(need, title=f"Un autre nom {LONG}")
    for lang in ("", "/en"):
        look(page, stage, f"{lang}/historique/{need.ref}/")
        for summary in page.locator(".versions summary").all():
            summary.click()
        inspect(page, "the past, unfolded")


def test_every_template_was_looked_at(stage: Stage, request: pytest.FixtureRequest) -> None:
    """The last of this module: it asks what the others have seen."""
    here = {item.function for item in request.session.items if item.module is request.module}  # type: ignore[attr-defined]
    if (
        missed := {each for name, each in vars(request.module).items() if name[:5] == "test_"}
        - here
    ):
        pytest.skip(f"{len(missed)} tests of this module were not asked for")
    folder = THEME / "templates"
    all_there = {
        file.relative_to(folder).as_posix()
        for file in (*folder.glob("*.html"), *folder.glob("gateway/*.html"))
    }
    elsewhere = {f"gateway/{name}.html" for names in ELSEWHERE.values() for name in names}
    assert all_there - stage.seen - elsewhere == NO_PAGE
    assert elsewhere <= all_there
    for module in ELSEWHERE:
        assert re.search(r"violations\(|inspect\(|\.look\(", (HERE / f"{module}.py").read_text())

"""The whole loop over HTTP: what a contributor sends is read over, kept, decided on, published."""

from __future__ import annotations

import json
import time

import feedparser
import pytest

from contrib_gateway.builder import PROJECT
from plugins.render.words import words
from plugins.schema import load_schema
from tests.contrib_gateway.conftest import Serve
from tests.contrib_gateway.ledger import Ledger
from tests.contrib_gateway.running import PUBLIC, Server, until
from tests.contrib_gateway.visitor import Page, Visitor, answers, form_path, id_of

TYPES = load_schema(PROJECT / "content").types


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve()


@pytest.fixture(scope="module")
def editor(server: Server) -> Visitor:
    return server.editor()


@pytest.fixture
def visitor(server: Server) -> Visitor:
    return server.visitor()


def says(page: Page, msgid: str, lang: str = "fr") -> bool:
    """Whether these words of the interface stand on the page, in its language."""
    return " ".join(words(lang).gettext(msgid).split()) in page.words


def wait_online(visitor: Visitor, receipt: str, lang: str = "fr") -> Page:
    return until(
        lambda: page if says(page := visitor.get(receipt), "It is online.", lang) else None,
        f"{receipt} to be online",
    )


def is_review(page: Page) -> bool:
    return page.status == 200 and b'name="_reviewed"' in page.body


# From the form to the page


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", ["need", "initiative", "observation"])
def test_what_is_sent_is_read_over_then_published(
    server: Server, editor: Visitor, visitor: Visitor, name: str, lang: str
) -> None:
    """The page to review, the receipt at each step, then the page, its list, its feed, its data."""
    title = f"Une {name} racontée en {lang}"
    review = visitor.fill(name, answers(name, title), lang)
    assert is_review(review)
    assert title in review.words
    receipt = visitor.confirm((form_path(name, lang), review.form(f"/{name}/").filled({})))
    waits = "held" if name == "observation" else "proposed"
    until(lambda: Ledger.read(server.state).states[id_of(receipt)] == waits, waits)
    arrived = "It has arrived." if name == "observation" else "The editors have it."
    assert says(visitor.get(receipt), arrived, lang)
    assert title in editor.get("/redaction/").words
    editor.publish(id_of(receipt))
    online = wait_online(visitor, receipt, lang)
    assert_published(visitor, online, name, title, lang)
    assert not visitor.cookies


def assert_published(visitor: Visitor, receipt: Page, name: str, title: str, lang: str) -> None:
    """The receipt leads to the page; the list, the feed and the data have it."""
    content_type = TYPES[name]
    listed = content_type.list_url or ""
    prefix = f"/{listed}" if lang == "fr" else f"/en/{listed}"
    path = next(p for p in receipt.links if p.startswith(prefix) and p != prefix)
    page = visitor.get(path)
    assert page.status == 200
    assert title in page.words
    assert path in visitor.get(prefix).links
    french = path.removeprefix("/en")
    feed = feedparser.parse(visitor.get(f"/feeds/{content_type.folder}.atom").body)
    assert PUBLIC + french.lstrip("/") in [entry.link for entry in feed.entries]
    rows = json.loads(visitor.get(f"/data/{content_type.folder}.json").body)
    assert title in [row["title"] for row in rows]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_faults_come_back_with_what_was_typed(visitor: Visitor, lang: str) -> None:
    """Beside the fields, with status 422; nothing typed is lost, odd characters neither."""
    typed = {
        "summary": 'Des « voisins » <b>& co</b>\r\n\r\n"ensemble"',
        "themes": ["chercher-un-emploi", "se-former"],
        "url": "pas une adresse",
        "body": "\r\nUne ligne vide d’abord.\r\n\r\n    et un bloc",
    }
    page = visitor.fill("initiative", typed, lang)
    assert page.status == 422
    form = page.form(form_path("initiative", lang))
    for name, value in typed.items():
        wanted = [value] if isinstance(value, str) else value
        assert form.controls[name].sent == wanted
    assert page.words.startswith("Erreur :" if lang == "fr" else "Error:")
    mended = answers("initiative", f"Enfin complète {lang}", url="https://voisins.example/")
    assert is_review(visitor.submit(page, form_path("initiative", lang), mended))


def test_going_back_to_correct_loses_nothing(visitor: Visitor) -> None:
    """The button of the page to review leads to the form filled in; then all goes on."""
    given = answers("need", "À corriger", body="Un\r\n\r\ndeux")
    review = visitor.fill("need", given)
    form = visitor.submit(review, "/need/", {}, button="_edit")
    assert form.status == 200
    assert not is_review(form)
    controls = form.form("/need/").controls
    assert {name: controls[name].sent for name in given} == {
        name: [value] if isinstance(value, str) else value for name, value in given.items()
    }
    again = visitor.submit(form, "/need/", {"title": "Corrigé"})
    assert "Corrigé" in again.words
    assert visitor.submit(again, "/need/", {}).status == 303


# Tickets, seals, receipts


def test_sending_again_gives_the_same_receipt(server: Server, visitor: Visitor) -> None:
    review = visitor.review("need", answers("need", "Envoyé deux fois"))
    before = server.health()["accepted"]
    assert visitor.confirm(review) == server.visitor().confirm(review)
    assert server.health()["accepted"] == before + 1


def test_going_back_and_sending_something_else_is_another_submission(
    server: Server, visitor: Visitor
) -> None:
    """Same ticket, other content: read over again, then a receipt of its own."""
    action, inputs = visitor.review("need", answers("need", "Le premier texte"))
    first = visitor.confirm((action, inputs))
    other = [(n, "Le second texte" if n == "title" else v) for n, v in inputs]
    before = server.health()["accepted"]
    review = visitor.post(action, other)
    assert is_review(review)
    assert server.health()["accepted"] == before
    assert "Le second texte" in review.words
    second = visitor.confirm((action, review.form("/need/").filled({})))
    assert second != first
    assert server.health()["accepted"] == before + 1


@pytest.mark.parametrize("seal", [None, "", "0" * 64, "é"])
def test_nothing_is_accepted_that_was_not_read_over(
    server: Server, visitor: Visitor, seal: str | None
) -> None:
    """Confirming without the page to review, or with a made-up seal, leads to that page."""
    action, inputs = visitor.review("need", answers("need", "Sans relire"))
    bare = [(name, value) for name, value in inputs if name != "_reviewed"]
    before = server.health()["accepted"]
    page = visitor.post(action, bare if seal is None else [*bare, ("_reviewed", seal)])
    assert is_review(page)
    assert server.health()["accepted"] == before
    assert visitor.submit(page, "/need/", {}).status == 303


@pytest.mark.parametrize("forged", ["", "n’importe quoi", "WyJ4IiwxXQ.a.b", "initiative"])
def test_a_ticket_we_did_not_make_is_replaced(
    server: Server, visitor: Visitor, forged: str
) -> None:
    """A made-up ticket, or that of another form: the page to review, with a ticket of ours."""
    if forged == "initiative":
        page = visitor.get("/contribuer/initiative/")
        forged = page.form("/initiative/").controls["_ticket"].sent[0]
    action, inputs = visitor.review("need", answers("need", "Au billet forgé"))
    kept = [(name, value) for name, value in inputs if name != "_ticket"]
    before = server.health()["accepted"]
    page = visitor.post(action, [*kept, ("_ticket", forged)])
    assert is_review(page)
    assert page.form("/need/").controls["_ticket"].sent[0] not in ("", forged)
    assert server.health()["accepted"] == before


def test_a_receipt_cannot_be_guessed(visitor: Visitor) -> None:
    """Neither from the submission's id, which its public file shows, nor from another receipt."""
    receipt = visitor.contribute("need", answers("need", "Un reçu à deviner"))
    other = visitor.contribute("need", answers("need", "Un autre reçu"))
    seal = other.rstrip("/").rpartition("-")[2]
    id = id_of(receipt)
    for forged in (id, f"{id}-", f"{id}-{seal}", f"{id}-{'0' * 26}", receipt[7:-2], "%C3%A9-"):
        page = visitor.get(f"/suivi/{forged}/")
        assert page.status == 404
        assert "Un reçu à deviner" not in page.words


def test_nothing_a_contributor_sees_is_kept_shared_or_followed(visitor: Visitor) -> None:
    """No cookie anywhere; the receipt is not cached, not indexed, and names itself to nobody."""
    walk = [visitor.get("/"), visitor.get("/contribuer/"), visitor.get("/contribuer/need/")]
    review = visitor.fill("need", answers("need", "Sans trace"))
    sent = visitor.submit(review, "/need/", {})
    receipt = visitor.get(sent.location)
    for page in (*walk, review, sent, receipt, visitor.get("/suivi/rien/")):
        assert page.headers.get_all("Set-Cookie") is None
    assert receipt.headers["Cache-Control"] == "no-store"
    assert "noindex" in receipt.headers["X-Robots-Tag"]
    assert receipt.headers["Referrer-Policy"] == "no-referrer"


# Decided


def test_what_is_declined_is_declined_with_a_reason_that_its_author_reads(
    server: Server, editor: Visitor, visitor: Visitor
) -> None:
    """Without a reason nothing happens; with one, the receipt shows it, and no page appears."""
    receipt = visitor.contribute("need", answers("need", "Une idée à revoir"))
    server.wait_queue()
    silent = editor.decide(id_of(receipt), "refuser", reason=" \r\n ")
    assert silent.status == 422
    assert says(visitor.get(receipt), "The editors have it.")
    reason = "Elle existe déjà : <b>voyez</b> « Imprimer »."
    editor.decline(id_of(receipt), reason)
    page = visitor.get(receipt)
    assert says(page, "It was not published.")
    assert reason in page.words
    assert visitor.get("/besoins/une-idee-a-revoir/").status == 404
    assert "Lea Martin" in editor.get(f"/redaction/{id_of(receipt)}/").words


def test_a_declined_title_is_free_again(server: Server, editor: Visitor, visitor: Visitor) -> None:
    """Whoever was declined may write again under the same title, at the same address."""
    first = visitor.contribute("need", answers("need", "Le même titre, revu"))
    server.wait_queue()
    editor.decline(id_of(first), "Précisez.")
    second = visitor.contribute("need", answers("need", "Le même titre, revu", body="Précis."))
    server.wait_queue()
    editor.publish(id_of(second))
    wait_online(visitor, second)
    assert visitor.get("/besoins/le-meme-titre-revu/").status == 200
    assert says(visitor.get(first), "It was not published.")


def test_a_held_one_can_be_declined_unseen_by_the_forge(
    server: Server, editor: Visitor, visitor: Visitor
) -> None:
    """What was held and is declined never becomes a proposal that others could clone."""
    receipt = visitor.contribute("observation", answers("observation", "Reconnaissable"))
    time.sleep(0.2)
    assert Ledger.read(server.state).states[id_of(receipt)] == "held"
    editor.decline(id_of(receipt), "On reconnaît quelqu’un.")
    assert "On reconnaît quelqu’un." in visitor.get(receipt).words
    ledger = Ledger.read(server.state)
    assert not any(where[id_of(receipt)] for where in (ledger.waiting, ledger.declined))


def test_the_accounts_balance(server: Server) -> None:
    """After all this, /healthz tells as many as the database has rows, and git agrees."""
    server.wait_queue()
    ledger = Ledger.read(server.state)
    ledger.assert_balanced()
    health = server.health()
    assert health.pop("accepted") == sum(health.values()) == len(ledger.states)

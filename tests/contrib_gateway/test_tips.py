"""Something worth knowing is sent: it has no page, and everybody is told where it went."""

from __future__ import annotations

from tests.contrib_gateway.desks import Desk, content, embedded
from tests.contrib_gateway.visitor import id_of

FIXTURES = (content, embedded)
TIP = {
    "url": "www.exemple.fr/aide",
    "title": "Une permanence de plus",
    "why": "Le samedi matin, sans rendez-vous.",
    "signed_as": "Nadia",
}


def test_a_tip_is_read_over_published_and_its_receipt_says_where_it_is(embedded: Desk) -> None:
    visitor, desk = embedded.editor, embedded.gateway
    assert "Signaler une information" in visitor.get("/contribuer/").words
    assert "/contribuer/link/" in str(visitor.get("/contribuer/").links)
    shown = visitor.get("/contribuer/link/").words + visitor.fill("link", TIP).words
    assert not any(promised in shown for promised in ("ma fiche", "votre fiche", "la page telle"))
    named = visitor.fill("link", TIP | {"signed_as": "nadia@exemple.org"})
    assert named.status == 422 and "écrivez le nom sous lequel vous voulez signer" in named.words
    receipt = visitor.contribute("link", TIP)
    desk.worker.work()
    review = visitor.get(f"/redaction/{id_of(receipt)}/")
    assert review.status == 200 and "Une permanence de plus" in review.words
    assert "Transmettre à la veille" in review.words and "La page telle" not in review.words
    embedded.press(id_of(receipt), "publier")
    decided = visitor.get(f"/redaction/{id_of(receipt)}/").words
    assert "Elle est dans la boîte de la veille." in decided and "La page telle" not in decided
    said = visitor.get(receipt).words
    assert "Merci : elle est dans la boîte de la veille." in said.replace("\u202f", " ")
    assert "en ligne" not in said
    (tip,) = desk.library.index.of("link")
    assert (tip.data["url"], tip.url) == ("https://www.exemple.fr/aide", None)


def test_a_tip_that_is_published_waits_in_the_inbox_at_once(embedded: Desk) -> None:
    visitor, desk = embedded.editor, embedded.gateway
    receipt = visitor.contribute("link", TIP | {"title": "Un atelier du soir"})
    desk.worker.work()
    embedded.press(id_of(receipt), "publier")
    for _ in range(2):  # once, however often it is looked
        desk.collector.work()
    inbox = visitor.get("/redaction/veille/").words
    assert "Un atelier du soir" in inbox and "Veille (1)" in inbox
    assert "Nadia" in inbox

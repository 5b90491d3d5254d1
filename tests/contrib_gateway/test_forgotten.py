"""Made-up people write, are forgotten, and are nowhere it was promised that they would not be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pygit2
import pytest

from tests.contrib_gateway.mailbox import Mailbox
from tests.contrib_gateway.running import Server, copied_state, until
from tests.contrib_gateway.test_receipts import photo, upload
from tests.contrib_gateway.visitor import Visitor, answers, id_of

HASTY = ("tests.contrib_gateway.hasty", "serve")
ADDRESS = "zoe.la.secrete@exemple.org"
WORDS = (
    ADDRESS,
    "Zoé la secrète",
    "Le wifi de la cour intime",
    "Un récit que nul autre ne raconte",
    "Une confidence à la rédaction",
    "Une question pour elle seule",
)
STAYS = "Le vélo de mon oncle Barnabé"


@pytest.fixture(scope="module")
def house(sample_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Mailbox() as box:
        state = tmp_path_factory.mktemp("forgotten") / "state"
        copied_state(sample_state, state)
        server = Server(state, HASTY, VIGIE_SMTP_URL=box.url).start()
        try:
            yield server
        finally:
            server.kill()


def contribute(visitor: Visitor, title: str = WORDS[2]) -> str:
    told = answers("need", title, body=WORDS[3], contact=ADDRESS, signed_as=WORDS[1])
    return visitor.contribute("need", told)


def converse(server: Server, receipt: str) -> None:
    editor, id = server.editor(), id_of(receipt)
    page = editor.get(f"/redaction/{id}/")
    assert editor.submit(page, f"/{id}/demander/", {"text": WORDS[5]}).status == 303
    page = editor.get(receipt)
    assert editor.submit(page, f"{receipt}repondre/", {"text": WORDS[4]}).status == 303


def everything(server: Server) -> dict[str, bytes]:
    """All bytes of the state folder and of the log, git's objects as they read unpacked."""
    files = {}
    # `rglob` stumbles over a folder that git tidies away meanwhile; `walk` goes on.
    for folder, _, names in os.walk(server.state):
        for path in (Path(folder, name) for name in names):
            with suppress(FileNotFoundError):
                files[str(path)] = path.read_bytes()
    repository = pygit2.Repository(str(server.state / "forge.git"))
    for oid in repository:
        with suppress(KeyError):  # it has gone meanwhile
            files[f"object {oid}"] = repository.read(oid)[1]
    return files | {"log": server.log.encode()}


def found(server: Server, words: tuple[str, ...] = WORDS) -> list[str]:
    return [
        f"{word} in {name}"
        for name, data in everything(server).items()
        for word in words
        if word.encode() in data or json.dumps(word)[1:-1].encode() in data
    ]


def slug_of(title: str) -> str:
    return title.lower().replace(" ", "-")


def test_an_address_that_is_forgotten_takes_all_with_it(house: Server) -> None:
    receipts = [contribute(house.visitor()) for _ in range(2)]
    house.wait_queue()
    converse(house, receipts[0])
    assert {word for word in WORDS if found(house, (word,))} == set(WORDS), "nothing to forget"
    done = house.run("forget", ADDRESS.upper())
    assert done.returncode == 0, done.stderr
    assert "2 submission(s) forgotten." in done.stdout
    until(lambda: not found(house), f"{found(house)[:5]}")
    assert found(house, (slug_of("Le wifi de la cour intime"),)) == []
    shown = house.visitor().get(receipts[0])
    assert shown.status == 200 and "C’est oublié" in shown.words
    assert house.run("reconcile").returncode == 0
    assert house.run("forget", ADDRESS).returncode == 1, "nothing is known of it any more"


def test_from_the_receipt_too_and_by_its_link(house: Server) -> None:
    receipt = contribute(house.visitor())
    house.wait_queue()
    page = house.visitor().get(receipt)
    house.visitor().submit(page, f"{receipt}oublier/", {})
    until(lambda: not found(house), f"{found(house)[:5]}")
    receipt = contribute(house.visitor())
    house.wait_queue()
    done = house.run("forget", house.address + receipt.lstrip("/"))
    assert done.returncode == 0, done.stderr
    until(lambda: not found(house), f"{found(house)[:5]}")
    assert house.run("forget", "https://vigie.example/suivi/abc-def/").returncode == 1


def test_a_picture_goes_with_what_it_came_with(house: Server) -> None:
    visitor = house.visitor()
    review = upload(visitor, "a.jpg", photo("purple"), **{"image-alt": "La cour"})
    receipt = visitor.submit(review, "/contribuer/initiative/", {}).location
    [jpeg] = [link for link in review.links if "/images/" in link]
    webp = visitor.get(jpeg.replace(".jpg", ".webp")).body
    house.wait_queue()

    def left() -> list[str]:
        return [name for name, data in everything(house).items() if webp in data]

    assert left()
    assert house.run("forget", house.address + receipt.lstrip("/")).returncode == 0
    assert visitor.get(jpeg).status == 404
    until(lambda: not left(), "the picture")


def test_what_is_published_stays_and_the_command_says_so(house: Server) -> None:
    receipt = contribute(house.visitor(), STAYS)
    house.wait_queue()
    converse(house, receipt)
    house.editor().publish(id_of(receipt))
    done = house.run("forget", ADDRESS)
    assert done.returncode == 0 and "is published: correct or remove the page" in done.stdout
    until(lambda: not found(house, (ADDRESS, WORDS[4], WORDS[5])), "the private part")
    assert found(house, (STAYS,))


def test_nobodys_address_enters_git_nor_the_log(house: Server) -> None:
    address = "jamais.ailleurs@exemple.org"
    told = answers("need", "La salle des fêtes", contact=address)
    receipt = house.visitor().contribute("need", told)
    house.wait_queue()
    house.editor().publish(id_of(receipt))
    places = {place.rpartition("/")[2] for place in found(house, (address,))}
    assert places and all(place.startswith("vigie.sqlite") for place in places), places

"""A gateway assembled in this process, and the people in front of it: a visitor, an editor."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from contrib_gateway.app import create_app
from contrib_gateway.clock import Clock, utc_now
from contrib_gateway.gateway import Gateway, assemble
from contrib_gateway.ground import SEED
from contrib_gateway.guards import read_receipt
from contrib_gateway.settings import Settings
from contrib_gateway.store import State
from tests.pages import parse

EDITOR = "nadia@example.org"
Answers = Iterable[tuple[str, str]]


def open_gateway(state: Path, seed: Path = SEED, clock: Clock = utc_now, smtp: str = "") -> Gateway:
    """A gateway on a folder of its own, seeded from a content folder; nothing runs by itself."""
    settings = Settings.from_environ(
        {
            "VIGIE_STATE": str(state),
            "VIGIE_SECRET_KEY": "a secret for the tests only",
            "VIGIE_EDITORS": f"{EDITOR}:admin",
            "VIGIE_RATE_LIMIT": "off",
            **({"VIGIE_SMTP_URL": smtp} if smtp else {}),
        }
    )
    return assemble(settings, clock, seed)


class Person:
    """A browser without script: reads pages, fills in forms, presses buttons."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.client: FlaskClient = create_app(gateway).test_client()

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def post(self, address: str, answers: Answers = ()) -> TestResponse:
        return self.client.post(address, data=MultiDict(answers))

    def ticket(self, type_name: str) -> str:
        """What the form holds when it has just been opened."""
        return self.gateway.tickets.issue(type_name).text

    def read_over(self, type_name: str, answers: Answers) -> TestResponse:
        """Fill the form in and press its button."""
        system = [("_ticket", self.ticket(type_name)), ("_website", "")]
        return self.post(f"/contribuer/{type_name}/", [*answers, *system])

    def confirm(self, review: TestResponse, **buttons: str) -> TestResponse:
        """Press a button of the banner on the page to review."""
        form = parse(review.text).one("section", **{"class": "review"}).one("form")
        carried = [(i.attributes["name"], i.attributes["value"]) for i in form.all("input")]
        return self.post(form.attributes["action"], [*carried, *buttons.items()])

    def contribute(self, type_name: str, answers: Answers) -> str:
        """All the way to the receipt; the submission's id."""
        review = self.read_over(type_name, answers)
        assert review.status_code == 200, review.text
        return self.id_of(self.confirm(review))

    def id_of(self, confirmed: TestResponse) -> str:
        assert confirmed.status_code == 303, confirmed.text
        receipt = confirmed.headers["Location"].strip("/").rpartition("/")[2]
        id = read_receipt(self.gateway.settings.secret_key, receipt)
        assert id
        return id


class Editor(Person):
    """Signed in to the desk."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(gateway)
        token = gateway.store.create_login(EDITOR)
        assert self.post(f"/redaction/entrer/{token}/").status_code == 303

    def press(self, id: str, button: str, **more: str) -> TestResponse:
        """Press "publier" or "refuser" on a proposal's page."""
        page = parse(self.get(f"/redaction/{id}/").text)
        action = f"/redaction/{id}/{button}/"
        hidden = page.one("form", action=action).all("input")
        carried = [(i.attributes["name"], i.attributes["value"]) for i in hidden]
        return self.post(action, [*carried, *more.items()])

    def publish(self, id: str) -> None:
        """Merge a submission, whatever it waits for."""
        self.gateway.worker.work()
        answer = self.press(id, "publier")
        assert answer.status_code == 303, answer.text
        found = self.gateway.store.find(id)
        assert found is not None
        assert found.state is State.PUBLISHED

    def build(self) -> Path:
        """Build the site as it now is; the folder it is in."""
        built = self.gateway.builder.build()
        last = self.gateway.store.last_build()
        assert built, last and last.log
        return self.gateway.builder.places.site.resolve()

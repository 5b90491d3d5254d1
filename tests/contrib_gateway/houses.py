"""A gateway on a GitHub of our own, over HTTP, and the people in front of both."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contrib_gateway.gateway import Gateway, assemble
from contrib_gateway.ground import WITHOUT_WEBHOOK
from contrib_gateway.guards import receipt_for
from contrib_gateway.store import State, Submission
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.worlds import NAME
from tests.contrib_gateway.offices import need
from tests.contrib_gateway.running import answering, settings_for
from tests.contrib_gateway.visitor import Page, Visitor
from tests.github import GitHub
from tests.pages import dangers, parse

SECRET = "a secret of the webhook"
HOOK = "/webhooks/github"


@dataclass
class House:
    """A gateway on GitHub, over HTTP. Nothing runs by itself."""

    github: GitHub
    gateway: Gateway
    visitor: Visitor
    clock: SetClock

    def propose(self, title: str = "Le bus du soir") -> str:
        """Somebody has sent a need, and it waits on GitHub; its id."""
        new = need(title, self.clock)
        self.gateway.store.accept(new, lambda slug: False)
        self.gateway.worker.work()
        assert self.submission(new.id).state is State.PROPOSED
        return new.id

    def submission(self, id: str) -> Submission:
        found = self.gateway.store.find(id)
        assert found
        return found

    def number(self, id: str) -> int:
        """Of its pull request."""
        branch = self.submission(id).branch
        return next(pull.number for pull in self.github.state.pulls if pull.head == branch)

    def later(self, **duration: float) -> None:
        """Time passes, and the worker's turn comes; without a webhook it looks each minute."""
        self.clock.move(**(duration or {"seconds": WITHOUT_WEBHOOK.total_seconds()}))
        self.gateway.worker.work()

    def said(self, id: str) -> list[str]:
        return [remark.text for remark in self.gateway.store.remarks(id)]

    def receipt(self, id: str) -> Page:
        path = f"/suivi/{receipt_for(self.gateway.settings.secret_key, id)}/"
        page = self.visitor.get(path)
        assert page.status == 200
        assert dangers(parse(page.text)) == []
        return page

    def hook(self, body: bytes, signature: str | None = "", **headers: str) -> Page:
        """What is sent to the webhook; signed well unless `signature` says otherwise."""
        if signature == "":
            signature = signed(SECRET.encode(), body)
        sent = {"Content-Type": "application/json", **headers}
        if signature is not None:
            sent["X-Hub-Signature-256"] = signature
        return self.visitor.request("POST", HOOK, body.decode("latin-1"), sent)


def signed(key: bytes, body: bytes) -> str:
    return "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()


@contextmanager
def open_house(github: GitHub, state: Path, clock: SetClock, **settings: str) -> Iterator[House]:
    """`state` may be another house's: it was closed, and is open again."""
    given = {
        "VIGIE_FORGE": f"github:{NAME}",
        "VIGIE_GITHUB_URL": github.url,
        "VIGIE_GITHUB_TOKEN": github.token,
        "VIGIE_SECRET_KEY": "a secret for the tests only",
    }
    gateway = assemble(settings_for(state, **given, **settings), clock)
    with answering(gateway) as visitor:
        yield House(github, gateway, visitor, clock)

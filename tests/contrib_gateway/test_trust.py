"""Whom the gateway believes, what it writes in its log, and what it lets reach main."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from contrib_gateway.forge import Proposal
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.gateway import assemble
from contrib_gateway.store import NewSubmission, State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.conftest import Serve
from tests.contrib_gateway.running import Server, serving, settings_for
from tests.contrib_gateway.visitor import answers, id_of


def send(server: Server, title: str, forwarded: str) -> str:
    """Confirm a need through a proxy that says so; returns the state it is in."""
    visitor = server.visitor()
    action, inputs = visitor.review("need", answers("need", title))
    headers = {
        "X-Forwarded-For": forwarded,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    page = visitor.request("POST", action, urlencode(inputs), headers)
    gateway = assemble(settings_for(server.state))
    found = gateway.store.find(id_of(page.location))
    assert found is not None
    return "held" if "rate" in found.reason.split() else "through"


def test_behind_a_proxy_each_client_is_counted_by_its_own_address(serve: Serve) -> None:
    server = serve(VIGIE_RATE_LIMIT="1/hour", VIGIE_TRUSTED_PROXIES="1")
    assert send(server, "Un", "203.0.113.5") == "through"
    assert send(server, "Deux", "198.51.100.7") == "through"
    assert send(server, "Trois", "203.0.113.5") == "held"
    assert send(server, "Quatre", "1.2.3.4, 192.0.2.9") == "through"
    assert send(server, "Cinq", "5.6.7.8, 192.0.2.9") == "held"  # the last hop is the proxy's word
    assert send(server, "Six", "2001:db8:1:2::1") == "through"
    assert send(server, "Sept", "2001:db8:1:2:ffff::9") == "held"  # one subscriber's /64


def test_without_a_proxy_nobody_chooses_their_address(serve: Serve) -> None:
    server = serve(VIGIE_RATE_LIMIT="1/hour")
    assert send(server, "Un", "203.0.113.5") == "through"
    assert send(server, "Deux", "198.51.100.7") == "held"


def test_a_database_fault_never_writes_what_people_wrote_in_the_log(
    state: Path, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(state, clock, VIGIE_RATE_LIMIT="off") as (gateway, visitor):
        with gateway.store._engine.begin() as connection:
            connection.execute(
                text(
                    "create trigger full before insert on submissions "
                    "begin select raise(abort, 'disk full'); end"
                )
            )
        said = {"contact": "lea@example.org"}
        with caplog.at_level(logging.DEBUG):
            page = visitor.post(*visitor.review("need", answers("need", "Un secret", **said)))
        assert page.status == 503
        assert "Un secret" not in caplog.text
        assert "lea@example.org" not in caplog.text


def submission(id: str, type: str = "need", **data: object) -> NewSubmission:
    managed = {"id": id, "created": "2026-11-23", "updated": "2026-11-23", "lang": "fr"}
    whole = {"title": id, "viewpoint": "usager", "themes": ["sante"], **data, **managed}
    return NewSubmission(
        id=id,
        ticket=id,
        digest=id,
        type=type,
        slug=id,
        title=id,
        lang="fr",
        data=whole,
        body="",
        private={},
        signed_as="",
        client="",
    )


def test_one_submission_that_cannot_be_proposed_does_not_stop_the_others(
    state: Path, clock: SetClock
) -> None:
    gateway = assemble(settings_for(state), clock)
    gateway.store.accept(submission("a1", type="gone"), lambda slug: False)
    gateway.store.accept(submission("b2", themes=["nulle-part"]), lambda slug: False)
    gateway.store.accept(submission("c3"), lambda slug: False)
    gateway.worker.work()
    states = {id: gateway.store.find(id).state for id in ("a1", "b2", "c3")}  # type: ignore[union-attr]
    assert states == {"a1": State.DEAD, "b2": State.DEAD, "c3": State.PROPOSED}


BROKEN = {
    "a type that loses a field": ("content/types/need.yaml", b"folder: needs\nlabel: x\n"),
    "a document with a fault": ("content/needs/casse.md", b"---\ntitle: x\n---\n"),
    "a file that nothing reads": ("content/needs/note.txt", b"hello"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_nothing_is_merged_that_would_leave_faults_on_main(
    state: Path, clock: SetClock, name: str
) -> None:
    gateway = assemble(settings_for(state), clock)
    assert isinstance(gateway.forge, LocalForge)
    gateway.store.accept(submission("d4"), lambda slug: False)
    gateway.worker.work()
    path, data = BROKEN[name]
    gateway.forge.propose(Proposal("e5", "need", "autre", "autre", {path: data}))
    files = dict(gateway.forge.files(gateway.forge.head()))
    opened = gateway.forge.opened("e5")
    assert opened is not None
    assert not gateway.library.faults_after(files)
    blobs = dict(gateway.forge.files(opened.head))
    assert gateway.library.faults_after(blobs)


def test_what_others_refer_to_cannot_leave_alone(state: Path, clock: SetClock) -> None:
    gateway = assemble(settings_for(state), clock)
    gateway.store.accept(submission("f6"), lambda slug: False)
    gateway.store.accept(submission("g7", merged=["need/f6"]), lambda slug: False)
    gateway.worker.work()
    gateway.desk.publish("f6", "Marie")
    gateway.store.requeue("g7", "Marie")
    gateway.desk.publish("g7", "Marie")
    files = dict(gateway.forge.files(gateway.forge.head()))
    del files["content/needs/f6.md"]
    codes = [(p.path, p.code) for p in gateway.library.faults_after(files)]
    assert codes == [("needs/g7.md", "unknown_reference")]


def test_a_page_is_asked_for_again_however_its_address_is_dressed(serve: Serve) -> None:
    """Only what the theme and the pictures give a version may be kept for a year."""
    visitor = serve().visitor()
    assert visitor.get("/?v=1").headers["Cache-Control"] == "no-cache"
    style = next(link for link in visitor.get("/").links if ".css?v=" in link)
    assert "immutable" in visitor.get(style).headers["Cache-Control"]

"""Editors are told of what waits: by a feed at their own address, by a mail in the morning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, urlsplit

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import Store
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.mailbox import DROP, Mailbox
from tests.contrib_gateway.naughty import NAUGHTY
from tests.contrib_gateway.offices import need
from tests.contrib_gateway.running import EDITORS, enter, serving
from tests.contrib_gateway.visitor import Page, Visitor

LEA, KARIM = EDITORS
TITLE = "Le bus <b>du soir</b> & moi"
WEDNESDAY = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # seven in the morning in Tours


class House:
    """A gateway that does nothing by itself, with mail, and two editors of it signed in."""

    def __init__(self, gateway: Gateway, visitor: Visitor, box: Mailbox, clock: SetClock) -> None:
        self.gateway, self.visitor, self.box, self.clock = gateway, visitor, box, clock
        self.lea, self.karim = (self.signed_in(address) for address in EDITORS)

    def signed_in(self, address: str) -> Visitor:
        return enter(self.gateway, Visitor(self.visitor.port), address)

    def send(self, title: str = TITLE) -> str:
        """Somebody sent a need, with an address; its id."""
        new = replace(need(title, self.clock), private={"contact": "zoe@exemple.org"})
        return self.gateway.store.accept(new, lambda slug: False).id

    def feed(self, editor: Visitor) -> str:
        """Ask for an address, or for another; its path."""
        told = editor.submit(editor.get("/redaction/compte/"), "/compte/fil/", {})
        assert told.status == 303
        [path] = re.findall(r"/redaction/fil/[0-9a-f]{64}\.atom", account(editor).text)[:1]
        return str(path)

    def wish(self, editor: Visitor, prefix: str = "", **wished: str) -> None:
        page = editor.get(f"{prefix}/redaction/compte/")
        assert editor.submit(page, "/compte/courriel/", wished).status == 303

    def work(self, **later: float) -> list[EmailMessage]:
        self.clock.move(**later)
        assert self.gateway.post
        self.gateway.post.work()
        return self.box.messages


def account(editor: Visitor) -> Page:
    page = editor.get("/redaction/compte/")
    assert page.status == 200
    return page


@pytest.fixture
def house(state: Path, clock: SetClock, open_box: Mailbox) -> Iterator[House]:
    open_box.mend()
    open_box.received.clear()
    clock.now = WEDNESDAY
    given = {"VIGIE_SMTP_URL": open_box.url, "VIGIE_EDITORS": f"{LEA}:admin,{KARIM}"}
    with serving(state, clock, **given) as (gateway, visitor):
        yield House(gateway, visitor, open_box, clock)


# The feed


def test_a_feed_says_what_waits_and_nothing_private(house: House) -> None:
    path = house.feed(house.lea)
    house.send("Plus ancien")
    house.clock.move(days=3)
    id = house.send()
    answer = house.visitor.get(path)
    assert answer.status == 200 and answer.headers["Cache-Control"] == "private"
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert "Set-Cookie" not in answer.headers
    assert "exemple.org" not in answer.text and "<b>" not in answer.text
    read = feedparser.parse(answer.body)
    assert not read.bozo
    first, second = read.entries
    assert (first.title_detail.type, first.title) == ("text/plain", TITLE)
    assert first.link.endswith(f"/redaction/{id}/")
    assert "Besoin" in first.summary and "reçue aujourd’hui" in first.summary
    assert "attend depuis 3 jours" in second.summary and first.id != second.id


def test_whatever_is_typed_is_a_title_of_a_feed_that_can_be_read(house: House) -> None:
    path = house.feed(house.lea)
    for number, typed in enumerate(NAUGHTY):
        house.send(f"{number} {typed}")
    read = feedparser.parse(house.visitor.get(path).body)
    assert not read.bozo and len(read.entries) == len(NAUGHTY)
    assert {entry.title_detail.type for entry in read.entries} == {"text/plain"}


def test_a_feed_that_has_not_changed_is_not_sent_again(house: House) -> None:
    path = house.feed(house.lea)
    empty = house.visitor.get(path)
    assert not feedparser.parse(empty.body).bozo
    seen = {"If-None-Match": empty.headers["ETag"]}
    again = house.visitor.request("GET", path, headers=seen)
    assert (again.status, again.body) == (304, b"")
    house.send()
    assert house.visitor.request("GET", path, headers=seen).status == 200


def test_an_address_changed_opens_no_more_and_each_editor_has_their_own(house: House) -> None:
    first, others = house.feed(house.lea), house.feed(house.karim)
    second = house.feed(house.lea)
    assert len({first, second, others}) == 3
    found = [house.visitor.get(path).status for path in (first, second, others)]
    assert found == [404, 200, 200]


def test_nobody_has_an_address_that_they_did_not_ask_for(house: House) -> None:
    assert "/redaction/fil/" not in account(house.lea).text
    assert "Me donner une adresse" in account(house.lea).words


def test_who_is_no_editor_any_more_has_no_feed_and_comes_back_to_another(
    house: House, state: Path, clock: SetClock
) -> None:
    path = house.feed(house.karim)
    for editors, status in ((LEA, 404), (f"{LEA},{KARIM}", 404)):
        with serving(state, clock, VIGIE_EDITORS=editors) as (gateway, visitor):
            assert visitor.get(path).status == status
            gateway.housekeeper.tidy()


@settings(max_examples=30, deadline=None)
@given(secret=st.text(st.characters(exclude_characters="/"), min_size=1, max_size=80))
def test_a_guess_finds_nothing(wide: Visitor, secret: str) -> None:
    for path in (f"/redaction/fil/{quote(secret)}.atom", f"/redaction/courriel/{quote(secret)}/"):
        for method in ("GET", "POST"):
            answer = wide.request(method, path)
            assert answer.status in (400, 404, 405), path
            assert quote(secret) not in answer.text or len(secret) < 9


@pytest.fixture(scope="module")
def wide(sample_state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with serving(tmp_path_factory.mktemp("wide") / "state", SetClock()) as (gateway, visitor):
        gateway.store.renew_feed(LEA)
        yield visitor


# The mail


def test_in_the_morning_an_editor_is_told_what_waits_once(house: House) -> None:
    id = house.send()
    house.wish(house.lea, daily="yes")
    assert house.work() == [], "it is seven"
    [message] = house.work(hours=1.1)
    text = message.get_content()
    assert message["To"] == LEA and "ce qui attend" in message["Subject"]
    assert f"> {TITLE}\n" in text and f"/redaction/{id}/" in text and "en route\u202f: 1" in text
    assert "exemple.org" not in text
    house.send("Un autre")
    assert len(house.work(hours=5)) == 1, "once a day"
    house.wish(house.lea)
    house.wish(house.lea, daily="yes")
    assert len(house.work(hours=1)) == 1, "even if it is asked for once more"
    assert len(house.work(hours=18)) == 2
    assert len(house.work(days=1)) == 3  # Friday
    assert len(house.work(days=1)) == len(house.work(days=1)) == 3, "nobody works at the weekend"
    assert len(house.work(days=1)) == 4


def test_an_editor_is_told_in_the_language_they_asked_in(house: House) -> None:
    house.send()
    house.wish(house.karim, "/en", daily="yes")
    [message] = house.work(hours=2)
    assert "This is what waits" in message.get_content()
    assert "/en/redaction/" in message.get_content()


def test_nobody_is_told_that_nothing_waits_for_them(house: House) -> None:
    house.wish(house.lea, daily="yes")
    assert house.work(hours=2) == []
    house.gateway.store.ask(house.send(), "Léa", "Quand ?")
    assert house.work(days=1) == [], "it waits for its contributor"


def test_one_click_and_one_button_end_the_mail(house: House) -> None:
    house.send()
    for editor in (house.lea, house.karim):
        house.wish(editor, daily="yes")
    first, second = house.work(hours=2)
    [link] = re.findall(r"http\S+/redaction/courriel/\S+", first.get_content())
    assert first["List-Unsubscribe"] == f"<{link}>"
    path = urlsplit(link).path
    asked = house.visitor.get(path)
    assert asked.status == 200 and "Ne plus me l’envoyer" in asked.words
    assert house.gateway.store.alert(first["To"]).daily, "a link that is only visited ends nothing"
    assert "Vous ne le recevez plus" in house.visitor.post(path).words
    assert "Vous ne le recevez plus" in house.visitor.post(path).words
    one_click = urlsplit(second["List-Unsubscribe"].strip("<>")).path
    sent = "List-Unsubscribe=One-Click"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert house.visitor.request("POST", one_click, sent, kind).status == 200
    assert len(house.work(days=1)) == 2


def test_a_mail_that_the_server_did_not_take_comes_later_that_day_and_not_the_next(
    house: House,
) -> None:
    house.send()
    house.wish(house.lea, daily="yes")
    house.box.fail("450 later")
    assert house.work(hours=2) == []
    house.box.mend()
    assert len(house.work(hours=2)) == 1
    house.box.fail(DROP)
    assert len(house.work(days=1)) == 1
    house.box.mend()
    assert len(house.work(days=1)) == 2, "that of yesterday is no news"


def test_a_process_killed_in_mid_morning_sends_no_second_mail(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends after the server took the mail, and before that was noted; or before it was sent."""
    house.send()
    house.wish(house.lea, daily="yes")

    def killed(self: Store, *told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Store, "note_called", killed)
        house.work(hours=2)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Store, "finish_errand", killed)
        house.work()
    assert len(house.box.messages) == 1
    assert len(house.work()) == len(house.work(hours=2)) == 1
    assert len(house.work(days=1)) == 2


def test_who_is_no_editor_any_more_is_told_nothing(
    house: House, state: Path, clock: SetClock
) -> None:
    house.send()
    house.wish(house.karim, daily="yes")
    given = {"VIGIE_SMTP_URL": house.box.url, "VIGIE_EDITORS": LEA}
    with serving(state, clock, **given) as (gateway, _):
        clock.move(hours=2)
        assert gateway.post
        gateway.post.work()
    assert house.box.messages == []


def test_where_there_is_no_mail_it_is_said_and_the_feed_works(
    house: House, state: Path, clock: SetClock
) -> None:
    with serving(state, clock) as (gateway, visitor):
        enter(gateway, visitor)
        page = visitor.get("/redaction/compte/")
        assert "n’envoie pas de courrier" in page.words
        assert visitor.submit(page, "/compte/fil/", {}).status == 303

"""What editors do on github.com reaches the contributor; what strangers send there does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrib_gateway.ground import WITH_WEBHOOK
from contrib_gateway.store import State
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.houses import HOOK, SECRET, House, open_house, signed
from tests.contrib_gateway.offices import small_content
from tests.contrib_gateway.running import enter, until
from tests.contrib_gateway.strangers import bounded
from tests.github import GitHub
from tests.github.driving import ask
from tests.pages import dangers, parse

SCRIPT = "<script>alert(1)</script> & **gras** @nadia"


@pytest.fixture
def github(tmp_path: Path, clock: SetClock) -> Iterator[GitHub]:
    seed = small_content(tmp_path / "seed")
    with GitHub(tmp_path / "github.git", seed, clock=clock) as started:
        yield started
        assert not started.violations, "\n".join(started.violations)


@pytest.fixture
def house(github: GitHub, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    """Without a webhook."""
    with open_house(github, tmp_path / "state", clock) as opened:
        yield opened


@pytest.fixture
def hooked(github: GitHub, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    """GitHub tells it of what happens there."""
    secret = {"VIGIE_GITHUB_WEBHOOK_SECRET": SECRET}
    with open_house(github, tmp_path / "state", clock, **secret) as opened:
        github.webhook = (f"http://127.0.0.1:{opened.visitor.port}{HOOK}", SECRET)
        yield opened


# Decided on github.com


def test_the_green_button_publishes_and_the_contributor_is_told(house: House) -> None:
    id = house.propose()
    built = (house.gateway.forge.head(), house.gateway.clock().date())
    house.gateway.builder._attempted = built
    house.github.merge_as(house.number(id), "nadia", "Nadia Roy")
    house.later(seconds=30)
    assert house.submission(id).state is State.PROPOSED
    house.later()
    found = house.submission(id)
    assert (found.state, found.decided_by) == (State.PUBLISHED, "Nadia Roy")
    assert found.online_at is None
    assert house.gateway.builder.loop._awake.is_set()
    assert house.gateway.library.index.by_id(id)
    assert "C’est accepté." in house.receipt(id).words


@pytest.mark.parametrize("method", ["merge", "squash"])
def test_however_it_is_merged(house: House, method: str) -> None:
    id = house.propose()
    house.github.merge_as(house.number(id), "nadia", "Nadia Roy", method=method)
    house.later()
    assert house.submission(id).state is State.PUBLISHED
    assert house.gateway.library.index.by_id(id)


def test_closing_with_a_comment_declines_with_a_reason(house: House) -> None:
    id = house.propose()
    number = house.number(id)
    house.clock.move(seconds=5)
    house.github.comment(number, "passant", "Publiez donc !", "NONE")
    house.github.comment(number, "nadia", f"Pas pour ce site. {SCRIPT}", "MEMBER")
    house.github.close(number, "nadia")
    house.later()
    found = house.submission(id)
    assert (found.state, found.decided_by) == (State.DECLINED, "nadia")
    assert found.reason == f"Pas pour ce site. {SCRIPT}"
    assert "Pas pour ce site." in house.receipt(id).words
    assert "Publiez donc" not in house.receipt(id).words


def test_what_editors_say_is_read_on_the_receipt_and_at_the_desk(house: House) -> None:
    id = house.propose()
    number = house.number(id)
    house.clock.move(seconds=5)
    house.github.comment(number, "nadia", f"Quel jour ? {SCRIPT}", "OWNER")
    house.github.review(number, "karim", "Précisez le lieu.", "CHANGES_REQUESTED", "MEMBER")
    house.github.review(number, "karim", "", "APPROVED", "MEMBER")  # a green tick says nothing
    path = next(f for f in house.gateway.forge.opened(id).files)  # type: ignore[union-attr]
    house.github.comment_line(number, "nadia", "Quelle heure ?", path)
    house.later()
    said = [f"Quel jour ? {SCRIPT}", "Précisez le lieu.", "Quelle heure ?"]
    assert sorted(house.said(id)) == sorted(said)
    words = house.receipt(id).words
    assert [text for text in said if text not in words] == []
    enter(house.gateway, house.visitor)
    desk = house.visitor.get(f"/redaction/{id}/")
    assert "Précisez le lieu." in desk.words
    assert dangers(parse(desk.text)) == []


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR"])
def test_a_strangers_comment_reaches_nobody(house: House, association: str) -> None:
    id = house.propose()
    number = house.number(id)
    house.clock.move(seconds=5)
    house.github.comment(number, "passant", "Achetez ceci.", association)
    house.github.review(number, "passant", "Achetez cela.", association=association)
    house.later()
    assert house.said(id) == []


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR", "COLLABORATOR"])
def test_what_a_robot_says_reaches_nobody(house: House, association: str) -> None:
    id = house.propose()
    house.clock.move(seconds=5)
    robot = house.github.state.person("github-actions[bot]", type="Bot").login
    house.github.comment(house.number(id), robot, "Preview: …", association)
    house.later()
    assert house.said(id) == []


def test_a_comment_that_is_edited_is_read_as_it_now_is(house: House) -> None:
    id = house.propose()
    house.clock.move(seconds=5)
    comment = house.github.comment(house.number(id), "nadia", "Quel jours ?")
    house.later()
    assert house.said(id) == ["Quel jours ?"]
    ask(house.github, "PATCH", f"/issues/comments/{comment.id}", json={"body": "Quel jour ?"})
    house.later()
    assert house.said(id) == ["Quel jour ?"]
    assert "Quel jours" not in house.receipt(id).words


def test_a_comment_that_is_deleted_is_read_no_more(house: House) -> None:
    id = house.propose()
    house.clock.move(seconds=5)
    comment = house.github.comment(house.number(id), "nadia", "Quel jour ?")
    house.later()
    assert house.said(id) == ["Quel jour ?"]
    house.github.delete_comment(comment)
    house.later()
    assert house.said(id) == []


def test_what_happened_while_the_gateway_was_down_is_read_when_it_is_back(
    house: House, tmp_path: Path
) -> None:
    id, other = house.propose(), house.propose("Le wifi")
    house.clock.move(hours=5)
    house.github.comment(house.number(id), "nadia", "Quel jour ?")
    house.github.merge_as(house.number(other), "nadia", "Nadia Roy")
    house.clock.move(hours=5)
    with open_house(house.github, tmp_path / "state", house.clock) as again:
        again.gateway.worker.work()
        assert again.said(id) == ["Quel jour ?"]
        assert again.submission(other).state is State.PUBLISHED


# Told by a webhook


def test_with_a_webhook_it_is_known_at_once(hooked: House) -> None:
    id = hooked.propose()
    hooked.github.hooks.wait()
    hooked.gateway.worker.work()
    hooked.clock.move(seconds=5)
    hooked.gateway.worker.work()  # its turn is in ten minutes
    thread = hooked.gateway.worker.loop.start()
    try:
        hooked.github.comment(hooked.number(id), "nadia", "Quel jour ?")
        until(lambda: hooked.said(id) == ["Quel jour ?"], "the comment")
        hooked.github.merge_as(hooked.number(id), "nadia", "Nadia Roy")
        until(lambda: hooked.submission(id).state is State.PUBLISHED, "the merge")
    finally:
        hooked.gateway.worker.loop.stop()
        thread.join()
    hooked.github.hooks.wait()
    assert {status for _, status in hooked.github.hooks.deliveries} == {202}


def test_a_webhook_that_got_lost_is_made_up_for(hooked: House) -> None:
    id = hooked.propose()
    hooked.github.hooks.wait()
    hooked.gateway.worker.work()
    hooked.github.webhook = None
    hooked.clock.move(seconds=5)
    hooked.github.comment(hooked.number(id), "nadia", "Quel jour ?")
    hooked.later(seconds=WITH_WEBHOOK.total_seconds() - 6)
    assert hooked.said(id) == []
    hooked.later(seconds=6)
    assert hooked.said(id) == ["Quel jour ?"]


def test_a_webhook_sent_again_changes_nothing(hooked: House) -> None:
    id = hooked.propose()
    hooked.clock.move(seconds=5)
    hooked.github.comment(hooked.number(id), "nadia", "Quel jour ?")
    for _ in range(3):
        hooked.github.redeliver()
        hooked.github.hooks.wait()
        hooked.gateway.worker.work()
    assert hooked.said(id) == ["Quel jour ?"]
    assert hooked.submission(id).state is State.PROPOSED


def is_due(house: House) -> bool:
    """Whether the worker was told to look."""
    return bool(house.gateway.worker.lookout._next_look <= house.clock.now)


@pytest.fixture
def quiet(hooked: House) -> House:
    """It has just looked, and nothing happens."""
    hooked.gateway.worker.lookout.look()
    assert not is_due(hooked)
    return hooked


LIE = json.dumps({"action": "closed", "pull_request": {"number": 1, "merged": True}}).encode()


WRONG = (
    *(None, "sha256=", "sha256=" + "0" * 64, "0" * 64, "sha1=" + "0" * 40, "sha256=é", "é" * 999),
    *(signed(b"", LIE), signed(b"another secret of it", LIE), signed(SECRET.encode(), LIE + b" ")),
)


def test_what_github_did_not_sign_is_not_listened_to(quiet: House) -> None:
    for signature in WRONG:
        assert quiet.hook(LIE, signature).status == 403, signature
    assert not is_due(quiet)


TYPES = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "")
BODIES = (b"", LIE, b"[", b"null", b"\xff\x00", b"&" * 1000, b"payload=%7B", b"--x\r\n")
EVENTS = ("ping", "<script>", "")


def test_whatever_github_signs_is_only_a_reason_to_look(quiet: House) -> None:
    calls = len(quiet.github.calls)
    for kind, body, event in product(TYPES, BODIES, EVENTS):
        headers = {"Content-Type": kind, "X-GitHub-Event": event}
        assert quiet.hook(body, **headers).status == 202, (headers, body)
    assert is_due(quiet)
    assert len(quiet.github.calls) == calls  # it is answered before GitHub is asked


def test_a_huge_webhook_is_refused(quiet: House) -> None:
    assert quiet.hook(b"x" * 3_000_000).status == 413
    assert quiet.hook(b"x" * 3_000_000, None).status == 413
    assert not is_due(quiet)


@given(body=st.binary(max_size=200), signature=st.text(st.characters(codec="ascii"), max_size=80))
@bounded
def test_no_stranger_can_break_the_webhook(quiet: House, body: bytes, signature: str) -> None:
    shown = "".join(c for c in signature if c.isprintable())
    assert quiet.hook(body, shown or None).status == 403
    assert not is_due(quiet)


def test_without_a_secret_there_is_no_webhook(house: House) -> None:
    assert house.hook(LIE).status == 404
    assert house.hook(LIE, signed(b"", LIE)).status == 404

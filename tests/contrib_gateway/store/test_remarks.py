"""What editors say on the forge: kept once, as it was last written."""

from dataclasses import replace

from contrib_gateway.store import Remark, Store
from tests.contrib_gateway.clocks import SetClock


def remark(clock: SetClock, key: str = "101", text: str = "À quelle heure ?") -> Remark:
    return Remark(key, clock.now, "Nour", text)


def test_remarks_are_read_in_the_order_they_were_made(store: Store, clock: SetClock) -> None:
    first = remark(clock, "20")
    clock.move(minutes=1)
    second = remark(clock, "3", "Et où ?")
    assert store.keep_remarks("a1", [second, first]) == 2
    assert store.remarks("a1") == [first, second]
    assert store.remarks("b2") == []


def test_a_remark_heard_twice_is_kept_once(store: Store, clock: SetClock) -> None:
    assert store.keep_remarks("a1", [remark(clock)]) == 1
    assert store.keep_remarks("a1", [remark(clock)]) == 0
    assert store.remarks("a1") == [remark(clock)]


def test_a_remark_that_was_reworded_reads_as_it_now_is(store: Store, clock: SetClock) -> None:
    store.keep_remarks("a1", [remark(clock)])
    reworded = replace(remark(clock), text="À quelle heure, le soir ?")
    assert store.keep_remarks("a1", [reworded, remark(clock, "102")]) == 2
    assert store.remarks("a1") == [reworded, remark(clock, "102")]


def test_a_remark_that_was_deleted_there_is_deleted_here(store: Store, clock: SetClock) -> None:
    other = remark(clock, "900")
    store.keep_remarks("b2", [other])
    store.keep_remarks("a1", [remark(clock), remark(clock, "102")])
    assert store.keep_remarks("a1", [remark(clock, "102")]) == 1
    assert store.remarks("a1") == [remark(clock, "102")]
    assert store.keep_remarks("a1", []) == 1
    assert store.remarks("a1") == []
    assert store.remarks("b2") == [other]


def test_what_is_said_within_a_second_is_read_as_it_was_said(store: Store, clock: SetClock) -> None:
    first, then = remark(clock, "comment-9"), remark(clock, "comment-10", "Et où ?")
    store.keep_remarks("a1", [then, first])
    assert store.remarks("a1") == [first, then]

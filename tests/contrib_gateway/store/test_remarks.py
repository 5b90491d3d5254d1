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
    assert store.add_remarks("a1", [second, first]) == 2
    assert store.remarks("a1") == [first, second]
    assert store.remarks("b2") == []


def test_a_remark_heard_twice_is_kept_once(store: Store, clock: SetClock) -> None:
    assert store.add_remarks("a1", [remark(clock)]) == 1
    assert store.add_remarks("a1", [remark(clock)]) == 0
    assert store.add_remarks("a1", []) == 0
    assert store.remarks("a1") == [remark(clock)]


def test_a_remark_that_was_reworded_reads_as_it_now_is(store: Store, clock: SetClock) -> None:
    store.add_remarks("a1", [remark(clock)])
    reworded = replace(remark(clock), text="À quelle heure, le soir ?")
    assert store.add_remarks("a1", [reworded, remark(clock, "102")]) == 2
    assert store.remarks("a1") == [reworded, remark(clock, "102")]

"""The lookout: takes note of what others decide and say on the forge."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from contrib_gateway.clock import Clock
from contrib_gateway.errors import (
    AlreadyDecided,
    ForgeBusy,
    ForgeUnavailable,
    GatewayError,
    Refused,
    StoreUnavailable,
)
from contrib_gateway.forge import Decision, Forge, Outcome
from contrib_gateway.store import CONVERSATIONS, State, Store, Submission
from contrib_gateway.store import Remark as Said

LONGEST_REST = timedelta(minutes=1)  # while the forge does not answer
SHORTEST_REST = timedelta(seconds=2)
ON_THE_FORGE = (
    State.QUEUED,
    State.PROPOSED,
    State.PUBLISHED,
    State.DECLINED,
    State.WITHDRAWN,
)
log = logging.getLogger(__name__)


class Lookout:
    """Looks at the forge, and notes what became of proposals there."""

    def __init__(
        self,
        store: Store,
        forge: Forge,
        clock: Clock,
        *,
        wake_builder: Callable[[], None],
        look_every: timedelta,
    ) -> None:
        """`look_every`: how long what others do may stay unseen, if nobody calls `look_soon`."""
        self._store = store
        self._forge = forge
        self._clock = clock
        self._wake_builder = wake_builder
        self._look_every = look_every
        self._next_look = datetime.fromtimestamp(0, UTC)
        self._touched: set[str] = set()
        self._head = ""

    def touch(self, id: str) -> None:
        """Something may have become of this one: the next look tells."""
        self._touched.add(id)

    def look_soon(self) -> None:
        """Somebody did something there."""
        self._next_look = datetime.fromtimestamp(0, UTC)

    def look_if_due(self) -> None:
        if self._clock() >= self._next_look:
            self.look()

    def look(self) -> None:
        """Note what was decided or said on the forge since the last look. What cannot be noted
        now is kept for the next look.
        """
        # Before it begins: somebody may call `look_soon` meanwhile.
        self._next_look = self._clock() + self._look_every
        try:
            self._look()
        except ForgeBusy as error:
            self._next_look = error.until
        except (ForgeUnavailable, Refused) as error:
            log.warning("the forge cannot be looked at", exc_info=error)
            pause = min(max(self._look_every, SHORTEST_REST), LONGEST_REST)
            self._next_look = self._clock() + pause

    def _look(self) -> None:
        self._touched.update(self._forge.refresh())
        head = self._forge.head()
        if head != self._head:
            self._touched.update(self._gone())
            self._wake_builder()
            self._head = head
        for id in sorted(self._touched):
            try:
                if self._note(id):
                    self._touched.discard(id)
            except Refused as error:  # of this one only: those behind it are noted
                log.warning("cannot be noted", extra={"submission": id}, exc_info=error)
            except GatewayError:
                raise
            except Exception:  # as above, by a surprise
                log.exception("cannot be noted", extra={"submission": id})

    def _gone(self) -> set[str]:
        """Those we believe proposed and that do not wait any more."""
        pending = {pending.id for pending in self._forge.pending()}
        waiting = {s.id for s in self._store.waiting() if s.state is State.PROPOSED}
        return waiting - pending

    def _note(self, id: str) -> bool:
        """Note what became of a proposal and what was said of it; False if it is too early."""
        submission = self._store.find(id)
        if submission is None or submission.state not in ON_THE_FORGE or self._is_past(submission):
            return True
        if submission.state is State.QUEUED:  # its proposal is opened, and not noted yet
            return False
        self.note_decision(id)
        if submission.forgotten_at or submission.state is State.WITHDRAWN:
            return True
        said = [Said(r.key, r.at, r.by, r.text) for r in self._forge.remarks(id)]
        self._store.keep_remarks(id, said)
        return True

    def _is_past(self, submission: Submission) -> bool:
        """Decided so long ago that what is said of it is not kept any more."""
        decided = submission.decided_at
        return decided is not None and self._clock() - decided > CONVERSATIONS

    def note_decision(self, id: str) -> None:
        """Note what the forge says of a proposal, if it is decided and nobody noted it before."""
        if decision := self._forge.decision(id):
            self.note(id, decision)

    def note(self, id: str, decision: Decision) -> None:
        """Note a decision, unless somebody did. Raises `StoreUnavailable`, and then the next look
        notes it.
        """
        try:
            if decision.outcome is Outcome.MERGED:
                self._store.mark_published(id, decision.by, decision.commit)
                self._wake_builder()
            else:
                self._store.mark_declined(id, decision.by, decision.reason)
        except StoreUnavailable:
            self._touched.add(id)
            raise
        except AlreadyDecided as error:
            merged = decision.outcome is Outcome.MERGED
            if not merged and error.what == State.PUBLISHED:
                self._undo(id, decision)
            elif merged and error.what == State.WITHDRAWN:
                self._publish_after_all(id, decision)
            elif error.what not in (State.PUBLISHED, State.DECLINED, State.WITHDRAWN):
                raise

    def _undo(self, id: str, decision: Decision) -> None:
        """What was published was taken back."""
        with suppress(AlreadyDecided):  # as below
            self._store.mark_undone(id, decision.by, decision.reason)
        self._wake_builder()

    def _publish_after_all(self, id: str, decision: Decision) -> None:
        """An editor was faster than its contributor, who took it back or had it forgotten."""
        with suppress(AlreadyDecided):  # another thread has just said so
            self._store.mark_published_after_all(id, decision.by, decision.commit)
        self._wake_builder()

"""The moves of submissions from state to state.

    accept ─▶ HELD ─release─▶ QUEUED ─────────▶ PROPOSED ─▶ PUBLISHED
                              │  ▲ └─retry  ◀reopen         │mark_undone
                     mark_dead▼  │requeue                   ▼
                              DEAD           HELD, PROPOSED and DEAD ─▶ DECLINED
                                             the same, and QUEUED ────▶ WITHDRAWN ─▶ PUBLISHED

The last is for what an editor merged just before. What is forgotten before it is decided is
WITHDRAWN too (`privacy`). Each move is one conditional UPDATE in a transaction that excludes other
writers, with its line in the journal; of two that come at once, the second raises `AlreadyDecided`.
One of a submission that is not there raises `NotFound`.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, case, delete, select, update

from contrib_gateway.errors import AlreadyDecided, NotFound
from contrib_gateway.store.errands import NewErrand, write_errand
from contrib_gateway.store.followers import drop_follower, write_follower
from contrib_gateway.store.journal import Act, last_entry, write_entry
from contrib_gateway.store.relay import write_address
from contrib_gateway.store.submission import RELAY, UNDECIDED, State, Submission
from contrib_gateway.store.submissions import (
    Submissions,
    free_slug,
    read_submission,
    submission_at,
)
from contrib_gateway.store.tables import addresses, journal
from contrib_gateway.store.tables import submissions as table

CLOSE = "close"  # the errand that closes on the forge what was taken back
AFRESH: Mapping[str, object] = {"reason": "", "attempts": 0, "next_try_at": None}
log = logging.getLogger(__name__)


class Moves(Submissions):
    """The part of the store where submissions go from one state to another."""

    # In the queue

    def release(self, id: str, by: str = "") -> Submission:
        """An editor has looked at a held one: it may be proposed."""
        values = {"reason": ""}
        return self._move(id, (State.HELD,), State.QUEUED, values, by, act=Act.RELEASED)

    def rename(self, id: str, is_taken: Callable[[str], bool]) -> Submission:
        """Give a queued one another free slug, as `accept` does: main has its own by now."""
        with self._writing() as connection:
            found = submission_at(connection, id)
            slug = free_slug(connection, found.type, found.slug, is_taken)
            queued = update(table).where(table.c.id == id, table.c.state == State.QUEUED)
            if not connection.execute(queued.values(slug=slug)).rowcount:
                raise _refusal(connection, id)
            return submission_at(connection, id)

    def retry(self, id: str, at: datetime, reason: str) -> None:
        """It could not be proposed, for `reason`; try again at that moment. No journal line."""
        later = update(table).where(table.c.id == id, table.c.state == State.QUEUED)
        values = {"next_try_at": at, "reason": reason, "attempts": table.c.attempts + 1}
        with self._writing() as connection:
            again = later.values(values).returning(table.c.attempts)
            attempts = connection.execute(again).scalar_one_or_none()
            if attempts is None:
                raise _refusal(connection, id)
        log.warning("will be tried again", extra={"submission": id, "attempts": attempts})

    def mark_dead(self, id: str, reason: str) -> Submission:
        """It can never be proposed as things are."""
        return self._move(id, (State.QUEUED,), State.DEAD, {"reason": reason})

    def requeue(self, id: str, by: str) -> Submission:
        """Somebody mended what made it dead."""
        return self._move(id, (State.DEAD,), State.QUEUED, AFRESH, by)

    def requeue_all(self, by: str) -> int:
        """Somebody mended what made them dead; returns how many they were."""
        dead = update(table).where(table.c.state == State.DEAD)
        again = dead.values({"state": State.QUEUED, **AFRESH}).returning(table.c.id)
        with self._writing() as connection:
            ids = sorted(connection.scalars(again))
            for id in ids:
                write_entry(connection, self._now(), by, Act.QUEUED, id)
        for id in ids:
            _tell(id, State.QUEUED)
        return len(ids)

    def mark_proposed(self, id: str, branch: str) -> Submission:
        values = {"branch": branch, "reason": "", "next_try_at": None}
        return self._move(id, (State.QUEUED,), State.PROPOSED, values)

    def reopen(self, id: str) -> Submission:
        """Its proposal is gone from the forge, undecided: it is to be proposed again."""
        values = {"branch": "", **AFRESH}
        return self._move(id, (State.PROPOSED,), State.QUEUED, values, act=Act.REOPENED)

    # Decided

    def mark_published(self, id: str, by: str, commit: str) -> Submission:
        """Where letters to what is now published go is kept, if its contributor told it."""
        values = {"commit": commit, **self._decision(by)}
        return self._move(id, (State.PROPOSED,), State.PUBLISHED, values, by, also=_keep_address)

    def mark_declined(
        self, id: str, by: str, reason: str, source: State = State.PROPOSED
    ) -> Submission:
        """`source` is the state it was decided from: HELD, PROPOSED or DEAD."""
        values = {"reason": reason, **self._decision(by)}
        return self._move(id, (source,), State.DECLINED, values, by)

    def mark_undone(self, id: str, by: str, reason: str) -> Submission:
        """What it published was taken back from main. `commit` still tells where it had been."""
        values = {"reason": reason, "online_at": None, **self._decision(by)}
        source, target = (State.PUBLISHED,), State.DECLINED
        return self._move(id, source, target, values, by, act=Act.UNDONE, also=_drop_address)

    def mark_withdrawn(self, id: str) -> Submission:
        """Its contributor took it back. What the forge has of it is closed by an errand."""
        close = NewErrand(f"{CLOSE} {id}", CLOSE, id)

        def close_it(connection: Connection, moved: Submission, now: datetime) -> None:
            write_errand(connection, close, now)

        return self._move(id, UNDECIDED, State.WITHDRAWN, self._decision(""), also=close_it)

    def mark_published_after_all(self, id: str, by: str, commit: str) -> Submission:
        """An editor was faster than its contributor, who had taken it back: main has it.

        Another may have got its slug meanwhile, to lose it when it is proposed: one of both is
        told apart here.
        """
        other = table.alias()
        rival = select(other.c.id).where(other.c.type == table.c.type, other.c.slug == table.c.slug)
        rival = rival.where(other.c.id != table.c.id, other.c.state.in_(UNDECIDED))
        slug = case((rival.exists(), table.c.slug + "-" + table.c.id), else_=table.c.slug)
        values = {"commit": commit, "slug": slug, **self._decision(by)}
        return self._move(id, (State.WITHDRAWN,), State.PUBLISHED, values, by, also=_keep_address)

    def _decision(self, by: str) -> dict[str, object]:
        """What every decision writes; no question is open any more."""
        return {"decided_by": by, "decided_at": self._now(), "asked": False}

    def mark_online(self, ids: Iterable[str]) -> None:
        """A finished build shows these; those that were online already keep their moment."""
        chosen = table.c.id.in_(tuple(ids)), table.c.state == State.PUBLISHED
        shown = update(table).where(*chosen, table.c.online_at.is_(None))
        with self._writing() as connection:
            connection.execute(shown.values(online_at=self._now()))

    def _move(
        self,
        id: str,
        sources: tuple[State, ...],
        target: State,
        values: Mapping[str, object],
        by: str = "",
        *,
        act: Act | None = None,
        also: Callable[[Connection, Submission, datetime], None] | None = None,
    ) -> Submission:
        """`act`: how the journal names it, if not as its target; `also` writes what belongs to it,
        in the same transaction.
        """
        move = update(table).where(table.c.id == id, table.c.state.in_(sources))
        with self._writing() as connection:
            if not connection.execute(move.values({"state": target, **values})).rowcount:
                raise _refusal(connection, id)
            write_entry(connection, self._now(), by, act or Act(target.value), id)
            moved = submission_at(connection, id)
            if also:
                also(connection, moved, self._now())
        _tell(id, target)
        return moved


def _keep_address(connection: Connection, published: Submission, now: datetime) -> None:
    """Once, when it is published. Where letters go, only if an editor read that here: those it is
    about may since have told another, or none. And where to tell what becomes of it.
    """
    read = select(journal.c.number).where(journal.c.submission == published.id)
    was_read = connection.execute(read.where(journal.c.what == Act.READ).limit(1)).first()
    address = published.private.get(RELAY)
    if address and was_read:
        write_address(connection, published.document_id, published.id, str(address), now)
    write_follower(connection, published, now)


def _drop_address(connection: Connection, undone: Submission, now: datetime) -> None:
    connection.execute(delete(addresses).where(addresses.c.submission == undone.id))
    drop_follower(connection, undone.id)


def _tell(id: str, state: State) -> None:
    level = logging.ERROR if state is State.DEAD else logging.INFO
    log.log(level, "moved", extra={"submission": id, "state": state})


def _refusal(connection: Connection, id: str) -> AlreadyDecided | NotFound:
    """Why a move was not made: who moved it last, and whereto."""
    row = connection.execute(select(table).where(table.c.id == id)).one_or_none()
    if row is None:
        return NotFound(f"no submission {id}")
    last = last_entry(connection, id)
    submission = read_submission(row)
    by, at = (last.who, last.at) if last else ("", None)
    return AlreadyDecided(id, submission.state, by, at, submission.reason)

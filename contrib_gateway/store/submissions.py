"""Submissions: accepted once, kept whole, and moved from state to state by one rule.

    accept ─▶ HELD ─release─▶ QUEUED ─▶ PROPOSED ─▶ PUBLISHED
                              │  ▲ └─retry
                     mark_dead▼  │requeue
                              DEAD           HELD, PROPOSED and DEAD ─▶ DECLINED or WITHDRAWN

Each move is one conditional UPDATE in a transaction that excludes other writers, with its line in
the journal; of two that come at once, the second raises `AlreadyDecided`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from contrib_gateway.errors import AlreadyDecided, NotFound
from contrib_gateway.store.journal import Journal, last_entry, write_entry
from contrib_gateway.store.submission import UNDECIDED, NewSubmission, State, Submission
from contrib_gateway.store.tables import submissions as table

CLOSABLE = (State.HELD, State.PROPOSED, State.DEAD)


class Submissions(Journal):
    """The part of the store that contributors' work goes through."""

    def accept(self, new: NewSubmission, is_taken: Callable[[str], bool]) -> Submission:
        """Store a submission for good; returns the one that has this ticket and digest already,
        if there is one.

        It gets the wished slug, or the first of slug-2, slug-3… that neither main (`is_taken`,
        quick, and not using the store) nor another submission of its type has.
        """
        with self._writing() as connection:
            query = _same_form(new.ticket, new.digest)
            if known := connection.execute(query).one_or_none():
                return _submission(known)
            values = asdict(new) | {
                "slug": _free(connection, new.type, new.slug, is_taken),
                "branch": "",
                "accepted_at": self._now(),
                "decided_by": "",
                "commit": "",
                "attempts": 0,
            }
            connection.execute(insert(table).values(values))
            return _get(connection, new.id)

    def rename(self, id: str, is_taken: Callable[[str], bool]) -> Submission:
        """Give a queued one another free slug, as `accept` does: main has its own by now."""
        with self._writing() as connection:
            found = _get(connection, id)
            slug = _free(connection, found.type, found.slug, is_taken)
            queued = update(table).where(table.c.id == id, table.c.state == State.QUEUED)
            if not connection.execute(queued.values(slug=slug)).rowcount:
                raise _refusal(connection, id)
            return _get(connection, id)

    # Asking

    def find(self, id: str) -> Submission | None:
        return self._one(select(table).where(table.c.id == id))

    def by_ticket(self, ticket: str, digest: str) -> Submission | None:
        """What this very form, with this very content, became."""
        return self._one(_same_form(ticket, digest))

    def waiting(self) -> list[Submission]:
        """Those nobody has decided on, the oldest first."""
        undecided = select(table).where(table.c.state.in_(UNDECIDED))
        return self._all(undecided.order_by(table.c.accepted_at, table.c.id))

    def decided(self, limit: int) -> list[Submission]:
        """Those published or declined, the latest first."""
        chosen = select(table).where(table.c.state.in_((State.PUBLISHED, State.DECLINED)))
        return self._all(chosen.order_by(table.c.decided_at.desc(), table.c.id).limit(limit))

    def next_queued(self, now: datetime) -> Submission | None:
        """The one to propose next: those never tried come in the order of their arrival."""
        due = or_(table.c.next_try_at.is_(None), table.c.next_try_at <= now)
        turn = func.coalesce(table.c.next_try_at, table.c.accepted_at)
        queued = select(table).where(table.c.state == State.QUEUED, due)
        return self._one(queued.order_by(turn, table.c.id).limit(1))

    def offline(self) -> tuple[str, ...]:
        """The ids of those published that no finished build has shown yet."""
        chosen = table.c.state == State.PUBLISHED, table.c.online_at.is_(None)
        with self._reading() as connection:
            return tuple(connection.scalars(select(table.c.id).where(*chosen)))

    def counts(self) -> Mapping[State, int]:
        """How many are in each of the seven states, at one moment; their sum were accepted."""
        query = select(table.c.state, func.count().label("number")).group_by(table.c.state)
        with self._reading() as connection:
            found = {row.state: row.number for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def recent(self, client: str, since: datetime) -> int:
        """How many `client` has sent since then."""
        sent = table.c.client == client, table.c.accepted_at >= since
        with self._reading() as connection:
            query = select(func.count()).select_from(table).where(*sent)
            return connection.execute(query).scalar_one()

    # Moving. Each raises AlreadyDecided if the submission is elsewhere, NotFound if there is none.

    def release(self, id: str, by: str = "") -> Submission:
        """An editor has looked at a held one: it may be proposed."""
        return self._move(id, (State.HELD,), State.QUEUED, {"reason": ""}, by)

    def retry(self, id: str, at: datetime, reason: str) -> None:
        """It could not be proposed, for `reason`; try again at that moment. No journal line."""
        later = update(table).where(table.c.id == id, table.c.state == State.QUEUED)
        attempts = table.c.attempts + 1
        with self._writing() as connection:
            values = {"next_try_at": at, "reason": reason, "attempts": attempts}
            if not connection.execute(later.values(values)).rowcount:
                raise _refusal(connection, id)

    def mark_dead(self, id: str, reason: str) -> Submission:
        """It can never be proposed as things are."""
        return self._move(id, (State.QUEUED,), State.DEAD, {"reason": reason})

    def requeue(self, id: str, by: str) -> Submission:
        """Somebody mended what made it dead."""
        fresh = {"reason": "", "attempts": 0, "next_try_at": None}
        return self._move(id, (State.DEAD,), State.QUEUED, fresh, by)

    def mark_proposed(self, id: str, branch: str) -> Submission:
        values = {"branch": branch, "reason": "", "next_try_at": None}
        return self._move(id, (State.QUEUED,), State.PROPOSED, values)

    def mark_published(self, id: str, by: str, commit: str) -> Submission:
        values = {"commit": commit, "decided_by": by, "decided_at": self._now()}
        return self._move(id, (State.PROPOSED,), State.PUBLISHED, values, by)

    def mark_declined(
        self, id: str, by: str, reason: str, source: State = State.PROPOSED
    ) -> Submission:
        """`source` is the state it was decided from: HELD, PROPOSED or DEAD."""
        values = {"reason": reason, "decided_by": by, "decided_at": self._now()}
        return self._move(id, (source,), State.DECLINED, values, by)

    def mark_withdrawn(self, id: str) -> Submission:
        """Its contributor took it back."""
        return self._move(id, CLOSABLE, State.WITHDRAWN, {"decided_at": self._now()})

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
    ) -> Submission:
        move = update(table).where(table.c.id == id, table.c.state.in_(sources))
        with self._writing() as connection:
            if not connection.execute(move.values({"state": target, **values})).rowcount:
                raise _refusal(connection, id)
            write_entry(connection, self._now(), by, target, id)
            return _get(connection, id)

    def _one(self, query: Select[*tuple[object, ...]]) -> Submission | None:
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        return _submission(row) if row else None

    def _all(self, query: Select[*tuple[object, ...]]) -> list[Submission]:
        with self._reading() as connection:
            return [_submission(row) for row in connection.execute(query)]


def _submission(row: Row[*tuple[object, ...]]) -> Submission:
    values = dict(row._mapping)
    return Submission(**values | {"state": State(values["state"])})


def _get(connection: Connection, id: str) -> Submission:
    return _submission(connection.execute(select(table).where(table.c.id == id)).one())


def _same_form(ticket: str, digest: str) -> Select[*tuple[object, ...]]:
    return select(table).where(table.c.ticket == ticket, table.c.digest == digest)


def _reserved(connection: Connection, type: str, slug: str) -> set[str]:
    """The slugs of that type that submissions hold, among `slug` and its numbered followers."""
    alike = or_(table.c.slug == slug, table.c.slug.startswith(f"{slug}-", autoescape=True))
    free = table.c.state.in_((State.DECLINED, State.WITHDRAWN))
    query = select(table.c.slug).where(table.c.type == type, alike, ~free)
    return set(connection.scalars(query))


def _free(connection: Connection, type: str, wish: str, is_taken: Callable[[str], bool]) -> str:
    """The wished slug or the next one that nobody has."""
    reserved = _reserved(connection, type, wish)
    free = (slug for slug in _candidates(wish) if slug not in reserved and not is_taken(slug))
    return next(free)


def _candidates(slug: str) -> Iterable[str]:
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def _refusal(connection: Connection, id: str) -> AlreadyDecided | NotFound:
    """Why a move was not made: who moved it last, and whereto."""
    row = connection.execute(select(table).where(table.c.id == id)).one_or_none()
    if row is None:
        return NotFound(f"no submission {id}")
    last = last_entry(connection, id)
    submission = _submission(row)
    by, at = (last.who, last.at) if last else ("", None)
    return AlreadyDecided(id, submission.state, by, at, submission.reason)

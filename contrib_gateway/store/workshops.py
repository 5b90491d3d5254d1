"""Workshops: the answers that all their notes share, under a short code, for some days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from contrib_gateway.errors import TooMany
from contrib_gateway.store.database import Database
from contrib_gateway.store.submission import State
from contrib_gateway.store.submissions import sheets_typed
from contrib_gateway.store.tables import submissions, workshops
from plugins.schema import Value


@dataclass(frozen=True)
class Workshop:
    """`answers` are those of a form of `type` that everybody there would give; all of them public.
    Nobody's name is on it, and after `until` it is not known any more.
    """

    code: str
    type: str
    answers: Mapping[str, Value]
    made_at: datetime
    until: datetime


COLUMNS = [workshops.c[name] for name in Workshop.__dataclass_fields__]


class Workshops(Database):
    """The part of the store that knows workshops."""

    def open_workshop(
        self,
        key: str,
        *,
        type: str,
        answers: Mapping[str, Value],
        life: timedelta,
        most: int,
        draw: Callable[[], str],
    ) -> Workshop:
        """A new one under a code that no other has, or the one that this `key` made already.

        Raises `TooMany` when `most` are there.
        """
        with self._writing() as connection:
            known = connection.execute(select(*COLUMNS).where(workshops.c.key == key)).one_or_none()
            if known:
                return Workshop(**known._mapping)
            codes = set(connection.scalars(select(workshops.c.code)))
            if len(codes) >= most:
                raise TooMany("there are too many workshops")
            code = next(drawn for drawn in iter(draw, None) if drawn not in codes)
            now = self._now()
            new = Workshop(code, type, answers, now, now + life)
            connection.execute(insert(workshops).values(**vars(new), key=key))
            return new

    def workshop(self, code: str) -> Workshop | None:
        """The one of this code, unless its time is over."""
        live = workshops.c.code == code, workshops.c.until > self._now()
        with self._reading() as connection:
            row = connection.execute(select(*COLUMNS).where(*live)).one_or_none()
            return Workshop(**row._mapping) if row else None

    def workshop_notes(self, code: str, field: str) -> Mapping[str, int]:
        """How many notes came, by what they answer to `field` ("" for those that do not)."""
        answer = submissions.c.data[field].as_string()
        there = submissions.c.workshop == code, submissions.c.state != State.WITHDRAWN
        query = select(answer, func.count()).where(*there).group_by(answer)
        with self._reading() as connection:
            return {said or "": number for said, number in connection.execute(query)}

    def workshop_sheets(self, code: str) -> tuple[str, ...]:
        """The numbers of its paper sheets that were typed in."""
        with self._reading() as connection:
            return sheets_typed(connection, code)

    def end_workshops(self) -> int:
        """Forget those whose time is over, and who sat together in them; returns how many."""
        over = select(workshops.c.code).where(workshops.c.until <= self._now())
        with self._writing() as connection:
            codes = list(connection.scalars(over))
            of_them = update(submissions).where(submissions.c.workshop.in_(codes))
            connection.execute(of_them.values(workshop="", sheet=""))
            connection.execute(delete(workshops).where(workshops.c.code.in_(codes)))
        return len(codes)

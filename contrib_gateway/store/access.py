"""Who may enter the desk: links that sign in once, and sessions; only hashes are stored."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import logins, sessions

LOGIN_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(hours=12)
ID_LENGTH = 12  # of a hash: enough to tell sessions apart


@dataclass(frozen=True)
class Session:
    """An editor who signed in, by the address that VIGIE_EDITORS names. `id` is no secret."""

    id: str
    address: str
    created_at: datetime | None
    expires_at: datetime


class Access(Database):
    """The part of the store that knows who signed in."""

    def create_login(self, address: str, lifetime: timedelta = LOGIN_LIFETIME) -> str:
        """The secret of a link that signs `address` in, once, before its time is over."""
        with self._writing() as connection:
            now = self._now()
            for table in (logins, sessions):
                connection.execute(delete(table).where(table.c.expires_at <= now))
            return _issue(connection, logins, {"address": address, "expires_at": now + lifetime})

    def redeem_login(self, token: str) -> str | None:
        """The secret of a new session; None if the link served before, expired or never was."""
        with self._writing() as connection:
            now = self._now()
            used = delete(logins).where(logins.c.hash == _hash(token), logins.c.expires_at > now)
            address = connection.execute(used.returning(logins.c.address)).scalar_one_or_none()
            if address is None:
                return None
            session = {"address": address, "created_at": now}
            return _issue(connection, sessions, session | {"expires_at": now + SESSION_LIFETIME})

    def session(self, token: str) -> Session | None:
        """The session of this secret, unless it ended or expired."""
        lasting = sessions.c.hash == _hash(token), sessions.c.expires_at > self._now()
        with self._reading() as connection:
            row = connection.execute(select(sessions).where(*lasting)).one_or_none()
        return _session(row) if row else None

    def sessions(self, address: str | None = None) -> list[Session]:
        """Those that last, of one editor or of all, the newest first."""
        lasting = select(sessions).where(sessions.c.expires_at > self._now())
        if address is not None:
            lasting = lasting.where(sessions.c.address == address)
        with self._reading() as connection:
            rows = connection.execute(lasting.order_by(sessions.c.created_at.desc())).all()
        return [_session(row) for row in rows]

    def end_session(self, token: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.hash == _hash(token)))

    def end_session_of(self, id: str, address: str | None = None) -> None:
        """End the session of this id, if it is of that editor (None: of anybody)."""
        ended = delete(sessions).where(func.substr(sessions.c.hash, 1, ID_LENGTH) == id)
        if address is not None:
            ended = ended.where(sessions.c.address == address)
        with self._writing() as connection:
            connection.execute(ended)

    def end_sessions(self, address: str) -> None:
        """Sign an editor out everywhere, and make the links not yet used useless."""
        with self._writing() as connection:
            for table in (logins, sessions):
                connection.execute(delete(table).where(table.c.address == address))


def _session(row: Row[Any]) -> Session:
    return Session(row.hash[:ID_LENGTH], row.address, row.created_at, row.expires_at)


def _issue(connection: Connection, table: Table, row: Mapping[str, Any]) -> str:
    token = secrets.token_urlsafe(32)
    row = {**row, "hash": _hash(token)}
    connection.execute(insert(table).values(row))
    return token


def _hash(token: str) -> str:
    """Enough for secrets of 256 random bits, which nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()

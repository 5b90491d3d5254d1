"""Who may enter the desk: links that sign in once, and sessions; only hashes are stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, insert, select

from contrib_gateway.store.database import Database
from contrib_gateway.store.tables import logins, sessions

LOGIN_LIFETIME = timedelta(hours=1)
SESSION_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """An editor who signed in, by the address that VIGIE_EDITORS names."""

    address: str
    expires_at: datetime


class Access(Database):
    """The part of the store that knows who signed in."""

    def create_login(self, address: str) -> str:
        """The secret of a link that signs `address` in, once, within LOGIN_LIFETIME."""
        with self._writing() as connection:
            now = self._now()
            for table in (logins, sessions):
                connection.execute(delete(table).where(table.c.expires_at <= now))
            return _issue(connection, logins, address, now + LOGIN_LIFETIME)

    def redeem_login(self, token: str) -> str | None:
        """The secret of a new session; None if the link served before, expired or never was."""
        with self._writing() as connection:
            now = self._now()
            used = delete(logins).where(logins.c.hash == _hash(token), logins.c.expires_at > now)
            address = connection.execute(used.returning(logins.c.address)).scalar_one_or_none()
            if address is None:
                return None
            return _issue(connection, sessions, address, now + SESSION_LIFETIME)

    def session(self, token: str) -> Session | None:
        """The session of this secret, unless it ended or expired."""
        lasting = sessions.c.hash == _hash(token), sessions.c.expires_at > self._now()
        query = select(sessions.c.address, sessions.c.expires_at).where(*lasting)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        return Session(*row) if row else None

    def end_session(self, token: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.hash == _hash(token)))

    def end_sessions(self, address: str) -> None:
        """Sign an editor out everywhere, and make the links not yet used useless."""
        with self._writing() as connection:
            for table in (logins, sessions):
                connection.execute(delete(table).where(table.c.address == address))


def _issue(connection: Connection, table: Table, address: str, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    row = {"hash": _hash(token), "address": address, "expires_at": expires_at}
    connection.execute(insert(table).values(row))
    return token


def _hash(token: str) -> str:
    """Enough for secrets of 256 random bits, which nobody can guess."""
    return hashlib.sha256(token.encode()).hexdigest()

"""Forgetting: what people wrote leaves the database file, not only its tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, and_, delete, or_, select, update

from contrib_gateway.address import same_mailbox
from contrib_gateway.store.conversation import Conversation
from contrib_gateway.store.errands import Errands, NewErrand, drop_errands, write_errand
from contrib_gateway.store.followers import drop_follower
from contrib_gateway.store.journal import Act, write_entry
from contrib_gateway.store.offers import THANKED
from contrib_gateway.store.relay import Relay
from contrib_gateway.store.submission import UNDECIDED, State, Submission
from contrib_gateway.store.submissions import BY_ID, read_submission
from contrib_gateway.store.tables import (
    addresses,
    builds,
    errands,
    followers,
    letters,
    messages,
    offers,
    remarks,
    submissions,
)

CONVERSATIONS = timedelta(days=90)  # after the decision: addresses, names, what was said
FOLLOWED = timedelta(days=730)  # after the publication: the address of who wishes to be told more
ERASE = "erase"  # the errand that asks the forge
SHRED = "shred"  # the errand that writes the database anew
SHREDS = timedelta(seconds=30)  # one in each such time, for however many
DECIDED = (State.PUBLISHED, State.DECLINED, State.WITHDRAWN)
NOBODYS = {"private": {}, "signed_as": "", "client": "", "workshop": "", "sheet": ""}


class Privacy(Conversation, Errands, Relay):
    """The part of the store that forgets."""

    def forget(self, id: str) -> Submission | None:
        """Erase all that a contributor wrote here and is not published; None if there is no such
        submission. What waits is withdrawn, and the forge is asked to erase it too.

        Until `shred`, which an errand sees to, the bytes are still in the file.
        """
        with self._writing() as connection:
            row = connection.execute(BY_ID, {"id": id}).one_or_none()
            if row is None:
                return None
            found, now = read_submission(row), self._now()
            _forget_words(connection, (id,))
            drop_errands(connection, id)
            _forget_addresses(connection, id)
            drop_follower(connection, id)
            connection.execute(update(builds).values(log=""))  # it may quote a document
            values = {**NOBODYS, "asked": False, "forgotten_at": now}
            if found.state is not State.PUBLISHED:
                nothing = {"data": {}, "body": "", "title": "", "slug": id, "reason": ""}
                values |= {**nothing, "branch": "", "state": found.state}
                if found.state in UNDECIDED:
                    values |= {"state": State.WITHDRAWN, "decided_at": now}
                    write_entry(connection, now, "", Act.WITHDRAWN, id)
                write_errand(connection, NewErrand(f"{ERASE} {id}", ERASE, id), now)
            connection.execute(update(submissions).where(submissions.c.id == id).values(values))
            _ask_to_shred(connection, now)
            write_entry(connection, now, "", Act.FORGOTTEN, id)
            return found

    def of_address(self, address: str) -> list[str]:
        """The ids of the submissions whose contributor left this address."""
        wanted = same_mailbox(address)
        with self._reading() as connection:
            rows = connection.execute(select(submissions.c.id, submissions.c.private))
            return [id for id, private in rows if wanted in _mailboxes(private)]

    def forget_address(self, address: str) -> int:
        """Erase an address from where it stands alone: letters, the relay, offers of help with all
        they say, who is to be told more, mails to be sent; until `shred`, as in `forget`. Compared
        here, since SQLite knows the case of ASCII only.
        """
        wanted = same_mailbox(address)
        with self._writing() as connection:
            senders = connection.execute(select(letters.c.key, letters.c.sender)).all()
            keys = [key for key, sender in senders if same_mailbox(sender) == wanted]
            connection.execute(delete(letters).where(letters.c.key.in_(keys)))
            told = connection.execute(select(addresses.c.page, addresses.c.address)).all()
            pages = [page for page, here in told if same_mailbox(here) == wanted]
            connection.execute(delete(addresses).where(addresses.c.page.in_(pages)))
            number = _forget_in(connection, offers, wanted) + _forget_in(
                connection, followers, wanted
            )
            undone = select(errands.c.number, errands.c.key, errands.c.payload)
            mails = [
                number
                for number, key, payload in connection.execute(undone)
                if wanted in _mailboxes(payload) or any(gone in key for gone in keys)
            ]
            connection.execute(delete(errands).where(errands.c.number.in_(mails)))
            number += len(keys) + len(pages) + len(mails)
            if number:
                _ask_to_shred(connection, self._now())
            return number

    def stop_following(self, submission: str) -> None:
        """They wish to be told no more: erase where to; until `shred`, as in `forget`."""
        with self._writing() as connection:
            drop_follower(connection, submission)
            _ask_to_shred(connection, self._now())

    def forget_offer(self, key: str) -> None:
        """Erase what one wrote to the editors, and answers on their way; until `shred`, as in
        `forget`.
        """
        with self._writing() as connection:
            if connection.execute(delete(offers).where(offers.c.key == key)).rowcount:
                on_its_way = errands.c.key.startswith(f"{THANKED} {key} ", autoescape=True)
                connection.execute(delete(errands).where(on_its_way))
                _ask_to_shred(connection, self._now())

    def expire(self, before: datetime) -> int:
        """Erase the addresses and conversations of what was decided before that moment, the relay's
        letters that are older, the offers dealt with, or set aside, and the errands done; and who
        was told of what they observed for FOLLOWED. Returns how many of all these there were.
        Until `shred`, as in `forget`.
        """
        old = submissions.c.state.in_(DECIDED), submissions.c.decided_at < before
        some = or_(submissions.c.client != "", submissions.c.signed_as != "")
        with self._writing() as connection:
            ids = list(connection.scalars(select(submissions.c.id).where(*old, some)))
            _forget_words(connection, ids)
            chosen = update(submissions).where(submissions.c.id.in_(ids))
            connection.execute(chosen.values(**NOBODYS, asked=False))
            number = len(ids)
            number += connection.execute(delete(letters).where(letters.c.at < before)).rowcount
            number += connection.execute(delete(errands).where(errands.c.done_at < before)).rowcount
            aside = and_(offers.c.reason != "", offers.c.at < before)
            past = delete(offers).where(or_(offers.c.done_at < before, aside))
            number += connection.execute(past).rowcount
            long_told = followers.c.at < before + CONVERSATIONS - FOLLOWED
            number += connection.execute(delete(followers).where(long_told)).rowcount
            if number:
                _ask_to_shred(connection, self._now())
            return number

    def shred(self) -> None:
        """Make sure that what was deleted is in no file: not in free pages, nor in the log."""
        self._vacuum()


def _ask_to_shred(connection: Connection, now: datetime) -> None:
    """By an errand, at once; where one has been asked for in the same time, maybe done, then in the
    next: what is erased after a shredding is not shredded.
    """
    turn = int(now.timestamp() // SHREDS.total_seconds())
    if not write_errand(connection, NewErrand(f"{SHRED} {turn}", SHRED), now):
        due = datetime.fromtimestamp((turn + 1) * SHREDS.total_seconds(), now.tzinfo)
        write_errand(connection, NewErrand(f"{SHRED} {turn + 1}", SHRED), now, due)


def _forget_words(connection: Connection, ids: Iterable[str]) -> None:
    for table in (messages, remarks):
        connection.execute(delete(table).where(table.c.submission.in_(tuple(ids))))


def _forget_addresses(connection: Connection, submission: str) -> None:
    """Where letters go that a submission told, and the letters on their way there."""
    gone = delete(addresses).where(addresses.c.submission == submission)
    rows = connection.execute(gone.returning(addresses.c.page, addresses.c.address)).all()
    told = {same_mailbox(row.address) for row in rows}
    there = select(letters.c.key).where(letters.c.page.in_([row.page for row in rows]))
    keys = [f"relay {key}" for key in connection.scalars(there)]
    undone = select(errands.c.number, errands.c.payload).where(errands.c.key.in_(keys))
    mails = [n for n, payload in connection.execute(undone) if told & _mailboxes(payload)]
    connection.execute(delete(errands).where(errands.c.number.in_(mails)))


def _forget_in(connection: Connection, table: Table, wanted: str) -> int:
    """The rows of a table that have this mailbox as their `address`; returns how many."""
    [key] = table.primary_key.columns
    rows = connection.execute(select(key, table.c.address).where(table.c.address != "")).all()
    keys = [name for name, address in rows if same_mailbox(address) == wanted]
    return connection.execute(delete(table).where(key.in_(keys))).rowcount


def _mailboxes(told: object) -> set[str]:
    """The mailboxes among what was told in private, or written in an errand."""
    values = told.values() if isinstance(told, dict) else ()
    return {same_mailbox(value) for value in values if isinstance(value, str) and "@" in value}

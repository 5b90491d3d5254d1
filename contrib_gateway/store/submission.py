"""A submission: what somebody sent, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from plugins.schema import Value


class State(StrEnum):
    """Where a submission is; always in exactly one of these."""

    HELD = "held"
    QUEUED = "queued"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DEAD = "dead"


CONTACT, RELAY, FOLLOW = "contact", "relay", "follow"
"""The private fields that mean something here: where its contributor is written to, where letters
to those whom the page is about go, whether its contributor wishes to be told what becomes of it.
"""
UNDECIDED = (State.HELD, State.QUEUED, State.PROPOSED, State.DEAD)
CORRECTABLE = (State.HELD, State.QUEUED, State.PROPOSED)
"""Its contributor may still be asked, answer and change it."""


@dataclass(frozen=True, kw_only=True)
class NewSubmission:
    """What is to be accepted. `slug` is the wish; `state` is HELD or QUEUED, HELD for `reason`.

    `data` is public and final; `private` never leaves the database. `ticket` and `digest` name the
    form and its content; `client` is a keyed hash of the sender's address. `page` is the id of the
    document that this changes ("": a new one), `base` the commit of main where its contributor saw
    it; `wording` the version of what they agreed to. `workshop` is the code of the one that it was
    written in, `sheet` the number of the paper sheet that it was typed from.
    """

    id: str
    ticket: str
    digest: str
    type: str
    slug: str
    title: str
    lang: str
    data: Mapping[str, Value]
    body: str
    private: Mapping[str, Value]
    signed_as: str
    client: str
    state: State = State.QUEUED
    reason: str = ""
    page: str = ""
    base: str = ""
    wording: str = ""
    workshop: str = ""
    sheet: str = ""

    @property
    def document_id(self) -> str:
        """The id of the document that this makes or changes."""
        return self.page or self.id

    @property
    def is_editors(self) -> bool:
        """Whether an editor left it for a colleague: it came from no visitor's address."""
        return not self.client


@dataclass(frozen=True, kw_only=True)
class Submission(NewSubmission):
    """What was accepted. `slug` is reserved for it until it is declined or withdrawn.

    `reason`: why it is held, dead, tried again or declined. `commit`: the one on main. `online_at`:
    since when the built site has it. `attempts`, `next_try_at`: of the queue. `asked`: its
    contributor has a question to answer. `forgotten_at`: when all they had written was erased here.
    """

    branch: str
    accepted_at: datetime
    decided_at: datetime | None
    decided_by: str
    commit: str
    online_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    asked: bool
    forgotten_at: datetime | None

    @property
    def undone(self) -> bool:
        """Whether it was published, and taken back since."""
        return self.state is State.DECLINED and bool(self.commit)

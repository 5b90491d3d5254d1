"""The database: what must not be in a public file, and what must not be lost before it is in one.

Submissions and their states, what was said of them, the journal, sign-ins, builds: one SQLite file.
"""

from contrib_gateway.store.access import Access, Session
from contrib_gateway.store.builds import Build, Builds
from contrib_gateway.store.journal import Entry
from contrib_gateway.store.moves import Moves
from contrib_gateway.store.remarks import Remark, Remarks
from contrib_gateway.store.submission import UNDECIDED, NewSubmission, State, Submission

__all__ = [
    "UNDECIDED",
    "Build",
    "Entry",
    "NewSubmission",
    "Remark",
    "Session",
    "State",
    "Store",
    "Submission",
]


class Store(Moves, Remarks, Access, Builds):
    """All of it. Every method may raise `StoreUnavailable`; what it then tried was not done."""

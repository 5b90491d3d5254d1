"""The database: what must not be in a public file, and what must not be lost before it is in one.

Submissions and their states, what was said of them, what is to be done for them, the relay's
addresses, offers of help, who is to be told more, the journal, sign-ins, editors' wishes, builds,
workshops, unfinished syntheses, the inbox of the watch: one SQLite file.
"""

from contrib_gateway.store.access import LOGIN_LIFETIME, Access, Session
from contrib_gateway.store.alerts import Alert, Alerts
from contrib_gateway.store.builds import Build, Builds
from contrib_gateway.store.clusters import Clusters, Facts
from contrib_gateway.store.conversation import AMEND, Amendment, Message
from contrib_gateway.store.discards import Discards
from contrib_gateway.store.errands import Errand, NewErrand
from contrib_gateway.store.feeds import Feeds, FeedState, Take, Tip
from contrib_gateway.store.followers import TOLD, Follower, Followers
from contrib_gateway.store.journal import Act, Entry, Wanted
from contrib_gateway.store.moves import CLOSE
from contrib_gateway.store.offers import THANKED, NewOffer, Offer, Offers
from contrib_gateway.store.privacy import CONVERSATIONS, ERASE, FOLLOWED, SHRED, Privacy
from contrib_gateway.store.relay import Bounds, LetterSent, NewLetter, Reach
from contrib_gateway.store.remarks import Remark, Remarks
from contrib_gateway.store.sketches import REMOVED, Sketches, SketchKept
from contrib_gateway.store.story import (
    TIP,
    Did,
    Done,
    Item,
    Pile,
    Sought,
    Story,
    Turn,
    Verdict,
)
from contrib_gateway.store.submission import (
    CONTACT,
    CORRECTABLE,
    FOLLOW,
    RELAY,
    UNDECIDED,
    NewSubmission,
    State,
    Submission,
)
from contrib_gateway.store.turns import Turns
from contrib_gateway.store.workshops import Workshop, Workshops

__all__ = [
    "CONTACT",
    "CONVERSATIONS",
    "CORRECTABLE",
    "FOLLOW",
    "FOLLOWED",
    "Follower",
    "NewOffer",
    "Offer",
    "THANKED",
    "TOLD",
    "RELAY",
    "REMOVED",
    "AMEND",
    "Alert",
    "Act",
    "Amendment",
    "CLOSE",
    "ERASE",
    "SHRED",
    "TIP",
    "UNDECIDED",
    "Bounds",
    "Build",
    "Did",
    "Done",
    "Entry",
    "Errand",
    "Facts",
    "FeedState",
    "Item",
    "LOGIN_LIFETIME",
    "LetterSent",
    "Message",
    "NewErrand",
    "NewLetter",
    "NewSubmission",
    "Pile",
    "Reach",
    "Remark",
    "Tip",
    "Session",
    "SketchKept",
    "Sought",
    "State",
    "Store",
    "Story",
    "Submission",
    "Turn",
    "Verdict",
    "Take",
    "Wanted",
    "Workshop",
]


class Store(
    Privacy,
    Remarks,
    Access,
    Alerts,
    Builds,
    Turns,
    Feeds,
    Clusters,
    Discards,
    Workshops,
    Sketches,
    Offers,
    Followers,
):
    """All of it. Every method may raise `StoreUnavailable`; what it then tried was not done."""

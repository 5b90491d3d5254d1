"""Every fault of infrastructure the gateway knows, each with its HTTP status.

`str(error)` is an English sentence for the operator; it may quote what somebody wrote, so the log
has only those of the classes that `logs` lists. The words a visitor reads are chosen from the class
and the attributes, in one place, by the views.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime


class GatewayError(Exception):
    """Root of the tree. `status` is the HTTP status a view answers with."""

    status = 500


class SettingsError(GatewayError):
    """Settings that cannot be used; `problems` holds one sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NotFound(GatewayError):
    """Nothing here bears that name."""

    status = 404


class TakenOff(NotFound):
    """The editors took off the page that was there."""

    status = 410


class NoReceipt(NotFound):
    """No receipt has this link."""


class AlreadyDecided(GatewayError):
    """Somebody came first: `by` did `what` (an outcome or a state), at `at`, for `reason`."""

    status = 409

    def __init__(
        self, id: str, what: str, by: str, at: datetime | None = None, reason: str = ""
    ) -> None:
        self.id, self.what, self.by, self.at, self.reason = id, what, by, at, reason
        super().__init__(f"{id} is already {what}" + (f" by {by}" if by else ""))


class NotProposed(GatewayError):
    """There is no proposal to decide on yet, or there never will be, for `reason`."""

    status = 409

    def __init__(self, id: str, reason: str) -> None:
        self.id, self.reason = id, reason
        super().__init__(f"{id} is not proposed: {reason}")


class ForgeError(GatewayError):
    """The forge would not do it, and would not if asked again."""

    status = 502


class BadProposal(ForgeError):
    """A proposal that no forge may carry: a path, a slug or an id out of bounds."""

    status = 409


class Conflict(ForgeError):
    """`paths` changed on main since the proposal was made; `fields` names, where they are known,
    the fields of each that both sides changed.
    """

    status = 409

    def __init__(
        self, paths: Iterable[str], fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.paths = tuple(sorted(paths))
        self.fields = dict(fields or {})
        super().__init__("changed on main meanwhile: " + ", ".join(self.paths))


class NotAsSeen(ForgeError):
    """The proposal is not what the editor looked at any more: somebody changed it meanwhile."""

    status = 409


class Refused(ForgeError):
    """The forge says no: a right is missing, the repository is gone. `reason` is its own words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class ForgeUnavailable(ForgeError):
    """The forge does not answer as it should now; the same request may succeed later."""

    status = 503


class ForgeBusy(ForgeUnavailable):
    """The forge asks to be left alone until the moment `until`."""

    def __init__(self, until: datetime, why: str) -> None:
        self.until = until
        super().__init__(f"{why}; not before {until:%H:%M:%S}")


class MailRefused(GatewayError):
    """Nobody can be written to at this address; the same letter would be refused again.

    What this and `MailUnavailable` say quotes neither the address nor the letter.
    """

    status = 502


class MailUnavailable(GatewayError):
    """The mail server did not take a letter now; it may later, or once somebody mends something."""

    status = 503


class StoreUnavailable(GatewayError):
    """The database or the album could not be read or written (full disk, a lock); try again."""

    status = 503


class BadPicture(GatewayError):
    """A file that gives no picture. Its sentence is that of the Problem `picture_<code>`."""

    status = 422

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"not a picture to be shown: {code}")


class SheetTyped(GatewayError):
    """A paper sheet of this number was typed in already; what was sent is not stored."""

    status = 409

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__("a sheet was typed in already")


class TooMany(GatewayError):
    """Too many of these came in a short time; later they would be taken."""

    status = 429


class Forbidden(GatewayError):
    """The request does not come from a page we made for this person."""

    status = 403


class SignedOut(GatewayError):
    """The desk asks for a session and there is none; `used` if a link was followed in vain."""

    status = 403

    def __init__(self, message: str, used: bool = False) -> None:
        self.used = used
        super().__init__(message)


class SiteNotBuilt(GatewayError):
    """No build has succeeded yet: there is no site to show."""

    status = 503

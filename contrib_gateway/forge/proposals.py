"""What a forge is given and what it tells: proposals, how they wait, what became of them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contrib_gateway.errors import BadProposal

CONTENT = "content"
BRANCHES = "contribution/"
LONGEST_PART = 200  # bytes; files and references also get suffixes, and 255 is the usual limit
_BRANCH = re.compile(
    f"{BRANCHES}(?P<type>[a-z][a-z0-9_-]*)/(?P<slug>[a-z0-9-]+)-(?P<id>[A-Za-z0-9]+)", re.ASCII
)
# Letters and digits of any alphabet; a leading dot, and with it `..` and `.git`, cannot occur.
_PART = re.compile(r"\w[\w.-]*")


def is_allowed(path: str) -> bool:
    """Whether a proposal may write `path`, which is relative to the repository's root."""
    first, *rest = path.split("/")
    return first == CONTENT and bool(rest) and all(_is_part(part) for part in rest)


def _is_part(part: str) -> bool:
    return bool(_PART.fullmatch(part)) and len(part.encode()) <= LONGEST_PART


def refuse_outside(files: Collection[str]) -> None:
    """Raises `BadProposal` for paths where no proposal may write."""
    if outside := [path for path in files if not is_allowed(path)]:
        raise BadProposal(f"outside {CONTENT}/: {outside!r}")


@dataclass(frozen=True)
class Branch:
    """The name of a proposal's branch, taken apart."""

    type: str
    slug: str
    id: str

    def __str__(self) -> str:
        return f"{BRANCHES}{self.type}/{self.slug}-{self.id}"

    @classmethod
    def parse(cls, name: str) -> "Branch | None":
        """None if `name` is not the name of a proposal's branch."""
        match = _BRANCH.fullmatch(name)
        if not match or any(len(part) > LONGEST_PART for part in name.split("/")):
            return None
        return cls(**match.groupdict())


@dataclass(frozen=True)
class Proposal:
    """File changes to be reviewed. `id` is the submission's; None as a content deletes the file.

    `base` is the commit of main that they are changes of: what its contributor saw; "" for main as
    it is when the proposal is opened.
    `message` is for the commit, in plain words; `presentation` is Markdown for editors who read
    the proposal on the forge itself, safe to show as it is.

    Raises `BadProposal` for a path outside `content/`, or names that could not be a branch's.
    """

    id: str
    type: str
    slug: str
    title: str
    files: Mapping[str, bytes | None]
    signed_as: str = ""
    message: str = ""
    presentation: str = ""
    base: str = ""

    def __post_init__(self) -> None:
        named = Branch(self.type, self.slug, self.id)
        if Branch.parse(self.branch) != named:
            raise BadProposal(f"not the name of a branch: {self.branch!r}")
        refuse_outside(self.files)
        if not self.files:
            raise BadProposal(f"{self.branch} changes nothing")

    @property
    def branch(self) -> str:
        return str(Branch(self.type, self.slug, self.id))


class Outcome(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    MERGED = "merged"
    DECLINED = "declined"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Pending:
    """A proposal that waits. `head` is its commit; `url` its page on the forge, if it has one."""

    id: str
    branch: str
    head: str
    title: str
    proposed_at: datetime
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Opened(Pending):
    """The same with its files as they stand; `base` is the commit of main it starts from."""

    base: str
    files: Mapping[str, bytes | None]
    signed_as: str


@dataclass(frozen=True)
class Decision:
    """MERGED or DECLINED. `commit` is the one on main, or the one that keeps the reason."""

    outcome: Outcome
    by: str
    reason: str
    at: datetime
    commit: str


@dataclass(frozen=True)
class Remark:
    """What an editor said of a proposal on the forge itself. `key` names it there for ever."""

    key: str
    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Stray:
    """A branch left behind, with the files it would propose and whose they are, where that can be
    told.
    """

    branch: str
    files: Mapping[str, bytes | None]
    signed_as: str = ""

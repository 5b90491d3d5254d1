"""The versions of a page on main: when each came, and whose it is, as its commit tells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contrib_gateway.forge.message import (
    CORRECTED_BY,
    DECLINED_BY,
    MERGED_BY,
    PROPOSED_BY,
    SUBMISSION,
    Message,
)
from contrib_gateway.forge.words import seen

MOST_VERSIONS = 50
LONGEST_NAME = 80  # characters; nothing bounds what somebody writes with git
_ADDRESS = re.compile(r"[<(]?[^\s<(]*@[^\s>)]*[>)]?")


@dataclass(frozen=True)
class Version:
    """What main held from a commit on. Names are as people chose them, "" where none is told.

    `by` published it; took another version back, if it is an `undo`; or wrote it with git, if it
    was no proposal's (`id` is that submission's). `files`: path → blob of those of the paths asked
    for where it left a file.
    """

    commit: str
    at: datetime
    id: str = ""
    proposed_by: str = ""
    corrected_by: str = ""
    by: str = ""
    undo: bool = False
    files: Mapping[str, str] = field(default_factory=dict)


def told(commit: str, at: datetime, said: Message, author: str) -> Version:
    """The version that a commit's message tells of; `author` wrote the commit."""
    trailers = {key: name_in(value) for key, value in said.trailers.items()}
    undo = DECLINED_BY in trailers
    return Version(
        commit=commit,
        at=at,
        id=trailers.get(SUBMISSION, ""),
        proposed_by=trailers.get(PROPOSED_BY, ""),
        corrected_by=trailers.get(CORRECTED_BY, ""),
        by=trailers.get(DECLINED_BY if undo else MERGED_BY, "") or name_in(author),
        undo=undo,
    )


def name_in(words: str) -> str:
    """A name to be shown, out of what anybody may have written with git: no address, one line,
    nothing that cannot be seen.
    """
    shown = "".join(map(seen, words[: 4 * LONGEST_NAME]))
    return " ".join(_ADDRESS.sub("", shown).split())[:LONGEST_NAME].strip()

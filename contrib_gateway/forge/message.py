"""The text of the commits: a subject, free words, trailers; strangers' words forge no trailer."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

SUBMISSION = "Submission"
PROPOSED_BY = "Proposed-by"
CORRECTED_BY = "Corrected-by"
MERGED_BY = "Merged-by"
DECLINED_BY = "Declined-by"
INDENT = "  "
_TRAILER = re.compile(r"([A-Za-z][A-Za-z-]*): (.*)")


def one_line(words: str) -> str:
    """`words` on one line, without control characters."""
    printed = (c for c in words if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    return " ".join("".join(printed).split())


@dataclass(frozen=True)
class Message:
    """What a commit says. An empty trailer is left out."""

    subject: str
    text: str = ""
    trailers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The commit's message. Free words are indented: git reads no trailer and no `---` there,
        and the last paragraph, the only one that holds trailers, is always ours.
        """
        words = "\n".join(
            (INDENT + line).rstrip() for line in map(one_line, self.text.strip().splitlines())
        )
        trailers = "\n".join(
            f"{key}: {line}" for key, value in self.trailers.items() if (line := one_line(value))
        )
        return "\n\n".join(filter(None, (one_line(self.subject), words, trailers))) + "\n"

    @classmethod
    def parse(cls, message: str) -> Self:
        """Read a message again; one written by hand may have no trailers."""
        subject, _, rest = message.strip().partition("\n")
        text, _, last = ("\n" + rest).rpartition("\n\n")
        trailers = [_TRAILER.fullmatch(line) for line in last.splitlines()]
        if not all(trailers):
            text, trailers = rest, []
        words = "\n".join(line.removeprefix(INDENT) for line in text.strip("\n").split("\n"))
        return cls(subject, words, {found[1]: found[2] for found in trailers if found})


def _names(message: Message) -> dict[str, str]:
    """Those who wrote and corrected what was proposed, as they wish to be named."""
    return {key: message.trailers.get(key, "") for key in (PROPOSED_BY, CORRECTED_BY)}


def proposing(type: str, title: str, text: str, signed_as: str, id: str) -> Message:
    return Message(f"{type}: {title}", text, {PROPOSED_BY: signed_as, SUBMISSION: id})


def amending(proposed: Message, by: str, id: str) -> Message:
    """An editor's correction."""
    trailers = _names(proposed) | {CORRECTED_BY: by, SUBMISSION: id}
    return Message(proposed.subject, proposed.text, trailers)


def rewriting(proposed: Message, type: str, title: str, signed_as: str, id: str) -> Message:
    """The contributor's own: what was thought better of, a name perhaps, is not said any more."""
    subject = f"{type}: {title}" if title else proposed.subject
    return Message(subject, proposed.text, {PROPOSED_BY: signed_as, SUBMISSION: id})


def merging(proposed: Message, by: str, id: str) -> Message:
    trailers = _names(proposed) | {MERGED_BY: by, SUBMISSION: id}
    return Message(f"Publish {proposed.subject}", "", trailers)


def undoing(merged: Message, by: str, reason: str, id: str) -> Message:
    return Message(f"Undo {merged.subject}", reason, {DECLINED_BY: by, SUBMISSION: id})


def declining(proposed: Message, by: str, reason: str, id: str) -> Message:
    trailers = {DECLINED_BY: by, SUBMISSION: id}
    return Message(f"Decline {proposed.subject}", reason, trailers)

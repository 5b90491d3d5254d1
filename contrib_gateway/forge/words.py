"""Strangers' words on GitHub: no mention, no reference, no link, no Markdown, no HTML, no command.

https://docs.github.com/en/get-started/writing-on-github
https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
"""

import re

JOINER = "\u2060"  # a word joiner: seen by nobody, it ends what GitHub would recognise
# What GitHub makes something of, in any text it shows, commit messages included.
_RECOGNISED = re.compile(
    r"(?<=[@#])"  # @somebody, zoe@example.org, #12, owner/repository#12
    # Addresses. A joiner after the slashes would be taken for the beginning of a host's name.
    r"|(?<=:)(?=//)|(?<=www)(?=\.)"
    r"|(?<=gh-)(?=\d)"  # GH-12
    r"|(?<=[0-9a-f]{6})(?=[0-9a-f])"  # commits
    r"|(?<=:)(?=[\w+-]+:)"  # :tada:
    r"|(?<=\[)(?=(?:skip|ci|no|actions)\b)",  # [skip ci]: what was merged would not be built
    re.IGNORECASE,
)
_MARKS = re.compile(r"[$&*<>@\[-`{-~]")
_BLOCK = re.compile(r"\A(?=[#+=0-9-])")  # a list, a title or a rule would begin there
_KEPT = "\u00a0\u202f\u200c\u200d"  # French spaces; what joins or parts letters of other scripts
# An entity would still begin a formula; this is how GitHub says that it does not.
_DOLLAR = "<span>$</span>"


def quiet(words: str) -> str:
    """`words` in which GitHub recognises nothing; they look the same."""
    return _RECOGNISED.sub(JOINER, words)


def loud(words: str) -> str:
    """What `quiet` was given."""
    return words.replace(JOINER, "")


def escaped(words: str) -> str:
    """`words` as Markdown, on one line, that shows them and nothing else; also in a table.

    What could not be seen, or turns the direction of what follows, is left out. Few marks are
    replaced: GitHub sends editors the Markdown itself by e-mail.
    """
    lines = ("".join(map(seen, line)).strip() for line in words.splitlines())
    marked = "<br>".join(_MARKS.sub(_entity, quiet(line)) for line in lines)
    return _BLOCK.sub(JOINER, marked)


def seen(character: str) -> str:
    """The character where it can be seen, a space for any other space, else nothing."""
    if character.isprintable() or character in _KEPT:
        return character
    return " " if character.isspace() else ""


def _entity(mark: re.Match[str]) -> str:
    return _DOLLAR if mark[0] == "$" else f"&#{ord(mark[0])};"

"""The past of a page: its versions on main, with what it said before and after each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contrib_gateway.forge import MOST_VERSIONS, Forge, Version, is_allowed
from contrib_gateway.library import ROOT
from plugins.observation.states import dated
from plugins.schema import Document, Problem, Schema, in_current_terms, read_document

MOST_NAMES = 10  # each costs the forge a search


@dataclass(frozen=True)
class Step:
    """One version of a page, as today's types read it; None where the page was not there.

    `unread`: there was a file, and nobody could read it; `after` is as `before` then.
    """

    version: Version
    before: Document | None
    after: Document | None
    unread: bool = False


@dataclass(frozen=True)
class Past:
    """The newest step first; `whole` if they go back to the first one there was."""

    steps: tuple[Step, ...]
    whole: bool


def past(document: Document, forge: Forge, schema: Schema) -> Past:
    """What led to a page of main, under whichever names it had.

    Raises what the forge raises.
    """
    versions = forge.history(_paths(document))
    steps: list[Step] = []
    before: Document | None = None
    for version in reversed(versions):
        found = _read(version.files, document.id, forge, schema)
        unread = isinstance(found, Problem)
        after = before if isinstance(found, Problem) else found
        if unread or after != before:
            steps.append(Step(version, before, after, unread))
        before = after
    whole = len(versions) < MOST_VERSIONS
    # What the oldest one of many changed is not known: it only tells what the next one did.
    return Past(tuple(reversed(steps if whole else steps[1:])), whole)


def last(path: str, forge: Forge, schema: Schema) -> Document | None:
    """The page that main has at a path inside `content/`, or had there last; None if there never
    was one that can be read. Raises what the forge raises.
    """
    if not is_allowed(ROOT + path):
        return None
    for version in forge.history([ROOT + path]):
        for blob in version.files.values():
            found = read_document(schema, path, forge.read(blob))
            if isinstance(found, Document):
                return in_current_terms(found, schema)
    return None


def restored(then: Document, now: Document | None, today: str) -> Document:
    """A page that says again what it said `then`: what today's type does not ask is left out, what
    Vigie itself writes (its id, its addresses) stays as it is `now`, if it is there.

    It is as fresh as it was then: who confirmed it later confirmed other words.
    """
    fields = then.type.fields
    written = (now or then).data
    data = {n: value for n, value in then.data.items() if n in fields and not fields[n].managed}
    data |= {n: value for n, value in written.items() if n in fields and fields[n].managed}
    data = then.type.stamped(data, {"updated": today})
    data = dated(then.type, written, data, today)
    return Document(then.type, (now or then).slug, data, then.body)


def _paths(document: Document) -> Sequence[str]:
    """Where it is, and where it was under its last names."""
    names = (document.slug, *reversed(document.aliases[-MOST_NAMES:]))
    paths = (f"{ROOT}{document.type.folder}/{name}.md" for name in dict.fromkeys(names))
    return [path for path in paths if is_allowed(path)]


def _read(
    files: Mapping[str, str], id: str, forge: Forge, schema: Schema
) -> Document | Problem | None:
    """The page as these files have it: another page may have had one of its names."""
    problem = None
    for path, blob in files.items():
        found = read_document(schema, path.removeprefix(ROOT), forge.read(blob))
        if isinstance(found, Problem):
            problem = found
        elif found.id in ("", id):
            return in_current_terms(found, schema)
    return problem

"""What a merge makes of each file: the proposal's, main's, or what the rules make of both."""

from collections.abc import Callable, Mapping
from typing import Protocol

from contrib_gateway.errors import Conflict
from contrib_gateway.forge import Rules, refuse_outside

Blobs = Mapping[str, str | None]
"""Path → blob; None for a file that is not, or no longer, there."""
Lookup = Callable[[str], str | None]


class Contents(Protocol):
    """Where blobs are kept."""

    def read(self, blob: str) -> bytes: ...

    def write(self, data: bytes) -> str:
        """Returns the blob that holds it from now on."""
        ...


def combine(wanted: Blobs, base: Lookup, main: Lookup, rules: Rules, contents: Contents) -> Blobs:
    """The changes to make to main so that it has what a proposal wants.

    `base` and `main` tell a path's blob where the proposal starts from, and now. Every conflict is
    told at once. Raises `Conflict`, and `BadProposal` for paths that no proposal may touch.
    """
    refuse_outside(wanted)

    def content(blob: str | None) -> bytes | None:
        return None if blob is None else contents.read(blob)

    changes: dict[str, str | None] = {}
    conflicts: list[Conflict] = []
    for path, blob in wanted.items():
        there = main(path)
        changes[path] = blob
        if there in (blob, base(path)):
            continue
        try:
            mixed = rules.combine(path, content(base(path)), content(there), content(blob))
        except Conflict as conflict:
            conflicts.append(conflict)
        else:
            changes[path] = None if mixed is None else contents.write(mixed)
    if conflicts:
        raise Conflict(
            (path for conflict in conflicts for path in conflict.paths),
            {path: names for conflict in conflicts for path, names in conflict.fields.items()},
        )
    return changes

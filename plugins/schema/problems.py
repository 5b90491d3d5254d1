"""A fault found in content or in a form, as a value: where it is and what it is, without words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one field.

    `path` is the document's path inside `content/` ("needs/wifi.md"), or "" for a form. `field` is
    a field's name, dotted inside composed values ("place.territory", "items.0.url"), or "" when the
    whole document is at fault. `code` names the fault; `params` holds what its sentence needs.
    The sentence itself is made where it is shown, in the language of the reader.
    """

    path: str
    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class SchemaError(Exception):
    """A type or vocabulary file that cannot be used; says file, line and what to mend."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message

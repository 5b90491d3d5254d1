"""What the project's own types, lists and site say, they say in French and in English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from plugins.schema import load_schema
from plugins.schema.labels import Label

CONTENT = Path(__file__).parents[3] / "content"


def labels(thing: Any, path: str = "") -> Iterator[tuple[str, Label]]:
    """Every label inside a declaration, with where it is."""
    if isinstance(thing, Label):
        yield path, thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from labels(value, f"{path}.{key}")
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from labels(value, path)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for one in fields(thing):
            yield from labels(getattr(thing, one.name, None), f"{path}.{one.name}")


def test_every_label_is_said_in_both_languages() -> None:
    found = [(path, label) for path, label in labels(load_schema(CONTENT)) if label]
    assert len(found) > 500
    partly = [path for path, label in found if set(label.texts) not in ({""}, {"fr", "en"})]
    assert partly == []

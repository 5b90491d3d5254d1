"""The YAML of a type or vocabulary file, read node by node so that every mistake has its line."""

from __future__ import annotations

import math
from collections.abc import Iterator

import yaml

from plugins.schema.labels import Label
from plugins.schema.problems import SchemaError

TRUE, FALSE = ("true", "yes"), ("false", "no")
DEEPEST = 100  # lists and mappings in one another
SURELY_SHALLOW = 20_000  # characters: nesting that fits there is no danger to libyaml's stack


def is_too_deep(text: str) -> bool:
    """Whether YAML nests so deeply that reading it would end the process, not only fail.

    Raises `yaml.YAMLError`.
    """
    if len(text) <= SURELY_SHALLOW:
        return False
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return True
    return False


class Source:
    """One YAML node that knows its file and line; its readers raise `SchemaError`."""

    def __init__(self, file: str, node: yaml.Node) -> None:
        self.file = file
        self._node = node

    @classmethod
    def parse(cls, file: str, data: bytes) -> Source:
        try:
            text = data.decode()
            if is_too_deep(text):
                raise SchemaError(file, 1, "is nested too deeply")
            node = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SchemaError(file, line, f"is not YAML: {error.problem}") from error
        except (UnicodeDecodeError, yaml.YAMLError) as error:
            raise SchemaError(file, 1, f"is not YAML in UTF-8: {error}") from error
        if node is None:
            raise SchemaError(file, 1, "is empty")
        return cls(file, node)

    def error(self, message: str) -> SchemaError:
        return SchemaError(self.file, self._node.start_mark.line + 1, message)

    def is_mapping(self) -> bool:
        return isinstance(self._node, yaml.MappingNode)

    def is_null(self) -> bool:
        return isinstance(self._node, yaml.ScalarNode) and self._node.value in ("", "null", "~")

    def text(self) -> str:
        if not isinstance(self._node, yaml.ScalarNode):
            raise self.error("expected a text")
        return str(self._node.value)

    def integer(self) -> int:
        try:
            return int(self.text())
        except ValueError:
            raise self.error(f"expected a whole number, not {self.text()!r}") from None

    def degrees(self, most: int) -> float:
        """A latitude (`most` is 90) or a longitude (180)."""
        try:
            found = float(self.text())
        except ValueError:
            found = math.nan
        if not abs(found) <= most:  # no number at all is neither above nor below
            raise self.error(f"expected degrees, {most} at most, not {self.text()!r}")
        return found

    def boolean(self) -> bool:
        if self.text().lower() not in TRUE + FALSE:
            raise self.error(f"expected true or false, not {self.text()!r}")
        return self.text().lower() in TRUE

    def sequence(self) -> tuple[Source, ...]:
        """The entries of a list; a single value counts as a list of one."""
        if isinstance(self._node, yaml.SequenceNode):
            return tuple(Source(self.file, node) for node in self._node.value)
        return (self,)

    def texts(self) -> tuple[str, ...]:
        return tuple(entry.text() for entry in self.sequence())

    def entries(self) -> Iterator[tuple[str, Source]]:
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error("expected `name: value` lines")
        seen = set()
        for key_node, value_node in self._node.value:
            key = Source(self.file, key_node)
            if key.text() in seen:
                raise key.error(f"{key.text()!r} stands here twice")
            seen.add(key.text())
            yield key.text(), Source(self.file, value_node)

    def record(self, *allowed: str) -> dict[str, Source]:
        """The entries, all of which must be among `allowed`; a null counts as absent."""
        record = {}
        for key, value in self.entries():
            if key not in allowed:
                raise value.error(f"unknown key {key!r}; known here: {', '.join(sorted(allowed))}")
            if not value.is_null():
                record[key] = value
        return record

    def label(self) -> Label:
        """A text: one string, or one per language."""
        if self.is_mapping():
            return Label({language: value.text() for language, value in self.entries()})
        return Label({"": self.text()})

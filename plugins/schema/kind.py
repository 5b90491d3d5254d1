"""What a field is, and what every kind of field answers, whatever it holds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Protocol, Self

from plugins.schema.labels import NO_LABEL, Label
from plugins.schema.problems import Problem
from plugins.schema.source import Source
from plugins.schema.vocabularies import Vocabulary

Value = Any
"""A value is plain JSON: str, int, float, bool, a list or a dict of them; dates are ISO strings."""


class Known(Protocol):
    """What a declaration may refer to, and how the fields inside a field are declared."""

    @property
    def vocabularies(self) -> Mapping[str, Vocabulary]: ...
    @property
    def type_names(self) -> frozenset[str]: ...
    def declare_fields(self, source: Source) -> Mapping[str, Field]: ...


class Scope(Protocol):
    """What a value is checked against. `refers` tells whether "type/slug" exists, or its part
    "type/slug#id".
    """

    @property
    def vocabularies(self) -> Mapping[str, Vocabulary]: ...

    def refers(self, reference: str) -> bool: ...


def option(read: Callable[[Source], Any], default: Any = None, key: str = "") -> Any:
    """A dataclass field that a type file may set under `key` (default: the field's own name)."""
    return field(default=default, metadata={"read": read, "key": key})


def is_empty(value: Value) -> bool:
    """Nothing was answered; false and 0 are answers."""
    return value is None or value in ("", [], {})


@dataclass(frozen=True, slots=True)
class Clash:
    """One value that two sides changed in ways that cannot both stand; None where there is none.

    `field` is a field's name or "body"; inside items "entries.<row's id>.title", and
    "entries.<row's id>" for a row that one side removed and the other changed.
    """

    field: str
    base: Value
    ours: Value
    theirs: Value


Outcome = tuple[Value, tuple[Clash, ...]]
"""A merged value, None when there is none, and what clashes in it: there it keeps base's."""


def merge_whole(base: Value, ours: Value, theirs: Value, field: str) -> Outcome:
    """The value that one side changed, or that both agree on; anything else clashes."""
    if ours == base:
        return theirs, ()
    if theirs == base:
        return ours, ()
    if ours == theirs:
        return ours, ()
    return base, (Clash(field, base, ours, theirs),)


@dataclass(frozen=True)
class Kind(ABC):
    """One kind of field: reads what was typed, checks it, writes it, merges two changes of it.

    A subclass is a frozen dataclass whose `option` fields are what a type file may declare.
    `parse` never fails: what it cannot read it returns as it came, and `check` says why.
    """

    name: ClassVar[str]
    contact: ClassVar[bool] = False
    """Whether its values reach somebody, unless a field says otherwise."""
    keys: ClassVar[tuple[str, ...]] = ()
    """The names of what its values are made of, where that is always the same few."""

    @classmethod
    def declare(cls, given: Mapping[str, Source], known: Known) -> Self:
        """Build the kind from its options in a type file. Raises `SchemaError`."""
        options = {}
        for entry in fields(cls):
            key = entry.metadata["key"] or entry.name
            if key in given:
                options[entry.name] = entry.metadata["read"](given[key])
        return cls(**options)

    @classmethod
    def option_names(cls) -> tuple[str, ...]:
        return tuple(entry.metadata["key"] or entry.name for entry in fields(cls))

    @abstractmethod
    def parse(self, raw: Value) -> Value:
        """The value of what a form or a file gave, in its one normal shape."""

    def parse_filed(self, raw: Value) -> Value:
        """The value of what a file gave, where all that stands is published: nothing is dropped."""
        return self.parse(raw)

    def same(self, one: Value, other: Value) -> bool:
        """Whether two values say the same, however they are written."""
        return bool(one == other)

    @abstractmethod
    def check(self, value: Value, field: str, scope: Scope) -> Iterator[Problem]:
        """The faults of a parsed, non-empty value."""

    def dump(self, value: Value) -> Value:
        """What the YAML writer is given."""
        return value

    def merge(self, base: Value, ours: Value, theirs: Value, field: str) -> Outcome:
        """Both sides' changes of a value. As a whole, unless a kind can look inside."""
        return merge_whole(base, ours, theirs, field)

    def references(self, value: Value) -> Iterator[str]:
        """The documents ("type/slug") and parts of them ("type/slug#id") a value points to."""
        return iter(())

    def files(self, value: Value) -> Iterator[str]:
        """The files of `content/images/` that a value names."""
        return iter(())

    def terms(self, value: Value) -> Iterator[str]:
        """The terms a value chooses, for facets."""
        return iter(())


def shape_problem(field: str) -> Problem:
    """The value is a list or a mapping where a text belongs, or the reverse."""
    return Problem("", field, "wrong_shape")


ANY = "*"
"""In a `when`: any value will do."""


@dataclass(frozen=True)
class Field:
    """One field of a type: its kind, its words, and who is asked for it, when.

    `label` is the question, `shown` what pages say instead of it. `private` stays in the gateway's
    database, `editors_only` is not asked of the public, `managed` is written by Vigie itself,
    `facet` makes lists by its terms, `shared` is answered once for a whole workshop, a `contact` is
    not shown on a stale page. `when` maps another field's name to the values that make this one
    asked.
    """

    name: str
    kind: Kind
    label: Label
    hint: Label = NO_LABEL
    shown: Label = NO_LABEL
    required: bool = False
    section: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: str = ""
    private: bool = False
    editors_only: bool = False
    managed: bool = False
    facet: bool = False
    shared: bool = False
    contact: bool = False

    @property
    def heading(self) -> Label:
        """Its name on a page."""
        return self.shown or self.label

    def asked(self, data: Mapping[str, Value]) -> bool:
        """Whether the other answers make this field asked, shown and, if it is so, required."""
        return all(_answers(data.get(name), wanted) for name, wanted in self.when.items())

    def missing(self, data: Mapping[str, Value]) -> bool:
        """Whether the answers lack this one although they require it."""
        answered = not is_empty(data.get(self.name)) or not is_empty(data.get(self.unless))
        return self.required and not answered and self.asked(data)


def _answers(value: Value, wanted: tuple[str, ...]) -> bool:
    if is_empty(value):
        return False
    if wanted == (ANY,):
        return True
    given = value if isinstance(value, list) else [value]
    return any((str(v).lower() if isinstance(v, bool) else v) in wanted for v in given)

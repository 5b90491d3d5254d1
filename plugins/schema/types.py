"""Content types: what each says of its documents, the only list of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from plugins.schema.gathering import Gathering
from plugins.schema.intervals import Intervals
from plugins.schema.kind import Field, Value, is_empty
from plugins.schema.kinds import Items, Markdown
from plugins.schema.labels import NO_LABEL, Label


class Audience(Enum):
    """Who fills a document in: the public, an editor; or the file it ends in."""

    PUBLIC = "public"
    EDITOR = "editor"
    FILE = "file"


@dataclass(frozen=True)
class Body:
    """What a type says of the Markdown under its front matter."""

    max: int
    label: Label = NO_LABEL
    hint: Label = NO_LABEL
    shown: Label = NO_LABEL
    required: bool = False
    section: str = ""

    @property
    def heading(self) -> Label:
        """Its name on a page."""
        return self.shown or self.label

    @property
    def kind(self) -> Markdown:
        return Markdown(max=self.max)


@dataclass(frozen=True)
class ContentType:
    """One type of document. `fields` are its own, in order, then those every type has.

    `upcoming` names the date by which its lists begin with what is to come; `gathers` says which
    other documents stand on its pages; `parts` names the field whose items are read by themselves;
    `invites` the types whose forms its lists offer beside its own; `merges` the references field
    that names pages of the same type brought together on one: these leave its lists.
    """

    name: str
    folder: str
    url: str | None
    label: Label
    plural: Label
    fields: Mapping[str, Field]
    intro: Label = NO_LABEL
    action: Label = NO_LABEL
    contribute: bool = False
    screening: str = "after"
    freshness: Intervals | None = None
    order: str = "title"
    upcoming: str | None = None
    summary: str | None = None
    list: tuple[str, ...] = ()
    sections: Mapping[str, Label] = field(default_factory=dict)
    body: Body | None = None
    gathers: tuple[Gathering, ...] = ()
    parts: str | None = None
    invites: tuple[str, ...] = ()
    merges: str | None = None

    def stamped(self, data: Mapping[str, Value], days: Mapping[str, Value]) -> dict[str, Value]:
        """`data` with those of the `days` (by field) that the type has, each as fine as its field
        keeps it: of what people may be recognised in, a month.
        """
        kept = {n: self.fields[n].kind.parse(day) for n, day in days.items() if n in self.fields}
        return {**data, **kept}

    @cached_property
    def part_fields(self) -> Mapping[str, Field]:
        """The fields of the items that are read by themselves; none where the type has no parts."""
        kind = self.fields[self.parts].kind if self.parts else None
        return kind.fields if isinstance(kind, Items) else {}

    @cached_property
    def facets(self) -> Mapping[str, Field]:
        """The fields that make lists: the type's own, then those of its parts."""
        own = {f.name: f for f in self.public_fields() if f.facet}
        return own | {name: f for name, f in self.part_fields.items() if f.facet}

    @property
    def list_url(self) -> str | None:
        """Where the type's list stands: "initiatives/"; None for what has no page."""
        return self.url.removesuffix("{slug}/") if self.url else None

    def form_fields(self, audience: Audience) -> tuple[Field, ...]:
        """The fields that a form asks of `audience`, in order."""
        hidden = audience is Audience.PUBLIC
        return tuple(
            f for f in self.fields.values() if not f.managed and not (hidden and f.editors_only)
        )

    def public_fields(self) -> tuple[Field, ...]:
        """The fields that may stand in a file and be published."""
        return tuple(f for f in self.fields.values() if not f.private)

    @property
    def common(self) -> ContentType | None:
        """Its questions that a workshop answers once for all, as a type of their own in which none
        has to be answered; None: it has no workshops.
        """
        fields = {n: replace(f, required=False) for n, f in self.fields.items() if f.shared}
        if not (fields and self.contribute):
            return None
        return replace(self, fields=fields, body=None, sections={}, gathers=())

    def parse(self, raw: Mapping[str, Value], *, filed: bool = False) -> dict[str, Value]:
        """Every value in its kind's normal shape, empty ones gone, unknown ones as they came.

        `filed`: they stand in a file.
        """
        data = {}
        for name, given in raw.items():
            value = given
            if name in self.fields:
                kind = self.fields[name].kind
                value = kind.parse_filed(given) if filed else kind.parse(given)
            if not is_empty(value):
                data[name] = value
        return data

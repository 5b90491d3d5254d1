"""The whole declaration of a site: its types, its vocabularies, its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

from plugins.schema.declaring import declare_fields, declare_row, declare_type
from plugins.schema.gathering import check_gatherings
from plugins.schema.kind import Field
from plugins.schema.kinds import Items, References
from plugins.schema.kinds.composed import TERRITORIES
from plugins.schema.labels import NO_LABEL, Label
from plugins.schema.outlines import NO_OUTLINES, OUTLINES, Outlines, parse_outlines
from plugins.schema.problems import SchemaError
from plugins.schema.source import Source
from plugins.schema.types import ContentType
from plugins.schema.vocabularies import Term, Vocabulary

COMMON = "types/_common.yaml"
SITE = "site.yaml"
FEW = 4  # schemas that are remembered


@dataclass(frozen=True)
class SiteText:
    """How the site names itself: `content/site.yaml`.

    `privacy` is where its notice on personal data stands, as a site path ("a-propos/x/"): one for
    all, or one per language; false where there is none. `licence` names the one under which what is
    published may be taken up again, `licence_url` is where it can be read. `glossary` is the page
    ("page/x") on which the words of the glossary stand: one for all, or one per language. `contact`
    is an e-mail or web address at which those who keep the site are told what does not work.
    """

    name: Label
    tagline: Label
    territory: Label
    intro: Label = NO_LABEL
    privacy: Label = NO_LABEL
    glossary: Label = NO_LABEL
    licence: Label = NO_LABEL
    licence_url: Label = NO_LABEL
    contact: Label = NO_LABEL

    @classmethod
    def declare(cls, source: Source) -> SiteText:
        given = source.record(*(field.name for field in fields(cls)))
        for key in ("name", "tagline", "territory"):
            if key not in given:
                raise source.error(f"the site needs `{key}:`")
        for key, also in (("licence_url", r"(?!)"), ("contact", r"[^@\s:/]+@[^@\s]+")):
            for one in given[key].label().texts.values() if key in given else ():
                if not (one.startswith(("https://", "http://")) or re.fullmatch(also, one)):
                    raise given[key].error("this is no web address")
        return cls(**{key: value.label() for key, value in given.items()})


@dataclass(frozen=True)
class Schema:
    """Types by name, vocabularies by name, the site's words and how its territory is drawn."""

    types: Mapping[str, ContentType]
    vocabularies: Mapping[str, Vocabulary]
    site: SiteText
    outlines: Outlines = NO_OUTLINES

    def by_folder(self, folder: str) -> ContentType | None:
        return next((t for t in self.types.values() if t.folder == folder), None)

    @property
    def places(self) -> Vocabulary:
        """The territories that pages are in; none where a site has no such list."""
        return self.vocabularies.get(TERRITORIES) or Vocabulary(TERRITORIES, NO_LABEL, {})

    @property
    def territories(self) -> Mapping[str, Term]:
        """Them by key."""
        return self.places.terms

    def type_label(self, name: str, lang: str) -> str:
        """How a type is called; of one that is gone, its name."""
        known = self.types.get(name)
        return known.label.get(lang) if known else name


@dataclass(frozen=True)
class _Known:
    """What a type file may refer to while the schema is being read."""

    vocabularies: Mapping[str, Vocabulary]
    type_names: frozenset[str]

    def declare_fields(self, source: Source) -> Mapping[str, Field]:
        return declare_row(source, self)


def is_schema_file(path: str) -> bool:
    """Whether a path inside `content/` is part of the schema rather than a document."""
    in_folder = path.startswith(("types/", "vocabularies/")) and path.endswith(".yaml")
    return in_folder or path in (SITE, OUTLINES)


def parse_schema(files: Mapping[str, bytes]) -> Schema:
    """The schema from its files, by their paths inside `content/`. Raises `SchemaError`."""
    return _parsed(tuple(sorted(item for item in files.items() if is_schema_file(item[0]))))


@lru_cache(FEW)
def _parsed(files: tuple[tuple[str, bytes], ...]) -> Schema:
    """The same files are the same schema: a build, a check and a gateway each ask more than once.

    Nobody changes one; the files are what it is known by, so that none is ever out of date.
    """
    given = dict(files)
    outlines = given.pop(OUTLINES, None)
    sources = {path: Source.parse(f"content/{path}", data) for path, data in given.items()}
    for needed in (SITE, COMMON):
        if needed not in sources:
            raise SchemaError(f"content/{needed}", 1, "is missing")
    vocabularies = {
        name: Vocabulary.declare(name, sources[path])
        for path in sources
        if (name := _name(path, "vocabularies/"))
    }
    type_paths = {
        name: path for path in sources if path != COMMON and (name := _name(path, "types/"))
    }
    known = _Known(vocabularies, frozenset(type_paths))
    common = declare_fields(sources[COMMON].record("fields")["fields"], known, {})
    types: dict[str, ContentType] = {}
    for name, path in type_paths.items():
        try:
            content_type = declare_type(name, sources[path], known, common)
        except RecursionError:  # an alias inside what it names
            raise sources[path].error("its fields stand inside themselves") from None
        for other in types.values():
            if other.folder == content_type.folder or (other.url and other.url == content_type.url):
                raise sources[path].error(f"{name!r} and {other.name!r} share a folder or an url")
        types[name] = content_type
    for name, path in type_paths.items():
        check_gatherings(name, sources[path], {other: t.fields for other, t in types.items()})
        _check_others(types[name], sources[path], types)
    schema = Schema(types, vocabularies, SiteText.declare(sources[SITE]))
    if outlines is None:
        return schema
    return replace(schema, outlines=parse_outlines(outlines, schema.places))


def _check_others(owner: ContentType, source: Source, types: Mapping[str, ContentType]) -> None:
    """References to parts name types that have some; what a type invites to is asked of the public.
    Raises `SchemaError`.
    """
    for name in owner.invites:
        if name not in types or not types[name].contribute:
            raise source.error(f"`invites` names {name!r}, which is no type with a public form")
    for field in owner.fields.values():
        inside = field.kind.fields.values() if isinstance(field.kind, Items) else ()
        for kind in (f.kind for f in (field, *inside)):
            if isinstance(kind, References) and kind.parts:
                for name in kind.to:
                    if not types[name].parts:
                        raise source.error(
                            f"{field.name!r} refers to parts of {name!r}: it has none"
                        )


def _name(path: str, folder: str) -> str | None:
    """ "themes" for "vocabularies/themes.yaml" in "vocabularies/", else None."""
    if not path.startswith(folder) or "/" in path.removeprefix(folder):
        return None
    return path.removeprefix(folder).removesuffix(".yaml")


def load_schema(content: Path) -> Schema:
    """The schema of a content folder. Raises `SchemaError`."""
    paths = [content / SITE, content / OUTLINES]
    paths += [*content.glob("types/*.yaml"), *content.glob("vocabularies/*.yaml")]
    return parse_schema(
        {p.relative_to(content).as_posix(): p.read_bytes() for p in paths if p.is_file()}
    )

"""A document, and its one written form: YAML front matter over Markdown."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from plugins.schema.kind import Value
from plugins.schema.kinds.text import Markdown
from plugins.schema.source import is_too_deep
from plugins.schema.types import ContentType

FENCE = "---"
_BODY = Markdown(max=50_000)  # of any type: what a type allows is for `validate` to say


class FrontMatterError(Exception):
    """A file whose front matter cannot be read: a Problem's `code`, at `line`, counted from 1."""

    def __init__(self, line: int, code: str, detail: str = "") -> None:
        super().__init__(f"line {line}: {code} {detail}".rstrip())
        self.line = line
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Document:
    """One document: `data` holds parsed values of the type's fields, `body` Markdown.

    What a field's kind could not read stays as it came, and a key that is no field stays too:
    `validate` tells, nothing is dropped.
    """

    type: ContentType
    slug: str
    data: Mapping[str, Value]
    body: str = ""

    @property
    def title(self) -> str:
        return str(self.data.get("title", self.slug))

    @property
    def id(self) -> str:
        return str(self.data.get("id", ""))

    @property
    def lang(self) -> str:
        return str(self.data.get("lang", "fr"))

    @property
    def updated(self) -> str:
        return str(self.data.get("updated") or self.data.get("created") or "")

    @property
    def demo(self) -> bool:
        """Invented, to show how it looks."""
        return self.data.get("demo") is True

    @property
    def aliases(self) -> tuple[str, ...]:
        """The slugs it had before, those of them that can be read."""
        rows = self.data.get("aliases")
        named = (row.get("name") for row in rows or () if isinstance(row, dict))
        return tuple(name for name in named if isinstance(name, str))

    @property
    def merges(self) -> tuple[str, ...]:
        """The references of the pages of its type that are brought together on this one."""
        field = self.type.fields.get(self.type.merges or "")
        found = field.kind.references(self.data.get(field.name)) if field else ()
        own = (one for one in found if one.partition("/")[0] == self.type.name)
        return tuple(dict.fromkeys(own))

    @property
    def summary(self) -> str:
        return str(self.data.get(self.type.summary or "", ""))

    @property
    def ref(self) -> str:
        return f"{self.type.name}/{self.slug}"

    @property
    def path(self) -> str:
        """Inside `content/`: "needs/wifi.md"."""
        return f"{self.type.folder}/{self.slug}.md"

    @property
    def url(self) -> str | None:
        return self.type.url.replace("{slug}", self.slug) if self.type.url else None

    def references(self) -> Iterator[str]:
        """Every document ("type/slug", or its part "type/slug#id") that fields, items and the body
        point to, as they stand.
        """
        for name, value in self.data.items():
            if name in self.type.fields:
                yield from self.type.fields[name].kind.references(value)
        yield from _BODY.references(self.body)

    def files(self) -> Iterator[str]:
        """Every picture of `content/images/` that its own fields name."""
        for name, value in self.data.items():
            if name in self.type.fields:
                yield from self.type.fields[name].kind.files(value)


class _Loader(yaml.CBaseLoader):
    """Every scalar a string (an unquoted telephone number must not become octal); no doubles."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.value in seen if isinstance(key_node.value, str) else True:
                raise yaml.MarkedYAMLError(problem="twice", problem_mark=key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=True)


class _Dumper(yaml.CSafeDumper):
    """Paragraphs as blocks, so that an editor reads them and git compares them line by line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def read(content_type: ContentType, slug: str, text: str) -> Document:
    """The document of a file's text. Raises `FrontMatterError`."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    head, fence, rest = text.removeprefix(f"{FENCE}\n").partition(f"\n{FENCE}\n")
    if not text.startswith(f"{FENCE}\n"):
        raise FrontMatterError(1, "no_front_matter")
    if not fence:
        head, fence, rest = text.removeprefix(f"{FENCE}\n").partition(f"\n{FENCE}")
        if not fence or rest.strip():
            raise FrontMatterError(1, "no_front_matter")
    return Document(
        content_type, slug, content_type.parse(_load(head), filed=True), normal_body(rest)
    )


def _load(head: str) -> dict[str, Any]:
    try:
        if is_too_deep(head):
            raise RecursionError
        raw = yaml.load(head, Loader=_Loader)  # noqa: S506 — a base loader: texts, lists, mappings
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        code = "twice_in_file" if error.problem == "twice" else "not_yaml"
        raise FrontMatterError(line, code, error.problem or "") from error
    except (yaml.YAMLError, ValueError) as error:
        raise FrontMatterError(1, "not_yaml", str(error)) from error
    except RecursionError as error:
        raise FrontMatterError(2, "not_yaml", "nested too deeply") from error
    if not isinstance(raw, dict):
        raise FrontMatterError(2, "not_yaml")
    if _shares(raw):
        raise FrontMatterError(2, "not_yaml", "anchors are not used here")
    return raw


def _shares(raw: dict[str, Any]) -> bool:
    """Whether an alias makes a list or mapping stand twice: it could be endless, or enormous."""
    seen: set[int] = set()
    waiting: list[Any] = [raw]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            if id(node) in seen:
                return True
            seen.add(id(node))
            waiting.extend(node.values() if isinstance(node, dict) else node)
    return False


def normal_body(text: str) -> str:
    """A body as it is kept: NFC, LF, no blank lines at its ends."""
    normal = _BODY.parse(text)
    return str(normal)


def write(document: Document) -> str:
    """The text of a document's file: fields in the type's order; private ones never."""
    fields = document.type.fields
    names = [name for name in fields if name in document.data and not fields[name].private]
    names += [name for name in document.data if name not in fields]
    dumped = {
        name: fields[name].kind.dump(document.data[name]) if name in fields else document.data[name]
        for name in names
    }
    head = yaml.dump(
        dumped, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**30, indent=2
    )
    body = f"\n{document.body}\n" if document.body else ""
    return f"{FENCE}\n{head}{FENCE}\n{body}"

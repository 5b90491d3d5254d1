"""Compares requests and answers with GitHub's own description of its API.

Stricter than the description in one way: what it does not name, it does not know. A query
parameter, or a property of a body's first level, that is not there is a violation.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Self
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.github import description
from tests.github.exchange import Answer, Call

# Any operation may be answered these, whether its description says so or not.
_GENERAL = (400, 401, 403, 404, 429, 500, 502, 503)
_ERROR = {
    "type": "object",
    "required": ["message", "documentation_url"],
    "properties": {"message": {"type": "string"}, "documentation_url": {"type": "string"}},
}
# Only there for those who ask for the media type "full"; the description often forgets them.
_OF_MEDIA_TYPE = frozenset({"body_html", "body_text"})
_FORMATS = FormatChecker(())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


class Checker:
    """Its answers are sentences, one for each violation."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._operations = described["operations"]
        self._schemas = described["schemas"]
        resource = Resource.from_contents(
            {"schemas": self._schemas}, default_specification=DRAFT202012
        )
        registry = Registry().with_resource("urn:github", resource)
        self._make = cache(
            lambda text: Draft202012Validator(
                json.loads(text), registry=registry, format_checker=_FORMATS
            )
        )

    @classmethod
    def load(cls) -> Self | None:
        """None, and a warning, when the description was not fetched."""
        if described := description.load():
            return cls(described)
        warnings.warn(description.MISSING, stacklevel=2)
        return None

    def request(self, call: Call, body: bytes) -> list[str]:
        operation = self._operations[description.key(call.method, call.template)]
        described = {(each["in"], each["name"]): each["schema"] for each in operation["parameters"]}
        asked = f"request {call.method} {call.path}"
        found: list[str] = []
        for place, given in (("path", call.parts), ("query", call.query)):
            for name, text in given.items():
                schema = described.get((place, name))
                if schema is None:
                    found.append(f"{asked}: unknown {place} parameter {name!r}")
                else:
                    found += self._faults(f"{asked}: {place}.{name}", schema, _parse(schema, text))
        return found + self._body_faults(asked, operation, body)

    def _body_faults(self, asked: str, operation: dict[str, Any], body: bytes) -> list[str]:
        schema = operation["body"]
        if schema is None:
            return [f"{asked}: a body, and none is described"] if body else []
        if not body:
            return [f"{asked}: no body"] if operation["body_required"] else []
        try:
            data = json.loads(body)
        except ValueError:
            return [f"{asked}: the body is not JSON"]
        return self._faults(asked, schema, data) + self._unknown(asked, schema, data)

    def answer(self, call: Call, answer: Answer) -> list[str]:
        answers = self._operations[description.key(call.method, call.template)]["answers"]
        said = f"answer {answer.status} to {call.method} {call.path}"
        described = str(answer.status) in answers
        if not described and answer.status not in _GENERAL:
            return [f"{said}: a status that is not described"]
        schema = answers.get(str(answer.status))
        if schema is None and answer.status >= 400:
            return self._faults(said, _ERROR, answer.data)
        if schema is None:
            return [f"{said}: a body, and none is described"] if answer.data is not None else []
        faults = self._faults(said, schema, answer.data)
        if answer.status < 400:
            faults += self._unknown(said, schema, answer.data)
        return faults

    def _faults(self, where: str, schema: dict[str, Any], data: Any) -> list[str]:
        validator = self._make(json.dumps(schema))
        return [
            f"{where}: {fault.json_path}: {fault.message[:300]}"
            for fault in validator.iter_errors(data)
        ]

    def _unknown(self, where: str, schema: dict[str, Any], data: Any) -> list[str]:
        """Properties of the first level (in a list, of its items') that are not described."""
        if isinstance(data, list):
            items = [item for one in self._branches(schema) for item in [one.get("items")] if item]
            return [text for each in data for text in self._unknown(where, {"anyOf": items}, each)]
        if not isinstance(data, dict):
            return []
        described = {name for one in self._branches(schema) for name in one.get("properties", ())}
        unknown = data.keys() - described - _OF_MEDIA_TYPE
        return [f"{where}: unknown property {name!r}" for name in sorted(unknown) if described]

    def _branches(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The schema, and those it is made of."""
        if "$ref" in schema:
            yield from self._branches(
                self._schemas[schema["$ref"].removeprefix(description.SCHEMAS)]
            )
            return
        yield schema
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, ()):
                yield from self._branches(part)


def _parse(schema: dict[str, Any], text: str) -> Any:
    """A parameter as its type says, if it can be read as one."""
    if schema.get("type") == "integer" and text.lstrip("-").isdigit():
        return int(text)
    if schema.get("type") == "boolean" and text in ("true", "false"):
        return text == "true"
    return text

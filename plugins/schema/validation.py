"""`validate`: the one judgement of a document, for the form, the checker and the import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plugins.schema.kind import Field, Scope, Value
from plugins.schema.problems import Problem
from plugins.schema.types import Audience, ContentType


def validate(
    content_type: ContentType,
    data: Mapping[str, Value],
    body: str,
    index: Scope,
    audience: Audience = Audience.PUBLIC,
) -> list[Problem]:
    """All faults of parsed data at once, in the order of the fields; [] when it is good.

    PUBLIC may give only what a public form asks; EDITOR everything; FILE nothing private, and must
    carry what Vigie manages. A field whose `when` does not hold must have no value.
    """
    fields = content_type.fields
    problems = [Problem("", name, "unknown_field") for name in data if name not in fields]
    for field in fields.values():
        problems += _field_problems(field, data, index, audience)
    problems += _body_problems(content_type, body, index)
    return problems


def _field_problems(
    field: Field, data: Mapping[str, Value], index: Scope, audience: Audience
) -> Iterator[Problem]:
    if field.name not in data:
        if _needs(field, audience) and field.missing(data):
            yield Problem("", field.name, "required")
    elif audience is Audience.PUBLIC and (field.editors_only or field.managed):
        yield Problem("", field.name, "editors_only")
    elif audience is Audience.FILE and field.private:
        yield Problem("", field.name, "private")
    elif not field.asked(data):
        yield Problem("", field.name, "not_asked")
    else:
        yield from field.kind.check(data[field.name], field.name, index)


def _needs(field: Field, audience: Audience) -> bool:
    """Whether an absent value is a fault for this audience."""
    if not field.required:
        return False
    if audience is Audience.FILE:
        return not field.private
    return not field.managed and not (field.editors_only and audience is Audience.PUBLIC)


def _body_problems(content_type: ContentType, body: str, index: Scope) -> Iterator[Problem]:
    declared = content_type.body
    if declared is None:
        if body:
            yield Problem("", "body", "no_body")
    elif body:
        yield from declared.kind.check(body, "body", index)
    elif declared.required:
        yield Problem("", "body", "required")

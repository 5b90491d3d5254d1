"""The style block that shows a `when` question only while its condition holds, without a script."""

from __future__ import annotations

import re
from collections.abc import Container

from markupsafe import Markup

from plugins.schema import ANY, ContentType, Field


def stylesheet(content_type: ContentType, form: Container[str]) -> Markup:
    """CSS for the fields of `form` that have a `when`; empty when none has one.

    A browser without `:has()` ignores it: it shows every question, each with the sentence that says
    when to answer.
    """
    rules = []
    for field in content_type.fields.values():
        if not field.when or field.name not in form:
            continue
        holds = "".join(
            f":has({_chosen(content_type.fields[name], values)})"
            for name, values in field.when.items()
        )
        rules.append(f"#field-{field.name}{{display:none}}")
        rules.append(f"form{holds} #field-{field.name}{{display:block}}")
        rules.append(f"#field-{field.name} .when{{display:none}}")
    if not rules:
        return Markup("")
    # Names are [a-z0-9_] and values are escaped below: nothing here can end the style element.
    return Markup("@supports selector(:has(*)){" + "".join(rules) + "}")  # noqa: S704


def _chosen(asked: Field, values: tuple[str, ...]) -> str:
    """The selector of an answered input: one of `values`, or anything at all."""
    name = asked.name
    if asked.kind.name in ("choice", "choices", "boolean", "references"):
        if values == (ANY,):
            return f'#field-{name} :checked:not([value=""])'
        return ",".join(f"#field-{name} :checked[value={_string(value)}]" for value in values)
    if values == (ANY,):
        return f"#field-{name} :is(input,textarea):not(:placeholder-shown):not([value=''])"
    return ",".join(f"#field-{name} [value={_string(value)}]" for value in values)


def _string(value: str) -> str:
    """A CSS string: what is not a plain letter, digit or hyphen as its code point."""
    return '"' + re.sub(r"[^A-Za-z0-9-]", lambda m: f"\\{ord(m[0]):x} ", value) + '"'

"""The field kinds, by the name a type file gives them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from plugins.schema.kind import Kind, Known, Scope, Value, is_empty
from plugins.schema.kinds.choice import Choice, Choices, References
from plugins.schema.kinds.composed import Image, Items, Place
from plugins.schema.kinds.hours import Hours
from plugins.schema.kinds.scalar import Boolean, Date, Integer, first_day
from plugins.schema.kinds.text import Email, Markdown, Paragraph, Phone, Text, Url

KINDS: Mapping[str, type[Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            *(Text, Paragraph, Markdown, Choice, Choices, Date, Hours, Url, Email, Phone),
            *(Integer, Boolean, Place, Image, References, Items),
        )
    }
)

__all__ = [
    "Boolean",
    "Choice",
    "Choices",
    "Date",
    "Email",
    "Hours",
    "Image",
    "Integer",
    "Items",
    "KINDS",
    "Kind",
    "Known",
    "Markdown",
    "Paragraph",
    "Phone",
    "Place",
    "References",
    "Scope",
    "Text",
    "Url",
    "Value",
    "first_day",
    "is_empty",
]

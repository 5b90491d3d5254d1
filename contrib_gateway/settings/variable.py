"""One thing that an operator may set: how its text is read, and what is said of it."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """An environment variable.

    `default` is read like a given value; `{port}` in it is the value of an earlier setting.
    `parse` raises ValueError; the operator is then told what is `expected`.
    """

    name: str
    default: str
    parse: Callable[[str], object]
    expected: str
    help: str
    when_unset: str = ""
    secret: bool = False

    def problem(self, raw: str) -> str:
        shown = "(hidden)" if self.secret else repr(raw)
        return f"{self.name}={shown}: expected {self.expected}."

    def paragraph(self) -> str:
        """For the help."""
        words = (
            f"{self.help} Expected: {self.expected}. Default: {self.when_unset or self.default}."
        )
        return f"{self.name}\n" + textwrap.indent(textwrap.fill(words, 84), "    ")

"""What an operator may set: each variable declared once, with its documentation."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self, get_type_hints

from contrib_gateway.errors import SettingsError
from contrib_gateway.settings import values
from contrib_gateway.settings.secret import kept_secret
from contrib_gateway.settings.values import Editor, RateLimit, Screening

__all__ = ["Editor", "RateLimit", "Screening", "Settings", "Variable", "help_text", "variables"]


@dataclass(frozen=True)
class Variable:
    """One environment variable: how its text is read, and what the help says of it.

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


@dataclass(frozen=True)
class Settings:
    """The settings of one running gateway. Addresses end with a slash, paths are absolute."""

    state: Annotated[
        Path,
        Variable(
            "VIGIE_STATE",
            default="var/",
            parse=lambda raw: Path(raw).absolute(),
            expected="a folder",
            help="Folder of all that must survive a restart: the database, the embedded forge, "
            "the built site.",
        ),
    ]
    port: Annotated[
        int,
        Variable(
            "PORT",
            default="8000",
            parse=values.whole(1, 65535),
            expected="a whole number from 1 to 65535",
            help="Port of 127.0.0.1 where the site, the forms and the desk are served.",
        ),
    ]
    public_url: Annotated[
        str,
        Variable(
            "VIGIE_PUBLIC_URL",
            default="http://127.0.0.1:{port}/",
            parse=values.url,
            expected="an address that begins with http:// or https:// and has no ? nor #",
            help="Address of the published site, as its readers see it.",
            when_unset="http://127.0.0.1:PORT/",
        ),
    ]
    gateway_url: Annotated[
        str,
        Variable(
            "VIGIE_GATEWAY_URL",
            default="{public_url}",
            parse=values.url,
            expected="an address that begins with http:// or https:// and has no ? nor #",
            help="Address of the forms and of the desk, where they are not on the site's own.",
            when_unset="the same as VIGIE_PUBLIC_URL",
        ),
    ]
    secret_key: Annotated[
        str,
        Variable(
            "VIGIE_SECRET_KEY",
            default="",
            parse=values.secret,
            expected=f"at least {values.SHORTEST_SECRET} characters",
            help="Signs tickets, receipts and sessions. Changing it makes the receipts already "
            "given unreadable.",
            when_unset="made once and kept in VIGIE_STATE/secret-key",
            secret=True,
        ),
    ] = field(repr=False)
    forge: Annotated[
        str,
        Variable(
            "VIGIE_FORGE",
            default="local",
            parse=values.forge,
            expected='"local"; github:OWNER/REPO is not available in this version',
            help="Where proposals are opened and merged: `local` is the repository embedded in "
            "VIGIE_STATE/forge.git.",
        ),
    ]
    editors: Annotated[
        tuple[Editor, ...],
        Variable(
            "VIGIE_EDITORS",
            default="",
            parse=values.editors,
            expected="addresses, each once, separated by commas, `:admin` after those of the "
            "administrators, like a@x.fr:admin,b@x.fr",
            help="Who may sign in to the desk.",
            when_unset="nobody",
        ),
    ]
    trusted_proxies: Annotated[
        int,
        Variable(
            "VIGIE_TRUSTED_PROXIES",
            default="0",
            parse=values.whole(0, 16),
            expected="a whole number from 0 to 16",
            help="How many proxies stand before the gateway, whose X-Forwarded-* are believed.",
        ),
    ]
    rate_limit: Annotated[
        RateLimit | None,
        Variable(
            "VIGIE_RATE_LIMIT",
            default="30/hour",
            parse=values.rate_limit,
            expected='"off", or a number, a slash and one of ' + ", ".join(values.PERIODS),
            help="How many submissions one address may send before the next ones are held for "
            "an editor. Nothing is refused: twelve people may share one address.",
        ),
    ]
    screening: Annotated[
        Screening,
        Variable(
            "VIGIE_SCREENING",
            default="after",
            parse=Screening,
            expected='"after" or "before"',
            help="`after`: a submission becomes a proposal at once. `before`: it is held until "
            "an editor has looked, which suits a public repository.",
        ),
    ]

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings; an empty variable counts as unset.

        Makes $VIGIE_STATE/secret-key where no key is given and there is none yet.
        Raises SettingsError telling all the wrong values at once.
        """
        read: dict[str, Any] = {}
        problems = []
        for name, variable in variables().items():
            fallback = variable.default.format_map(read)
            raw = environ.get(variable.name, "").strip() or fallback
            try:
                read[name] = variable.parse(raw)
            except ValueError:
                problems.append(variable.problem(raw))
                read[name] = variable.parse(fallback)
        if problems:
            raise SettingsError(problems)
        read["secret_key"] = read["secret_key"] or kept_secret(read["state"])
        return cls(**read)


def variables() -> dict[str, Variable]:
    """Each field of Settings and its variable, in their order."""
    hints = get_type_hints(Settings, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


def help_text() -> str:
    """The environment variables, one paragraph each, for `vigie serve --help`."""
    return "\n\n".join(_paragraph(variable) for variable in variables().values())


def _paragraph(variable: Variable) -> str:
    words = (
        f"{variable.help} Expected: {variable.expected}. "
        f"Default: {variable.when_unset or variable.default}."
    )
    return f"{variable.name}\n" + textwrap.indent(textwrap.fill(words, 84), "    ")

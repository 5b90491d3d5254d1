"""What an operator may set: each variable declared once, with its documentation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Self, get_type_hints

from contrib_gateway.errors import SettingsError
from contrib_gateway.settings import values
from contrib_gateway.settings.secret import kept_secret
from contrib_gateway.settings.together import github_problems, sign_mail
from contrib_gateway.settings.values import Editor, RateLimit, Screening, Security, Smtp
from contrib_gateway.settings.variable import Variable

__all__ = [
    "Editor",
    "RateLimit",
    "Screening",
    "Security",
    "Settings",
    "Smtp",
    "Variable",
    "help_text",
    "variables",
]


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
    github: Annotated[
        str,
        Variable(
            "VIGIE_FORGE",
            default="local",
            parse=values.forge,
            expected='"local" or github:OWNER/REPO',
            help="Where proposals are opened and merged: `local` is the repository embedded in "
            "VIGIE_STATE/forge.git; with github:OWNER/REPO each proposal is a pull request there.",
        ),
    ]
    github_url: Annotated[
        str,
        Variable(
            "VIGIE_GITHUB_URL",
            default="",
            parse=values.optional_url,
            expected="an address that begins with http:// or https:// and has no ? nor #",
            help="Address of a GitHub Enterprise server.",
            when_unset="GitHub itself",
        ),
    ]
    github_token: Annotated[
        str,
        Variable(
            "VIGIE_GITHUB_TOKEN",
            default="",
            parse=values.word,
            expected="a token, in one word",
            help="The token of the account that opens and merges pull requests. Or a "
            "GitHub App, by the three variables that follow.",
            when_unset="none",
            secret=True,
        ),
    ] = field(repr=False)
    github_app_id: Annotated[
        str,
        Variable(
            "VIGIE_GITHUB_APP_ID",
            default="",
            parse=values.word,
            expected="the App's id, or its client id",
            help="The GitHub App that opens and merges pull requests.",
            when_unset="none",
        ),
    ]
    github_app_key: Annotated[
        str,
        Variable(
            "VIGIE_GITHUB_APP_KEY",
            default="",
            parse=values.pem,
            expected="a private key in PEM, or the path of a file that holds it",
            help="The App's private key.",
            when_unset="none",
            secret=True,
        ),
    ] = field(repr=False)
    github_app_installation: Annotated[
        str,
        Variable(
            "VIGIE_GITHUB_APP_INSTALLATION",
            default="",
            parse=values.digits,
            expected="digits",
            help="The number of the App's installation on the repository's account.",
            when_unset="none",
        ),
    ]
    github_webhook_secret: Annotated[
        str,
        Variable(
            "VIGIE_GITHUB_WEBHOOK_SECRET",
            default="",
            parse=values.secret,
            expected=f"at least {values.SHORTEST_SECRET} characters",
            help="The secret of the webhook that GitHub sends to VIGIE_GATEWAY_URL followed by "
            "webhooks/github. With it, what is decided on GitHub is known at once.",
            when_unset="no webhook; GitHub is asked each minute",
            secret=True,
        ),
    ] = field(repr=False)
    github_pace: Annotated[
        bool,
        Variable(
            "VIGIE_GITHUB_PACE",
            default="on",
            parse=values.on_off,
            expected='"on" or "off"',
            help="`on`: proposals are opened no faster than GitHub allows, 80 requests a minute "
            "and 500 an hour that create something. `off` is for test servers.",
        ),
    ]
    smtp: Annotated[
        Smtp | None,
        Variable(
            "VIGIE_SMTP_URL",
            default="",
            parse=values.smtp,
            expected="smtp://, smtp+starttls:// or smtps://, then USER:PASSWORD@ if the server "
            "asks for them (percent-encoded, ASCII), its HOST, :PORT if it is not 25, 587 or 465, "
            "and ?from=ADDRESS",
            help="The server that takes mail for contributors and editors. With "
            "smtp+starttls:// and smtps:// it must prove who it is; smtp:// hides nothing, the "
            "password neither. Mail comes from the address after ?from=, or else from vigie@ the "
            "host of VIGIE_GATEWAY_URL.",
            when_unset="no mail is sent, and all the rest works",
            secret=True,
        ),
    ] = field(repr=False)
    editors: Annotated[
        tuple[Editor, ...],
        Variable(
            "VIGIE_EDITORS",
            default="",
            parse=values.editors,
            expected="addresses, each once, separated by commas, `:admin` after those of the "
            "administrators, like a@x.fr:admin,b@x.fr",
            help="Who may sign in to the desk. All of them decide, correct and publish; "
            "administrators also see and end other editors' sessions, and change the lists of "
            "terms.",
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
            "an editor; none is refused: twelve people may share one address. `off` also lifts the "
            "bounds of letters and lets forms be sent as fast as a machine can: for tests.",
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
    search: Annotated[
        bool,
        Variable(
            "VIGIE_SEARCH",
            default="on",
            parse=values.on_off,
            expected='"on" or "off"',
            help="`on`: each build makes the files in which browsers search the site by its words. "
            "`off`: the search page leads to the lists.",
        ),
    ]
    watch_every: Annotated[
        timedelta | None,
        Variable(
            "VIGIE_WATCH_EVERY",
            default="off",
            parse=values.interval(timedelta(minutes=5), timedelta(days=30)),
            expected='"off", or a number of minutes, hours or days such as 30m, 6h or 1d, of five '
            "minutes at least",
            help="How often `vigie serve` looks whether sources of the watch are due to be asked. "
            "`off`: it never asks them; a timer may run `vigie watch collect` instead.",
        ),
    ]
    watch_discards: Annotated[
        timedelta | None,
        Variable(
            "VIGIE_WATCH_DISCARDS",
            default="365d",
            parse=values.interval(timedelta(days=30), timedelta(days=3650)),
            expected='"off", or a number of days such as 365d, from 30 to 3650',
            help="How long what editors of the watch discarded keeps its words. `off`: for ever.",
        ),
    ]
    watch_allow_private: Annotated[
        bool,
        Variable(
            "VIGIE_WATCH_ALLOW_PRIVATE",
            default="0",
            parse=values.yes_no,
            expected='"1" or "0"',
            help="`1`: the watch may ask loopback and private addresses. For tests: elsewhere it "
            "would let whoever proposes a source reach into your network.",
        ),
    ]

    def editor(self, address: str) -> Editor | None:
        """Who may sign in with this address."""
        return next((one for one in self.editors if one.address == address), None)

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
        problems += github_problems(read) + sign_mail(read)
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
    return "\n\n".join(variable.paragraph() for variable in variables().values())

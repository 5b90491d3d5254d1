"""`vigie watch`: sources asked, the next issue drafted, without the desk."""

from __future__ import annotations

import os
import secrets
import sys

import click

from contrib_gateway.cli.opening import opened, read_settings
from contrib_gateway.errors import GatewayError
from contrib_gateway.watch.collector import AlreadyCollecting
from contrib_gateway.watch.progress import Teller
from plugins.render import LANGUAGES, sentence
from plugins.watch.draft import DIGEST, Words, most_items


@click.group()
def watch() -> None:
    """The watch: what sources publish is collected, sorted by people, and shared."""


@watch.command()
@click.option("--all", "everything", is_flag=True, help="Ask those too that are not due yet.")
def collect(everything: bool) -> None:
    """Ask the sources that are due what they published since.

    The gateway may go on serving meanwhile. Interrupted, the next run goes on from there.
    """
    gateway, teller = opened(read_settings(os.environ)), Teller(sys.stdout)
    try:
        teller.end(gateway.collector.run(everything, teller))
    except AlreadyCollecting:
        click.echo("The sources are being asked already; nothing was done.")
    except GatewayError as error:
        raise click.ClickException(str(error)) from error


@watch.command()
@click.option("--title", default="", help="Default: the days that it covers.")
@click.option("--summary", default="", help="Two sentences. Default: how many items, on what.")
@click.option("--intro", default="", help="What stands out. Asked for, if it is not given.")
@click.option("--by", default="La rédaction", help="Who prepares it, as the history says.")
def digest(title: str, summary: str, intro: str, by: str) -> None:
    """Draft an issue from what was kept since the last one, and leave it on the desk.

    Prints where it is read over, put in order and published.
    """
    gateway = opened(read_settings(os.environ))
    digests, index, lang = gateway.digests, gateway.library.index, LANGUAGES[0]
    chosen = digests.available().picks[: most_items(index)]
    if not chosen:
        raise click.ClickException("nothing is ready: keep items, and say why they matter here")
    suggested = digests.suggested(chosen, lang)
    written = Words(
        title or suggested.title,
        summary or suggested.summary,
        intro or click.prompt("Introduction"),
    )
    if problems := digests.problems(chosen, written):
        declared = index.schema.types[DIGEST]
        raise click.ClickException("\n".join(sentence(p, declared, lang) for p in problems))
    try:
        ids = [pick.id for pick in chosen]
        left = digests.prepare(by, secrets.token_urlsafe(), ids, written, lang)
    except GatewayError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(chosen)} item(s), to be read over and published:")
    click.echo(f"{gateway.settings.gateway_url}redaction/{left.id}/")

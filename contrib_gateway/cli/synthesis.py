"""`vigie synthesis`: a draft begun without the desk, for editors to go on with there."""

from __future__ import annotations

import os
import secrets

import click

from contrib_gateway.cli.opening import opened, read_settings
from contrib_gateway.errors import GatewayError
from contrib_gateway.synthesis import suggested_method
from plugins.observation.choosing import Choice, chosen, read_choice
from plugins.observation.findings import OBSERVATION, SYNTHESIS
from plugins.render import LANGUAGES
from plugins.schema import Index


@click.group()
def synthesis() -> None:
    """Syntheses: what editors make of observations, from several viewpoints."""


@synthesis.command()
@click.option("--theme", "themes", multiple=True, help="A theme; may be given several times.")
@click.option("--place", default="", help="A territory, with what lies within it.")
@click.option("--from", "first", default="", help="The first month, like 2026-01.")
@click.option("--to", "last", default="", help="The last month, like 2026-11.")
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--by", default="La rédaction", help="Who begins it, as the others see.")
def new(*, themes: tuple[str, ...], place: str, first: str, last: str, lang: str, by: str) -> None:
    """Begin a synthesis of the observations that fit, and keep its draft on the desk.

    No finding is made up: the draft has the observations side by side by viewpoint, to be picked
    from, and a method that says what was read. Prints that, and where an editor goes on with it.
    """
    gateway = opened(read_settings(os.environ))
    index = gateway.library.index
    if not {SYNTHESIS, OBSERVATION} <= set(index.schema.types):
        raise click.ClickException("this site has no syntheses of observations")
    choice = read_choice(themes, place, first, last, index)
    if wrong := misread(choice, themes, place, index):
        raise click.ClickException("\n".join(wrong))
    if not chosen(choice, index):
        raise click.ClickException("no published observation fits")
    try:
        begun = gateway.syntheses.begin(choice, lang, by, secrets.token_urlsafe())
    except GatewayError as error:
        raise click.ClickException(str(error)) from error
    click.echo(suggested_method(begun.sketch, index))
    click.echo(f"{gateway.settings.gateway_url}redaction/synthese/{begun.id}/")


def misread(choice: Choice, themes: tuple[str, ...], place: str, index: Index) -> list[str]:
    """What was asked for in vain."""
    unknown = [f"unknown theme: {theme}" for theme in themes if theme not in choice.themes]
    if place != choice.territory:
        unknown.append(f"unknown place: {place}")
    return unknown + [
        f"--{'from' if p.field == 'first' else 'to'}: not a month, like 2026-11"
        for p in choice.problems(index)
    ]

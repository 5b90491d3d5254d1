"""What every command begins with: the settings, the gateway; or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Mapping

import click

from contrib_gateway.errors import GatewayError, SettingsError
from contrib_gateway.gateway import Gateway, assemble
from contrib_gateway.settings import Settings


def read_settings(environ: Mapping[str, str]) -> Settings:
    try:
        return Settings.from_environ(environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def opened(settings: Settings) -> Gateway:
    """The gateway; what keeps it from starting is said in a sentence."""
    try:
        return assemble(settings)
    except (GatewayError, OSError) as error:
        raise click.ClickException(str(error)) from error

"""The `vigie` command: demo, serve, build, check, login, reconcile, forget, watch, synthesis."""

from __future__ import annotations

import os
import secrets
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import waitress

from contrib_gateway import logs
from contrib_gateway.app import create_app
from contrib_gateway.builder import run_pelican
from contrib_gateway.cli.opening import opened, read_settings
from contrib_gateway.cli.synthesis import synthesis
from contrib_gateway.cli.watch import watch
from contrib_gateway.errors import GatewayError
from contrib_gateway.gateway import Gateway
from contrib_gateway.guards import read_receipt
from contrib_gateway.reconciliation import mended
from contrib_gateway.settings import help_text
from contrib_gateway.store import LOGIN_LIFETIME, State
from plugins.check import check, describe, load
from plugins.schema import SchemaError

DEMO_EDITOR = "camille.martin@vigie.example"
FOR_A_WALK = timedelta(hours=12)  # that the link which the demo prints may wait
THREADS = 8
CONNECTIONS = 1000  # waitress's own 100 let 99 slow senders keep everyone out
MOST_SENT = 64 * 1024 * 1024  # bytes of one request; on disk while they arrive
SILENCE = 30  # seconds without a byte after which a connection is closed
# Click rewraps a paragraph unless it begins with \b.
HELP = "Serve the site, the forms and the desk.\n\n" + "".join(
    f"\b\n{paragraph}\n\n" for paragraph in help_text().split("\n\n")
)


@click.group()
def main() -> None:
    """A territory's lookout: the site, its forms and its review desk."""
    logs.speak_plainly()


main.add_command(watch)
main.add_command(synthesis)


@main.command(help=HELP)
def serve() -> None:
    logs.write_lines(sys.stderr)
    gateway = opened(read_settings(os.environ))
    run(gateway, listen(gateway))


@main.command()
def demo() -> None:
    """Serve with made-up settings and a link that signs in to the desk."""
    settings = read_settings({"VIGIE_EDITORS": f"{DEMO_EDITOR}:admin"} | dict(os.environ))
    began = time.monotonic()
    click.echo("Vigie : préparation du contenu et de la forge…")
    gateway = opened(settings)
    click.echo("Vigie : construction du site…")
    if not gateway.builder.build_if_needed():
        last = gateway.store.last_build()
        click.echo(last.log if last else "", err=True)
        if not gateway.builder.places.site.exists():
            raise click.ClickException("the site could not be built")
        click.echo("Vigie : la construction a échoué ; le site d’avant reste en place.", err=True)
    click.echo(f"Vigie : site prêt en {time.monotonic() - began:.0f} s.")
    server = listen(gateway)  # before its addresses are told, so that they answer at once
    base = settings.gateway_url
    click.echo(f"\n  Le site          {settings.public_url}")
    click.echo(f"  Contribuer       {base}contribuer/")
    for editor in settings.editors[:1]:
        click.echo(f"  La rédaction     {login_link(gateway, editor.address, FOR_A_WALK)}")
        click.echo("                   (ce lien sert une fois ; relancez la démo pour un autre)")
    click.echo("\n  Ctrl-C pour arrêter.\n")
    run(gateway, server)


def listen(gateway: Gateway) -> Any:
    """A server that holds its port: from here on a visitor waits instead of being refused."""
    try:
        return waitress.create_server(
            create_app(gateway),
            host="127.0.0.1",
            port=gateway.settings.port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENCE,
            # ProxyFix decides whom to believe; waitress would strip what it has to read.
            clear_untrusted_proxy_headers=not gateway.settings.trusted_proxies,
            max_request_body_size=MOST_SENT,  # what is only too large gets our own page
            ident="vigie",
        )
    except OSError as error:
        port = gateway.settings.port
        raise click.ClickException(f"cannot listen on 127.0.0.1:{port}: {error}") from error


def run(gateway: Gateway, server: Any) -> None:
    """Serve until interrupted: one process, its loops inside."""
    for loop in gateway.loops:
        loop.start()
    server.run()


def login_link(gateway: Gateway, address: str, lifetime: timedelta = LOGIN_LIFETIME) -> str:
    token = gateway.store.create_login(address, lifetime)
    return f"{gateway.settings.gateway_url}redaction/entrer/{token}/"


@main.command()
@click.argument("address")
def login(address: str) -> None:
    """Print a one-time link that signs ADDRESS in to the desk."""
    gateway = opened(read_settings(os.environ))
    if gateway.settings.editor(address.lower()) is None:
        raise click.ClickException(f"{address} is not in VIGIE_EDITORS")
    click.echo(login_link(gateway, address.lower()))


@main.command()
@click.argument("who", metavar="RECEIPT_OR_ADDRESS")
def forget(who: str) -> None:
    """Erase what a contributor sent and is not published: by the link of the receipt, or by the
    address that was left. The gateway may go on serving meanwhile.
    """
    gateway = opened(read_settings(os.environ))
    store, receipt = gateway.store, who.rstrip("/").rpartition("/")[2]
    id = read_receipt(gateway.settings.secret_key, receipt)
    ids = store.of_address(who) if "@" in who else [id] if id and store.find(id) else []
    others = store.forget_address(who) if "@" in who else 0
    if not ids and not others:
        raise click.ClickException("nothing is known under this receipt or address")
    forgotten = [gateway.housekeeper.forget(id) for id in ids]
    kept = [found for found in forgotten if found and found.state is State.PUBLISHED]
    click.echo(f"{len(ids)} submission(s) forgotten.")
    for submission in kept:
        path = f"{submission.type}/{submission.slug}"
        click.echo(f"{path} is published: correct or remove the page itself; its history stays.")
    try:
        gateway.worker.do_errands()
        store.shred()
    except GatewayError as error:
        raise click.ClickException(f"{error}; `vigie serve` erases what is left") from error


@main.command()
@click.option("--repair", is_flag=True, help="Adopt, finish or remove what differs.")
def reconcile(repair: bool) -> None:
    """Compare what was accepted with what the forge has; exits 1 on a difference.

    The gateway may go on serving meanwhile.
    """
    accounts = opened(read_settings(os.environ)).reconciliation()
    try:
        counts = accounts.counts()
        click.echo(", ".join(f"{state} {number}" for state, number in counts.items()))
        differences = accounts.differences()
        for difference in differences:
            click.echo(f"{difference}{f' — {mended(difference)}' if repair else ''}")
        left = accounts.differences() if repair and differences else differences
    except GatewayError as error:
        raise click.ClickException(str(error)) from error
    if left and repair:
        click.echo(f"{len(left)} left:")
        for difference in left:
            click.echo(f"  {difference}")
    click.echo(f"{len(left)} difference(s)." if left else "Everything is where it should be.")
    sys.exit(1 if left else 0)


@main.command()
@click.option("--content", type=click.Path(path_type=Path, exists=True), default="content")
@click.option("--output", type=click.Path(path_type=Path), default="output")
def build(content: Path, output: Path) -> None:
    """Build the site of a content folder, as Pelican would."""
    settings = read_settings({**os.environ, "VIGIE_SECRET_KEY": secrets.token_hex()})
    outcome = run_pelican(content, output, settings)
    click.echo(outcome.stdout, nl=False)
    click.echo(outcome.stderr, nl=False, err=True)
    sys.exit(outcome.returncode)


@main.command("check")
@click.argument("content", type=click.Path(path_type=Path, exists=True), default="content")
def check_command(content: Path) -> None:
    """Tell all faults of a content folder; exits 1 when there is one."""
    try:
        tree = load(content)
    except SchemaError as error:
        raise click.ClickException(str(error)) from error
    problems = check(tree)
    for problem in problems:
        click.echo(describe(problem, tree.index.schema, "fr"))
    count = len(tree.index.documents)
    click.echo(f"{count} fiches vérifiées, {len(problems)} défaut(s).")
    sys.exit(1 if problems else 0)

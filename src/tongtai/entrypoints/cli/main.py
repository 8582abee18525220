"""``tongtai``: the command line."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.cli.accounts import DATA, Data, in_installation, user_app
from tongtai.entrypoints.cli.bench import bench
from tongtai.entrypoints.cli.demonstration import FEEDS
from tongtai.entrypoints.cli.doctor import doctor
from tongtai.entrypoints.cli.later import LateGroup
from tongtai.entrypoints.cli.models import models_app
from tongtai.entrypoints.cli.push_ct import push_ct
from tongtai.entrypoints.cli.up import UpOptions, run_up
from tongtai.entrypoints.gateway.command import gateway
from tongtai.entrypoints.web.openapi import openapi_text
from tongtai.entrypoints.web.serve import serve as serve_web
from tongtai.features.audit.api import audit_verifier
from tongtai.infra.container import Container
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings

app = typer.Typer(
    cls=LateGroup,
    help="Tongtai: one expert team, at many operating tables at once. Not a registered medical device.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
database_app = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(audit_app, name="audit")
app.add_typer(database_app, name="db")
app.add_typer(models_app, name="models")
app.command("gateway")(gateway)
app.command("doctor")(doctor)
app.command("bench")(bench)
app.command("push-ct")(push_ct)


@app.command()
def up(
    demo: Annotated[bool, typer.Option(help="Make and play the demonstration.")] = False,
    port: Annotated[
        int, typer.Option(min=1, max=65535, envvar="TONGTAI_PORT", help="Port of the page.")
    ] = 8000,
    data: Data = DATA,
    demo_media: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Play the clips of this folder instead of simulated pictures."
        ),
    ] = None,
    demo_feeds: Annotated[
        str, typer.Option(help="Feeds of each table of the demonstration; fewer spare a weak machine.")
    ] = ",".join(FEEDS),
    demo_plans: Annotated[
        bool,
        typer.Option(help="Have the demonstration's ablations planned, minutes of work in the background."),
    ] = True,
) -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    feeds = tuple(demo_feeds.split(","))
    if unknown := set(feeds) - set(FEEDS):
        raise typer.BadParameter(f"No such feed: {', '.join(sorted(unknown))}; there are {', '.join(FEEDS)}.")
    options = UpOptions(
        data=data, port=port, demo=demo, demo_media=demo_media, demo_feeds=feeds, demo_plans=demo_plans
    )
    asyncio.run(run_up(options, Console(highlight=False)))


@app.command()
def serve(data: Data = DATA) -> None:
    """Run the web server alone; the settings say where database and LiveKit are."""
    serve_web(Settings.load(data))


@app.command()
def worker(data: Data = DATA) -> None:
    """Run the planning worker alone; `tongtai up` has one of its own."""
    # Imported here, so that no other command need load the library of jobs.
    from tongtai.entrypoints.worker.run import work  # noqa: PLC0415

    work(Settings.load(data))


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of this version."""
    typer.echo(openapi_text(), nl=False)


@audit_app.command("verify")
def audit_verify(data: Data = DATA) -> None:
    """Check the chain of the audit log; exit with 1 and name the entries when it is broken."""
    sound = True

    async def work(container: Container, session: AsyncSession) -> str:
        nonlocal sound
        result = await audit_verifier(container, session).verify()
        sound = result.intact
        lines = [str(finding) for finding in result.findings]
        return "\n".join([*lines, f"{result.entries} entries: {'sound' if sound else 'BROKEN'}"])

    typer.echo(in_installation(data, work))
    if not sound:
        raise typer.Exit(1)


@database_app.command("upgrade")
def database_upgrade(data: Data = DATA) -> None:
    """Bring the database to this version."""
    migrate(Settings.load(data).effective_database_url)


def run() -> None:
    """The entry of the installed command: our own errors become one sentence."""
    try:
        app()
    except TongtaiError as error:
        typer.echo(f"tongtai: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()

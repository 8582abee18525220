"""The sub-command ``tongtai up``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.demonstration import FEEDS
from tongtai.entrypoints.cli.up import UpOptions, run_up


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
    demo_referrals: Annotated[
        bool,
        typer.Option(help="Bring further cases of the demonstration along the workflow, for days to come."),
    ] = True,
) -> None:
    """Start everything on this machine and keep it running until Ctrl-C."""
    feeds = tuple(demo_feeds.split(","))
    if unknown := set(feeds) - set(FEEDS):
        raise typer.BadParameter(f"No such feed: {', '.join(sorted(unknown))}; there are {', '.join(FEEDS)}.")
    options = UpOptions(
        data=data,
        port=port,
        demo=demo,
        demo_media=demo_media,
        demo_feeds=feeds,
        demo_plans=demo_plans,
        demo_referrals=demo_referrals,
    )
    asyncio.run(run_up(options, Console(highlight=False)))

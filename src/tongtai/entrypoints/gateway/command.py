"""The sub-command ``tongtai gateway``."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.gateway.options import Encode, GatewayOptions, parse_feeds, parse_uplinks
from tongtai.infra.telemetry import configure_logging


def gateway(
    server: Annotated[
        str, typer.Option(help="Address of the Tongtai server, such as https://tongtai.example.org.")
    ],
    feed: Annotated[
        list[str],
        typer.Option(
            help="NAME=SOURCE; a file, once:FILE, rtsp://…, srt://…, /dev/videoN, test:, demo:ultrasound[@SCENE]|ct|monitor|room."
        ),
    ],
    mic: Annotated[str | None, typer.Option(help="Sound: a file, alsa:NAME or pulse:NAME.")] = None,
    uplink: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=INTERFACE or NAME=ADDRESS of each line out, to be tested; first the main one."
        ),
    ] = None,
    encode: Annotated[
        Encode, typer.Option(help="pass: as it comes; follow: encoded for the link; auto: whichever fits.")
    ] = "auto",
    encoder: Annotated[
        str, typer.Option(help="H.264 encoder of FFmpeg, such as libx264 or h264_nvenc.")
    ] = "libx264",
    code: Annotated[str | None, typer.Option(help="One-time enrolment code.")] = None,
    data: Annotated[Path, typer.Option(help="Folder of the token and the recordings.")] = Path(
        "gateway-data"
    ),
    record: Annotated[bool, typer.Option(help="Record every feed to disk.")] = True,
    upload_during_case: Annotated[
        bool, typer.Option(help="Upload recordings while the case is under way, too.")
    ] = False,
    screen: Annotated[bool, typer.Option(help="Show the state of the feeds on this screen.")] = False,
    segment_s: Annotated[float, typer.Option(min=1, help="Length of a recorded file in seconds.")] = 60.0,
    keep_free_gb: Annotated[float, typer.Option(min=0, help="What recording leaves free on the disk.")] = 0.5,
    log_format: Annotated[str, typer.Option(help="console or json.")] = "console",
) -> None:
    """Record the pictures of an operating table and send them to its case's room."""
    # Imported here, so that `tongtai --help` need not load the media libraries.
    from tongtai.entrypoints.gateway.run import run_gateway  # noqa: PLC0415

    configure_logging(level="warning" if screen else "info", style=log_format)
    # One line for every request, several a second, would bury what matters.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        options = GatewayOptions(
            server=server, feeds=parse_feeds(feed), data=data, mic=mic,
            uplinks=parse_uplinks(uplink or []), encode=encode, encoder=encoder, code=code,
            record=record, upload_during_case=upload_during_case, screen=screen, segment_s=segment_s,
            keep_free_bytes=int(keep_free_gb * 1e9),
        )  # fmt: skip
        asyncio.run(run_gateway(options))
    except TongtaiError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error

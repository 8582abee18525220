"""``tongtai serve``, ``worker`` and ``openapi``: the server's parts, one at a time."""

import typer

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.infra.settings import Settings


def serve(data: Data = DATA) -> None:
    """Run the web server alone; the settings say where database and LiveKit are."""
    # Each of these imports its part when it is run: neither needs the other's libraries.
    from tongtai.entrypoints.web.serve import serve as serve_web  # noqa: PLC0415

    serve_web(Settings.load(data))


def worker(data: Data = DATA) -> None:
    """Run the planning worker alone; `tongtai up` has one of its own."""
    from tongtai.entrypoints.worker.run import work  # noqa: PLC0415

    work(Settings.load(data))


def openapi() -> None:
    """Print the OpenAPI document of this version."""
    from tongtai.entrypoints.web.openapi import openapi_text  # noqa: PLC0415

    typer.echo(openapi_text(), nl=False)

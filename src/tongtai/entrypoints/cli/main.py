"""``tongtai``: the command line."""

import sys

import typer

from tongtai.core.errors import TongtaiError
from tongtai.entrypoints.cli.later import LateGroup

app = typer.Typer(cls=LateGroup, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def tongtai() -> None:
    """Tongtai: one expert team, at many operating tables at once. Not a registered medical device."""


def run() -> None:
    """The entry of the installed command: our own errors become one sentence."""
    try:
        app()
    except TongtaiError as error:
        typer.echo(f"tongtai: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()

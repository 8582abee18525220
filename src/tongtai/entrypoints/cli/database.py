"""``tongtai db``: the database of an installation."""

import typer

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.infra.migrations import migrate
from tongtai.infra.settings import Settings

database_app = typer.Typer(help="The database.", no_args_is_help=True)


@database_app.callback()
def database() -> None:
    """The database."""


@database_app.command("upgrade")
def database_upgrade(data: Data = DATA) -> None:
    """Bring the database to this version."""
    migrate(Settings.load(data).effective_database_url)

"""``tongtai audit``: the audit log, for whoever has the installation's shell."""

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.installation import in_installation
from tongtai.features.audit.api import audit_verifier
from tongtai.infra.container import Container

audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)


@audit_app.callback()
def audit() -> None:
    """The audit log."""


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

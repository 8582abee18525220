"""``tongtai case``: copies of a case, for whoever has the installation's shell."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.installation import in_installation
from tongtai.features.audit.model import SYSTEM
from tongtai.features.cases.errors import CaseNotFoundError
from tongtai.features.cases.model import Case
from tongtai.features.cases.sql import SqlCases
from tongtai.features.workflow.api.copying import Copy, Recipient, teaching_copy, whole_copy
from tongtai.features.workflow.api.records import Records
from tongtai.infra.container import Container

case_app = typer.Typer(help="Copies of a case.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="The case's number, as the case list has it.")]
Out = Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder to write the ZIP into.")]
For = Annotated[
    Recipient, typer.Option("--for", help="Who gets it; it stands in the copy and in the audit log.")
]


@case_app.command("copy")
def copy(number: Number, recipient: For, out: Out = Path(), data: Data = DATA) -> None:
    """Everything of a case with its images and signed papers, as a ZIP with a list of hashes."""
    _write(number, out, data, lambda records, case: whole_copy(records, case, recipient, SYSTEM))


@case_app.command("teach")
def teach(number: Number, out: Out = Path(), data: Data = DATA) -> None:
    """The case without its patient; refused unless the patient has consented to teaching."""
    _write(number, out, data, lambda records, case: teaching_copy(records, case, SYSTEM))


def _write(number: str, out: Path, data: Path, make: Callable[[Records, Case], Awaitable[Copy]]) -> None:
    async def work(container: Container, session: AsyncSession) -> Path:
        case = await SqlCases(session).find_numbered(number)
        if case is None:
            raise CaseNotFoundError(number=number)
        made = await make(Records(container, session), case)
        return Path(shutil.move(made.file, out / made.name))

    typer.echo(in_installation(data, work))

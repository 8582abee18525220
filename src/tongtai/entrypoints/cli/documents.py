"""``tongtai verify-document`` and ``tongtai certificate``: signed documents and who signs them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.entrypoints.cli.data_folder import DATA, Data
from tongtai.entrypoints.cli.installation import in_installation
from tongtai.features.accounts.api import account_service
from tongtai.features.documents.api.wiring import key_ring
from tongtai.features.documents.sql import SqlKeys
from tongtai.formats.case_documents import DocumentUnreadableError, embedded_record
from tongtai.infra.container import Container
from tongtai.infra.signing.pdf import FoundSignature

certificate_app = typer.Typer(help="Whose key signs documents.", no_args_is_help=True)


def verify_document(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The PDF.")],
    data: Data = DATA,
    as_json: Annotated[bool, typer.Option("--json", help="Print the finding as JSON.")] = False,
) -> None:
    """Check the signatures of a document; exit with 1 unless there is one and all of them hold."""
    content = file.read_bytes()

    async def work(container: Container, session: AsyncSession) -> list[FoundSignature]:
        return await key_ring(container, session).verify(content)

    found = in_installation(data, work)
    try:
        record = embedded_record(content).sha256
    except DocumentUnreadableError:
        record = ""
    good = bool(found) and all(signature.good for signature in found)
    if as_json:
        finding = {"good": good, "record_sha256": record, "signatures": [asdict(each) for each in found]}
        typer.echo(json.dumps(finding, ensure_ascii=False, indent=2, default=str))
    else:
        _print(found, record, good=good)
    if not good:
        raise typer.Exit(1)


def _print(found: list[FoundSignature], record: str, *, good: bool) -> None:
    table = Table("signed by", "institution", "as", "time", "unchanged", "authority", "remark")
    for each in found:
        remarks = [
            word
            for holds, word in (
                (each.test_only, "test certificate, no legal effect"),
                (each.revoked, "certificate revoked"),
                (not each.covers_all, "something was added afterwards"),
            )
            if holds
        ]
        table.add_row(
            each.signer,
            each.organisation,
            each.reason,
            each.timestamp.isoformat(timespec="seconds") if each.timestamp else "not confirmed",
            "yes" if each.intact else "NO",
            "trusted" if each.trusted else "NOT TRUSTED",
            "; ".join(remarks),
        )
    console = Console(highlight=False)
    console.print(table)
    if record:
        console.print(f"record inside: SHA-256 {record}", markup=False)
    sentence = "Every signature holds." if good else "Do not rely on this document."
    console.print(sentence if found else "The document is not signed.", markup=False)


@certificate_app.command("register")
def register(
    login: Annotated[str, typer.Argument(help="Login name.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The certificate (PEM).")],
    data: Data = DATA,
) -> None:
    """Note the certificate of a person whose key is in the token, labelled with the identifier that is printed."""

    async def work(container: Container, session: AsyncSession) -> str:
        user = await account_service(container, session).get_by_login(login)
        key = await key_ring(container, session).register(user.id, file.read_bytes())
        return f"{login}  label {user.id}  serial {key.serial}  until {key.expires_at:%Y-%m-%d}"

    typer.echo(in_installation(data, work))


@certificate_app.command("revoke")
def revoke(login: Annotated[str, typer.Argument(help="Login name.")], data: Data = DATA) -> None:
    """Revoke a person's certificates: what was signed before stays good, nothing new is."""

    async def work(container: Container, session: AsyncSession) -> int:
        user = await account_service(container, session).get_by_login(login)
        return await SqlKeys(session).revoke(user.id, at=container.clock.now())

    typer.echo(f"{login}  certificates revoked: {in_installation(data, work)}")

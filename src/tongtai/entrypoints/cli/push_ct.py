"""``tongtai push-ct``: send a CT to a case."""

import getpass
import os
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tongtai.entrypoints.cli.push_bundles import bundles, packed
from tongtai.entrypoints.cli.push_client import (
    LocalFile,
    PushClient,
    ServerRefusedError,
    ServerUnreachableError,
    already_there,
    files_in,
)
from tongtai.entrypoints.gateway.enrolment import NotEnrolledError, stored_token

_REJECTS_PRINTED = 50


class ExitCode(IntEnum):
    """How the command ended; ``docs/how-to/push-ct.md`` explains each."""

    STORED = 0
    SOME_REJECTED = 1
    WRONG_USE = 2
    UNREACHABLE = 3
    PATIENT_DIFFERS = 4
    REFUSED = 5


@dataclass(slots=True)
class Tally:
    """What became of the files; filled by several threads."""

    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    rejected: list[dict[str, str]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, answer: dict[str, Any]) -> None:
        """Count one answer of the server."""
        with self._lock:
            self.accepted += len(answer["accepted"])
            self.duplicates += answer["duplicates"]
            self.quarantined += len(answer["quarantined"])
            self.rejected += answer["rejected"]


def push_ct(
    place: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder, zip archive or DICOM file.", exists=True)
    ],
    case: Annotated[str, typer.Option(help="Number of the case, such as 2026-0147.")],
    server: Annotated[str, typer.Option(help="Address of the server.", envvar="TONGTAI_SERVER")] = (
        "http://127.0.0.1:8000"
    ),
    login: Annotated[
        str, typer.Option(help="Login name; asked for when absent.", envvar="TONGTAI_LOGIN")
    ] = "",
    gateway: Annotated[
        Path | None,
        typer.Option(
            help="Data folder of an enrolled gateway: send as the gateway, without a log-in, to a case of its room.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    parallel: Annotated[int, typer.Option(help="Uploads at the same time.", min=1, max=16)] = 2,
    test_series: Annotated[
        bool,
        typer.Option(
            "--test-series",
            help="Try the way only: hashes are compared, nothing is kept; for the readiness sheet.",
        ),
    ] = False,
    confirm_patient: Annotated[
        str,
        typer.Option(help="Name of the case's patient: states that images of another identity are theirs."),
    ] = "",
) -> None:
    """Send the CT in DIR to a case. Run it again after a cut: it goes on where it was."""
    console = Console(stderr=True)
    files = files_in(place)
    if not files:
        console.print(f"There is no file in {place}.", markup=False)
        raise typer.Exit(ExitCode.WRONG_USE)
    if gateway is not None and confirm_patient:
        console.print("A gateway cannot confirm a patient: that is a person's statement. Log in for it.")
        raise typer.Exit(ExitCode.WRONG_USE)
    try:
        with PushClient(server) as client:
            _sign_in(client, login) if gateway is None else client.use_token(stored_token(gateway))
            code = _push(client, console, place, files, case, parallel, confirm_patient, test=test_series)
    except ServerUnreachableError as error:
        console.print(f"{error} What arrived is kept: run the same command again.", markup=False)
        raise typer.Exit(ExitCode.UNREACHABLE) from None
    except (ServerRefusedError, NotEnrolledError) as error:
        console.print(str(error), markup=False)
        raise typer.Exit(ExitCode.REFUSED) from None
    raise typer.Exit(code)


def _sign_in(client: PushClient, login: str) -> None:
    login = login or typer.prompt("Login", err=True)
    password = os.environ.get("TONGTAI_PASSWORD") or getpass.getpass("Password: ")
    try:
        client.sign_in(login, password)
    except ServerRefusedError as error:
        if error.values["reason"] != "totp_required":
            raise
        client.sign_in(login, password, one_time_code=typer.prompt("One-time code", err=True))


def _push(
    client: PushClient,
    console: Console,
    place: Path,
    files: list[LocalFile],
    case: str,
    parallel: int,
    confirm_patient: str,
    *,
    test: bool,
) -> ExitCode:
    case_id = client.find_case(case)
    source = f"push-ct {place.resolve().name}"
    push = client.start(case_id, source=source, files=len(files), test=test)
    tally = Tally()
    _send_all(client, console, push, files, parallel, tally)
    if confirm_patient and tally.quarantined:
        client.act(push, "confirm-patient", typed_name=confirm_patient)
    summary = client.act(push, "finish")
    waiting = sum(patient["files"] for patient in summary["quarantined"])
    for rejected in tally.rejected[:_REJECTS_PRINTED]:
        console.print(f"rejected {rejected['name']}: {rejected['message']}", markup=False)
    if len(tally.rejected) > _REJECTS_PRINTED:
        console.print(f"… and {len(tally.rejected) - _REJECTS_PRINTED} more", markup=False)
    stored = "arrived with equal hashes" if test else "stored"
    console.print(
        f"{summary['received']} {stored}, {summary['duplicates']} known before, "
        f"{len(tally.rejected)} rejected, {waiting} waiting"
    )
    if waiting:
        console.print(
            "The patient of the waiting images is not certainly the case's. If it is, run the command "
            "again with --confirm-patient and the name of the case's patient.",
        )
        return ExitCode.PATIENT_DIFFERS
    return ExitCode.SOME_REJECTED if tally.rejected else ExitCode.STORED


def _send_all(
    client: PushClient,
    console: Console,
    push: dict[str, Any],
    files: list[LocalFile],
    parallel: int,
    tally: Tally,
) -> None:
    known = already_there(push)
    columns = (TextColumn("sending"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("sending", total=len(files))

        def send(group: list[LocalFile]) -> None:
            fresh = [file for file in group if not known or (file.name, file.sha256()) not in known]
            if len(fresh) == 1:
                tally.add(client.send(push, fresh[0], fresh[0].sha256()))
            elif fresh:
                tally.add(client.send_bundle(push, f"{fresh[0].name} +{len(fresh) - 1}", packed(fresh)))
            progress.advance(task, len(group))

        groups = bundles(files, alone=1)
        # The first slice is looked at while the others come: it does not share the line with them.
        send(next(groups))
        with ThreadPoolExecutor(parallel) as pool:
            running = [pool.submit(send, group) for group in groups]
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            failed = next((future for future in done if future.exception()), None)
            if failed is not None:
                pool.shutdown(cancel_futures=True)
                failed.result()

"""HTTP: everything of one patient for whoever may ask for it, and a case without its patient for teaching."""

import asyncio
import hashlib
import tempfile
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from tongtai.core.deidentification import Disguise
from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Role
from tongtai.features.archive.api import ArchiveDep
from tongtai.features.archive.errors import CopyRefusedError
from tongtai.features.audit.api import audit_log
from tongtai.features.audit.model import Actor, AuditAction
from tongtai.features.cases.model import Case
from tongtai.features.consents.model import ConsentKind, lacks_of_kinds
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.workflow.api.copy_parts import disguised_case, everything
from tongtai.features.workflow.api.records import Records
from tongtai.infra.container import Container
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/cases/{case_id}/archive", tags=["archive"])
# Regulation on medical disputes, article 16: the patient reads and copies everything; the hospital's office gives it out.
_GIVERS = frozenset({Role.MEDICAL_AFFAIRS, Role.ATTENDING})
_TEACHERS = frozenset({Role.MEDICAL_AFFAIRS})
Named = AsyncIterator[tuple[str, bytes]]


class Recipient(StrEnum):
    """For whom a copy is made."""

    PATIENT = "patient"
    RELATIVE = "relative"
    INSTITUTION = "institution"
    AUTHORITY = "authority"


class CopyIn(BaseModel):
    """For whom a copy is made; it stands in the copy and in the audit log."""

    recipient: Recipient


@router.post("/copy", response_class=FileResponse, responses={200: {"content": {"application/zip": {}}}})
async def copy_record(
    case_id: str,
    body: CopyIn,
    principal: Current,
    archive: ArchiveDep,
    container: ContainerDep,
    session: DbSession,
) -> FileResponse:
    """Everything of the case, with its images and signed papers, as a ZIP with a list of hashes."""
    view = await archive.allow(principal, case_id, _GIVERS, AuditAction.RECORD_COPIED)
    copy = await whole_copy(Records(container, session), view.case, body.recipient, principal.actor)
    return _download(copy)


@router.post(
    "/deidentified", response_class=FileResponse, responses={200: {"content": {"application/zip": {}}}}
)
async def copy_without_patient(
    case_id: str, principal: Current, archive: ArchiveDep, container: ContainerDep, session: DbSession
) -> FileResponse:
    """The case without its patient: other numbers, other days, no free text; only with the consent to teaching."""
    view = await archive.allow(principal, case_id, _TEACHERS, AuditAction.RECORD_DEIDENTIFIED)
    copy = await teaching_copy(Records(container, session), view.case, principal.actor)
    return _download(copy)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy in a temporary place, and how it is called outside."""

    file: Path
    name: str


async def whole_copy(records: Records, case: Case, recipient: Recipient, by: Actor) -> Copy:
    """Everything of a case; who made it for whom stands in the audit log with its hash."""
    file = await packed(everything(records, case, recipient.value))
    audit_log(records.container, records.session).record(
        by,
        AuditAction.RECORD_COPIED,
        case=case.reference,
        recipient=recipient.value,
        sha256=await asyncio.to_thread(_sha256, file),
    )
    return Copy(file, f"{case.number}-copy.zip")


async def teaching_copy(records: Records, case: Case, by: Actor) -> Copy:
    """The case without its patient.

    Raises
    ------
    CopyRefusedError
        If the patient has not consented to teaching.
    """
    consents = await SqlConsents(records.session).of_case(case.id)
    lacks = lacks_of_kinds(consents, (ConsentKind.BROADCAST,), records.container.clock.now().date())
    if lacks:
        raise CopyRefusedError(case_id=case.id, lacks=[one.as_dict() for one in lacks])
    disguise = disguise_of(records.container, case.id)
    file = await packed(disguised_case(records, case, disguise))
    audit_log(records.container, records.session).record(
        by,
        AuditAction.RECORD_DEIDENTIFIED,
        case=case.reference,
        number=disguise.number,
        sha256=await asyncio.to_thread(_sha256, file),
    )
    return Copy(file, f"{disguise.number}.zip")


def disguise_of(container: Container, case_id: str) -> Disguise:
    """What stands in the place of a case's numbers in this installation."""
    return Disguise(container.settings.secret("deidentification").encode(), case_id)


async def packed(files: Named) -> Path:
    """A ZIP of these files and of the list of their hashes, in a temporary place."""
    with tempfile.NamedTemporaryFile(prefix="tongtai-copy-", suffix=".zip", delete=False) as out:
        try:
            await _pack(out, files)
        except BaseException:
            await asyncio.to_thread(Path(out.name).unlink, missing_ok=True)
            raise
        return Path(out.name)


async def _pack(out: IO[bytes], files: Named) -> None:
    sums = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        async for name, content in files:
            await asyncio.to_thread(archive.writestr, name, content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        archive.writestr("SHA256SUMS", "".join(sums))


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _download(copy: Copy) -> FileResponse:
    away = BackgroundTask(copy.file.unlink, missing_ok=True)
    return FileResponse(copy.file, media_type="application/zip", filename=copy.name, background=away)

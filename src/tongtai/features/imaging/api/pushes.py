"""HTTP: send images of a case, file by file, and go on after a cut."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, status

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission
from tongtai.features.audit.model import AuditAction
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.imaging.api.senders import SendingDep, person
from tongtai.features.imaging.api.uploads import spooled_body
from tongtai.features.imaging.api.wiring import ImagesDep, PushesDep
from tongtai.features.imaging.errors import TestHashMissingError
from tongtai.features.imaging.model import ImageQuery
from tongtai.features.imaging.schemas import ConfirmIn, PushIn, PushOut, ReceivedOut, SeriesOut
from tongtai.infra.web import ContainerDep

router = APIRouter(prefix="/api/cases/{case_id}/imaging", tags=["imaging"])

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/pushes", status_code=status.HTTP_201_CREATED)
async def start_push(body: PushIn, gate: SendingDep, pushes: PushesDep) -> PushOut:
    """Begin to send images, or go on with one's own unfinished push from the same source.

    ``files`` of the answer are those that need not be sent again.
    """
    admitted = await gate.admit()
    started = await pushes.start(
        admitted.sender,
        admitted.case,
        source=body.source,
        declared_files=body.declared_files,
        test=body.test,
    )
    return PushOut.of(started)


@router.get("/pushes/{push_id}")
async def get_push(push_id: str, gate: SendingDep, pushes: PushesDep) -> PushOut:
    """A push, what became of its files, and whose images wait for a confirmation."""
    admitted = await gate.admit(audited=False)
    return PushOut.of(await pushes.status(admitted.case, push_id))


@router.put("/pushes/{push_id}/files/{name:path}", openapi_extra=_BODY)
async def receive_file(
    push_id: str,
    name: Annotated[str, Path(max_length=500)],
    request: Request,
    container: ContainerDep,
    gate: SendingDep,
    pushes: PushesDep,
    sha256: Annotated[str | None, Query(pattern="^[0-9a-fA-F]{64}$")] = None,
) -> ReceivedOut:
    """Send one DICOM file or one zip archive as the body.

    Every file in it is stored, or named with what is wrong; one bad file does not stop the others. Those of a
    test series are only compared with ``sha256``, which they need.
    """
    admitted = await gate.admit(audited=False)
    push = await pushes.open_push(admitted.case, push_id)
    if push.test and sha256 is None:
        raise TestHashMissingError(push_id=push.id)
    async with spooled_body(request, container, sha256) as path:
        reports = await pushes.receive(admitted.sender, admitted.case, push, name=name, path=path)
    return ReceivedOut.of(reports)


@router.post("/pushes/{push_id}/finish")
async def finish_push(push_id: str, gate: SendingDep, pushes: PushesDep) -> PushOut:
    """End a push; what waits for a confirmation goes on waiting."""
    admitted = await gate.admit(audited=False)
    return PushOut.of(await pushes.finish(admitted.sender, admitted.case, push_id))


@router.post("/pushes/{push_id}/confirm-patient")
async def confirm_patient(
    case_id: str,
    push_id: str,
    body: ConfirmIn,
    principal: Current,
    access: CaseAccessDep,
    pushes: PushesDep,
) -> PushOut:
    """State, by typing the name of the case's patient, that images of another identity are theirs."""
    view = await access.require(
        principal, case_id, Permission.IMAGING_PUSH, action=AuditAction.IMAGING_PATIENT_CONFIRMED
    )
    confirmed = await pushes.confirm_patient(
        person(principal), view.case, push_id, typed_name=body.typed_name, identity=body.identity
    )
    return PushOut.of(confirmed)


@router.get("/series")
async def list_series(
    case_id: str, principal: Current, access: CaseAccessDep, images: ImagesDep
) -> list[SeriesOut]:
    """The case's series in the order of their arrival."""
    await access.require(principal, case_id, Permission.IMAGING_READ, audited=False)
    found = await images.series(ImageQuery(case_id=case_id))
    return [SeriesOut.model_validate(series) for series, _ in found]

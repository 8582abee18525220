"""HTTP: STOW-RS, so that any DICOMweb client can send images."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.cases.model import Case
from tongtai.features.imaging.api.uploads import Spool, spool
from tongtai.features.imaging.api.wiring import PushesDep
from tongtai.features.imaging.errors import UnsupportedBodyError
from tongtai.features.imaging.model import FileReport, ImageQuery, Outcome, Push
from tongtai.features.imaging.service import PushService
from tongtai.features.imaging.sql import SqlImageStores
from tongtai.formats.dicom.multipart import MultipartReader, PartData, PartEnd, PartStart, media_type
from tongtai.formats.dicom.qido import store_json
from tongtai.infra.container import Container
from tongtai.infra.web import ContainerDep

router = APIRouter(prefix="/api/cases/{case_id}/dicomweb", tags=["dicomweb"])

_DICOM_JSON = "application/dicom+json"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"multipart/related": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/studies", openapi_extra=_BODY, response_class=JSONResponse)
async def store(
    case_id: str,
    request: Request,
    container: ContainerDep,
    principal: Current,
    access: CaseAccessDep,
    pushes: PushesDep,
) -> JSONResponse:
    """Store images sent as ``multipart/related; type="application/dicom"``.

    200: all are stored; 202: some are, the others are named; 409: none is.
    """
    view = await access.require(principal, case_id, Permission.IMAGING_PUSH)
    outer, parameters = media_type(request.headers.get("content-type", ""))
    if outer != "multipart/related" or parameters.get("type", "").lower() != "application/dicom":
        raise UnsupportedBodyError
    reader = MultipartReader(parameters.get("boundary", ""))
    status = await pushes.start(principal, view.case, source="STOW-RS", declared_files=None)
    try:
        reports = await _receive(request, container, principal, view.case, pushes, status.push, reader)
    finally:
        await pushes.finish(principal, view.case, status.push.id)
    return await _answer(request, container, case_id, reports)


async def _receive(
    request: Request,
    container: Container,
    principal: Principal,
    case: Case,
    pushes: PushService,
    push: Push,
    reader: MultipartReader,
) -> list[FileReport]:
    reports: list[FileReport] = []
    async for upload in _parts(request, container, reader):
        name = f"part-{len(reports) + 1}"
        reports += await pushes.receive(principal, case, push, name=name, path=upload.path)
    return reports


async def _parts(request: Request, container: Container, reader: MultipartReader) -> AsyncIterator[Spool]:
    upload: Spool | None = None
    async with AsyncExitStack() as stack:
        async for piece in request.stream():
            for event in reader.feed(piece):
                if isinstance(event, PartStart):
                    upload = await stack.enter_async_context(spool(container))
                elif isinstance(event, PartData) and upload is not None:
                    await upload.write(event.content)
                elif isinstance(event, PartEnd) and upload is not None:
                    await upload.finish()
                    yield upload
                    await stack.aclose()
        reader.close()


async def _answer(
    request: Request, container: Container, case_id: str, reports: list[FileReport]
) -> JSONResponse:
    stored, failed = [], []
    async with SqlImageStores(container.database).transaction() as images:
        for report in reports:
            if report.outcome not in {Outcome.ACCEPTED, Outcome.DUPLICATE}:
                mismatch = report.outcome is Outcome.QUARANTINED
                failed.append(("", report.sop_instance_uid, mismatch))
                continue
            query = ImageQuery(case_id=case_id, sop_instance_uid=report.sop_instance_uid)
            instance, _ = (await images.instances(query))[0]
            url = (
                f"{request.url.path}/{instance.study_uid}/series/{instance.series_uid}"
                f"/instances/{instance.sop_instance_uid}"
            )
            stored.append((instance.sop_class_uid, instance.sop_instance_uid, url))
    code = 409 if not stored else 202 if failed else 200
    return JSONResponse(store_json(stored, failed), status_code=code, media_type=_DICOM_JSON)

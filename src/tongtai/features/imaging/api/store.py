"""HTTP: STOW-RS, so that any DICOMweb client can send images."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from tongtai.features.imaging.api.senders import SendingDep
from tongtai.features.imaging.api.uploads import Spool, spool
from tongtai.features.imaging.api.wiring import PushesDep
from tongtai.features.imaging.errors import OtherStudyError, UnsupportedBodyError
from tongtai.features.imaging.model import FileReport, ImageQuery, Outcome
from tongtai.features.imaging.sql import SqlImageStores
from tongtai.formats.dicom.multipart import MultipartReader, PartData, PartEnd, PartStart, media_type
from tongtai.formats.dicom.qido import StoreFailure, store_json
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
@router.post("/studies/{study_uid}", openapi_extra=_BODY, response_class=JSONResponse)
async def store(
    request: Request,
    container: ContainerDep,
    gate: SendingDep,
    pushes: PushesDep,
    study_uid: str | None = None,
) -> JSONResponse:
    """Store images sent as ``multipart/related; type="application/dicom"``, any or those of one study.

    200: all are stored; 202: some are, the others are named; 409: none is.
    """
    admitted = await gate.admit()
    outer, parameters = media_type(request.headers.get("content-type", ""))
    if outer != "multipart/related" or parameters.get("type", "").lower() != "application/dicom":
        raise UnsupportedBodyError
    reader = MultipartReader(parameters.get("boundary", ""))
    sender, case = admitted.sender, admitted.case
    status = await pushes.start(sender, case, source="STOW-RS", declared_files=None)
    reports: list[FileReport] = []
    try:
        async for upload in _parts(request, container, reader):
            reports += await pushes.receive(
                sender, case, status.push, name=f"part-{len(reports) + 1}", path=upload.path, study_uid=study_uid
            )  # fmt: skip
    finally:
        await pushes.finish(sender, case, status.push.id)
    return await _answer(container, case.id, reports)


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


async def _answer(container: Container, case_id: str, reports: list[FileReport]) -> JSONResponse:
    stored, failed = [], []
    studies = f"/api/cases/{case_id}/dicomweb/studies"
    async with SqlImageStores(container.database).transaction() as images:
        for report in reports:
            if report.outcome not in {Outcome.ACCEPTED, Outcome.DUPLICATE}:
                failed.append(("", report.sop_instance_uid, _reason(report)))
                continue
            query = ImageQuery(case_id=case_id, sop_instance_uid=report.sop_instance_uid)
            instance, _ = (await images.instances(query))[0]
            url = (
                f"{studies}/{instance.study_uid}/series/{instance.series_uid}"
                f"/instances/{instance.sop_instance_uid}"
            )
            stored.append((instance.sop_class_uid, instance.sop_instance_uid, url))
    code = 409 if not stored else 202 if failed else 200
    return JSONResponse(store_json(stored, failed), status_code=code, media_type=_DICOM_JSON)


def _reason(report: FileReport) -> StoreFailure:
    if report.outcome is Outcome.QUARANTINED:
        return StoreFailure.OTHER_PATIENT
    if report.code == OtherStudyError.code:
        return StoreFailure.OTHER_STUDY
    return StoreFailure.UNUSABLE

"""HTTP: QIDO-RS and WADO-RS within one case."""

import json
from collections.abc import AsyncIterator, Sequence
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from tongtai.core.images import Instance
from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.cases.model import CaseAdmission, Disclosure, Side
from tongtai.features.cases.service import CaseAccess
from tongtai.features.imaging.api.wiring import ImagesDep, OpeningsDep
from tongtai.features.imaging.errors import ImageNotFoundError, NotAcceptableError
from tongtai.features.imaging.model import ImageQuery, StoredFile, StoredFrames
from tongtai.features.imaging.service import SeriesOpenings
from tongtai.features.imaging.sql import SqlImages
from tongtai.formats.dicom.disclosure import masked_json
from tongtai.formats.dicom.multipart import closing, new_boundary, part_head
from tongtai.formats.dicom.negotiation import Choice, choose_frame, choose_instance
from tongtai.formats.dicom.qido import instance_json, matches, series_json, study_json
from tongtai.formats.dicom.sending import frames_as, instance_as
from tongtai.infra.container import Container
from tongtai.infra.web import ContainerDep

router = APIRouter(prefix="/api/cases/{case_id}/dicomweb", tags=["dicomweb"])

_DICOM_JSON = "application/dicom+json"
_MAX_FRAMES = 500
# A CT has some hundreds of slices, of about 3 kB each.
_HEADERS_KEPT = 4096
Accept = Annotated[str, Header(alias="accept")]
Limit = Annotated[int, Query(ge=1, le=5000)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


class Reading:
    """A reader who may read this case's images; every route here has one."""

    def __init__(
        self,
        case_id: str,
        principal: Principal,
        access: CaseAccess,
        images: SqlImages,
        openings: SeriesOpenings,
    ) -> None:
        self.images = images
        self._case_id = case_id
        self._principal = principal
        self._access = access
        self._openings = openings

    async def admit(self, series_uid: str = "") -> CaseAdmission:
        """Let in or refuse; the audit log tells each opening of a series, not each slice."""
        is_new = self._openings.is_new(self._principal, self._case_id, series_uid)
        admitted = await self._access.admit(
            self._principal, self._case_id, Permission.IMAGING_READ, audited=is_new
        )
        if is_new:
            self._openings.remember(self._principal, self._case_id, series_uid)
        return admitted

    async def instances(
        self, study_uid: str | None, series_uid: str | None = None, sop_uid: str | None = None
    ) -> list[tuple[Instance, StoredFile]]:
        """The wanted images.

        Raises
        ------
        ImageNotFoundError
            If there is none.
        """
        found = await self.images.instances(self._wanted(study_uid, series_uid, sop_uid))
        if not found:
            raise ImageNotFoundError
        return found

    async def headers(self, study_uid: str, series_uid: str | None, sop_uid: str | None) -> list[str]:
        """The headers of the wanted images, as DICOM JSON.

        Raises
        ------
        ImageNotFoundError
            If there is none.
        """
        found = await self.images.headers(self._wanted(study_uid, series_uid, sop_uid))
        if not found:
            raise ImageNotFoundError
        return found

    async def frames(self, study_uid: str, series_uid: str, sop_uid: str) -> StoredFrames:
        """Where the frames of the wanted image are.

        Raises
        ------
        ImageNotFoundError
            If there is no such image.
        """
        found = await self.images.frames(self._wanted(study_uid, series_uid, sop_uid))
        if found is None:
            raise ImageNotFoundError
        return found

    def _wanted(self, study_uid: str | None, series_uid: str | None, sop_uid: str | None) -> ImageQuery:
        return ImageQuery(
            case_id=self._case_id,
            study_uid=study_uid,
            series_uid=series_uid,
            sop_instance_uid=sop_uid,
        )


async def _reading(
    case_id: str, principal: Current, access: CaseAccessDep, images: ImagesDep, openings: OpeningsDep
) -> Reading:
    return Reading(case_id, principal, access, images, openings)


ReadingDep = Annotated[Reading, Depends(_reading)]


@router.get("/studies", response_class=JSONResponse)
async def search_studies(
    case_id: str, request: Request, reading: ReadingDep, limit: Limit = 1000, offset: Offset = 0
) -> Response:
    """Find studies (QIDO-RS)."""
    admitted = await reading.admit()
    studies: dict[str, list[tuple[dict[str, Any], int]]] = {}
    for series, image in await reading.images.series(ImageQuery(case_id=case_id)):
        studies.setdefault(series.study_uid, []).append((_header(image, admitted), series.instances))
    return _found(request, [study_json(series) for series in studies.values()], limit, offset)


@router.get("/series", response_class=JSONResponse)
@router.get("/studies/{study_uid}/series", response_class=JSONResponse)
async def search_series(
    case_id: str,
    request: Request,
    reading: ReadingDep,
    study_uid: str | None = None,
    limit: Limit = 1000,
    offset: Offset = 0,
) -> Response:
    """Find series (QIDO-RS), of one study or of the case."""
    admitted = await reading.admit()
    found = await reading.images.series(ImageQuery(case_id=case_id, study_uid=study_uid))
    answers = [series_json(_header(image, admitted), series.instances) for series, image in found]
    return _found(request, answers, limit, offset)


@router.get("/instances", response_class=JSONResponse)
@router.get("/studies/{study_uid}/instances", response_class=JSONResponse)
@router.get("/studies/{study_uid}/series/{series_uid}/instances", response_class=JSONResponse)
async def search_instances(
    case_id: str,
    request: Request,
    reading: ReadingDep,
    study_uid: str | None = None,
    series_uid: str | None = None,
    limit: Limit = 1000,
    offset: Offset = 0,
) -> Response:
    """Find images (QIDO-RS), of one series, of one study or of the case."""
    admitted = await reading.admit(series_uid or "")
    query = ImageQuery(case_id=case_id, study_uid=study_uid, series_uid=series_uid)
    found = await reading.images.instances(query)
    answers = [instance_json(_header(image, admitted)) for image, _ in found]
    return _found(request, answers, limit, offset)


@router.get("/studies/{study_uid}/metadata", response_class=JSONResponse)
@router.get("/studies/{study_uid}/series/{series_uid}/metadata", response_class=JSONResponse)
@router.get(
    "/studies/{study_uid}/series/{series_uid}/instances/{sop_uid}/metadata",
    response_class=JSONResponse,
)
async def retrieve_metadata(
    reading: ReadingDep, study_uid: str, series_uid: str | None = None, sop_uid: str | None = None
) -> Response:
    """Headers without pixels, in the order of the slices (WADO-RS)."""
    admitted = await reading.admit(series_uid or "")
    headers = await reading.headers(study_uid, series_uid, sop_uid)
    name = _name_shown(admitted)
    shown = headers if name is None else [_masked_text(header, name) for header in headers]
    return Response(f"[{','.join(shown)}]", media_type=_DICOM_JSON)


@router.get("/studies/{study_uid}", response_class=Response)
@router.get("/studies/{study_uid}/series/{series_uid}", response_class=Response)
@router.get("/studies/{study_uid}/series/{series_uid}/instances/{sop_uid}", response_class=Response)
async def retrieve_instances(
    reading: ReadingDep,
    container: ContainerDep,
    study_uid: str,
    series_uid: str | None = None,
    sop_uid: str | None = None,
    accept: Accept = "*/*",
) -> Response:
    """Whole objects (WADO-RS): as stored, or as Explicit VR Little Endian when asked for."""
    admitted = await reading.admit(series_uid or "")
    found = await reading.instances(study_uid, series_uid, sop_uid)
    choices = [choose_instance(accept, image.transfer_syntax_uid) for image, _ in found]
    chosen = [choice for choice in choices if choice is not None]
    if len(chosen) < len(found):
        raise NotAcceptableError
    name = _name_shown(admitted)
    if len(found) == 1 and not chosen[0].multipart:
        content = await instance_as(
            await container.blobs.get(found[0][1].sha256), decoded=chosen[0].decoded, name=name
        )
        return Response(content, media_type="application/dicom")
    boundary = new_boundary()
    parts = _instance_parts(container, found, chosen, name, boundary)
    content_type = f'multipart/related; type="application/dicom"; boundary={boundary}'
    return StreamingResponse(parts, media_type=content_type)


@router.get(
    "/studies/{study_uid}/series/{series_uid}/instances/{sop_uid}/frames/{numbers}",
    response_class=Response,
)
async def retrieve_frames(
    reading: ReadingDep,
    container: ContainerDep,
    study_uid: str,
    series_uid: str,
    sop_uid: str,
    numbers: str,
    accept: Accept = "*/*",
) -> Response:
    """Frames, counted from 1 and separated by commas: as stored, or decoded (WADO-RS)."""
    await reading.admit(series_uid)
    wanted = frame_numbers(numbers)
    stored = await reading.frames(study_uid, series_uid, sop_uid)
    choice = choose_frame(accept, stored.transfer_syntax_uid)
    if choice is None or (len(wanted) > 1 and not choice.multipart):
        raise NotAcceptableError
    if not all(1 <= number <= stored.frames for number in wanted):
        raise ImageNotFoundError
    content = await container.blobs.get(stored.sha256)
    frames = await frames_as(content, wanted, decoded=choice.decoded)
    if not choice.multipart:
        return Response(frames[0].content, media_type=choice.media_type)
    boundary = new_boundary()
    kind = f"{choice.media_type}; transfer-syntax={frames[0].transfer_syntax_uid}"
    body = b"".join(part_head(boundary, kind) + frame.content + b"\r\n" for frame in frames)
    content_type = f'multipart/related; type="{choice.media_type}"; boundary={boundary}'
    return Response(body + closing(boundary), media_type=content_type)


async def _instance_parts(
    container: Container,
    found: Sequence[tuple[Instance, StoredFile]],
    choices: Sequence[Choice],
    name: str | None,
    boundary: str,
) -> AsyncIterator[bytes]:
    for (image, stored), choice in zip(found, choices, strict=True):
        content = await container.blobs.get(stored.sha256)
        syntax = "1.2.840.10008.1.2.1" if choice.decoded else image.transfer_syntax_uid
        yield part_head(boundary, f"application/dicom; transfer-syntax={syntax}")
        yield await instance_as(content, decoded=choice.decoded, name=name)
        yield b"\r\n"
    yield closing(boundary)


def frame_numbers(text: str) -> list[int]:
    """The frames of a list such as ``1,4,9``.

    Raises
    ------
    ImageNotFoundError
        If it is none.
    """
    parts = text.split(",")
    if len(parts) > _MAX_FRAMES or not all(part.isascii() and part.isdigit() for part in parts):
        raise ImageNotFoundError
    return [int(part) for part in parts if len(part) <= 9] or [0]


def _name_shown(admitted: CaseAdmission) -> str | None:
    """What stands for the patient's name, or None when the image may be sent as it is."""
    if admitted.side is Side.SITE or admitted.case.disclosure is Disclosure.FULL:
        return None
    return admitted.patient.name or ""


def _header(image: Instance, admitted: CaseAdmission) -> dict[str, Any]:
    name = _name_shown(admitted)
    return dict(image.attributes) if name is None else masked_json(image.attributes, name)


@lru_cache(maxsize=_HEADERS_KEPT)
def _masked_text(header: str, name: str) -> str:
    """Kept, because a series that arrives is listed again and again."""
    return json.dumps(masked_json(json.loads(header), name), ensure_ascii=False)


def _found(request: Request, answers: list[dict[str, Any]], limit: int, offset: int) -> Response:
    parameters = request.query_params.multi_items()
    kept = [answer for answer in answers if matches(answer, parameters)]
    return JSONResponse(kept[offset : offset + limit], media_type=_DICOM_JSON)

"""HTTP: images drawn as PNG or JPEG, for whatever cannot read DICOM (WADO-RS, rendered resources)."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from tongtai.core.windowing import Window, WindowFunction
from tongtai.features.imaging.api.dicomweb import Accept, ReadingDep, frame_numbers
from tongtai.features.imaging.errors import ImageNotFoundError, NotAcceptableError
from tongtai.formats.dicom.multipart import closing, new_boundary, part_head
from tongtai.formats.dicom.negotiation import accepted_pictures
from tongtai.formats.dicom.rendering import Drawing, rendered_frame
from tongtai.infra.web import ContainerDep

_INSTANCE = "/studies/{study_uid}/series/{series_uid}/instances/{sop_uid}"
_NUMBER = r"\d{1,9}(\.\d{1,9})?"

router = APIRouter(prefix="/api/cases/{case_id}/dicomweb", tags=["dicomweb"])

WindowParameter = Annotated[
    str | None,
    Query(
        pattern=rf"^-?{_NUMBER},{_NUMBER}(,(linear|linear-exact|sigmoid))?$",
        description="center,width[,function], in the image's own unit",
    ),
]
ViewportParameter = Annotated[
    str | None,
    Query(pattern=r"^[1-9]\d{0,3},[1-9]\d{0,3}$", description="columns,rows that the picture must fit into"),
]
Quality = Annotated[int, Query(ge=1, le=100, description="of a JPEG")]


@router.get(_INSTANCE + "/rendered", response_class=Response)
@router.get(_INSTANCE + "/frames/{numbers}/rendered", response_class=Response)
async def retrieve_rendered(
    reading: ReadingDep,
    container: ContainerDep,
    study_uid: str,
    series_uid: str,
    sop_uid: str,
    numbers: str = "1",
    window: WindowParameter = None,
    viewport: ViewportParameter = None,
    quality: Quality = 90,
    accept: Accept = "*/*",
) -> Response:
    """An image as PNG or JPEG: its first frame, or the named ones; several come as ``multipart/related``."""
    await reading.admit(series_uid)
    wanted = frame_numbers(numbers)
    stored = await reading.frames(study_uid, series_uid, sop_uid)
    accepted = accepted_pictures(accept)
    if not all(1 <= number <= stored.frames for number in wanted):
        raise ImageNotFoundError
    if not accepted:
        raise NotAcceptableError
    drawing = Drawing(window=_window(window), largest=_size(viewport), quality=quality)
    content = await container.blobs.get(stored.sha256)
    pictures = [
        await rendered_frame(content, number, accepted=accepted, drawing=drawing) for number in wanted
    ]
    if len(pictures) == 1:
        return Response(pictures[0].content, media_type=pictures[0].media_type)
    boundary = new_boundary()
    body = b"".join(
        part_head(boundary, picture.media_type) + picture.content + b"\r\n" for picture in pictures
    )
    content_type = f'multipart/related; type="{pictures[0].media_type}"; boundary={boundary}'
    return Response(body + closing(boundary), media_type=content_type)


def _window(text: str | None) -> Window | None:
    if text is None:
        return None
    center, width, *function = text.split(",")
    kind = WindowFunction(function[0]) if function else WindowFunction.LINEAR
    return Window(center=float(center), width=float(width), function=kind)


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    columns, rows = text.split(",")
    return int(columns), int(rows)

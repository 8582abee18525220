"""What the headers of a case's series say: phase, thickness, age, loss."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from pydicom.datadict import tag_for_keyword

from tongtai.core.images import Instance
from tongtai.core.intake.imaging import SeriesFacts
from tongtai.features.imaging.model import ImageQuery, StoredFile
from tongtai.formats.dicom.series.headers import FileHeader
from tongtai.formats.dicom.series.phases import guess_phase
from tongtai.formats.dicom.syntaxes import ALWAYS_LOSSY, PERHAPS_LOSSY

_TEXTS = (
    "SeriesDescription",
    "ProtocolName",
    "ImageComments",
    "ContrastBolusAgent",
    "ContrastBolusStartTime",
    "AcquisitionTime",
    "AcquisitionDateTime",
)
_LOSSY, _LOSSLESS = "01", "00"


class InstanceReader(Protocol):
    """The images of a case."""

    async def instances(self, query: ImageQuery) -> list[tuple[Instance, StoredFile]]:
        """Those that can be seen."""
        ...


class HeaderFacts:
    """Reads the stored headers.

    Parameters
    ----------
    images : InstanceReader
        The images of a case.
    """

    def __init__(self, images: InstanceReader) -> None:
        self._images = images

    async def facts(self, case_id: str) -> Sequence[SeriesFacts]:
        """Each series that can be seen, judged by all its images."""
        series: dict[str, list[Instance]] = {}
        for instance, _ in await self._images.instances(ImageQuery(case_id=case_id)):
            series.setdefault(instance.series_uid, []).append(instance)
        return [_facts(images) for images in series.values()]


def _facts(images: Sequence[Instance]) -> SeriesFacts:
    first = images[0]
    thickness = [found for one in images if (found := _number(one.attributes, "SliceThickness"))]
    return SeriesFacts(
        series_uid=first.series_uid,
        modality=first.modality,
        phase=guess_phase(_header(first)).phase.value,
        study_date=_day(first.study_date),
        thickness_mm=max(thickness, default=None),
        lossy=any(map(_is_lossy, images)),
        images=len(images),
    )


def _header(image: Instance) -> FileHeader:
    texts = {name: _text(image.attributes, name) for name in _TEXTS}
    return FileHeader(
        name=image.sop_instance_uid,
        sop_class_uid=image.sop_class_uid,
        transfer_syntax_uid=image.transfer_syntax_uid,
        patient=("", "", ""),
        texts={name: text for name, text in texts.items() if text},
        numbers={},
        has_pixels=True,
    )


def _is_lossy(image: Instance) -> bool:
    declared, syntax = _text(image.attributes, "LossyImageCompression"), image.transfer_syntax_uid
    return declared == _LOSSY or syntax in ALWAYS_LOSSY or (syntax in PERHAPS_LOSSY and declared != _LOSSLESS)


def _values(attributes: Mapping[str, Any], keyword: str) -> Iterable[Any]:
    tag = tag_for_keyword(keyword)
    found = attributes.get(f"{tag:08X}", {}) if tag is not None else {}
    values: Iterable[Any] = found.get("Value", ())
    return values


def _text(attributes: Mapping[str, Any], keyword: str) -> str:
    return str(next(iter(_values(attributes, keyword)), "") or "")


def _number(attributes: Mapping[str, Any], keyword: str) -> float | None:
    try:
        return float(_text(attributes, keyword))
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        return None

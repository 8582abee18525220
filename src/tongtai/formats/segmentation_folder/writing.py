"""Write a segmentation, whole or not at all."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydicom.dataset import Dataset

from tongtai.core.segmentation.masks import Segmentation, StructureMask
from tongtai.formats.dicom.masks import (
    ARTIFICIAL_INTELLIGENCE,
    MORPHOLOGICAL_OPERATIONS,
    Making,
    Segment,
    segment_of,
    write_segmentation,
)
from tongtai.formats.dicom.masks.errors import SourceImagesError
from tongtai.formats.nifti import write_nifti
from tongtai.formats.whole_folder import whole_folder

_FORMAT = 1


def write_segmentation_folder(
    segmentation: Segmentation,
    folder: Path,
    *,
    sources: Sequence[Dataset] = (),
    written_at: datetime,
    notes: Iterable[str] = (),
) -> tuple[str, ...]:
    """Write ``masks/NAME.nii.gz``, ``segmentation.json`` and, with source images, ``segmentation.dcm``.

    Parameters
    ----------
    segmentation : Segmentation
        What to write.
    folder : Path
        Made; must not exist or be empty. It appears when everything is in it.
    sources : sequence of Dataset
        Headers of the images that the masks were made on; none for an image that was no DICOM.
    written_at : datetime
        Written into the DICOM file.
    notes : iterable of str
        What was done to the image while it was read.

    Returns
    -------
    tuple of str
        The notes, with the reason where no DICOM SEG could be written.

    Raises
    ------
    FolderNotEmptyError
        If the folder holds something.
    """
    with whole_folder(folder) as making:
        (making / "masks").mkdir()
        for mask in segmentation.masks:
            write_nifti(segmentation.grid.with_voxels(mask.voxels), making / "masks" / f"{mask.name}.nii.gz")
        told = [*notes, *_write_dicom(segmentation, making, sources, written_at)]
        text = json.dumps(described(segmentation, notes=told), indent=2, ensure_ascii=False) + "\n"
        (making / "segmentation.json").write_text(text, encoding="utf-8")
    return tuple(told)


def _write_dicom(
    segmentation: Segmentation, folder: Path, sources: Sequence[Dataset], written_at: datetime
) -> list[str]:
    """Write DICOM SEG where the images allow it; else the note why not."""
    if not sources or not segmentation.masks:
        return []
    try:
        content = write_segmentation(dicom_segments(segmentation), sources, written_at=written_at)
    except SourceImagesError as error:
        return [f"No DICOM SEG was written: {error}"]
    (folder / "segmentation.dcm").write_bytes(content)
    return []


def described(segmentation: Segmentation, *, notes: Iterable[str] = ()) -> dict[str, Any]:
    """Everything about a segmentation but its voxels, as JSON holds it."""
    return {
        "format": _FORMAT,
        "tongtai": version("tongtai"),
        "shape": list(segmentation.grid.voxels.shape),
        "index_to_lps": segmentation.grid.index_to_lps.tolist(),
        "frame_of_reference_uid": segmentation.grid.frame_of_reference_uid,
        "masks": [_described(segmentation, mask) for mask in segmentation.masks],
        "not_found": dict(segmentation.not_found),
        "findings": [
            {"code": one.code, "severity": one.severity.value, "structure": one.structure, "text": one.text}
            for one in segmentation.findings
        ],
        "notes": list(notes),
    }


def _described(segmentation: Segmentation, mask: StructureMask) -> dict[str, Any]:
    return {
        "name": mask.name,
        "structure": mask.structure.key,
        "number": mask.number,
        "code": {"value": mask.structure.code.value, "scheme": "SCT", "meaning": mask.structure.code.meaning},
        "role": mask.structure.role.value,
        "volume_ml": round(segmentation.volume_ml(mask), 3),
        "engine": mask.engine,
        "editor": mask.editor,
        "quality": mask.grade.quality.value,
        "reason": mask.grade.reason,
        "dice": mask.grade.dice,
    }


def dicom_segments(segmentation: Segmentation) -> list[Segment]:
    """The masks as segments of a DICOM SEG, in the segmentation's order."""
    return [_segment(segmentation, mask) for mask in segmentation.masks]


def _segment(segmentation: Segmentation, mask: StructureMask) -> Segment:
    network = not mask.engine.startswith("classical")
    return segment_of(
        mask.structure,
        segmentation.grid.with_voxels(mask.voxels),
        number=mask.number,
        making=Making.SEMIAUTOMATIC if mask.editor else Making.AUTOMATIC,
        algorithm=f"Tongtai {mask.engine}",
        algorithm_family=ARTIFICIAL_INTELLIGENCE if network else MORPHOLOGICAL_OPERATIONS,
    )

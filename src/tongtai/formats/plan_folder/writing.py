"""Write a plan's folder, whole or not at all."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydicom.dataset import Dataset

from tongtai.core.planning.plan import Outcome
from tongtai.core.planning.result import PlanResult
from tongtai.core.segmentation.masks import Segmentation
from tongtai.formats.dicom.masks import write_segmentation
from tongtai.formats.dicom.masks.errors import SourceImagesError
from tongtai.formats.nifti import write_nifti
from tongtai.formats.plan_folder.file import PlanFile
from tongtai.formats.plan_folder.skin_map import skin_map_ply
from tongtai.formats.plan_folder.why_not import why_not_text
from tongtai.formats.plan_json import plan_bytes
from tongtai.formats.segmentation_folder import described
from tongtai.formats.segmentation_folder.writing import dicom_segments
from tongtai.formats.whole_folder import whole_folder

CHECKSUMS = "SHA256SUMS"


def write_plan_folder(
    result: PlanResult,
    folder: Path,
    *,
    sources: Sequence[Dataset] = (),
    written_at: datetime,
    others: Sequence[PlanFile] = (),
) -> tuple[str, ...]:
    """Write ``plan.json``, masks, ``skin.ply``, and without a safe path ``why_not.txt``.

    Parameters
    ----------
    result
        The plan with its arrays.
    folder
        Made; must not exist or be empty.
    sources
        Headers of the images, for ``segmentation.dcm``; without them masks are written as NIfTI.
    written_at
        Written into the DICOM file.
    others
        Further files.

    Returns
    -------
    tuple of str
        Names of the files, sorted.

    Raises
    ------
    FolderNotEmptyError
        If the folder holds something.
    """
    plan = result.plan
    files = [
        PlanFile("plan.json", plan_bytes(plan)),
        PlanFile("skin.ply", skin_map_ply(result.reached)),
        *others,
    ]
    if plan.outcome is Outcome.NO_SAFE_PATH:
        files.append(PlanFile("why_not.txt", why_not_text(plan.target, plan.reach).encode()))
    return write_folder(folder, files, result.segmentation, sources=sources, written_at=written_at)


def write_folder(
    folder: Path,
    files: Sequence[PlanFile],
    segmentation: Segmentation,
    *,
    sources: Sequence[Dataset],
    written_at: datetime,
) -> tuple[str, ...]:
    """Write files and masks with a list of their hashes, whole or not at all; the names of all, sorted.

    Raises
    ------
    FolderNotEmptyError
        If the folder holds something.
    """
    with whole_folder(folder) as making:
        for file in files:
            (making / file.name).parent.mkdir(parents=True, exist_ok=True)
            (making / file.name).write_bytes(file.content)
        write_masks(segmentation, making, sources, written_at)
        return write_checksums(making)


def write_checksums(folder: Path) -> tuple[str, ...]:
    """Add a file with the hash of every other; the names of all, sorted."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / CHECKSUMS).write_text("".join(sums), encoding="utf-8")
    return tuple(sorted([*names, CHECKSUMS]))


def write_masks(
    segmentation: Segmentation, folder: Path, sources: Sequence[Dataset], written_at: datetime
) -> None:
    """Masks as DICOM SEG where the images allow it, else as NIfTI, and what they are as ``segmentation.json``."""
    notes = _write_voxels(segmentation, folder, sources, written_at)
    text = json.dumps(described(segmentation, notes=notes), indent=2, ensure_ascii=False) + "\n"
    (folder / "segmentation.json").write_text(text, encoding="utf-8")


def _write_voxels(
    segmentation: Segmentation, folder: Path, sources: Sequence[Dataset], written_at: datetime
) -> list[str]:
    """DICOM SEG where the images allow it, else NIfTI; returns notes."""
    notes = []
    if sources:
        try:
            content = write_segmentation(dicom_segments(segmentation), sources, written_at=written_at)
        except SourceImagesError as error:
            notes = [f"No DICOM SEG was written: {error}"]
        else:
            (folder / "segmentation.dcm").write_bytes(content)
            return []
    (folder / "masks").mkdir()
    for mask in segmentation.masks:
        write_nifti(segmentation.grid.with_voxels(mask.voxels), folder / "masks" / f"{mask.name}.nii.gz")
    return notes

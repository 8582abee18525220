"""Read masks of any known form onto the grid of an image."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tongtai.core.segmentation.masks import Grade, Mask, Quality, Segmentation
from tongtai.core.segmentation.naming import NamedMask, named, segmentation_from
from tongtai.core.segmentation.structures import structure_coded, structure_named
from tongtai.core.volumes import Interpolation, Volume, resampled_onto
from tongtai.formats.dicom.errors import NotDicomError
from tongtai.formats.dicom.masks import SNOMED, ImportedMask, read_masks
from tongtai.formats.mask_import.errors import MaskImportError, NoKnownStructureError
from tongtai.formats.nifti import read_nifti_labels
from tongtai.formats.nrrd import read_nrrd_labels
from tongtai.formats.totalsegmentator.classes import class_names
from tongtai.formats.voxel_files import LabelMap

_NIFTI = (".nii", ".nii.gz")
_NRRD = (".nrrd",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSegmentation:
    """What a file gave.

    Attributes
    ----------
    segmentation : Segmentation
        The masks whose structure is known.
    unused : tuple of str
        Names that planning does not use.
    notes : tuple of str
        What was done to bring masks onto the image's grid.
    """

    segmentation: Segmentation
    unused: tuple[str, ...]
    notes: tuple[str, ...]


def import_masks(
    place: Path, image: Volume, *, names: Mapping[int, str] | None = None
) -> ImportedSegmentation:
    """Read masks.

    Parameters
    ----------
    place : Path
        A DICOM SEG or RTSTRUCT file, a NIfTI or NRRD label map, or a folder of NIfTI files of which
        each is one structure and bears its name.
    image : Volume
        The image that they belong to.
    names : mapping of int to str, optional
        Names of a label map's labels; without them those in the file, and without these the
        numbers of TotalSegmentator's task *total* when every label is one of them.

    Raises
    ------
    NoKnownStructureError
        If planning knows none of the structures.
    TongtaiError
        If the file cannot be read or does not belong to the image.
    """
    notes: list[str] = []
    masks = _read(place, image, names, notes)
    grade = Grade(Quality.FAIR, "Made elsewhere; its quality is not known here.")
    segmentation, unused = segmentation_from(image, masks, engine=f"import/{place.name}", grade=grade)
    if not segmentation.masks:
        listed = ", ".join(unused[:20]) or "nothing"
        raise NoKnownStructureError(
            f"{place.name} holds {listed}: no structure that planning knows. "
            "docs/reference/segmentation.md lists the names. Name the file as its structure (liver.nii.gz), give a folder of such files, "
            "name the labels in an NRRD, or number them as TotalSegmentator does."
        )
    return ImportedSegmentation(segmentation=segmentation, unused=unused, notes=tuple(notes))


def _read(place: Path, image: Volume, names: Mapping[int, str] | None, notes: list[str]) -> list[NamedMask]:
    if place.is_dir():
        return _read_folder(place, image, notes)
    lower = place.name.lower()
    if lower.endswith(_NIFTI):
        return _from_labels(read_nifti_labels(place), image, names, place.name, notes)
    if lower.endswith(_NRRD):
        return _from_labels(read_nrrd_labels(place), image, names, place.name, notes)
    try:
        found = read_masks(place.read_bytes(), image)
    except NotDicomError:
        raise MaskImportError(f"{place.name} is neither NIfTI, NRRD nor DICOM: no masks in it.") from None
    notes += [f"{name}: left out, {reason}" for name, reason in found.skipped]
    for mask in found.masks:
        notes += [f"{mask.name}: {note}" for note in mask.notes]
    return [_from_dicom(mask) for mask in found.masks]


def _read_folder(folder: Path, image: Volume, notes: list[str]) -> list[NamedMask]:
    files = sorted(path for path in folder.iterdir() if path.name.lower().endswith(_NIFTI))
    if not files:
        raise MaskImportError(f"There is no NIfTI file in {folder.name}.")
    masks = []
    for path in files:
        name = path.name.split(".")[0]
        # What planning does not use need not be read.
        structure = structure_named(name)
        if structure is None:
            masks.append(NamedMask(name, None, np.zeros(image.voxels.shape, np.bool_)))
            continue
        labels = _on_grid(read_nifti_labels(path).labels, image, path.name, notes)
        masks.append(NamedMask(name, structure, labels.voxels > 0))
    return masks


def _from_labels(
    labels: LabelMap, image: Volume, names: Mapping[int, str] | None, file: str, notes: list[str]
) -> list[NamedMask]:
    present = [int(label) for label in np.unique(labels.labels.voxels) if label]
    own = file.split(".", maxsplit=1)[0]
    known = dict(names or labels.names)
    if not known and len(present) == 1 and structure_named(own) is not None:
        # One mask in a file that is called as its structure.
        known = {present[0]: own}
    known = known or _numbers_of_totalsegmentator(present, file, notes)
    unnamed = [label for label in present if label not in known]
    on_grid = _on_grid(labels.labels, image, file, notes).voxels
    masks = named({known[label]: on_grid == label for label in present if label in known})
    masks += [NamedMask(f"label {label}", None, np.zeros(image.voxels.shape, np.bool_)) for label in unnamed]
    return masks


def _numbers_of_totalsegmentator(present: list[int], file: str, notes: list[str]) -> dict[int, str]:
    table = class_names()
    # One label alone, or a few small ones, could be anything: no name is guessed for them.
    if len(present) >= 5 and max(present) > 20 and set(present) <= set(table):
        notes.append(f"{file}: labels without names were taken for the numbers of TotalSegmentator 2.")
        return dict(table)
    return {}


def _on_grid(labels: Volume, image: Volume, file: str, notes: list[str]) -> Volume:
    if labels.shares_grid_with(image):
        return labels
    shape = image.voxels.shape
    moved = resampled_onto(
        labels,
        (shape[0], shape[1], shape[2]),
        image.index_to_lps,
        interpolation=Interpolation.NEAREST,
        fill=0,
    )
    if labels.voxels.any() and not moved.voxels.any():
        raise MaskImportError(f"{file}: the masks lie outside of this image; they belong to another one.")
    notes.append(f"{file}: brought onto the image's grid by the nearest voxel.")
    return moved


def _from_dicom(mask: ImportedMask) -> NamedMask:
    structure = None
    if mask.concept is not None and mask.concept.scheme == SNOMED:
        side = next((code.value for code in mask.modifiers), "")
        region = next((code.value for code in mask.regions), "")
        structure = structure_coded(mask.concept.value, side=side, region=region)
    voxels: Mask = mask.mask.voxels.astype(bool)
    return NamedMask(mask.name, structure or structure_named(mask.name), voxels)

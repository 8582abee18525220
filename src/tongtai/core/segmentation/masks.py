"""Masks with their origin: which structure, which engine, how sure, and who corrected it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tongtai.core.segmentation.structures import Structure
from tongtai.core.volumes import GridError, Volume

Mask = NDArray[np.bool_]


class Quality(StrEnum):
    """How far a mask can be trusted before a physician has looked at it."""

    MEASURED = "measured"
    """The engine's error on labelled images is known."""
    GOOD = "good"
    """Found by a sharp physical contrast, such as bone or air."""
    FAIR = "fair"
    """Found by intensity and place; its border may be off by several millimetres."""
    GUARDED = "guarded"
    """A region that certainly holds the structure and more besides: keep out of it."""
    DOUBTFUL = "doubtful"
    """A check contradicts it; look at it first."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How sure a mask is, with the reason.

    Attributes
    ----------
    quality : Quality
        The class.
    reason : str
        One sentence.
    dice : float, optional
        Dice coefficient that the engine reached on labelled images, where it was measured.
    """

    quality: Quality
    reason: str
    dice: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StructureMask:
    """The voxels of one structure, or of one of several lesions.

    Attributes
    ----------
    structure : Structure
        What it is.
    voxels : (K, J, I) bool array
        Where it is, on the grid of its segmentation.
    engine : str
        What made it, with version, such as ``classical/1`` or ``pack/liver-tumour-kiunet``.
    grade : Grade
        How sure it is.
    editor : str
        Who corrected it by hand; empty when nobody did.
    number : int
        Counts lesions of the same structure from 1, largest first; 1 for every organ.
    """

    structure: Structure
    voxels: Mask
    engine: str
    grade: Grade
    editor: str = ""
    number: int = 1

    def __post_init__(self) -> None:
        if self.voxels.dtype != np.bool_:
            raise GridError(f"A mask holds truth values, this array holds {self.voxels.dtype}.")

    @property
    def name(self) -> str:
        """Key of the structure, with the number of a second lesion and later ones."""
        return self.structure.key if self.number == 1 else f"{self.structure.key}_{self.number}"


class Severity(StrEnum):
    """What a finding asks of its reader."""

    NOTE = "note"
    WARNING = "warning"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check noticed.

    Attributes
    ----------
    code : str
        Stable name of the check's outcome, such as ``no_lesion_found``.
    severity : Severity
        A note, a warning, or a reason not to plan on this segmentation.
    text : str
        One sentence with the numbers.
    structure : str
        Key of the structure; empty where it concerns the whole image.
    """

    code: str
    severity: Severity
    text: str
    structure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segmentation:
    """All masks of one image.

    Attributes
    ----------
    grid : Volume
        The image that was segmented.
    masks : tuple of StructureMask
        At most one of each structure and number.
    not_found : mapping of str to str
        Structures that were looked for in vain, with the reason.
    findings : tuple of Finding
        What the checks noticed.

    Raises
    ------
    GridError
        If a mask has another shape than the image, or two masks are the same structure and number.
    """

    grid: Volume
    masks: tuple[StructureMask, ...]
    not_found: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        names = [mask.name for mask in self.masks]
        if len(set(names)) != len(names):
            raise GridError(f"A structure is there twice: {sorted(names)}.")
        for mask in self.masks:
            if mask.voxels.shape != self.grid.voxels.shape:
                raise GridError(
                    f"The mask of {mask.name} has shape {mask.voxels.shape}, the image {self.grid.voxels.shape}."
                )

    def mask_of(self, key: str, number: int = 1) -> StructureMask | None:
        """The mask of a structure, or None."""
        for mask in self.masks:
            if mask.structure.key == key and mask.number == number:
                return mask
        return None

    def lesions(self) -> tuple[StructureMask, ...]:
        """Every tumour and lesion, in the order of their numbers."""
        return tuple(mask for mask in self.masks if mask.structure.key in ("liver_tumour", "liver_lesion"))

    def union_of(self, keys: Iterable[str]) -> Mask:
        """Voxels of any of these structures, shape ``(K, J, I)``; false everywhere where none is there."""
        wanted = set(keys)
        union = np.zeros(self.grid.voxels.shape, np.bool_)
        for mask in self.masks:
            if mask.structure.key in wanted:
                union |= mask.voxels
        return union

    def volume_ml(self, mask: StructureMask) -> float:
        """Volume of a mask in millilitres: its voxels' number times their volume."""
        return float(np.count_nonzero(mask.voxels)) * self.grid.voxel_volume_ml

    def corrected(self, mask: StructureMask, voxels: Mask, *, editor: str) -> "Segmentation":
        """A copy in which one mask is as a person corrected it."""
        edited = replace(mask, voxels=voxels, editor=editor)
        masks = tuple(edited if old is mask else old for old in self.masks)
        return replace(self, masks=masks)

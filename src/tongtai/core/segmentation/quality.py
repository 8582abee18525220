"""Checks of a finished segmentation: is each mask possible, and does it agree with the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tongtai.core.segmentation.masks import (
    Finding,
    Grade,
    Mask,
    Quality,
    Segmentation,
    Severity,
    StructureMask,
)
from tongtai.core.segmentation.morphology import filled, parts
from tongtai.core.segmentation.working_grid import bounding_box


@dataclass(frozen=True, slots=True)
class PlausibleVolume:
    """Volumes in millilitres within which a whole organ of an adult lies, and where that is from."""

    least_ml: float
    greatest_ml: float
    source: str


PLAUSIBLE: Mapping[str, PlausibleVolume] = MappingProxyType(
    {
        "liver": PlausibleVolume(
            600.0, 3500.0, "Henderson 1981 (1,493 ± 230 ml), widened for small bodies, atrophy and steatosis"
        ),
        "spleen": PlausibleVolume(30.0, 2000.0, "Prassopoulos 1997 (107–315 ml), widened for portal hypertension"),
        "kidney_right": PlausibleVolume(60.0, 400.0, "Roseman 2017 (202 ± 36 ml men, 154 ± 33 ml women, 3 SD, hydronephrosis)"),
        "kidney_left": PlausibleVolume(60.0, 400.0, "Roseman 2017 (202 ± 36 ml men, 154 ± 33 ml women, 3 SD, hydronephrosis)"),
        "gallbladder": PlausibleVolume(2.0, 200.0, "Everson 1991 (fasting 5–60 ml), widened for hydrops"),
        "heart": PlausibleVolume(300.0, 1500.0, "Alkadhi 2010 (whole heart by CT), widened for cardiomegaly"),
        "lung": PlausibleVolume(1000.0, 9000.0, "Stocks and Quanjer 1995 (reference values of residual and total volume)"),
    }
)  # fmt: skip
_LARGEST_TUMOUR_SHARE = 0.5
_SHARE_OUTSIDE = 0.1
_ONE_PART = ("liver", "spleen", "kidney_right", "kidney_left", "gallbladder", "heart", "aorta")


def checked(segmentation: Segmentation) -> Segmentation:
    """The segmentation with the findings of every check; masks that fail one are graded doubtful.

    Nothing is changed in the masks themselves: a check that corrects in silence hides its error.
    """
    findings = [
        *segmentation.findings,
        *_organ_findings(segmentation),
        *_liver_findings(segmentation),
        *_lesion_findings(segmentation),
        *_side_findings(segmentation),
    ]
    doubtful = {finding.structure for finding in findings if finding.severity is Severity.WARNING}
    masks = tuple(_doubted(mask, findings) if mask.name in doubtful else mask for mask in segmentation.masks)
    return replace(segmentation, masks=masks, findings=tuple(findings))


def _doubted(mask: StructureMask, findings: list[Finding]) -> StructureMask:
    reasons = [finding.text for finding in findings if finding.structure == mask.name]
    grade = Grade(Quality.DOUBTFUL, " ".join([*reasons, mask.grade.reason]), mask.grade.dice)
    return replace(mask, grade=grade)


def touches_border(mask: Mask) -> bool:
    """Whether a mask reaches the first or last voxel of any axis."""
    return any(bool(mask.take((0, -1), axis=axis).any()) for axis in range(3))


def _organ_findings(segmentation: Segmentation) -> list[Finding]:
    found: list[Finding] = []
    for mask in segmentation.masks:
        key, name = mask.structure.key, mask.structure.name_en
        volume = segmentation.volume_ml(mask)
        cut = touches_border(mask.voxels)
        if cut and key in PLAUSIBLE:
            text = f"The {name} reaches the edge of the picture: a part of it is missing."
            found.append(Finding("touches_border", Severity.NOTE, text, mask.name))
        plausible = PLAUSIBLE.get(key)
        if plausible is not None and (
            volume > plausible.greatest_ml or (volume < plausible.least_ml and not cut)
        ):
            text = (
                f"The {name} has {volume:.0f} ml; {plausible.least_ml:.0f} to {plausible.greatest_ml:.0f} ml are "
                f"plausible ({plausible.source})."
            )
            found.append(Finding("implausible_volume", Severity.WARNING, text, mask.name))
        if key in _ONE_PART:
            found += _part_findings(mask, volume)
    return found


def _part_findings(mask: StructureMask, volume_ml: float) -> list[Finding]:
    box = bounding_box(mask.voxels, margin=1)
    if box is None:
        return []
    inside = mask.voxels[box]
    _, sizes = parts(inside, connectivity=26)
    found = []
    share = 1.0 - float(sizes.max()) / float(sizes.sum())
    if share > 0.02:
        text = f"{share:.0%} of the {mask.structure.name_en} lies apart from its largest part ({len(sizes) - 1} parts)."
        found.append(Finding("several_parts", Severity.WARNING, text, mask.name))
    holes = np.count_nonzero(filled(inside)) - np.count_nonzero(inside)
    hole_ml = volume_ml * holes / max(int(sizes.sum()), 1)
    if hole_ml > max(0.5, 0.005 * volume_ml):
        text = f"The {mask.structure.name_en} has enclosed holes of {hole_ml:.1f} ml."
        found.append(Finding("holes", Severity.NOTE, text, mask.name))
    return found


def _liver_findings(segmentation: Segmentation) -> list[Finding]:
    liver = segmentation.mask_of("liver")
    if liver is None:
        reason = segmentation.not_found.get("liver", "No engine marked one.")
        return [
            Finding("no_liver", Severity.REFUSAL, f"There is no liver in this picture. {reason}", "liver")
        ]
    found = []
    volume = max(int(np.count_nonzero(liver.voxels)), 1)
    for key in ("bone", "lung", "kidney_right", "kidney_left", "heart"):
        other = segmentation.mask_of(key)
        if other is None:
            continue
        share = np.count_nonzero(liver.voxels & other.voxels) / volume
        if share > 0.005:
            text = (
                f"{share:.1%} of the liver is marked as {other.structure.name_en} too: one of the two leaks."
            )
            found.append(Finding("overlap", Severity.WARNING, text, "liver"))
    return found


def _lesion_findings(segmentation: Segmentation) -> list[Finding]:
    lesions = segmentation.lesions()
    if not lesions:
        return [
            Finding("no_lesion_found", Severity.NOTE, "No lesion was found in the liver.", "liver_lesion")
        ]
    liver = segmentation.mask_of("liver")
    if liver is None:
        return []
    found = []
    whole = float(np.count_nonzero(liver.voxels))
    for lesion in lesions:
        size = float(np.count_nonzero(lesion.voxels))
        outside = np.count_nonzero(lesion.voxels & ~liver.voxels) / max(size, 1.0)
        if outside > _SHARE_OUTSIDE:
            text = f"{outside:.0%} of {lesion.name} lies outside of the liver."
            found.append(Finding("lesion_outside_liver", Severity.WARNING, text, lesion.name))
        if size > _LARGEST_TUMOUR_SHARE * whole:
            text = (
                f"{lesion.name} fills {size / max(whole, 1.0):.0%} of the liver: it may be the liver itself."
            )
            found.append(Finding("lesion_fills_liver", Severity.WARNING, text, lesion.name))
    return found


def _side_findings(segmentation: Segmentation) -> list[Finding]:
    """Liver and right kidney lie on the patient's right of spleen and left kidney, or the picture is mirrored."""
    centres = {
        key: _centre_x(segmentation, mask.voxels)
        for key in ("liver", "spleen", "kidney_right", "kidney_left")
        if (mask := segmentation.mask_of(key)) is not None and mask.voxels.any()
    }
    found = []
    for right, left in (("liver", "spleen"), ("kidney_right", "kidney_left")):
        if right in centres and left in centres and centres[right] > centres[left]:
            text = (
                f"The {right.replace('_', ' ')} lies on the patient's left of the {left.replace('_', ' ')}: the picture "
                "is mirrored, the masks are exchanged, or the patient has situs inversus."
            )
            found.append(Finding("sides_exchanged", Severity.WARNING, text, right))
    return found


def _centre_x(segmentation: Segmentation, mask: Mask) -> float:
    """Mean LPS x of a mask: from right to left."""
    index = np.array(
        [np.average(np.arange(n), weights=_counts(mask, axis)) for axis, n in enumerate(mask.shape)]
    )
    return float(segmentation.grid.lps_of(index)[0])


def _counts(mask: Mask, axis: int) -> NDArray[np.intp]:
    counts: NDArray[np.intp] = np.count_nonzero(mask, axis=tuple(n for n in range(3) if n != axis))
    return counts

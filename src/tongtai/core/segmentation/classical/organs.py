"""The second look: organ after organ, each in what those before it left."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tongtai.core.segmentation.classical.edges import to_half_way
from tongtai.core.segmentation.classical.even_organ import EvenOrganModel, find_even_organ
from tongtai.core.segmentation.classical.gallbladder import find_gallbladder
from tongtai.core.segmentation.classical.great_vessels import VENA_CAVA, follow_tube, tube_mask
from tongtai.core.segmentation.classical.heart import find_heart
from tongtai.core.segmentation.classical.hollow_organs import find_hollow_organs
from tongtai.core.segmentation.classical.kidneys import find_kidney
from tongtai.core.segmentation.classical.liver import find_liver
from tongtai.core.segmentation.classical.liver_contents import FoundLesion, find_lesions, find_vessels
from tongtai.core.segmentation.classical.survey import Survey, survey
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import dilated, distance_to_mm, largest_part, opened
from tongtai.core.segmentation.progress import Progress, report
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.volumes import Volume

# Spleens of 50–400 ml are usual, to 2 l in portal hypertension: Prassopoulos 1997.
SPLEEN = EvenOrganModel(range_hu=(5.0, 220.0), smallest_ml=25.0, neck_mm=6.0, thick_mm=5.0, steps=4, peaks=3)
_SPLEEN_LEFT_MM = 45.0
# The spleen lies on the diaphragm: its core is no further from the wall of the flank.
_FLANK_MM = 45.0
_LARGEST_SPLEEN_ML = 2500.0
_VENA_CAVA_LEAST_SCORE = 18.0
_BELOW_KIDNEYS_MM = 20.0
_KIDNEY_BELOW_LIVER_MM = 60.0
_LOCATE_MARGIN_MM = 15.0
_LOCATE_SPACING_MM = 4.0
# Blood that differs less from the liver shows no border against it.
_LEAST_CONTRAST_HU = 25.0


@dataclass(slots=True)
class Organs:
    """Masks on the survey's box, each ``(K, J, I)``; filled step by step.

    Attributes
    ----------
    masks
        By the structure's key.
    lesions
        In the liver, largest first.
    liver_hu, liver_noise_hu
        Density of the parenchyma and its spread; None without a liver.
    """

    masks: dict[str, Mask] = field(default_factory=dict)
    lesions: list[FoundLesion] = field(default_factory=list)
    liver_hu: float | None = None
    liver_noise_hu: float = 0.0

    def claimed(self, like: Mask) -> Mask:
        """Voxels that belong to an organ already."""
        claimed = np.zeros_like(like)
        for mask in self.masks.values():
            claimed |= mask
        return claimed


def find_organs(seen: Survey, given: Mapping[str, Mask], progress: Progress) -> Organs:
    """Find every organ that is not given.

    Parameters
    ----------
    seen : Survey
        The first look.
    given : mapping of str to (K, J, I) bool array
        Masks known from elsewhere, on the survey's box: ``liver``, ``liver_tumour`` …
    progress : Progress
        Told before each organ.
    """
    organs = Organs({"bone": seen.bone, "lung": seen.air.lung, "bowel_gas": seen.air.gas})
    if seen.aorta_mask.any():
        organs.masks["aorta"] = seen.aorta_mask
    steps = (
        ("liver", _liver),
        ("kidneys", _kidneys),
        ("spleen", _spleen),
        ("gallbladder", _gallbladder),
        ("vena cava", _vena_cava),
        ("heart", _heart),
        ("stomach and bowel", _hollow_organs),
        ("vessels and lesions in the liver", _liver_contents),
    )
    for number, (name, step) in enumerate(steps):
        report(progress, number / len(steps), name)
        step(seen, organs, given)
    return organs


def _left_over(seen: Survey, organs: Organs, *, gap_mm: float = 0.0) -> Mask:
    claimed = organs.claimed(seen.body)
    return seen.cavity & ~(dilated(claimed, gap_mm, seen.spacing_mm) if gap_mm else claimed)


def _lowest_slice(seen: Survey, organs: Organs, *, below_liver_mm: float) -> int:
    """Slice this far below the lowest of the liver; 0 where there is no liver or the picture ends before."""
    if "liver" not in organs.masks:
        return 0
    liver = int(np.flatnonzero(organs.masks["liver"].any(axis=(1, 2)))[0])
    return max(0, liver - round(below_liver_mm / seen.spacing_mm[0]))


def _liver(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    known = given.get("liver")
    if known is not None:
        organs.masks["liver"] = known
        values = seen.smooth[known & ~given.get("liver_tumour", np.zeros_like(known))]
        organs.liver_hu = float(np.median(values))
        organs.liver_noise_hu = 1.4826 * float(np.median(np.abs(values - organs.liver_hu)))
        return
    flesh = seen.body & (seen.hounsfield > -30.0) & ~organs.claimed(seen.body)
    found = find_liver(
        seen.smooth,
        _left_over(seen, organs, gap_mm=1.0),
        seen.cavity,
        flesh,
        seen.left_mm,
        seen.behind_mm,
        seen.spacing_mm,
    )
    if found is not None:
        organs.masks["liver"] = found.mask & ~organs.claimed(seen.body)
        organs.liver_hu, organs.liver_noise_hu = found.level_hu, found.noise_hu


def _kidneys(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    allowed = seen.cavity & ~organs.claimed(seen.body)
    lowest = _lowest_slice(seen, organs, below_liver_mm=_KIDNEY_BELOW_LIVER_MM)
    for key, beside in (("kidney_right", -seen.left_mm), ("kidney_left", seen.left_mm)):
        found = given.get(key)
        if found is None:
            level = organs.liver_hu if seen.enhanced else None
            found = find_kidney(seen.smooth, allowed, seen.behind_mm, beside, level, lowest, seen.spacing_mm)
        if found is not None:
            organs.masks[key] = found


def _spleen(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    flank = distance_to_mm(seen.body & ~seen.cavity & ~seen.air.gas & (seen.left_mm > 0), seen.spacing_mm)
    place = (seen.left_mm > _SPLEEN_LEFT_MM) & (seen.behind_mm > -70.0) & (flank < _FLANK_MM)
    place = place & ~dilated(seen.air.gas, 8.0, seen.spacing_mm)
    place[: _lowest_slice(seen, organs, below_liver_mm=0.0)] = False
    found = find_even_organ(seen.smooth, _left_over(seen, organs, gap_mm=1.0), place, seen.spacing_mm, SPLEEN)
    if found is None:
        return
    volume = np.count_nonzero(found.mask) * seen.grid.block_ml
    if volume < _LARGEST_SPLEEN_ML:
        free = ~organs.claimed(seen.body) & seen.body
        grown = to_half_way(seen.smooth, found.mask, free, found.level_hu, seen.spacing_mm)
        organs.masks["spleen"] = grown & free
    del given


def _gallbladder(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    if "liver" not in organs.masks or organs.liver_hu is None:
        return
    liver = organs.masks["liver"]
    others = organs.claimed(seen.body) & ~liver
    given_liver = "liver" in given
    allowed = seen.cavity & ~others & ~(liver & _deep(seen, liver, given_liver=given_liver))
    found = find_gallbladder(
        seen.smooth, allowed, liver, seen.air.gas, seen.behind_mm, organs.liver_hu, seen.spacing_mm
    )
    if found is not None:
        organs.masks["gallbladder"] = found
        if not given_liver:
            organs.masks["liver"] = liver & ~found


def _deep(seen: Survey, liver: Mask, *, given_liver: bool) -> Mask:
    """The part of the liver that no gallbladder can be in: all of a known one, else what is not at its surface."""
    if given_liver:
        return liver
    outside = seen.cavity & ~liver
    return liver & ~dilated(outside, 25.0, seen.spacing_mm)


def _vena_cava(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    blocked = dilated(seen.aorta_mask, 4.0, seen.spacing_mm) | seen.bone
    tube = follow_tube(seen.hounsfield, seen.spine, seen.spacing_mm, VENA_CAVA, blocked=blocked)
    if tube is None:
        return
    bordered = tube.level_hu > (organs.liver_hu or 0.0) + _LEAST_CONTRAST_HU
    if seen.enhanced and not bordered:
        return
    mask = tube_mask(
        seen.hounsfield, tube, seen.spacing_mm, enhanced=bordered, least_score=_VENA_CAVA_LEAST_SCORE
    )
    liver = organs.masks.get("liver")
    if liver is None:
        return
    mask &= ~(organs.claimed(seen.body) & ~liver) & _levels(seen, organs, above=False)
    if "aorta" in organs.masks:
        organs.masks["aorta"] &= _levels(seen, organs, above=True)
    if np.count_nonzero(mask) * seen.grid.block_ml > 3.0:
        organs.masks["inferior_vena_cava"] = mask
        if "liver" in organs.masks and "liver" not in given:
            beside = organs.masks["liver"] & ~dilated(mask, 2.0, seen.spacing_mm)
            organs.masks["liver"] = largest_part(opened(beside, 3.0, seen.spacing_mm))


def _levels(seen: Survey, organs: Organs, *, above: bool) -> Mask:
    """Slices in which the great vessels are what they seem: from below the kidneys on, and up to the dome."""
    lowest = [
        int(np.flatnonzero(organs.masks[key].any(axis=(1, 2)))[0])
        for key in ("liver", "kidney_right", "kidney_left")
        if key in organs.masks
    ]
    top = int(np.flatnonzero(organs.masks["liver"].any(axis=(1, 2)))[-1])
    start = max(0, min(lowest) - round(_BELOW_KIDNEYS_MM / seen.spacing_mm[0]))
    levels = np.zeros((len(seen.body), 1, 1), np.bool_)
    levels[start : None if above else top + 1] = True
    return levels


def _heart(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    found = find_heart(
        seen.hounsfield, seen.body, seen.air.lung, organs.claimed(seen.body), seen.behind_mm, seen.spacing_mm
    )
    if found is not None:
        organs.masks["heart"] = found
    del given


def _hollow_organs(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    gas = seen.air.gas
    unclaimed = _left_over(seen, organs) | gas
    found = find_hollow_organs(
        seen.hounsfield, gas, unclaimed & ~seen.air.lung, seen.behind_mm, seen.spacing_mm
    )
    if found.any():
        organs.masks["bowel"] = found
    del given


def _liver_contents(seen: Survey, organs: Organs, given: Mapping[str, Mask]) -> None:
    liver = organs.masks.get("liver")
    if liver is None or organs.liver_hu is None:
        return
    noise = max(organs.liver_noise_hu, 3.0)
    tumours = given.get("liver_tumour", np.zeros_like(liver))
    vessels = None
    if seen.enhanced:
        vessels = find_vessels(seen.hounsfield, liver & ~tumours, organs.liver_hu, noise, seen.spacing_mm)
    if vessels is not None:
        organs.masks["liver_vessel"] = vessels
    if "liver_tumour" not in given:
        organs.lesions = find_lesions(
            seen.smooth,
            liver,
            _explained(seen, organs, vessels),
            seen.cavity & ~liver,
            organs.liver_hu,
            noise,
            seen.spacing_mm,
        )


def _explained(seen: Survey, organs: Organs, vessels: Mask | None) -> Mask:
    """Where another density needs no lesion: vessels, fat of the fissures, the gallbladder's wall."""
    fat: Floats = seen.hounsfield
    explained = dilated(fat < -15.0, 2.0, seen.spacing_mm)
    if vessels is not None:
        explained |= dilated(vessels, 2.0, seen.spacing_mm)
    if "gallbladder" in organs.masks:
        explained |= dilated(organs.masks["gallbladder"], 4.0, seen.spacing_mm)
    return explained


def find_liver_slices(image: Volume, progress: Progress) -> tuple[int, int] | None:
    """Upright slices of the image in which the liver lies, with 15 mm above and below; None without one.

    The time of a network is best spent there.
    """
    seen = survey(image, progress, spacing_mm=_LOCATE_SPACING_MM)
    organs = Organs({"bone": seen.bone, "lung": seen.air.lung, "bowel_gas": seen.air.gas})
    _liver(seen, organs, {})
    if "liver" not in organs.masks:
        return None
    levels = np.flatnonzero(organs.masks["liver"].any(axis=(1, 2))) + seen.box[0].start
    margin = _LOCATE_MARGIN_MM / seen.spacing_mm[0]
    factor, total = seen.grid.factors[0], seen.grid.upright_shape[0]
    return (
        max(0, int((levels[0] - margin) * factor)),
        min(total, int((levels[-1] + 1 + margin) * factor)),
    )

"""Find the seeds of a permanent implant in a CT."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.seed_detection.calibration import usual_seed
from tongtai.core.seed_detection.candidates import Cluster, body_of, clusters_of, highest_hu
from tongtai.core.seed_detection.errors import SeedDetectionError
from tongtai.core.seed_detection.fitting import Fit, residuals
from tongtai.core.seed_detection.growing import Usual, grown
from tongtai.core.seed_detection.rod_image import AXIS, BRIGHTNESS, CENTRE
from tongtai.core.seed_detection.rules import DetectionRules
from tongtai.core.volumes import Volume

Place = tuple[float, float, float]
Numbers = NDArray[np.float64]
_SLICES, _THICKEST_MM = 3, 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSeed:
    """A seed that the image shows.

    Attributes
    ----------
    centre_lps_mm, axis_lps
        Place and direction; both ends are alike, the one towards the head comes first.
    brightness
        Of a usual seed of this image, as a share.
    cluster, companions
        Number of the lot of metal it was found in, and how many other seeds that holds.
    confidence
        0 to 1: what the seed alone explains of the image around it, lowered for unusual brightness.
        It puts seeds in the order in which to look at them; it is no probability.
    """

    centre_lps_mm: Place
    axis_lps: Place
    brightness: float
    cluster: int
    companions: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedMetal:
    """Metal that was not taken for a seed, and why."""

    centre_lps_mm: Place
    volume_mm3: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSearch:
    """What was found, with what it was found.

    Attributes
    ----------
    threshold_hu, highest_hu
        Metal; clipping of the image (None where it is not clipped).
    blur_mm
        As seen on seeds that lie alone.
    singles
        How many lie alone; 0: the look of a seed was assumed.
    """

    seeds: tuple[FoundSeed, ...]
    rejected: tuple[RejectedMetal, ...]
    threshold_hu: float
    highest_hu: float | None
    blur_mm: float
    slice_thickness_mm: float
    singles: int


def find_seeds(image: Volume, rules: DetectionRules, *, search: Volume | None = None) -> SeedSearch:
    """Find seeds: metal, in clusters, each explained by as many seeds as it needs.

    Parameters
    ----------
    image
        Hounsfield units, axes at right angles.
    rules
        Numbers of the search.
    search
        Mask of where to look, on the same grid; None for the whole body.

    Raises
    ------
    SeedDetectionError
        If the image has too few or too thick slices, is sheared, or the mask lies on another grid.
    """
    _check(image, search)
    where = body_of(image) if search is None else search.voxels.astype(np.bool_)
    sized, large = clusters_of(image, where, rules)
    clip = highest_hu(image)
    slice_mm = rules.slice_thickness_mm or float(image.spacing_mm[0])
    usual = usual_seed(sized, slice_mm, clip, rules)
    seeds: list[FoundSeed] = []
    rejected = [
        RejectedMetal(centre_lps_mm=one.centre_lps_mm, volume_mm3=one.volume_mm3, reason="larger than seeds")
        for one in large
    ]
    for number, cluster in enumerate(sized, start=1):
        taken, left = _judged(image, cluster, number, usual, rules)
        seeds += taken
        rejected += left
    return SeedSearch(
        seeds=tuple(sorted(seeds, key=lambda one: one.centre_lps_mm[::-1])),
        rejected=tuple(rejected),
        threshold_hu=rules.threshold_for(float(image.spacing_mm[0])),
        highest_hu=clip if np.isfinite(clip) else None,
        blur_mm=usual.optics.blur_mm,
        slice_thickness_mm=slice_mm,
        singles=usual.singles,
    )


def _check(image: Volume, search: Volume | None) -> None:
    if min(image.voxels.shape) < _SLICES:
        raise SeedDetectionError(f"Seeds are searched for in {_SLICES} slices or more.")
    if image.spacing_mm[0] > _THICKEST_MM:
        raise SeedDetectionError(
            f"Slices are {image.spacing_mm[0]:.1f} mm apart: a seed of 4.5 mm cannot be placed in them; "
            f"take a CT of at most {_THICKEST_MM:.0f} mm."
        )
    directions = image.index_to_lps[:3, :3] / image.spacing_mm
    if not np.allclose(directions.T @ directions, np.eye(3), atol=1e-3):
        raise SeedDetectionError("The image's axes are not at right angles; straighten the series first.")
    if search is not None and not search.shares_grid_with(image):
        raise SeedDetectionError("The mask of where to look does not lie on the image's grid.")


def _judged(
    image: Volume, cluster: Cluster, number: int, usual: Usual, rules: DetectionRules
) -> tuple[list[FoundSeed], list[RejectedMetal]]:
    at_most = max(1, min(rules.largest_cluster_seeds, round(3.0 * cluster.mass / usual.brightness) + 2))
    fit = grown(cluster.patch, usual, rules, at_most=at_most)
    if fit is None:
        return [], [_rejected(image, cluster, "too little metal for a seed")]
    shares = fit.rods[:, BRIGHTNESS] / usual.brightness
    scores = _confidences(cluster, fit, shares, usual, rules)
    if 2 * sum(score >= rules.least_confidence for score in scores) < len(scores):
        return [], [_rejected(image, cluster, f"no seeds explain it: {len(scores)} were tried")]
    seeds, rejected = [], []
    for rod, share, score in zip(fit.rods, shares, scores, strict=True):
        place, axis = _in_patient(image, rod)
        if score < rules.least_confidence:
            reason = f"does not look like a seed: confidence {score:.2f}, {share:.2f} of a seed's brightness"
            rejected.append(RejectedMetal(centre_lps_mm=place, volume_mm3=cluster.metal_mm3, reason=reason))
            continue
        seeds.append(
            FoundSeed(
                centre_lps_mm=place,
                axis_lps=axis,
                brightness=float(share),
                cluster=number,
                companions=len(fit.rods) - 1,
                confidence=float(score),
            )
        )
    return seeds, rejected


def _confidences(
    cluster: Cluster, fit: Fit, shares: Numbers, usual: Usual, rules: DetectionRules
) -> Sequence[float]:
    """Explained share around each seed × agreement of its brightness × what it is needed for."""
    patch = cluster.patch
    wrong = (residuals(patch, fit.images) / patch.weight) ** 2
    found = []
    for number, image in enumerate(fit.images):
        near = image > 0.02 * image.max()
        there = float((patch.above_hu[near] ** 2).sum())
        explained = max(0.0, 1.0 - float(wrong[near].sum()) / max(there, 1.0))
        usualness = np.exp(-0.5 * (np.log(shares[number]) / (2.0 * rules.brightness_spread)) ** 2)
        if not rules.least_brightness <= shares[number] <= rules.highest_brightness:
            usualness = 0.0
        without = residuals(patch, np.delete(fit.images, number, axis=0))
        needed = float((without**2).sum() - (residuals(patch, fit.images) ** 2).sum()) / usual.gain
        found.append(float(explained * usualness * min(1.0, max(needed, 0.0))))
    return found


def _rejected(image: Volume, cluster: Cluster, reason: str) -> RejectedMetal:
    x, y, z = image.lps_of(cluster.middle_mm / image.spacing_mm).tolist()
    return RejectedMetal(centre_lps_mm=(x, y, z), volume_mm3=cluster.metal_mm3, reason=reason)


def _in_patient(image: Volume, rod: Numbers) -> tuple[Place, Place]:
    x, y, z = image.lps_of(rod[CENTRE] / image.spacing_mm).tolist()
    axis = (image.index_to_lps[:3, :3] / image.spacing_mm) @ rod[AXIS]
    if tuple(axis[::-1]) < (0.0, 0.0, 0.0):
        axis = -axis
    a, b, c = axis.tolist()
    return (x, y, z), (a, b, c)

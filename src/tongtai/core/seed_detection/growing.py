"""How many seeds a cluster holds: one more as long as it explains enough of the image."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.seed_detection.fitting import Fit, Patch, fitted, residuals, tamed
from tongtai.core.seed_detection.rod_image import AXIS, CENTRE, Optics
from tongtai.core.seed_detection.rules import DetectionRules

Numbers = NDArray[np.float64]
_SHORT, _NEAR_MM, _ASIDE_MM = 6, 3.0, 0.7
_SPLIT = 2
# Seeds further apart than this do not share voxels.
_TOUCHING_MM = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """One seed as this image shows it.

    Attributes
    ----------
    brightness
        HU mm³.
    gain
        What it explains, in squared weighted residuals.
    optics
        How the image blurs.
    singles
        From how many seeds that lie alone; none: assumed.
    """

    brightness: float
    gain: float
    optics: Optics
    singles: int


def grown(patch: Patch, usual: Usual, rules: DetectionRules, *, at_most: int) -> Fit | None:
    """Seeds of a cluster, added one by one and each taken away again that is not needed; None if it has none."""
    best = Fit(
        rods=np.zeros((0, 7)),
        images=np.zeros((0, len(patch.above_hu))),
        cost=empty_cost(patch),
    )
    needed = rules.new_seed_share * usual.gain
    while len(best.rods) < at_most:
        tried = min(
            (_tried(patch, best, kept, new, usual, rules) for kept, new in _starts(patch, best, usual)),
            key=lambda one: one.cost,
        )
        tried = _fit(patch, tried.rods, usual, rules)
        if best.cost - tried.cost < needed:
            break
        best = tried
    best = _pruned(patch, best, usual, rules, needed)
    return best if len(best.rods) else None


def _tried(patch: Patch, fit: Fit, kept: list[int], new: Numbers, usual: Usual, rules: DetectionRules) -> Fit:
    """A change tried in the new seeds' neighbourhood; the cost is the whole cluster's, nearly."""
    around = [n for n in kept if _apart(fit.rods[n], new) < _TOUCHING_MM]
    far = [n for n in kept if n not in around]
    moving = np.vstack([fit.rods[around], new])
    base = fit.images[far].sum(axis=0)
    part = patch.near(moving[:, CENTRE], base, _TOUCHING_MM)
    local = _fit(part, moving, usual, rules, _SHORT)
    before = np.sum(tamed(residuals(patch, fit.images)) ** 2)
    there = patch.near(moving[:, CENTRE], fit.images.sum(axis=0), _TOUCHING_MM)
    gone = np.sum(tamed(residuals(there, np.zeros((1, len(there.above_hu))))) ** 2)
    return Fit(
        rods=np.vstack([fit.rods[far], local.rods]), images=fit.images, cost=float(before - gone + local.cost)
    )


def _apart(rod: Numbers, others: Numbers) -> float:
    return float(np.linalg.norm(others[:, CENTRE] - rod[CENTRE], axis=1).min())


def empty_cost(patch: Patch) -> float:
    """Cost of a patch without seeds."""
    return float(np.sum(tamed(patch.weight * patch.above_hu) ** 2))


def _fit(patch: Patch, rods: Numbers, usual: Usual, rules: DetectionRules, rounds: int = 25) -> Fit:
    return fitted(patch, rods, usual.optics, rules, brightness=usual.brightness, rounds=rounds)


def _starts(patch: Patch, fit: Fit, usual: Usual) -> Iterator[tuple[list[int], Numbers]]:
    """Seeds that stay and new ones: where most is unexplained, or two where one seed stands for both."""
    left = np.maximum(residuals(patch, fit.images) / patch.weight, 0.0)
    near = [float(left[_within(patch, rod[CENTRE], _NEAR_MM)].sum()) for rod in fit.rods]
    place = patch.places_mm[_smoothed(patch, left).argmax()]
    everyone = list(range(len(fit.rods)))
    yield everyone, _rod(place, _axis(patch, left, place), usual)[None]
    for number in np.argsort(near)[::-1][:_SPLIT]:
        rod, others = fit.rods[number], [one for one in everyone if one != number]
        axis = rod[AXIS]
        beside = _axis(patch, left, rod[CENTRE])
        beside = beside - (beside @ axis) * axis
        if np.linalg.norm(beside) < 0.1:
            beside = np.cross(axis, np.eye(3)[np.abs(axis).argmin()])
        beside /= np.linalg.norm(beside)
        for direction, apart in ((axis, 2.4), (beside, _ASIDE_MM), (np.cross(axis, beside), _ASIDE_MM)):
            both = [_rod(rod[CENTRE] + side * apart * direction, axis, usual) for side in (1.0, -1.0)]
            yield others, np.vstack(both)


def _rod(place: Numbers, axis: Numbers, usual: Usual) -> Numbers:
    return np.concatenate([place, axis, [usual.brightness]])


def _within(patch: Patch, place: Numbers, reach_mm: float) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = ((patch.places_mm - place) ** 2).sum(axis=1) <= reach_mm**2
    return found


def _smoothed(patch: Patch, left: Numbers) -> Numbers:
    """Mean of what is left within 1.5 mm of the brightest voxels; nothing elsewhere."""
    found = np.zeros(len(left))
    for row in np.argsort(left)[::-1][:60]:
        found[row] = left[_within(patch, patch.places_mm[row], 1.5)].mean()
    return found


def _axis(patch: Patch, left: Numbers, place: Numbers) -> Numbers:
    """Direction in which what is left near a place is longest."""
    near = _within(patch, place, _NEAR_MM)
    weight = left[near]
    if weight.sum() <= 0.0:
        return np.array([1.0, 0.0, 0.0])
    offset = patch.places_mm[near] - weight @ patch.places_mm[near] / weight.sum()
    axis: Numbers = np.linalg.eigh((offset * weight[:, None]).T @ offset)[1][:, -1]
    return axis


def _pruned(patch: Patch, fit: Fit, usual: Usual, rules: DetectionRules, needed: float) -> Fit:
    """Without the seeds that the others can stand for."""
    while len(fit.rods) > 1:
        tried = []
        for number, rod in enumerate(fit.rods):
            others = [one for one in range(len(fit.rods)) if one != number]
            near = min(others, key=lambda one: _apart(fit.rods[one], rod[None]))
            kept = [one for one in others if one != near]
            tried.append(_tried(patch, fit, kept, fit.rods[near][None], usual, rules))
        best = min(tried, key=lambda one: one.cost)
        if best.cost - fit.cost > needed:
            return fit
        fit = _fit(patch, best.rods, usual, rules)
    return fit

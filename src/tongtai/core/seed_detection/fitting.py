"""Fit seeds to the voxels of a cluster: all of them at once, by damped least squares."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.seed_detection.rod_image import (
    BRIGHTNESS,
    PARAMETERS,
    Optics,
    normal_equations,
    rod_image,
    rod_slopes,
    shifted_rod,
)
from tongtai.core.seed_detection.rules import DetectionRules

Numbers = NDArray[np.float64]
_ROUNDS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """The voxels of a cluster and around it.

    Attributes
    ----------
    places_mm : (N, 3) array
        Along k, j, i.
    above_hu : (N,) array
        Height above the tissue around.
    highest_hu
        Clipping, above the tissue.
    weight : (N,) array
        One over the deviation that is expected.
    base_hu : (N,) array
        What seeds make that are not to be changed.
    """

    places_mm: Numbers
    above_hu: Numbers
    highest_hu: float
    weight: Numbers
    base_hu: Numbers

    def near(self, places_mm: Numbers, base_hu: Numbers, reach_mm: float) -> "Patch":
        """The part around some places ``(P, 3)``, with what other seeds make in it."""
        apart = ((self.places_mm[:, None] - places_mm) ** 2).sum(axis=2).min(axis=1)
        kept = apart <= reach_mm**2
        return Patch(
            places_mm=self.places_mm[kept],
            above_hu=self.above_hu[kept],
            highest_hu=self.highest_hu,
            weight=self.weight[kept],
            base_hu=(self.base_hu + base_hu)[kept],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Seeds and how well they explain a patch.

    Attributes
    ----------
    rods : (S, 7) array
        As `rod_image` takes them.
    images : (S, N) array
        What each adds.
    cost
        Sum of squared weighted residuals, with what is charged for unusual brightness.
    """

    rods: Numbers
    images: Numbers
    cost: float


def residuals(patch: Patch, images: Numbers) -> Numbers:
    """Weighted differences, image minus model; zero where both are clipped."""
    model = np.minimum(images.sum(axis=0) + patch.base_hu, patch.highest_hu)
    found: Numbers = patch.weight * (patch.above_hu - model)
    return found


def fitted(
    patch: Patch,
    rods: Numbers,
    optics: Optics,
    rules: DetectionRules,
    *,
    brightness: float,
    rounds: int = _ROUNDS,
) -> Fit:
    """The nearest best places, axes and brightnesses.

    Parameters
    ----------
    rods : (S, 7) array
        Where to begin.
    brightness
        Of a usual seed, HU mm³.
    """
    best = _judged(patch, rods, optics, rules, brightness)
    damping = 1e-2
    for _ in range(rounds):
        normal, pull = _linearised(patch, best, optics, rules, brightness)
        step = np.linalg.solve(normal + damping * np.diag(np.diag(normal) + 1e-9), pull)
        tried = _judged(
            patch,
            _moved(best.rods, step.reshape(-1, PARAMETERS).astype(np.float64)),
            optics,
            rules,
            brightness,
        )
        if tried.cost < best.cost:
            gained, best, damping = best.cost - tried.cost, tried, max(damping / 5.0, 1e-6)
            if gained < 1e-4 * best.cost:
                break
        else:
            damping *= 6.0
            if damping > 1e4:
                break
    return best


def _judged(patch: Patch, rods: Numbers, optics: Optics, rules: DetectionRules, brightness: float) -> Fit:
    images = np.array([rod_image(patch.places_mm, rod, optics) for rod in rods])
    unusual = _unusual(rods, rules, brightness)
    cost = float(np.sum(tamed(residuals(patch, images)) ** 2) + np.sum(unusual**2))
    return Fit(rods=rods, images=images, cost=cost)


def _unusual(rods: Numbers, rules: DetectionRules, brightness: float) -> Numbers:
    # A seed of another brightness costs as much as ten voxels that are as far off.
    off: Numbers = np.sqrt(10.0) * np.log(rods[:, BRIGHTNESS] / brightness) / rules.brightness_spread
    return off


def tamed(wrong: Numbers) -> Numbers:
    """Huber: beyond four deviations a residual counts by its size, so that a streak does not pull a seed."""
    size = np.abs(wrong)
    found: Numbers = np.where(size > 4.0, np.sqrt(np.maximum(8.0 * size - 16.0, 0.0)) * np.sign(wrong), wrong)
    return found


def _linearised(
    patch: Patch, fit: Fit, optics: Optics, rules: DetectionRules, brightness: float
) -> tuple[Numbers, Numbers]:
    """The normal matrix ``(6 S, 6 S)`` of the weighted model, and the pull of what is left to explain."""
    count = len(fit.rods)
    wrong = residuals(patch, fit.images)
    size = np.abs(wrong)
    trust = np.where(size > 4.0, np.sqrt(4.0 / np.maximum(size, 4.0)), 1.0)
    free = np.where(fit.images.sum(axis=0) + patch.base_hu < patch.highest_hu, 1.0, 0.0)
    slopes = rod_slopes(patch.places_mm, fit.rods, fit.images, optics)
    normal, pull = np.zeros((count * PARAMETERS, count * PARAMETERS)), np.zeros(count * PARAMETERS)
    normal_equations(slopes, patch.weight * trust * free, wrong * trust, normal, pull)
    charged = np.sqrt(10.0) / rules.brightness_spread
    brightnesses = np.arange(1, count + 1) * PARAMETERS - 1
    normal[brightnesses, brightnesses] += charged**2
    pull[brightnesses] -= charged * _unusual(fit.rods, rules, brightness)
    return normal, pull


def _moved(rods: Numbers, steps: Numbers) -> Numbers:
    """Rods after a step: place in mm, ends of the axis sideways in mm, ln of brightness."""
    moved = np.zeros_like(rods)
    bounded = np.clip(steps, -1.0, 1.0)
    bounded[:, 5] = np.clip(steps[:, 5], -0.5, 0.5)
    for row in range(len(rods)):
        shifted_rod(rods[row], bounded[row], moved[row])
    return moved

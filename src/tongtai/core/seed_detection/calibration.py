"""How one seed looks in this image, learnt from those that lie alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tongtai.core.seed_detection.candidates import Cluster
from tongtai.core.seed_detection.fitting import Fit, Patch, fitted
from tongtai.core.seed_detection.growing import Usual, empty_cost
from tongtai.core.seed_detection.rod_image import Optics, rod_image
from tongtai.core.seed_detection.rules import DetectionRules

Numbers = NDArray[np.float64]
_BLURS_MM = np.arange(0.45, 1.35, 0.1)
_FREE = 2.0
_MOST, _FEWEST = 24, 3
_UNEXPLAINED = 0.1
# Where no seed lies alone: a capsule of 4.5 × 0.8 mm of 30 000 HU, seen by a scanner of common sharpness.
_ASSUMED_BLUR_MM, _ASSUMED_BRIGHTNESS = 0.7, 68_000.0


def usual_seed(
    clusters: Sequence[Cluster], slice_mm: float, highest_hu: float, rules: DetectionRules
) -> Usual:
    """Blur and brightness that explain the smallest clusters best, each as one seed."""
    optics = Optics(
        blur_mm=_ASSUMED_BLUR_MM, slice_mm=slice_mm, length_mm=rules.length_mm, highest_hu=highest_hu
    )
    alone = _alone(clusters)
    free = replace(rules, brightness_spread=_FREE)
    tries = []
    for blur in _BLURS_MM:
        seen = replace(optics, blur_mm=float(blur))
        fits = [_one(cluster.patch, seen, free, cluster.mass) for cluster in alone]
        tries.append((seen, fits))
    if not alone:
        return _assumed(optics, rules)
    # The best explained decide: pairs, clips and calcifications are no rods at any blur.
    seen, fits = min(tries, key=lambda one: _unexplained(one[1], alone)[:_FEWEST].mean())
    well = [
        (fit, cluster)
        for fit, cluster in zip(fits, alone, strict=True)
        if fit.cost < _UNEXPLAINED * empty_cost(cluster.patch)
    ]
    if not well:
        return _assumed(optics, rules)
    return Usual(
        brightness=float(np.median([fit.rods[0, 6] for fit, _ in well])),
        gain=float(np.median([empty_cost(cluster.patch) - fit.cost for fit, cluster in well])),
        optics=seen,
        singles=len(well),
    )


def _unexplained(fits: Sequence[Fit], clusters: Sequence[Cluster]) -> Numbers:
    """Shares of the clusters' images that one seed does not explain, rising."""
    return np.sort(
        [fit.cost / empty_cost(cluster.patch) for fit, cluster in zip(fits, clusters, strict=True)]
    )


def _alone(clusters: Sequence[Cluster]) -> list[Cluster]:
    if not clusters:
        return []
    masses = np.array([cluster.mass for cluster in clusters])
    # The lower quarter is more likely one seed than the median, where most lie in pairs.
    usual = float(np.quantile(masses, 0.25))
    near = np.flatnonzero((masses > 0.6 * usual) & (masses < 1.5 * usual))
    return [clusters[number] for number in near[np.argsort(np.abs(masses[near] - usual))][:_MOST]]


def _one(patch: Patch, optics: Optics, rules: DetectionRules, mass: float) -> Fit:
    weight = np.maximum(patch.above_hu, 0.0)
    middle = weight @ patch.places_mm / weight.sum()
    offset = patch.places_mm - middle
    axis = np.linalg.eigh((offset * weight[:, None]).T @ offset)[1][:, -1]
    rod = np.concatenate([middle, axis, [mass]])
    return fitted(patch, rod[None], optics, rules, brightness=mass, rounds=12)


def _assumed(optics: Optics, rules: DetectionRules) -> Usual:
    """A seed of the usual kind on a grid of 0.7 mm."""
    steps = np.arange(-6.0, 6.1, 0.7)
    deep = np.arange(-6.0, 6.1, optics.slice_mm)
    places = np.array(np.meshgrid(deep, steps, steps, indexing="ij")).reshape(3, -1).T
    rod = np.array([0.0, 0.0, 0.0, 0.6, 0.8, 0.0, _ASSUMED_BRIGHTNESS])
    above = np.minimum(rod_image(places, rod, optics), optics.highest_hu)
    weight = 1.0 / np.hypot(rules.noise_hu, rules.model_error * above)
    patch = Patch(
        places_mm=places,
        above_hu=above,
        highest_hu=optics.highest_hu,
        weight=weight,
        base_hu=np.zeros(len(above)),
    )
    return Usual(brightness=_ASSUMED_BRIGHTNESS, gain=empty_cost(patch), optics=optics, singles=0)

"""The dose at points: the exact sum over the seeds, by the formalism itself."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.errors import BrachytherapyError, InsideSeedError
from tongtai.core.brachytherapy.formalism import check_formalism, dose_rate_cgy_h_u
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.brachytherapy.seed_models import SeedModel

Numbers = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDoses:
    """What seeds give at points.

    Attributes
    ----------
    rate_gy_h : (N,) array
        Dose rate at the moment of the implant.
    total_gy : (N,) array
        Dose of the permanent implant, to infinity unless a time was given.
    """

    rate_gy_h: Numbers
    total_gy: Numbers


def seed_coordinates(points_mm: Numbers, centre_mm: Numbers, axis: Numbers) -> tuple[Numbers, Numbers]:
    """Distances along a seed's axis (signed) and away from it, each ``(N,)``, of points ``(N, 3)``.

    Examples
    --------
    >>> along, away = seed_coordinates(np.array([[3.0, 4.0, 5.0]]), np.zeros(3), np.array([0.0, 0.0, 1.0]))
    >>> along.tolist(), away.tolist()
    ([5.0], [5.0])
    """
    offset = points_mm - centre_mm
    along = offset @ axis
    # The cross product keeps its digits near the axis, where r² - along² loses them.
    away: Numbers = np.linalg.norm(np.cross(offset, axis), axis=1)
    return along, away


def inside_capsule(model: SeedModel, along_mm: Numbers, away_mm: Numbers) -> Bools:
    """Whether places lie inside the seed's capsule (its surface is outside)."""
    found: Bools = (np.abs(along_mm) < model.capsule_length_mm / 2.0) & (
        away_mm < model.capsule_diameter_mm / 2.0
    )
    return found


def doses_at(
    implant: Implant, points_mm: Numbers, rules: DoseRules, *, after_d: float = math.inf
) -> PointDoses:
    """Dose rate and dose at points, summed over the seeds.

    Parameters
    ----------
    implant
        The seeds, with their strengths at the implant.
    points_mm : (N, 3) array
        LPS millimetres.
    rules
        Formalism and interpolation.
    after_d
        Days after the implant until which the dose counts.

    Raises
    ------
    InsideSeedError
        If a point lies inside a seed's capsule.
    FormalismMissingError
        If a model lacks the table that the formalism needs.
    BrachytherapyError
        If the points are not finite.
    """
    if points_mm.ndim != 2 or points_mm.shape[1] != 3 or not np.all(np.isfinite(points_mm)):
        raise BrachytherapyError("Points are rows of three finite coordinates in millimetres.")
    for model in implant.models().values():
        check_formalism(model, rules.formalism)
    rate, total = np.zeros(len(points_mm)), np.zeros(len(points_mm))
    weights = zip(implant.rate_weights_gy_h(), implant.dose_weights_gy(after_d), strict=True)
    for number, (seed, (to_rate, to_dose)) in enumerate(zip(implant.seeds, weights, strict=True)):
        along, away = seed_coordinates(points_mm, np.array(seed.centre_lps_mm), np.array(seed.axis_lps))
        inside = inside_capsule(seed.model, along, away)
        if inside.any():
            point = int(np.flatnonzero(inside)[0])
            raise InsideSeedError(
                f"Point {point + 1} lies inside seed {number + 1}: TG-43 gives no dose there; move it.",
                point=point + 1,
                seed=number + 1,
            )
        one = dose_rate_cgy_h_u(seed.model, np.hypot(along, away), np.arctan2(away, along), rules)
        rate += to_rate * one
        total += to_dose * one
    return PointDoses(rate_gy_h=rate, total_gy=total)

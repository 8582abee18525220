"""How probable the margin is when needles miss and images do not quite fit: seeded Monte Carlo.

Each trial displaces every needle on its own (with all its positions) and the whole picture once.
An error is given as its mean length in space; its three components are drawn from one Gaussian,
whose standard deviation follows from that mean (Maxwell distribution).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.targets import AblationTarget, envelope_of, thinned
from tongtai.core.coverage.zones import Packed, Zone, level, packed

NEEDLE_ERROR_MM = 3.7
REGISTRATION_ERROR_MM = 1.6
_NORMAL_95 = 1.959963984540054
_INNER_CELL_MM = 2.0
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RequiredPoints:
    """Points that must all lie in the zones for a margin to hold.

    They are the outer envelope of balls of the margin's radius around the tumour's surface, away
    from the capsule, and a lattice of the tumour itself.

    Attributes
    ----------
    points : (N, 3) array
        Positions in LPS millimetres.
    """

    margin_mm: float
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginProbability:
    """A share of trials with its own error.

    Attributes
    ----------
    margin_mm
        The margin that had to hold everywhere away from the capsule, the tumour being covered.
    probability, standard_error
        Share of trials in which it held, and the binomial standard error.
    low, high
        Wilson's 95 % interval.
    """

    margin_mm: float
    probability: float
    standard_error: float
    low: float
    high: float
    trials: int
    needle_error_mm: float
    registration_error_mm: float


def component_deviation_mm(mean_error_mm: float) -> float:
    """Standard deviation of each component of an isotropic Gaussian error with a mean length.

    Examples
    --------
    >>> round(component_deviation_mm(3.7), 3)
    2.319
    """
    return mean_error_mm * float(np.sqrt(np.pi / 8.0))


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson EB. J Am Stat Assoc 1927;22:209-212).

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson_interval(10, 10)]
    [0.722, 1.0]
    """
    z2 = _NORMAL_95**2
    share = successes / trials
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    spread = share * (1 - share) / trials + z2 / (4 * trials**2)
    half = _NORMAL_95 * float(np.sqrt(spread)) / (1 + z2 / trials)
    # At shares of 0 and 1 the bound is the share itself; rounding must not put it on the other side.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def margin_probability(
    required: RequiredPoints,
    zones: Sequence[Zone],
    needle_of_zone: Sequence[int],
    generator: np.random.Generator,
    *,
    trials: int = 2000,
    needle_error_mm: float = NEEDLE_ERROR_MM,
    registration_error_mm: float = REGISTRATION_ERROR_MM,
) -> MarginProbability:
    """Probability that the margin holds in spite of the errors.

    Parameters
    ----------
    required
        What must stay inside the zones, see ``required_points``.
    zones, needle_of_zone
        The zones, and for each the number of the needle that makes it.
    generator
        Source of chance; the same state gives the same answer.
    trials
        Number of trials.
    needle_error_mm, registration_error_mm
        Mean lengths of the errors.

    Raises
    ------
    CoverageError
        If there are no trials, or zones and needles do not match.
    """
    if trials < 1 or len(zones) != len(needle_of_zone):
        raise CoverageError("Give at least one trial, and one needle number for each zone.")
    needles = max(needle_of_zone, default=-1) + 1
    own = generator.normal(0.0, component_deviation_mm(needle_error_mm), (trials, needles, 3))
    shared = generator.normal(0.0, component_deviation_mm(registration_error_mm), (trials, 1, 3))
    held = 0
    if zones:
        points = hardest_first(required.points, packed(zones))
        moves = (own + shared)[:, np.asarray(needle_of_zone, np.int64)]
        held = int(trials_held(points, packed(zones), moves).sum())
    share = held / trials
    low, high = wilson_interval(held, trials)
    return MarginProbability(
        margin_mm=required.margin_mm,
        probability=share,
        standard_error=float(np.sqrt(share * (1 - share) / trials)),
        low=low,
        high=high,
        trials=trials,
        needle_error_mm=needle_error_mm,
        registration_error_mm=registration_error_mm,
    )


def required_points(target: AblationTarget, margin_mm: float = 5.0) -> RequiredPoints:
    """What must lie in the zones for a margin to hold.

    Parameters
    ----------
    target
        Tumour and liver; its own ``margin_mm``, with which it was planned, only says which part of
        the surface lies at the capsule.
    margin_mm
        The margin that must hold.
    """
    inner = target.tumour_points[thinned(target.tumour_points, _INNER_CELL_MM)]
    same = margin_mm == target.margin_mm
    envelope = (
        target.envelope_points if same else envelope_of(target.surface_points, target.at_capsule, margin_mm)
    )
    rim = target.surface_points[target.at_capsule] if margin_mm > 0.0 else target.surface_points
    return RequiredPoints(margin_mm, np.concatenate([envelope, inner, rim]))


def hardest_first(points: Points, zones: Packed) -> Points:
    """The points, those nearest to falling out of the zones first: a trial that fails fails soon."""
    levels = np.full(len(points), np.inf)
    for zone in zones:
        away = points - zone[:3]
        along = away @ zone[3:6]
        across = np.einsum("nd,nd->n", away, away) - along**2
        levels = np.minimum(levels, across * zone[6] + along**2 * zone[7])
    return np.ascontiguousarray(points[np.argsort(-levels, kind="stable")])


@njit(cache=True)
def trials_held(points: Points, zones: Packed, moves: Points) -> NDArray[np.bool_]:
    """For displacements ``(T, Z, 3)`` of the zones, whether all points stay inside, shape ``(T,)``."""
    held = np.ones(moves.shape[0], np.bool_)
    for trial in range(moves.shape[0]):
        for p in range(points.shape[0]):
            inside = False
            for n in range(zones.shape[0]):
                x = points[p, 0] - moves[trial, n, 0]
                y = points[p, 1] - moves[trial, n, 1]
                z = points[p, 2] - moves[trial, n, 2]
                if level(zones[n], x, y, z) <= 1.0:
                    inside = True
                    break
            if not inside:
                held[trial] = False
                break
    return held

"""Where the seeds of an invented implant lie: needles through a target, some seeds touching each other."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.volumes import Points

# Share of the seeds that are put in pairs: end to end, and side by side.
_END_TO_END, _BESIDE = 0.3, 0.2
_LENGTH_MM, _GAP_MM, _ASIDE_MM = 4.5, 0.1, 1.0
_CLEAR_MM = 3.0
_TRIES = 5_000


@dataclass(frozen=True, slots=True)
class DrawnSeeds:
    """Centres ``(S, 3)`` in LPS millimetres and unit axes ``(S, 3)``."""

    centres_lps_mm: Points
    axes_lps: Points


def draw_seeds(
    generator: np.random.Generator, count: int, centre_lps_mm: Points, *, half_mm: Points | None = None
) -> DrawnSeeds:
    """Seeds in pairs along needles: three in ten end to end, two in ten side by side, the rest apart.

    Two pairs keep 3 mm between their centres, so that strange pairs overlap in the image too.

    Parameters
    ----------
    count
        Even.
    half_mm
        Half the size of the box of the pairs' first seeds; 22 × 22 × 16 mm when absent.

    Raises
    ------
    ValueError
        If so many do not fit.

    Examples
    --------
    >>> drawn = draw_seeds(np.random.default_rng(1), 4, np.zeros(3))
    >>> drawn.centres_lps_mm.shape, np.linalg.norm(drawn.axes_lps, axis=1).round(9).tolist()
    ((4, 3), [1.0, 1.0, 1.0, 1.0])
    """
    half = np.array([22.0, 22.0, 16.0]) if half_mm is None else half_mm
    centres, axes = np.zeros((0, 3)), np.zeros((0, 3))
    for _ in range(_TRIES):
        if len(centres) >= count:
            return DrawnSeeds(centres[:count], axes[:count])
        axis = _axis(generator)
        first = centre_lps_mm + generator.uniform(-half, half)
        pair = np.stack([first, first + _offset(generator, axis)])
        if len(centres) and np.linalg.norm(centres[:, None] - pair, axis=2).min() < _CLEAR_MM:
            continue
        centres, axes = np.vstack([centres, pair]), np.vstack([axes, axis, axis])
    raise ValueError(f"{count} seeds do not fit into this box.")


def _axis(generator: np.random.Generator) -> Points:
    """Seven in ten along one way of the needles, which tilt a little; the others anyhow."""
    if generator.random() < 0.7:
        axis = np.array([0.15, 0.2, 1.0]) + generator.normal(0.0, 0.08, 3)
    else:
        axis = generator.normal(size=3)
    unit: Points = axis / np.linalg.norm(axis)
    return unit


def _offset(generator: np.random.Generator, axis: Points) -> Points:
    kind = generator.random()
    beside = np.cross(axis, generator.normal(size=3))
    beside /= np.linalg.norm(beside)
    if kind < _END_TO_END:
        return axis * (_LENGTH_MM + _GAP_MM)
    if kind < _END_TO_END + _BESIDE:
        found: Points = axis * generator.uniform(-1.0, 1.0) + beside * _ASIDE_MM
        return found
    apart: Points = axis * generator.uniform(5.0, 10.0)
    return apart

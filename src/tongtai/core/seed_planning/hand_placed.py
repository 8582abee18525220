"""Needles and seeds that a person placed: plain data, so that whoever only reads them loads no computation."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.needle import Needle
from tongtai.core.seed_planning.errors import HandPlacedSeedsError

_TOLERANCE_MM = 0.05
# A plan keeps six decimals of a direction.
_AXES_WITHIN = 1e-4
MOST_HOLES = 26
"""Columns are named by one letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandNeedleOfSeeds:
    """A needle and the depths of its seeds' centres below the skin.

    Attributes
    ----------
    hole
        The template's hole; empty for none.
    depths_mm
        In any order.
    """

    hole: str
    needle: Needle
    depths_mm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTemplate:
    """The template through whose holes the needles go: an edited plan keeps that of the plan it came from.

    Attributes
    ----------
    origin_lps_mm
        On the line of the middle hole, at any depth.
    column_axis_lps, row_axis_lps, direction_lps
        Unit vectors at right angles: in the plane, and of every needle.
    spacing_mm, holes
        Between holes; along each side.
    """

    origin_lps_mm: tuple[float, float, float]
    column_axis_lps: tuple[float, float, float]
    row_axis_lps: tuple[float, float, float]
    direction_lps: tuple[float, float, float]
    spacing_mm: float
    holes: int
    rotation_deg: float

    def __post_init__(self) -> None:
        axes = np.array([self.column_axis_lps, self.row_axis_lps, self.direction_lps])
        if not np.all(np.isfinite(axes)) or not np.allclose(axes @ axes.T, np.eye(3), atol=_AXES_WITHIN):
            raise HandPlacedSeedsError("The axes of the template must be unit vectors at right angles.")
        if not 1 <= self.holes <= MOST_HOLES or not self.spacing_mm > 0.0:
            raise HandPlacedSeedsError(
                f"A template has 1 to {MOST_HOLES} holes along each side, some way apart."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPlacedSeeds:
    """All needles of a plan, every seed of the request's model and strength.

    Attributes
    ----------
    template
        None for needles without one.
    """

    needles: tuple[HandNeedleOfSeeds, ...]
    template: HeldTemplate | None = None

    def __post_init__(self) -> None:
        if not any(one.depths_mm for one in self.needles):
            raise HandPlacedSeedsError("Place at least one seed.")
        for number, one in enumerate(self.needles, 1):
            for depth in one.depths_mm:
                if not 0.0 < depth <= one.needle.length_mm + _TOLERANCE_MM:
                    raise HandPlacedSeedsError(
                        f"Needle {number} is {one.needle.length_mm:.1f} mm deep and cannot carry a seed at {depth:g} mm."
                    )
            if len(set(one.depths_mm)) < len(one.depths_mm):
                raise HandPlacedSeedsError(f"Needle {number} has two seeds at the same depth.")

    def loaded(self) -> tuple[HandNeedleOfSeeds, ...]:
        """Those with seeds, the deepest seed of each first."""
        return tuple(
            HandNeedleOfSeeds(
                hole=one.hole, needle=one.needle, depths_mm=tuple(sorted(one.depths_mm, reverse=True))
            )
            for one in self.needles
            if one.depths_mm
        )

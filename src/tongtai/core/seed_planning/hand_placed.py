"""Needles and seeds that a person placed: plain data, so that whoever only reads them loads no computation."""

from dataclasses import dataclass

from tongtai.core.needle import Needle
from tongtai.core.seed_planning.errors import HandPlacedSeedsError

_TOLERANCE_MM = 0.05


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
class HandPlacedSeeds:
    """All needles of a plan, every seed of the request's model and strength."""

    needles: tuple[HandNeedleOfSeeds, ...]

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

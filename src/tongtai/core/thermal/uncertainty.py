"""How far the contour may move within the ranges of the tissue's properties.

Deterministic: the nominal run, one run with each quantity at either end of its range, and two with all
of them at the ends that shrank, or enlarged, the zone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.errors import ThermalError
from tongtai.core.thermal.result import HeatResult

Mask = NDArray[np.bool_]
End = Literal["low", "value", "high"]
Simulate = Callable[[Mapping[str, End]], HeatResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One run: which quantities stood at which end, and the zone it gave."""

    ends: Mapping[str, End]
    volume_ml: float
    short_axis_mm: float
    long_axis_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ContourBand:
    """A contour with its band.

    ``inner`` is reached in every run, ``outer`` in at least one. ``variations`` begin with the nominal run;
    the last two are all quantities at their shrinking and at their enlarging ends.
    """

    criterion_id: str
    nominal: HeatResult
    inner: Mask
    outer: Mask
    variations: Sequence[Variation]

    @property
    def smallest(self) -> Variation:
        """The run with the smallest volume."""
        return min(self.variations, key=lambda one: one.volume_ml)

    @property
    def largest(self) -> Variation:
        """The run with the largest volume."""
        return max(self.variations, key=lambda one: one.volume_ml)


def contour_band(simulate: Simulate, quantities: Sequence[str], criterion_id: str) -> ContourBand:
    """Run the variations and collect the band of one criterion's contour.

    Parameters
    ----------
    simulate
        Runs the treatment with some quantities at an end of their ranges (`HeatScene.varied`); it may
        raise `HeatCancelledError`, which ends the whole.
    quantities
        Names as in the tissues' table; ``2 n + 3`` runs for n of them.
    criterion_id
        Which contour.
    """
    if not quantities:
        raise ThermalError("Name at least one quantity to vary.")
    nominal = simulate({})
    band = _Band(criterion_id, nominal)
    shrinking: dict[str, End] = {}
    enlarging: dict[str, End] = {}
    for quantity in quantities:
        low, high = (band.add({quantity: end}, simulate({quantity: end})) for end in ("low", "high"))
        shrinking[quantity], enlarging[quantity] = ("low", "high") if low <= high else ("high", "low")
    band.add(shrinking, simulate(shrinking))
    band.add(enlarging, simulate(enlarging))
    return ContourBand(
        criterion_id=criterion_id,
        nominal=nominal,
        inner=band.inner,
        outer=band.outer,
        variations=tuple(band.variations),
    )


class _Band:
    """What all runs so far share, and what any of them reached."""

    def __init__(self, criterion_id: str, nominal: HeatResult) -> None:
        self._id = criterion_id
        mask = nominal.contour(criterion_id).mask
        self.inner, self.outer = mask.copy(), mask.copy()
        self.variations: list[Variation] = []
        self.add({}, nominal)

    def add(self, ends: Mapping[str, End], result: HeatResult) -> float:
        """Take a run in; returns its volume (ml)."""
        contour = result.contour(self._id)
        self.inner &= contour.mask
        self.outer |= contour.mask
        self.variations.append(
            Variation(
                ends=dict(ends),
                volume_ml=contour.volume_ml,
                short_axis_mm=contour.short_axis_mm,
                long_axis_mm=contour.long_axis_mm,
            )
        )
        return contour.volume_ml

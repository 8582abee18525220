"""The zone shrinks where blood carries the heat away: a published regression, and its limits."""

from dataclasses import dataclass, replace

import numpy as np

from tongtai.core.coverage.devices import ZoneSize
from tongtai.core.coverage.errors import OutsideTableError


@dataclass(frozen=True, slots=True, kw_only=True)
class PerfusionRegression:
    """Zone size against perfusion, measured with one electrode.

    Attributes
    ----------
    perfusion_ml_min_100g, short_mm, volume_ml
        Points on the regression's two lines, by rising perfusion.
    technique
        The technique that it was measured with; others are refused.
    """

    perfusion_ml_min_100g: tuple[float, ...]
    short_mm: tuple[float, ...]
    volume_ml: tuple[float, ...]
    technique: str
    source: str

    def axes_mm(self, perfusion_ml_min_100g: float) -> tuple[float, float]:
        """Short and long axis at a perfusion; the long one from the volume, π/6 · short² · long."""
        line = np.polyfit(self.perfusion_ml_min_100g, np.stack([self.short_mm, self.volume_ml], axis=1), 1)
        short, volume = line[0] * perfusion_ml_min_100g + line[1]
        return float(short), float(6000.0 * volume / (np.pi * short**2))

    def corrected(
        self,
        zone: ZoneSize,
        *,
        technique: str,
        perfusion_ml_min_100g: float,
        table_perfusion_ml_min_100g: float,
        extrapolate: bool = False,
    ) -> ZoneSize:
        """A table's zone in tissue of another perfusion.

        Both axes are scaled by the ratio of the regression's axes at the two perfusions.

        Parameters
        ----------
        zone
            The zone of the device's table.
        technique
            The device's technique.
        perfusion_ml_min_100g
            Perfusion of the patient's tissue.
        table_perfusion_ml_min_100g
            Perfusion of the tissue in which the table was measured (0 for ex vivo tissue).
        extrapolate
            Go outside the regression's range; the result says so.

        Raises
        ------
        OutsideTableError
            For another technique, for a perfusion outside the regression's range unless
            ``extrapolate``, or where the regression leaves no zone.
        """
        if technique != self.technique:
            raise OutsideTableError(f"The perfusion correction was measured with {self.technique} only.")
        low, high = min(self.perfusion_ml_min_100g), max(self.perfusion_ml_min_100g)
        asked = (perfusion_ml_min_100g, table_perfusion_ml_min_100g)
        outside = any(not low <= value <= high for value in asked)
        if outside and not extrapolate:
            raise OutsideTableError(
                f"The perfusion correction holds from {low:g} to {high:g} mL/min/100 g; "
                f"asked for {asked[0]:g} against {asked[1]:g}."
            )
        here, there = self.axes_mm(asked[0]), self.axes_mm(asked[1])
        if min(here) <= 0.0 or min(there) <= 0.0:
            raise OutsideTableError("The perfusion correction, continued this far, leaves no zone.")
        how = "extrapolated " if outside else ""
        return replace(
            zone,
            short_mm=zone.short_mm * here[0] / there[0],
            long_mm=zone.long_mm * here[1] / there[1],
            statement=f"{zone.statement}; {how}perfusion {asked[1]:g} to {asked[0]:g} mL/min/100 g",
            sources=(*zone.sources, self.source),
            extrapolated=zone.extrapolated or outside,
        )

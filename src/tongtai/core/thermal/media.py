"""What the cells are made of: tissues with ranges, and media as the solver's tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numba
import numpy as np
from numpy.typing import DTypeLike, NDArray

from tongtai.core.thermal.compiled import Floats, Labels, parallel
from tongtai.core.thermal.errors import HeatTableError, PropertyMissingError, ThermalError

Numbers = NDArray[np.float64]
# A phase change that no simulation reaches: the medium then has one heat capacity.
NEVER_C = 1.0e5
# Warming within one step that the bound of the conductivities allows for.
WARMING_GUARD_K = 15.0


@dataclass(frozen=True, slots=True)
class Quantity:
    """One row of a table: a value in a unit, its range, and where it comes from."""

    value: float
    low: float
    high: float
    unit: str
    source: str

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high or not self.unit or not self.source:
            raise HeatTableError(low=self.low, value=self.value, high=self.high)

    def at(self, end: Literal["low", "value", "high"]) -> "Quantity":
        """The same quantity set to one end of its range."""
        chosen = {"low": self.low, "value": self.value, "high": self.high}[end]
        return replace(self, value=chosen)


@dataclass(frozen=True, slots=True)
class Tissue:
    """A tissue's quantities by name, as `tongtai.formats.heat_tables` reads them."""

    name: str
    quantities: Mapping[str, Quantity] = field(default_factory=dict)

    def value(self, quantity: str) -> float:
        """The value in the table's unit.

        Raises
        ------
        PropertyMissingError
            If the table has no such row; nothing is guessed.
        """
        try:
            return self.quantities[quantity].value
        except KeyError:
            raise PropertyMissingError(
                f"The tissue {self.name!r} has no {quantity!r}; add the row, with its source, to the table.",
                tissue=self.name,
                quantity=quantity,
            ) from None

    def varied(self, ends: Mapping[str, Literal["low", "value", "high"]]) -> "Tissue":
        """The tissue with some quantities at an end of their ranges (those it has)."""
        changed = {name: one.at(ends[name]) if name in ends else one for name, one in self.quantities.items()}
        return replace(self, quantities=changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """What one label of the grid means to the solver.

    Heat content is piecewise linear in temperature: ``capacity`` below the band
    ``change_low_c … change_high_c``, the latent heat plus the mean capacity spread over the band,
    ``capacity_above`` beyond it. A medium with ``held_c`` keeps that temperature whatever flows
    into it (blood in a large vessel, coolant, air); ``wall_h_w_m2k`` is the convective coefficient of
    its wall, infinite where the wall itself has the temperature.
    """

    name: str
    conductivity_w_mk: float = 0.0
    conductivity_slope_w_mk2: float = 0.0
    conductivity_reference_c: float = 37.0
    conductivity_clamp_c: float = 100.0
    capacity_j_m3k: float = 1.0
    capacity_above_j_m3k: float = 1.0
    latent_j_m3: float = 0.0
    change_low_c: float = NEVER_C
    change_high_c: float = NEVER_C + 1.0
    perfusion_w_m3k: float = 0.0
    held_c: float | None = None
    wall_h_w_m2k: float = np.inf

    def __post_init__(self) -> None:
        tissue = self.held_c is None
        if tissue and not (self.conductivity_w_mk > 0.0 and self.capacity_j_m3k > 0.0):
            raise ThermalError(f"{self.name}: conductivity and heat capacity must be above zero.")
        if self.change_high_c <= self.change_low_c or self.wall_h_w_m2k <= 0.0 or self.perfusion_w_m3k < 0.0:
            raise ThermalError(
                f"{self.name}: check the phase band, the wall's coefficient and the perfusion."
            )

    @classmethod
    def of_tissue(cls, tissue: Tissue) -> "Medium":
        """Thermal properties of a tissue of the table, boiling included."""
        latent = (
            tissue.value("density") * tissue.value("water_fraction") * tissue.value("latent_heat_of_water")
        )
        return cls(
            name=tissue.name,
            conductivity_w_mk=tissue.value("thermal_conductivity"),
            conductivity_slope_w_mk2=tissue.value("thermal_conductivity_slope"),
            conductivity_clamp_c=tissue.value("thermal_conductivity_clamp"),
            capacity_j_m3k=tissue.value("heat_capacity"),
            capacity_above_j_m3k=tissue.value("heat_capacity_vaporised"),
            latent_j_m3=latent,
            change_low_c=tissue.value("boiling_band_low"),
            change_high_c=tissue.value("boiling_band_high"),
            perfusion_w_m3k=tissue.value("perfusion"),
        )


@parallel
def _contents(temperature: Floats, labels: Labels, curve: Floats, out: Floats) -> None:
    """Heat contents of cells from their temperatures; ``curve`` is `MediaTable.curve`."""
    for k in numba.prange(out.shape[0]):
        for j in range(out.shape[1]):
            for i in range(out.shape[2]):
                n = labels[k, j, i]
                if curve[3, n] == 0.0:
                    out[k, j, i] = 0.0
                    continue
                # Up to each corner of the curve in turn.
                low = curve[0, n] + curve[1, n] * curve[3, n]
                high = low + (curve[2, n] - curve[1, n]) * curve[4, n]
                warm = temperature[k, j, i]
                content = (min(warm, low) - curve[0, n]) / curve[3, n]
                content += max(min(warm, high) - low, 0.0) / curve[4, n]
                out[k, j, i] = content + max(warm - high, 0.0) / curve[5, n]


class MediaTable:
    """The media of a grid as arrays by label, in the solver's precision.

    Parameters
    ----------
    media
        Index = label.
    reference_c
        Temperature of zero heat content; body temperature keeps single precision exact at rest.
    """

    def __init__(self, media: Sequence[Medium], *, reference_c: float, dtype: DTypeLike) -> None:
        if not 0 < len(media) <= 255:
            raise ThermalError("A heat grid needs between 1 and 255 media.")
        self.media = tuple(media)
        self.reference_c = reference_c
        self.dtype = np.dtype(dtype)
        self.held = np.array([one.held_c is not None for one in media])
        self.conduction = np.array([self._conduction(one) for one in media], self.dtype).T.copy()
        self.curve = np.array([self._curve(one) for one in media], self.dtype).T.copy()
        self.perfusion = np.array([one.perfusion_w_m3k for one in media], self.dtype)
        self.capacity = np.array([one.capacity_j_m3k for one in media])

    @staticmethod
    def _conduction(medium: Medium) -> tuple[float, float, float, float, float]:
        """Conductivity, slope, reference, clamp; the wall's coefficient, zero for what is not held."""
        wall = 0.0 if medium.held_c is None else min(medium.wall_h_w_m2k, 1e9)
        return (
            medium.conductivity_w_mk,
            medium.conductivity_slope_w_mk2,
            medium.conductivity_reference_c,
            medium.conductivity_clamp_c,
            wall,
        )

    def _curve(self, medium: Medium) -> tuple[float, float, float, float, float, float]:
        """Temperature at zero, the two corners of the heat content, and dT/dH of the three parts."""
        if medium.held_c is not None:
            return (medium.held_c, 1.0, 2.0, 0.0, 0.0, 0.0)
        band = medium.change_high_c - medium.change_low_c
        first = medium.capacity_j_m3k * (medium.change_low_c - self.reference_c)
        across = medium.latent_j_m3 + 0.5 * (medium.capacity_j_m3k + medium.capacity_above_j_m3k) * band
        return (
            self.reference_c,
            first,
            first + across,
            1 / medium.capacity_j_m3k,
            band / across,
            1 / medium.capacity_above_j_m3k,
        )

    def heat_content(self, temperature_c: Numbers, labels: NDArray[np.uint8]) -> NDArray[np.floating]:
        """Heat content (J/m³) of each cell relative to ``reference_c``; zero in held media."""
        content = np.zeros(labels.shape, self.dtype)
        _contents(temperature_c, labels, self.curve.astype(np.float64), content)
        return content

    def stiffest(self, peak_c: float, *, dry: bool) -> tuple[float, float]:
        """Bounds for any cell up to ``peak_c``: diffusivity (m²/s) and perfusion rate (1/s).

        ``dry`` says whether any cell has, or may get, the small heat capacity beyond boiling.

        A face's conductivity is never above the larger of its two cells', so the largest conductivity
        over the smallest capacity bounds every row of the discrete operator.
        """
        tissues = [one for one in self.media if one.held_c is None]
        capacity = min(
            min(one.capacity_j_m3k, one.capacity_above_j_m3k) if dry else one.capacity_j_m3k
            for one in tissues
        )
        conductivity = max(_largest_conductivity(one, peak_c) for one in tissues)
        return conductivity / capacity, max(one.perfusion_w_m3k for one in tissues) / capacity


def _largest_conductivity(medium: Medium, peak_c: float) -> float:
    warmest = min(peak_c + WARMING_GUARD_K, medium.conductivity_clamp_c)
    rise = medium.conductivity_slope_w_mk2 * (warmest - medium.conductivity_reference_c)
    return medium.conductivity_w_mk + max(rise, 0.0)

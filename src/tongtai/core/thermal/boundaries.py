"""What happens at the six sides of the grid."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.errors import ThermalError

Side = Literal["k_low", "k_high", "j_low", "j_high", "i_low", "i_high"]
SIDES: tuple[Side, ...] = ("k_low", "k_high", "j_low", "j_high", "i_low", "i_high")


@dataclass(frozen=True, slots=True)
class Dirichlet:
    """The side has a temperature (°C); a number or an array over the side's faces."""

    temperature_c: float | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Neumann:
    """A heat flux (W/m²) into the tissue; zero is an insulated side or a plane of symmetry."""

    flux_w_m2: float | NDArray[np.float64] = 0.0


@dataclass(frozen=True, slots=True)
class Robin:
    """Heat exchange with surroundings of a temperature, by a coefficient in W/(m² K)."""

    h_w_m2k: float
    surroundings_c: float | NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.h_w_m2k <= 0.0:
            raise ThermalError("A Robin side needs a coefficient above zero; an insulated side is Neumann().")


Boundary = Dirichlet | Neumann | Robin


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundaries:
    """The condition of each side; insulated where nothing is said.

    Examples
    --------
    >>> warm = Boundaries(i_high=Dirichlet(50.0))
    >>> warm.of("i_high"), warm.of("k_low")
    (Dirichlet(temperature_c=50.0), Neumann(flux_w_m2=0.0))
    """

    k_low: Boundary = field(default_factory=Neumann)
    k_high: Boundary = field(default_factory=Neumann)
    j_low: Boundary = field(default_factory=Neumann)
    j_high: Boundary = field(default_factory=Neumann)
    i_low: Boundary = field(default_factory=Neumann)
    i_high: Boundary = field(default_factory=Neumann)

    @classmethod
    def everywhere(cls, boundary: Boundary) -> "Boundaries":
        """The same condition on all six sides."""
        return cls(**dict.fromkeys(SIDES, boundary))

    def of(self, side: Side) -> Boundary:
        """The condition of one side."""
        boundary: Boundary = getattr(self, side)
        return boundary

    def exchange(self, side: Side) -> float:
        """Coefficient of the side itself: infinite (Dirichlet), h (Robin) or zero (Neumann)."""
        boundary = self.of(side)
        if isinstance(boundary, Dirichlet):
            return 1e9
        return boundary.h_w_m2k if isinstance(boundary, Robin) else 0.0

    def outside_c(self, side: Side) -> float | NDArray[np.float64]:
        """Temperature beyond the side; irrelevant, and zero, for Neumann."""
        boundary = self.of(side)
        if isinstance(boundary, Dirichlet):
            return boundary.temperature_c
        return boundary.surroundings_c if isinstance(boundary, Robin) else 0.0

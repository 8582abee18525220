"""What TG-43 needs to know of a seed: constant, length and tables, each with its source."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.errors import SeedModelError
from tongtai.core.brachytherapy.rules import Formalism

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RadialTable:
    """A function of the distance from the seed's centre: g_L(r) or φ_an(r).

    Attributes
    ----------
    radius_mm : (R,) array
        Rising, above zero.
    value : (R,) array
        Dimensionless, above zero.
    source
        Where the numbers were published.
    """

    radius_mm: Numbers
    value: Numbers
    source: str

    def __post_init__(self) -> None:
        _check_axis(self.radius_mm, "distances")
        if self.value.shape != self.radius_mm.shape or not _all_positive(self.value):
            raise SeedModelError("A radial table needs one finite value above zero for each distance.")
        _check_source(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnisotropyTable:
    """The two-dimensional anisotropy function F(r, θ) of a seed that is alike at both ends.

    Attributes
    ----------
    radius_mm : (R,) array
        Rising, above zero.
    theta_deg : (T,) array
        Rising from 0 (the axis) to 90 (the transverse plane).
    value : (T, R) array
        Dimensionless, above zero.
    source
        Where the numbers were published.
    """

    radius_mm: Numbers
    theta_deg: Numbers
    value: Numbers
    source: str

    def __post_init__(self) -> None:
        _check_axis(self.radius_mm, "distances")
        rising = (
            self.theta_deg.ndim == 1 and len(self.theta_deg) > 1 and bool(np.all(np.diff(self.theta_deg) > 0))
        )
        if not rising or self.theta_deg[0] != 0.0 or self.theta_deg[-1] != 90.0:
            raise SeedModelError("The angles of an anisotropy table rise from 0° to 90°.")
        if self.value.shape != (len(self.theta_deg), len(self.radius_mm)) or not _all_positive(self.value):
            raise SeedModelError(
                "An anisotropy table needs a finite value above zero for each angle and distance."
            )
        _check_source(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedModel:
    """One model of seed with its dosimetric data.

    Attributes
    ----------
    id, name
        ``6711``; maker and trade name.
    consensus
        Whether the data are the consensus of the AAPM's reports.
    dose_rate_constant_cgy_h_u
        Λ, dose rate to water at 1 cm on the transverse axis per unit strength, cGy h⁻¹ U⁻¹.
    monte_carlo_constant_cgy_h_u
        Λ by another, Monte Carlo source, for comparison; None where there is none.
    active_length_mm
        L of the line source.
    capsule_length_mm, capsule_diameter_mm
        Outside; only used to refuse points inside.
    half_life_d, u_per_mci
        Of the nuclide; U for a millicurie of apparent activity.
    radial
        g_L(r).
    anisotropy, anisotropy_1d
        F(r, θ) and φ_an(r); None where they are not known.
    source
        Where Λ, L and the half-life were published.
    note
        What a user must know of the quality of these data.
    """

    id: str
    name: str
    consensus: bool
    dose_rate_constant_cgy_h_u: float
    monte_carlo_constant_cgy_h_u: float | None
    active_length_mm: float
    capsule_length_mm: float
    capsule_diameter_mm: float
    half_life_d: float
    u_per_mci: float
    radial: RadialTable
    anisotropy: AnisotropyTable | None
    anisotropy_1d: RadialTable | None
    source: str
    note: str

    def __post_init__(self) -> None:
        needed = (
            self.dose_rate_constant_cgy_h_u,
            self.active_length_mm,
            self.capsule_diameter_mm,
            self.half_life_d,
            self.u_per_mci,
        )
        if not _all_positive(np.array(needed)):
            raise SeedModelError(
                f"Seed model {self.id}: constant, lengths, half-life and U/mCi are above zero."
            )
        if self.capsule_length_mm < self.active_length_mm:
            raise SeedModelError(f"Seed model {self.id}: the capsule is shorter than what is in it.")
        _check_source(self.source)

    @property
    def formalisms(self) -> tuple[Formalism, ...]:
        """What can be computed: the line source needs F, the point source φ_an."""
        line = (Formalism.LINE,) if self.anisotropy is not None else ()
        point = (Formalism.POINT,) if self.anisotropy_1d is not None else ()
        return (*line, *point)


def _check_axis(values: Numbers, what: str) -> None:
    if values.ndim != 1 or len(values) < 2 or not _all_positive(values) or not np.all(np.diff(values) > 0):
        raise SeedModelError(f"The {what} of a table must rise and be above zero; at least two are needed.")


def _check_source(source: str) -> None:
    if not source.strip():
        raise SeedModelError("A table of a seed model gives no source.")


def _all_positive(values: Numbers) -> bool:
    return bool(np.all(np.isfinite(values)) and np.all(values > 0.0))

"""Seeds in the patient: where, which way, how strong."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.errors import ImplantError
from tongtai.core.brachytherapy.seed_models import SeedModel
from tongtai.core.brachytherapy.strength import decay_factor, delivered_share, mean_life_h

Numbers = NDArray[np.float64]
Place = tuple[float, float, float]
GY_PER_CGY = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One seed: centre in LPS millimetres, axis (made a unit vector), strength at the implant.

    Examples
    --------
    >>> from tongtai.formats.seed_models import seed_model
    >>> Seed(centre_lps_mm=(0, 0, 0), axis_lps=(0, 0, 2), strength_u=0.5, model=seed_model("6711")).axis_lps
    (0.0, 0.0, 1.0)
    """

    centre_lps_mm: Place
    axis_lps: Place
    strength_u: float
    model: SeedModel

    def __post_init__(self) -> None:
        if not all(
            math.isfinite(number) for number in (*self.centre_lps_mm, *self.axis_lps, self.strength_u)
        ):
            raise ImplantError("A seed's place, axis and strength must be finite numbers.")
        length = math.hypot(*self.axis_lps)
        if length < 1e-6:
            raise ImplantError("A seed's axis is zero: give the direction in which it lies.")
        if self.strength_u <= 0.0:
            raise ImplantError(f"A seed's air-kerma strength must be above zero U, got {self.strength_u:g}.")
        x, y, z = (float(number) / length for number in self.axis_lps)
        object.__setattr__(self, "axis_lps", (x, y, z))


@dataclass(frozen=True, slots=True)
class Implant:
    """Seeds whose strengths hold at the moment of the implant; at least one.

    Examples
    --------
    >>> from tongtai.formats.seed_models import seed_model
    >>> one = Seed(centre_lps_mm=(0, 0, 0), axis_lps=(0, 0, 1), strength_u=0.635, model=seed_model("6711"))
    >>> Implant((one, one)).total_strength_u
    1.27
    """

    seeds: tuple[Seed, ...]

    def __post_init__(self) -> None:
        if not self.seeds:
            raise ImplantError("There are no seeds.")

    @property
    def centres_lps_mm(self) -> Numbers:
        """Shape ``(S, 3)``."""
        return np.array([seed.centre_lps_mm for seed in self.seeds], np.float64)

    @property
    def axes_lps(self) -> Numbers:
        """Unit vectors, shape ``(S, 3)``."""
        return np.array([seed.axis_lps for seed in self.seeds], np.float64)

    @property
    def total_strength_u(self) -> float:
        """Sum of the air-kerma strengths."""
        return math.fsum(seed.strength_u for seed in self.seeds)

    @property
    def total_activity_mci(self) -> float:
        """Sum of the apparent activities."""
        return math.fsum(seed.strength_u / seed.model.u_per_mci for seed in self.seeds)

    def models(self) -> Mapping[str, SeedModel]:
        """The models in use, by identifier, in order of appearance."""
        return {seed.model.id: seed.model for seed in self.seeds}

    def rate_weights_gy_h(self) -> Numbers:
        """What a seed's cGy h⁻¹ U⁻¹ is multiplied with to give Gy/h at the implant, shape ``(S,)``."""
        return np.array([seed.strength_u * GY_PER_CGY for seed in self.seeds])

    def dose_weights_gy(self, after_d: float = math.inf) -> Numbers:
        """The same for the dose in Gy that is given until a number of days after the implant.

        D(t) = D'(0) T½/ln 2 (1 - 2^(-t/T½)); to infinity the dose rate times the mean life.
        """
        lives = [
            mean_life_h(seed.model.half_life_d) * delivered_share(after_d, half_life_d=seed.model.half_life_d)
            for seed in self.seeds
        ]
        weights: Numbers = self.rate_weights_gy_h() * np.array(lives)
        return weights

    def decayed(self, elapsed_d: float) -> "Implant":
        """The same seeds, their strengths decayed from the day of calibration by so many days."""
        return Implant(
            tuple(
                replace(
                    seed,
                    strength_u=seed.strength_u * decay_factor(elapsed_d, half_life_d=seed.model.half_life_d),
                )
                for seed in self.seeds
            )
        )

    def moved(self, by_mm: Numbers) -> "Implant":
        """The same seeds, each moved by its row of ``(S, 3)``."""
        places = self.centres_lps_mm + by_mm
        return Implant(
            tuple(
                replace(seed, centre_lps_mm=(float(x), float(y), float(z)))
                for seed, (x, y, z) in zip(self.seeds, places, strict=True)
            )
        )

"""The choices that TG-43 leaves open, made explicitly and named with every result."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Formalism(StrEnum):
    """How a seed is described."""

    LINE = "line"
    """Line source, two-dimensional: F(r, θ); the axis matters (TG-43U1 equation 1)."""
    POINT = "point"
    """One-dimensional: φ_an(r), the axis does not matter; G_L and g_L are kept (TG-43U1 equation 11)."""


class RadialRule(StrEnum):
    """How g_L(r) runs between its table's points."""

    LINEAR = "linear"
    """Straight in g and r."""
    LOG_LINEAR = "log_linear"
    """Straight in ln g and r."""


FORMULAE: Mapping[Formalism, str] = MappingProxyType(
    {
        Formalism.LINE: "line source, TG-43U1 eq. 1: S_K Λ G_L(r,θ)/G_L(1 cm,90°) g_L(r) F(r,θ)",
        Formalism.POINT: "point source, TG-43U1 eq. 11: S_K Λ G_L(r,90°)/G_L(1 cm,90°) g_L(r) φ_an(r)",
    }
)
LIMITS = (
    "Dose to water in water of unlimited extent: air, bone, calcifications and other tissue are not seen.",
    "Seeds do not attenuate each other's radiation.",
    "Research, teaching and simulation: not a registered medical device; a qualified physicist decides.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRules:
    """Which formalism and which interpolation.

    Examples
    --------
    >>> DoseRules(radial=RadialRule.LOG_LINEAR).statements()["g_between"]
    'log_linear in r'
    """

    formalism: Formalism = Formalism.LINE
    radial: RadialRule = RadialRule.LINEAR

    def statements(self) -> dict[str, str]:
        """Every rule in words, for print.

        Extrapolation follows TG-43U1S1 (Med Phys 2007;34:2187) as it is usually told; the report itself was not compared.
        """
        around = (
            {
                "F_between": "bilinear in r and θ",
                "F_below": "that of the first distance",
                "F_beyond": "that of the last",
            }
            if self.formalism is Formalism.LINE
            else {
                "phi_an_between": "linear in r",
                "phi_an_below": "the first value",
                "phi_an_beyond": "the last value",
            }
        )
        return {
            "formalism": self.formalism.value,
            "formula": FORMULAE[self.formalism],
            "g_between": f"{self.radial.value} in r",
            "g_below": "the first value",
            "g_beyond": "exponential through the last two values",
            **around,
        }

"""What a stage or an indication needs to know of the tumours."""

import math
from dataclasses import dataclass

from tongtai.core.risk.errors import RiskError
from tongtai.core.risk.score import ScoreInput


@dataclass(frozen=True, slots=True, kw_only=True)
class TumourBurden:
    """Tumours of one patient; ``None`` is "not known", and nothing is assumed.

    Attributes
    ----------
    diameters_mm
        Longest diameter of each intrahepatic tumour, at least one.
    vascular_invasion
        Macroscopic invasion of portal or hepatic vein, or of a bile duct where the stage counts it.
    extrahepatic_spread
        Lymph nodes or distant metastases.

    Raises
    ------
    RiskError
        For no tumour, or a diameter that is not a finite number above zero.
    """

    diameters_mm: tuple[float, ...] | None = None
    vascular_invasion: bool | None = None
    extrahepatic_spread: bool | None = None

    def __post_init__(self) -> None:
        if self.diameters_mm is None:
            return
        if not self.diameters_mm or any(not math.isfinite(d) or d <= 0.0 for d in self.diameters_mm):
            raise RiskError("Each tumour needs a diameter above zero.", count=len(self.diameters_mm))

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what is not known."""
        given = {
            "diameters_mm": self.diameters_mm,
            "vascular_invasion": self.vascular_invasion,
            "extrahepatic_spread": self.extrahepatic_spread,
        }
        return tuple(name for name, value in given.items() if value is None)

    @property
    def count(self) -> int:
        """How many tumours are known."""
        return len(self.diameters_mm or ())

    @property
    def largest_mm(self) -> float:
        """The longest diameter; 0 when none is known."""
        return max(self.diameters_mm or (0.0,))

    def inputs(self) -> tuple[ScoreInput, ...]:
        """Number, largest diameter and spread, as inputs of a score; only of a complete burden."""
        return (
            ScoreInput(name="tumour_count", given=self.count, used=self.count),
            ScoreInput(
                name="largest_mm",
                given=self.largest_mm,
                given_unit="mm",
                used=self.largest_mm,
                used_unit="mm",
            ),
            _yes_no("vascular_invasion", self.vascular_invasion),
            _yes_no("extrahepatic_spread", self.extrahepatic_spread),
        )


def _yes_no(name: str, value: bool | None) -> ScoreInput:
    return ScoreInput(name=name, given=bool(value), used=bool(value))

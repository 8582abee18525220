"""Laboratory values with their units, and the exact change from one unit to another."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.risk.errors import QuantityError


class Analyte(StrEnum):
    """What was measured."""

    BILIRUBIN = "bilirubin"
    ALBUMIN = "albumin"
    CREATININE = "creatinine"
    SODIUM = "sodium"
    PLATELETS = "platelets"
    FIBRINOGEN = "fibrinogen"
    INR = "inr"
    PT_PROLONGATION = "pt_prolongation"


_BILIRUBIN_G_MOL = 584.66  # C33H36N4O6
_CREATININE_G_MOL = 113.12  # C4H7N3O
_MG_DL_PER_G_L = 10.0

# Units are UCUM codes. The number says how many of the analyte's first unit one of this unit is.
UNITS: Mapping[Analyte, Mapping[str, float]] = MappingProxyType(
    {
        Analyte.BILIRUBIN: {"umol/L": 1.0, "mg/dL": 1e4 / _BILIRUBIN_G_MOL},
        Analyte.ALBUMIN: {"g/L": 1.0, "g/dL": 10.0},
        Analyte.CREATININE: {"umol/L": 1.0, "mg/dL": 1e4 / _CREATININE_G_MOL},
        Analyte.SODIUM: {"mmol/L": 1.0, "meq/L": 1.0},
        Analyte.PLATELETS: {"10*9/L": 1.0, "10*3/uL": 1.0, "/uL": 1e-3},
        Analyte.FIBRINOGEN: {"g/L": 1.0, "mg/dL": 0.01},
        Analyte.INR: {"1": 1.0},
        Analyte.PT_PROLONGATION: {"s": 1.0},
    }
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, a UCUM code such as ``umol/L``.

    Raises
    ------
    QuantityError
        If the value is negative or not finite.

    Examples
    --------
    >>> Quantity(2.0, "mg/dL")
    Quantity(value=2.0, unit='mg/dL')
    """

    value: float
    unit: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value) or self.value < 0.0:
            raise QuantityError(value=str(self.value), unit=self.unit)


def converted(analyte: Analyte, quantity: Quantity, unit: str) -> float:
    """The value of ``quantity`` in ``unit``.

    Raises
    ------
    QuantityError
        If either unit does not belong to the analyte: nothing is guessed from the size of a number.

    Examples
    --------
    >>> round(converted(Analyte.BILIRUBIN, Quantity(2.0, "mg/dL"), "umol/L"), 2)
    34.21
    >>> round(converted(Analyte.CREATININE, Quantity(88.4, "umol/L"), "mg/dL"), 3)
    1.0
    """
    units = UNITS[analyte]
    if quantity.unit not in units or unit not in units:
        raise QuantityError(analyte=analyte.value, unit=quantity.unit, known=sorted(units))
    if quantity.unit == unit:
        return quantity.value
    return quantity.value * units[quantity.unit] / units[unit]

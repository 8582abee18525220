"""Answers of the intake form as quantities and categories that the scores take."""

import math
from collections.abc import Mapping
from types import MappingProxyType

from tongtai.core.risk.child_pugh import Ascites
from tongtai.core.risk.quantities import Quantity

ASCITES: Mapping[object, Ascites] = MappingProxyType(
    {"none": Ascites.NONE, "mild": Ascites.SLIGHT, "moderate_or_more": Ascites.MODERATE}
)
# The form asks for groups of grades; both ends of a group count the same points.
ENCEPHALOPATHY_GRADE: Mapping[object, int] = MappingProxyType({"none": 0, "grade_1_2": 1, "grade_3_4": 3})
# In which units the form keeps what the scores ask for.
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "bilirubin": "umol/L",
        "albumin": "g/L",
        "inr": "1",
        "creatinine": "umol/L",
        "sodium": "mmol/L",
        "platelets": "10*9/L",
        "fibrinogen": "g/L",
    }
)


def yes(answers: Mapping[str, object], key: str) -> bool | None:
    """``True``, ``False``, or ``None`` where neither was answered."""
    return {"yes": True, "no": False}.get(str(answers.get(key)))


def number(answers: Mapping[str, object], key: str) -> float | None:
    """A finite number, or ``None``.

    Examples
    --------
    >>> number({"inr": 1.1}, "inr"), number({"inr": "x"}, "inr")
    (1.1, None)
    """
    value = answers.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return float(value)


def quantity(answers: Mapping[str, object], key: str) -> Quantity | None:
    """A value above zero in the form's own unit: of zero nothing can be computed.

    Examples
    --------
    >>> quantity({"albumin": 39.2}, "albumin")
    Quantity(value=39.2, unit='g/L')
    """
    value = number(answers, key)
    return None if value is None or value <= 0.0 else Quantity(value, _UNITS[key])

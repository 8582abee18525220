"""Units as laboratories in hospitals print them, from their UCUM codes."""

from collections.abc import Mapping
from types import MappingProxyType

# UCUM writes what a keyboard has: powers with a star, micro with u, no signs.
_PRINTED: Mapping[str, str] = MappingProxyType(
    {
        "1": "",
        "10*9/L": "×10^9/L",
        "10*12/L": "×10^12/L",
        "10*3/uL": "×10^3/μL",
        "umol/L": "μmol/L",
        "ug/L": "μg/L",
        "ug/dL": "μg/dL",
        "mL/min/1.73m2": "mL/(min·1.73 m²)",
    }
)


def printed_unit(code: str) -> str:
    """How a unit is printed; nothing for the unit of a mere number.

    Examples
    --------
    >>> printed_unit("10*9/L"), printed_unit("g/L"), printed_unit("1")
    ('×10^9/L', 'g/L', '')
    """
    return _PRINTED.get(code, code)

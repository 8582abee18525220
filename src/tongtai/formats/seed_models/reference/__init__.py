"""Published absolute doses, against which an installation is checked."""

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

SEED_TABLE = "tg43u1_6711_absolute_dose_checks"


@cache
def seed_checks() -> Mapping[str, float]:
    """What the 6711 seed must give, by the name of the check.

    Examples
    --------
    >>> seed_checks()["Dinf_Gy_0.5mCi_r1cm_transverse_2D"]
    12.60298
    """
    text = (files(__name__) / f"{SEED_TABLE}.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {row["quantity"]: float(row["value"]) for row in csv.DictReader(io.StringIO(text))}
    )

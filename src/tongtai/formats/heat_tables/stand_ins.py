"""Which modelled applicator stands for which class of devices."""

from functools import cache

from tongtai.core.planning.knowledge import StandIn
from tongtai.core.thermal.errors import HeatTableError
from tongtai.formats.heat_tables.reading import antennas, electrodes, generators, rows_of


@cache
def stand_ins() -> tuple[StandIn, ...]:
    """The packaged table.

    Examples
    --------
    >>> {one.technique for one in stand_ins()} == {"rfa", "mwa"}
    True
    """
    found = []
    for row in rows_of("stand_ins"):
        if not row["source"]:
            raise HeatTableError("stand_ins.csv: a row has no source.", table="stand_ins")
        applicators = antennas() if row["technique"] == "mwa" else electrodes()
        found.append(
            StandIn(
                technique=row["technique"],
                kind=row["kind"],
                frequency_mhz=float(row["frequency_mhz"]) if row["frequency_mhz"] else None,
                applicator=applicators[row["applicator"]],
                generator=generators()[row["generator"]] if row["generator"] else None,
                source=row["source"],
            )
        )
    return tuple(found)

"""Which modelled applicator stands for which class of devices, and the pauses between positions."""

from functools import cache

from tongtai.core.planning.knowledge import Pauses, StandIn
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


@cache
def pauses() -> Pauses:
    """The packaged table.

    Examples
    --------
    >>> pauses().pull_back_s
    60.0
    """
    rows = {row["id"]: row for row in rows_of("pauses")}
    if not all(row["source"] for row in rows.values()):
        raise HeatTableError("pauses.csv: a row has no source.", table="pauses")
    return Pauses(
        pull_back_s=float(rows["pull_back"]["seconds"]), next_needle_s=float(rows["next_needle"]["seconds"])
    )

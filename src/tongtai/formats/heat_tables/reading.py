"""From the package's CSV files to the types of `tongtai.core.thermal`.

Every row carries its source; a row that lacks a number, a unit or a source is refused.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from tongtai.core.thermal.applicators import ElectrodeShape, MicrowaveAntenna, RfElectrode
from tongtai.core.thermal.damage import Arrhenius, DamageModels, ThermalDose, ThreeState
from tongtai.core.thermal.errors import HeatTableError
from tongtai.core.thermal.media import Quantity, Tissue
from tongtai.core.thermal.radiofrequency import Control, RfGenerator
from tongtai.core.thermal.result import Criterion
from tongtai.core.thermal.treatment import DamageRules

Row = Mapping[str, str]
Table = Mapping[str, NDArray[np.float64]]
Item = TypeVar("Item", RfElectrode, MicrowaveAntenna, RfGenerator)
_FOLDER = files(__package__)
REFERENCE_TABLES = (
    "arrhenius_cem43",
    "cell_death_oneill_constant_T",
    "mms_cylinder",
    "pennes_heated_sphere_steady",
    "pennes_line_source_steady",
    "pennes_point_source_steady",
    "pennes_point_source_transient",
    "pennes_slab_steady",
    "rf_spherical_electrode_steady",
    "stefan_line_sink",
    "vyas_rustgi_laser",
)


def rows_of(name: str) -> list[Row]:
    """Rows of a table of this package, by column."""
    text = _FOLDER.joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _number(row: Row, column: str, table: str) -> float:
    try:
        return float(row[column])
    except (KeyError, ValueError):
        raise HeatTableError(
            f"{table}.csv: {column!r} is not a number in the row {'|'.join(row.values())!r}.", table=table
        ) from None


def quantities(rows: Sequence[Row], table: str) -> dict[str, dict[str, Quantity]]:
    """Quantities by the first column and by name.

    Raises
    ------
    HeatTableError
        If a row lacks a number, its range is out of order, or it has no unit or source.
    """
    found: dict[str, dict[str, Quantity]] = {}
    for row in rows:
        value, low, high = (_number(row, column, table) for column in ("value", "low", "high"))
        group = found.setdefault(next(iter(row.values())), {})
        group[row["quantity"]] = Quantity(value, low, high, row["unit"], row["source"])
    return found


@cache
def tissues() -> Mapping[str, Tissue]:
    """Tissues by name.

    Examples
    --------
    >>> tissues()["liver"].quantities["thermal_conductivity"].value
    0.512
    """
    read = quantities(rows_of("tissues"), "tissues")
    return MappingProxyType({name: Tissue(name, MappingProxyType(rows)) for name, rows in read.items()})


@cache
def damage_rules() -> DamageRules:
    """Damage models and the criteria of the contours."""
    read = {
        model: {name: one.value for name, one in rows.items()}
        for model, rows in quantities(rows_of("damage"), "damage").items()
    }
    first, dose, three = read["arrhenius"], read["thermal_dose"], read["three_state"]
    models = DamageModels(
        arrhenius=Arrhenius(
            frequency_factor_1_s=first["frequency_factor"],
            activation_energy_j_mol=first["activation_energy"],
            from_c=first["from"],
        ),
        thermal_dose=ThermalDose(
            reference_c=dose["reference"], above=dose["above"], below=dose["below"], from_c=dose["from"]
        ),
        three_state=ThreeState(
            forward_1_s=three["forward"],
            backward_1_s=three["backward"],
            scale_c=three["scale"],
            alive_at_start=three["alive_at_start"],
            from_c=three["from"],
        ),
        perfusion_stops_dead=read["perfusion"]["stops_at_dead"],
    )
    criteria = [
        Criterion(
            id=row["id"],
            field=row["field"],
            level=_number(row, "level", "criteria"),
            label=row["label"],
            source=row["source"],
        )
        for row in rows_of("criteria")
    ]
    return DamageRules(models=models, criteria=tuple(criteria))


def _items(table: str, make: Callable[[Row], Item]) -> Mapping[str, Item]:
    items = {}
    for row in rows_of(table):
        if not row["source"]:
            raise HeatTableError(f"{table}.csv: {row['id']!r} has no source.", table=table)
        items[row["id"]] = make(row)
    return MappingProxyType(items)


def _optional(row: Row, column: str, table: str) -> float | None:
    return _number(row, column, table) if row[column] else None


@cache
def electrodes() -> Mapping[str, RfElectrode]:
    """Radiofrequency electrodes by id."""
    return _items("electrodes", _electrode)


def _electrode(row: Row) -> RfElectrode:
    def number(column: str) -> float:
        return _number(row, column, "electrodes")

    return RfElectrode(
        id=row["id"],
        name=row["name"],
        shape=cast("ElectrodeShape", row["shape"]),
        count=int(number("count")),
        diameter_mm=number("diameter_mm"),
        active_mm=number("active_mm"),
        apart_mm=number("apart_mm"),
        deployed_mm=number("deployed_mm"),
        arc_degrees=number("arc_degrees"),
        coolant_c=_optional(row, "coolant_c", "electrodes"),
        wall_h_w_m2k=number("wall_h_w_m2k"),
        source=row["source"],
    )


@cache
def generators() -> Mapping[str, RfGenerator]:
    """Radiofrequency generators' modes by id."""
    return _items("generators", _generator)


def _generator(row: Row) -> RfGenerator:
    def number(column: str, otherwise: float) -> float:
        given = _optional(row, column, "generators")
        return otherwise if given is None else given

    return RfGenerator(
        id=row["id"],
        control=cast("Control", row["control"]),
        voltage_v=number("voltage_v", 0.0),
        power_w=number("power_w", 0.0),
        load_ohm=number("load_ohm", 80.0),
        roll_off_ohm=_optional(row, "roll_off_ohm", "generators"),
        low_power_w=number("low_power_w", 10.0),
        low_time_s=number("low_time_s", 15.0),
        source=row["source"],
    )


@cache
def antennas() -> Mapping[str, MicrowaveAntenna]:
    """Microwave antennas by id."""
    return _items("antennas", _antenna)


def _antenna(row: Row) -> MicrowaveAntenna:
    def number(column: str) -> float:
        return _number(row, column, "antennas")

    return MicrowaveAntenna(
        id=row["id"],
        name=row["name"],
        frequency_mhz=number("frequency_mhz"),
        slot_from_tip_mm=number("slot_from_tip_mm"),
        distal_mm=number("distal_mm"),
        proximal_mm=number("proximal_mm"),
        conductor_mm=number("conductor_mm"),
        insulation_mm=number("insulation_mm"),
        insulation_permittivity=number("insulation_permittivity"),
        cable_efficiency=number("cable_efficiency"),
        antenna_efficiency=number("antenna_efficiency"),
        coolant_c=_optional(row, "coolant_c", "antennas"),
        wall_h_w_m2k=number("wall_h_w_m2k"),
        source=row["source"],
    )


def reference_table(name: str) -> Table:
    """An exact solution's table: arrays by position of the column (``"0"``, ``"1"``, …).

    Blank cells are NaN; a text column (the Stefan problem's first) is left to `rows_of`.
    """
    rows = rows_of(f"reference/{name}")
    columns: dict[str, NDArray[np.float64]] = {}
    for number, column in enumerate(rows[0]):
        try:
            columns[str(number)] = np.array([float(row[column]) if row[column] else np.nan for row in rows])
        except ValueError:
            continue
    return MappingProxyType(columns)


def reference_tables() -> Mapping[str, Table]:
    """All of `REFERENCE_TABLES`, for `tongtai.core.thermal.reference.run_cases`."""
    return MappingProxyType({name: reference_table(name) for name in REFERENCE_TABLES})

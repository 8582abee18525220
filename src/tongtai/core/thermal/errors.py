"""What a heat simulation refuses, and how it stops."""

from typing import ClassVar

from tongtai.core.errors import TongtaiError


class ThermalError(TongtaiError):
    """The heat simulation cannot be set up as asked."""

    code: ClassVar[str] = "thermal"


class PropertyMissingError(ThermalError):
    """A tissue lacks a property that the simulation needs; add its row, with source, to the table."""

    code: ClassVar[str] = "tissue_property_missing"


class HeatTableError(ThermalError):
    """A row of a heat table is incomplete; give value, low, high (in order), unit and source."""

    code: ClassVar[str] = "heat_table"


class HeatCancelledError(ThermalError):
    """The heat simulation was cancelled; nothing of it is kept."""

    code: ClassVar[str] = "heat_cancelled"

"""What can be wrong with the input of zone planning."""

from tongtai.core.errors import TongtaiError


class CoverageError(TongtaiError):
    """Zones cannot be planned from what was given."""

    code = "coverage_input"


class ChartError(CoverageError):
    """A maker's chart that cannot be used."""

    code = "device_chart"


class OutsideTableError(CoverageError):
    """A setting outside the device's table: nothing is extrapolated unless asked for."""

    code = "outside_device_table"


class UnknownDeviceError(CoverageError):
    """A device that no table describes."""

    code = "device_unknown"

"""What can be wrong about a checklist."""

from tongtai.core.errors import TongtaiError


class SheetConfirmedError(TongtaiError):
    """Somebody has confirmed the sheet; its lines stay. Reopen it with a reason."""

    code = "checklist_confirmed"


class SheetIncompleteError(TongtaiError):
    """The sheet cannot be confirmed yet; the values say what is missing."""

    code = "checklist_incomplete"


class SheetOrderError(TongtaiError):
    """The sheet before this one is not complete."""

    code = "checklist_order"


class MeasurementMissingError(TongtaiError):
    """The line has no measurement that can be taken over: none was made, or it is too old."""

    code = "checklist_not_measured"


class MeasurementNotMetError(TongtaiError):
    """What was measured misses its limit; going on all the same needs a reason."""

    code = "checklist_measurement_not_met"


class PinWrongError(TongtaiError):
    """The login name or the PIN is wrong, or no PIN has been set."""

    code = "pin_wrong"


class PinTooWeakError(TongtaiError):
    """A PIN is 6 to 12 digits, and not all the same or in a row."""

    code = "pin_too_weak"

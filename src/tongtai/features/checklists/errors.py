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


class PinWrongError(TongtaiError):
    """The login name or the PIN is wrong, or no PIN has been set."""

    code = "pin_wrong"


class PinTooWeakError(TongtaiError):
    """A PIN is 6 to 12 digits, and not all the same or in a row."""

    code = "pin_too_weak"

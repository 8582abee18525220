"""What can be wrong about an expert's entry."""

from tongtai.core.errors import TongtaiError


class LeaveNotFoundError(TongtaiError):
    """There is no such leave of this person."""

    code = "leave_not_found"


class LeaveRefusedError(TongtaiError):
    """The leave ends before it begins, is over already, or is longer than a year."""

    code = "leave_refused"

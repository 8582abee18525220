"""What can be wrong about a team meeting."""

from tongtai.core.errors import TongtaiError


class MeetingNotFoundError(TongtaiError):
    """The case has no such team meeting."""

    code = "mdt_not_found"


class MeetingChangedError(TongtaiError):
    """Somebody else changed the meeting meanwhile; load it again."""

    code = "mdt_changed"
    retryable = True


class MeetingDecidedError(TongtaiError):
    """The meeting has decided: votes and material that come late are refused."""

    code = "mdt_decided"


class MeetingRefusedError(TongtaiError):
    """The meeting cannot do this; the values say what is missing."""

    code = "mdt_refused"

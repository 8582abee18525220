"""What can be wrong when a session is seen again."""

from tongtai.core.errors import TongtaiError


class ReplayRefusedError(TongtaiError):
    """The recordings may not be played; the values say what is missing."""

    code = "replay_refused"


class ReplayNotFoundError(TongtaiError):
    """There is no such replay, or it was begun by somebody else or too long ago; begin it again."""

    code = "replay_not_found"


class TeachingRefusedError(TongtaiError):
    """Teaching cannot be approved so; the values say what is missing."""

    code = "teaching_refused"


class TeachingChangedError(TongtaiError):
    """Somebody else has approved or ended teaching meanwhile; look at it again."""

    code = "teaching_changed"

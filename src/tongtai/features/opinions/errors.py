"""What can be wrong about an opinion or a decision."""

from tongtai.core.errors import TongtaiError


class OpinionNotFoundError(TongtaiError):
    """The case has no such opinion."""

    code = "opinion_not_found"


class OpinionChangedError(TongtaiError):
    """Somebody else changed the opinion meanwhile; load it again."""

    code = "opinion_changed"
    retryable = True


class OpinionIssuedError(TongtaiError):
    """The opinion has been signed; what is to be said differently is a new one."""

    code = "opinion_signed"


class OpinionRefusedError(TongtaiError):
    """The opinion or decision is not whole; the values say what is missing."""

    code = "opinion_refused"

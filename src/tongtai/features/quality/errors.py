"""What can be wrong about indicators."""

from tongtai.core.errors import TongtaiError


class IndicatorNotFoundError(TongtaiError):
    """There is no such indicator; the list of all names them."""

    code = "indicator_not_found"


class EvaluationRefusedError(TongtaiError):
    """The session cannot be rated like this; the values say why."""

    code = "evaluation_refused"


class ReviewNotFoundError(TongtaiError):
    """Your institution has no such case to review."""

    code = "review_not_found"


class FindingNotFoundError(TongtaiError):
    """Your institution has no such finding."""

    code = "finding_not_found"


class NothingToDrawError(TongtaiError):
    """No case has been closed since the last draw."""

    code = "nothing_to_draw"


class ReviewRefusedError(TongtaiError):
    """The review cannot be finished like this; the values say why."""

    code = "review_refused"


class FindingActRefusedError(TongtaiError):
    """The finding does not allow that now; the values say why."""

    code = "finding_act_refused"


class ReviewChangedError(TongtaiError):
    """Somebody else was quicker; load it again."""

    code = "review_changed"
    retryable = True

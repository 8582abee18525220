"""What can be wrong about warnings, care and follow-up."""

from tongtai.core.errors import TongtaiError


class WarningNotFoundError(TongtaiError):
    """The latest judgement of the case has no such warning."""

    code = "warning_not_found"


class WarningAcknowledgedError(TongtaiError):
    """The warning has been acknowledged already."""

    code = "warning_acknowledged"


class CareTaskNotFoundError(TongtaiError):
    """There is no such task in this case."""

    code = "care_task_not_found"


class CareTaskStateError(TongtaiError):
    """The task has been finished already."""

    code = "care_task_state"


class CareOrderedError(TongtaiError):
    """The care of this case has been ordered already."""

    code = "care_ordered"


class AssessmentRefusedError(TongtaiError):
    """The assessment cannot be kept: it is dated before the last one or in the future, or the patient's end is known."""

    code = "assessment_refused"

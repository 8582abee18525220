"""What can be wrong about a case's way."""

from tongtai.core.errors import TongtaiError


class NotInWorkflowError(TongtaiError):
    """The case has not been taken into the workflow; begin it first."""

    code = "workflow_not_begun"


class WorkflowBegunError(TongtaiError):
    """The case is in the workflow already."""

    code = "workflow_begun"


class MoveRefusedError(TongtaiError):
    """The case cannot do this step now; the values say what is missing."""

    code = "move_refused"


class WorkflowChangedError(TongtaiError):
    """Somebody else moved the case meanwhile; load it again."""

    code = "workflow_changed"
    retryable = True


class ReasonMissingError(TongtaiError):
    """The step needs a reason in words."""

    code = "reason_missing"


class StatementRefusedError(TongtaiError):
    """The statement cannot be made now; the values say why."""

    code = "statement_refused"


class CaseSealedError(TongtaiError):
    """The record of the case is sealed and cannot be changed."""

    code = "case_sealed"


class NoticeNotFoundError(TongtaiError):
    """There is no such notice for you."""

    code = "notice_not_found"


class ViewNotFoundError(TongtaiError):
    """You have no saved view of this name."""

    code = "saved_view_not_found"

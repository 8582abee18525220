"""What can be wrong about plans and the jobs that make them."""

from tongtai.core.errors import TongtaiError


class PlanNotFoundError(TongtaiError):
    """There is no such plan, or no such file of it, in this case."""

    code = "plan_not_found"


class PlanStateError(TongtaiError):
    """The plan has gone on since; look at it again."""

    code = "plan_state"


class OwnApprovalError(TongtaiError):
    """Whoever made a plan neither reviews nor approves it; ask a colleague."""

    code = "plan_own_approval"


class JobNotFoundError(TongtaiError):
    """There is no such planning job in this case."""

    code = "plan_job_not_found"


class JobStateError(TongtaiError):
    """The job is not in a state in which this can be done."""

    code = "plan_job_state"


class PlanRequestError(TongtaiError):
    """A plan like this cannot be asked for."""

    code = "plan_request"


class PlansInUseError(TongtaiError):
    """Two plans of the case were finished at the same time; try again."""

    code = "plan_version_taken"
    retryable = True


class StaleWorkError(TongtaiError):
    """The program was updated while this job was at work; plan again."""

    code = "plan_work_stale"

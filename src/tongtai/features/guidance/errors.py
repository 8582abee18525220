"""What can be wrong about a command or a session."""

from tongtai.core.errors import TongtaiError


class SessionNotOpenError(TongtaiError):
    """The session is not open."""

    code = "session_not_open"


class WorkflowForbidsError(TongtaiError):
    """The case is not so far: what comes before in its workflow is missing; the values say where it stands."""

    code = "workflow_forbids"


class TransitionRefusedError(TongtaiError):
    """Not possible in the present state; the page may be behind."""

    code = "transition_refused"


class StepNotOfTechniqueError(TongtaiError):
    """The technique of this case does not have this step."""

    code = "step_not_of_technique"


class AdviceNotFoundError(TongtaiError):
    """There is no such advice in this session."""

    code = "advice_not_found"


class StrokeNotFoundError(TongtaiError):
    """There is no such drawing, or it is somebody else's."""

    code = "stroke_not_found"


class DuplicateSubjectError(TongtaiError):
    """An advice, drawing or picture with this id is there already; make a new id."""

    code = "duplicate_subject"


class TooManyStrokesError(TongtaiError):
    """There are too many drawings; clear some."""

    code = "too_many_strokes"


class NotYourTurnError(TongtaiError):
    """Somebody else has to answer this."""

    code = "not_your_turn"


class GuideNotInTeamError(TongtaiError):
    """Only a guide in the team of the case can take the lead."""

    code = "guide_not_in_team"


class CommandIdReusedError(TongtaiError):
    """Another command has this id; make a new id."""

    code = "command_id_reused"


class DeviceReusedError(TongtaiError):
    """A single-use device that has been used before: take another one."""

    code = "device_reused"


class DeviceExpiredError(TongtaiError):
    """The device's date has passed: take another one."""

    code = "device_expired"


class LogUnavailableError(TongtaiError):
    """The log could not be written; send the same command again."""

    code = "log_unavailable"
    retryable = True


class MediaUnavailableError(TongtaiError):
    """The media server does not answer."""

    code = "media_unavailable"
    retryable = True


class WebhookRefusedError(TongtaiError):
    """The message is not from our media server."""

    code = "webhook_refused"

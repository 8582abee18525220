"""The words of a guided procedure."""

from enum import StrEnum


class Phase(StrEnum):
    """Where a session is between booking and end."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class Side(StrEnum):
    """The operating room's side, or the expert centre's."""

    SITE = "site"
    CENTRE = "centre"


class Step(StrEnum):
    """The parts of an ablation or of a seed implantation, in their usual order."""

    POSITIONING = "positioning"
    PLANNING_SCAN = "planning_scan"
    LOCAL_ANAESTHESIA = "local_anaesthesia"
    PUNCTURE = "puncture"
    NEEDLE_CHECK = "needle_check"
    REPOSITION = "reposition"
    ENERGY_ON = "energy_on"
    SEED_DROP = "seed_drop"
    CHECK_SCAN = "check_scan"
    TRACK_ABLATION = "track_ablation"
    WITHDRAW = "withdraw"
    IMMEDIATE_CT = "immediate_ct"
    HAEMOSTASIS = "haemostasis"
    DONE = "done"


# In these steps a guide must not be needed in another room at the same time.
CRITICAL_STEPS = frozenset({Step.PUNCTURE, Step.ENERGY_ON, Step.SEED_DROP})


class Gated(StrEnum):
    """What a case's workflow has a say in: that pictures are opened at all, and that the patient is touched."""

    OPEN = "open"
    TREAT = "treat"


class AdviceLevel(StrEnum):
    """How much weight an advice carries; STOP asks the operator to pause."""

    INFO = "info"
    SUGGEST = "suggest"
    CAUTION = "caution"
    STOP = "stop"


class AdviceStatus(StrEnum):
    """Where an advice is in its life."""

    GIVEN = "given"
    READ_BACK = "read_back"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class MediaCondition(StrEnum):
    """What the experts can see of a room."""

    OFF = "off"
    LIVE = "live"
    DEGRADED = "degraded"
    LOST = "lost"


class FeedCondition(StrEnum):
    """What a gateway says of one feed; ``LOST`` is said by the server when the gateway is silent."""

    LIVE = "live"
    NO_SOURCE = "no_source"
    ENDED = "ended"
    DISK_FULL = "disk_full"
    ERROR = "error"
    OFF = "off"
    LOST = "lost"


class AlarmSeverity(StrEnum):
    """AMBER: look. RED: do not give time-critical advice, or act now."""

    AMBER = "amber"
    RED = "red"


class EventType(StrEnum):
    """Everything that can be in a session's log."""

    SESSION_OPENED = "session.opened"
    SESSION_CLOSED = "session.closed"
    SESSION_RESUMED = "session.resumed"
    LEAD_ASSIGNED = "lead.assigned"
    PARTICIPANT_JOINED = "participant.joined"
    PARTICIPANT_LEFT = "participant.left"
    STEP_MARKED = "step.marked"
    ADVICE_GIVEN = "advice.given"
    ADVICE_READ_BACK = "advice.read_back"
    ADVICE_ACCEPTED = "advice.accepted"
    ADVICE_DECLINED = "advice.declined"
    ADVICE_DONE = "advice.done"
    ADVICE_SUPERSEDED = "advice.superseded"
    ADVICE_EXPIRED = "advice.expired"
    DRAW_ADDED = "draw.added"
    DRAW_UNDONE = "draw.undone"
    DRAW_CLEARED = "draw.cleared"
    PICTURE_FROZEN = "picture.frozen"
    PICTURE_UNFROZEN = "picture.unfrozen"
    CT_PUSH_STARTED = "ct.push_started"
    CT_SERIES_PROGRESS = "ct.series_progress"
    CT_PUSH_FINISHED = "ct.push_finished"
    CT_SHOWN = "ct.shown"
    CT_HIDDEN = "ct.hidden"
    HELP_CALLED = "help.called"
    HELP_ANSWERED = "help.answered"
    HANDOVER_OFFERED = "handover.offered"
    HANDOVER_ACCEPTED = "handover.accepted"
    HANDOVER_DECLINED = "handover.declined"
    ARBITRATION_RAISED = "arbitration.raised"
    ARBITRATION_OVERRIDDEN = "arbitration.overridden"
    ARBITRATION_CLEARED = "arbitration.cleared"
    MEDIA_STATE = "media.state"
    FEED_STATE = "feed.state"
    ALARM_RAISED = "alarm.raised"
    ALARM_CLEARED = "alarm.cleared"
    MARK_ADDED = "mark.added"
    RECORDING_UPLOADED = "recording.uploaded"
    MEMBER_REVOKED = "member.revoked"
    PLAN_LOADED = "plan.loaded"
    NEEDLE_PUNCTURED = "needle.punctured"
    NEEDLE_ADVANCED = "needle.advanced"
    NEEDLE_CONFIRMED = "needle.confirmed"
    NEEDLE_REPOSITIONED = "needle.repositioned"
    NEEDLE_WITHDRAWN = "needle.withdrawn"
    ENERGY_STARTED = "energy.started"
    ENERGY_SAMPLED = "energy.sampled"
    ENERGY_STOPPED = "energy.stopped"
    SEEDS_ISSUED = "seeds.issued"
    SEEDS_DROPPED = "seeds.dropped"
    SEEDS_COUNTED = "seeds.counted"
    DEVICE_USED = "device.used"
    ANAESTHESIA_GIVEN = "anaesthesia.given"
    SCAN_DONE = "scan.done"
    HYDRODISSECTION_DONE = "hydrodissection.done"
    CT_ASSESSED = "ct.assessed"
    VITALS_TAKEN = "vitals.taken"
    DRUG_GIVEN = "drug.given"
    FLUID_GIVEN = "fluid.given"
    TRANSFUSION_GIVEN = "transfusion.given"
    SPECIMEN_TAKEN = "specimen.taken"
    COMPLICATION_NOTED = "complication.noted"
    PROCEDURE_ABORTED = "procedure.aborted"
    PROCEDURE_CONVERTED = "procedure.converted"


# These change nothing but the list of what was noted.
TABLE_ENTRIES = frozenset(
    {
        EventType.ANAESTHESIA_GIVEN,
        EventType.SCAN_DONE,
        EventType.HYDRODISSECTION_DONE,
        EventType.CT_ASSESSED,
        EventType.VITALS_TAKEN,
        EventType.DRUG_GIVEN,
        EventType.FLUID_GIVEN,
        EventType.TRANSFUSION_GIVEN,
        EventType.SPECIMEN_TAKEN,
        EventType.COMPLICATION_NOTED,
        EventType.PROCEDURE_ABORTED,
        EventType.PROCEDURE_CONVERTED,
    }
)

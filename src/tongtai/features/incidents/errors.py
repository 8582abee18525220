"""What can be wrong about an incident."""

from tongtai.core.errors import TongtaiError


class IncidentNotFoundError(TongtaiError):
    """Your institution has no such incident, or it is not yours to see."""

    code = "incident_not_found"


class IncidentActRefusedError(TongtaiError):
    """The incident does not allow that now; the values say what is missing."""

    code = "incident_act_refused"


class IncidentChangedError(TongtaiError):
    """Somebody else changed the incident meanwhile; load it again."""

    code = "incident_changed"
    retryable = True

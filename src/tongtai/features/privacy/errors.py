"""What can be wrong about an impact assessment."""

from tongtai.core.errors import TongtaiError


class ImpactAssessmentNotFoundError(TongtaiError):
    """Your institution has no such impact assessment."""

    code = "impact_assessment_not_found"


class ImpactAssessmentRefusedError(TongtaiError):
    """The impact assessment does not allow that; the values say why."""

    code = "impact_assessment_refused"


class ImpactAssessmentChangedError(TongtaiError):
    """Somebody else changed the impact assessment meanwhile; load it again."""

    code = "impact_assessment_changed"
    retryable = True

"""When a case's workflow lets its live session begin, and the patient be touched."""

from collections.abc import Mapping
from types import MappingProxyType

from tongtai.features.guidance.model import Gated
from tongtai.features.workflow.model.states import ClinicalState

_S = ClinicalState
# From here on the procedure has begun, by a time-out that all parties and the guide have confirmed. What was done at the
# table without a network is written down later, also after the sign-out.
_BEGUN = frozenset(
    {
        _S.IN_PROCEDURE,
        _S.ABORTED,
        _S.SIGNED_OUT,
        _S.POST_OP,
        _S.REPORTED,
        _S.FOLLOW_UP,
        _S.CLOSED,
        _S.ARCHIVED,
        _S.DEATH,
    }
)

ALLOWED_IN: Mapping[Gated, frozenset[ClinicalState]] = MappingProxyType(
    {
        # Pictures are tested before the patient comes in: from the day on which the operation is scheduled.
        Gated.OPEN: frozenset(
            {
                _S.SCHEDULED,
                _S.READY,
                _S.SIGNED_IN,
                _S.TIME_OUT_OK,
                _S.IN_PROCEDURE,
                _S.ABORTED,
                _S.SIGNED_OUT,
            }
        ),
        Gated.TREAT: _BEGUN,
    }
)

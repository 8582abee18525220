"""What a withdrawn consent does, by where the case stands."""

from enum import StrEnum

from tongtai.features.consents.model import TO_OPERATE, TO_SHARE, ConsentKind
from tongtai.features.workflow.model.states import AT_TABLE, BEFORE_PROCEDURE, ClinicalState


class WithdrawalEffect(StrEnum):
    """What follows from a withdrawal."""

    # The case is put aside, and the invited side reads nothing new.
    SUSPEND = "suspend"
    # The patient is on the table: what is safest is the operator's judgement, which is recorded.
    OPERATOR_DECIDES = "operator_decides"
    # The operation is over: nothing new is read by the invited side, the record stays.
    STOP_READING = "stop_reading"
    # The case does not rest on this consent: what it allowed stops, and nothing else.
    ONLY_THIS = "only_this"


# Without these a case cannot go on; recording and broadcast are asked for beside them.
_RESTS_ON = frozenset({*TO_SHARE, *TO_OPERATE})


def effect_of_withdrawal(state: ClinicalState | None, kind: ConsentKind) -> WithdrawalEffect:
    """The effect of withdrawing a consent (PIPL art. 15, 16); each consent closes its own power alone.

    Without a state the case is not on its way: the invited side stops reading.

    Examples
    --------
    >>> effect_of_withdrawal(ClinicalState.PLANNING, ConsentKind.DATA_SHARING)
    <WithdrawalEffect.SUSPEND: 'suspend'>
    >>> effect_of_withdrawal(ClinicalState.PLANNING, ConsentKind.BROADCAST)
    <WithdrawalEffect.ONLY_THIS: 'only_this'>
    """
    if kind not in _RESTS_ON:
        return WithdrawalEffect.ONLY_THIS
    if state in BEFORE_PROCEDURE:
        return WithdrawalEffect.SUSPEND
    if state in AT_TABLE:
        return WithdrawalEffect.OPERATOR_DECIDES
    return WithdrawalEffect.STOP_READING

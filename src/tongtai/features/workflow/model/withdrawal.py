"""What a withdrawn consent does, by where the case stands."""

from enum import StrEnum

from tongtai.features.workflow.model.states import AT_TABLE, BEFORE_PROCEDURE, ClinicalState


class WithdrawalEffect(StrEnum):
    """What follows from a withdrawal."""

    # The case is put aside, and the invited side reads nothing new.
    SUSPEND = "suspend"
    # The patient is on the table: what is safest is the operator's judgement, which is recorded.
    OPERATOR_DECIDES = "operator_decides"
    # The operation is over: nothing new is read by the invited side, the record stays.
    STOP_READING = "stop_reading"


def effect_of_withdrawal(state: ClinicalState) -> WithdrawalEffect:
    """The effect of withdrawing a consent that the case rests on (PIPL art. 15, 16).

    Examples
    --------
    >>> effect_of_withdrawal(ClinicalState.PLANNING)
    <WithdrawalEffect.SUSPEND: 'suspend'>
    """
    if state in BEFORE_PROCEDURE:
        return WithdrawalEffect.SUSPEND
    if state in AT_TABLE:
        return WithdrawalEffect.OPERATOR_DECIDES
    return WithdrawalEffect.STOP_READING

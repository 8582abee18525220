"""What may follow what. Each rule is a table, and a pair that is not in it is refused."""

from enum import StrEnum
from types import MappingProxyType

from tongtai.features.guidance.model.catalogue import AdviceStatus, EventType, Phase, Step

PHASE_TRANSITIONS = MappingProxyType(
    {
        (Phase.PLANNED, EventType.SESSION_OPENED): Phase.OPEN,
        (Phase.OPEN, EventType.SESSION_CLOSED): Phase.CLOSED,
        # Closed by mistake, or the patient comes back to the table.
        (Phase.CLOSED, EventType.SESSION_OPENED): Phase.OPEN,
    }
)

ADVICE_TRANSITIONS = MappingProxyType(
    {
        (AdviceStatus.GIVEN, EventType.ADVICE_READ_BACK): AdviceStatus.READ_BACK,
        (AdviceStatus.GIVEN, EventType.ADVICE_ACCEPTED): AdviceStatus.ACCEPTED,
        (AdviceStatus.GIVEN, EventType.ADVICE_DECLINED): AdviceStatus.DECLINED,
        (AdviceStatus.GIVEN, EventType.ADVICE_SUPERSEDED): AdviceStatus.SUPERSEDED,
        (AdviceStatus.GIVEN, EventType.ADVICE_EXPIRED): AdviceStatus.EXPIRED,
        (AdviceStatus.READ_BACK, EventType.ADVICE_ACCEPTED): AdviceStatus.ACCEPTED,
        (AdviceStatus.READ_BACK, EventType.ADVICE_DECLINED): AdviceStatus.DECLINED,
        (AdviceStatus.READ_BACK, EventType.ADVICE_SUPERSEDED): AdviceStatus.SUPERSEDED,
        (AdviceStatus.READ_BACK, EventType.ADVICE_EXPIRED): AdviceStatus.EXPIRED,
        (AdviceStatus.ACCEPTED, EventType.ADVICE_DONE): AdviceStatus.DONE,
        (AdviceStatus.ACCEPTED, EventType.ADVICE_SUPERSEDED): AdviceStatus.SUPERSEDED,
    }
)

# A STOP stays on the room's screen until the operator has answered: it neither expires nor can be
# replaced, and "accepted" means "paused" until the operator resumes.
STOP_TRANSITIONS = MappingProxyType(
    {
        (AdviceStatus.GIVEN, EventType.ADVICE_ACCEPTED): AdviceStatus.ACCEPTED,
        (AdviceStatus.GIVEN, EventType.ADVICE_DECLINED): AdviceStatus.DECLINED,
        (AdviceStatus.ACCEPTED, EventType.SESSION_RESUMED): AdviceStatus.DONE,
    }
)


class HandoverStatus(StrEnum):
    """Whether the lead is being handed over."""

    NONE = "none"
    OFFERED = "offered"


HANDOVER_TRANSITIONS = MappingProxyType(
    {
        (HandoverStatus.NONE, EventType.HANDOVER_OFFERED): HandoverStatus.OFFERED,
        # A second offer replaces the first: the first backup may not answer.
        (HandoverStatus.OFFERED, EventType.HANDOVER_OFFERED): HandoverStatus.OFFERED,
        (HandoverStatus.OFFERED, EventType.HANDOVER_ACCEPTED): HandoverStatus.NONE,
        (HandoverStatus.OFFERED, EventType.HANDOVER_DECLINED): HandoverStatus.NONE,
    }
)

_NEEDLE_IN = frozenset(
    {
        Step.PUNCTURE,
        Step.NEEDLE_CHECK,
        Step.REPOSITION,
        Step.ENERGY_ON,
        Step.SEED_DROP,
        Step.CHECK_SCAN,
        Step.TRACK_ABLATION,
    }
)
_AFTER_NEEDLE_IN = _NEEDLE_IN | {Step.WITHDRAW}
_AFTER_NEEDLE_OUT = (frozenset(Step) - _NEEDLE_IN - {Step.WITHDRAW}) | {Step.PUNCTURE}

# Two rules, both about safety and none about taste: nothing that needs a needle before a puncture,
# and a procedure is not "done" with a needle in the patient. Everything else the room decides.
STEP_TRANSITIONS = MappingProxyType(
    {
        None: _AFTER_NEEDLE_OUT,
        **{step: _AFTER_NEEDLE_IN if step in _NEEDLE_IN else _AFTER_NEEDLE_OUT for step in Step},
    }
)

_SEEDS_ONLY = frozenset({Step.SEED_DROP})
_HEAT_ONLY = frozenset({Step.ENERGY_ON, Step.TRACK_ABLATION})

STEPS_OF_TECHNIQUE = MappingProxyType(
    {
        "rfa": frozenset(Step) - _SEEDS_ONLY,
        "mwa": frozenset(Step) - _SEEDS_ONLY,
        "seeds": frozenset(Step) - _HEAT_ONLY,
    }
)

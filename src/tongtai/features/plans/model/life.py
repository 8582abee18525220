"""How far a plan has come, and what moves it on."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tongtai.features.plans.errors import PlanStateError


class PlanState(StrEnum):
    """How far a plan has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class PlanAct(StrEnum):
    """What moves a plan on."""

    REVIEW = "review"
    APPROVE = "approve"
    SUPERSEDE = "supersede"


# The whole life of a plan: what is not here cannot happen.
TRANSITIONS: Mapping[PlanState, Mapping[PlanAct, PlanState]] = MappingProxyType(
    {
        PlanState.DRAFT: {PlanAct.REVIEW: PlanState.REVIEWED, PlanAct.SUPERSEDE: PlanState.SUPERSEDED},
        PlanState.REVIEWED: {PlanAct.APPROVE: PlanState.APPROVED, PlanAct.SUPERSEDE: PlanState.SUPERSEDED},
        PlanState.APPROVED: {PlanAct.SUPERSEDE: PlanState.SUPERSEDED},
        PlanState.SUPERSEDED: {},
    }
)


def moved(state: PlanState, act: PlanAct) -> PlanState:
    """Where an act leads.

    Raises
    ------
    PlanStateError
        If it is not possible in this state.

    Examples
    --------
    >>> moved(PlanState.DRAFT, PlanAct.REVIEW)
    <PlanState.REVIEWED: 'reviewed'>
    """
    after = TRANSITIONS[state].get(act)
    if after is None:
        raise PlanStateError(
            f"A plan that is {state.value} cannot be {_DONE[act]}.", state=state.value, act=act.value
        )
    return after


_DONE = MappingProxyType(
    {PlanAct.REVIEW: "reviewed", PlanAct.APPROVE: "approved", PlanAct.SUPERSEDE: "superseded"}
)

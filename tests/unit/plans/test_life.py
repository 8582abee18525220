"""The life of a plan: every state with every act."""

from itertools import product

import pytest

from tongtai.features.plans.errors import PlanStateError
from tongtai.features.plans.model import PlanAct, PlanState, moved

POSSIBLE = {
    (PlanState.DRAFT, PlanAct.REVIEW): PlanState.REVIEWED,
    (PlanState.REVIEWED, PlanAct.APPROVE): PlanState.APPROVED,
    (PlanState.DRAFT, PlanAct.SUPERSEDE): PlanState.SUPERSEDED,
    (PlanState.REVIEWED, PlanAct.SUPERSEDE): PlanState.SUPERSEDED,
    (PlanState.APPROVED, PlanAct.SUPERSEDE): PlanState.SUPERSEDED,
}


@pytest.mark.parametrize(("state", "act"), [*product(PlanState, PlanAct)])
def test_every_pair(state: PlanState, act: PlanAct):
    if (after := POSSIBLE.get((state, act))) is not None:
        assert moved(state, act) is after
        return
    with pytest.raises(PlanStateError) as refused:
        moved(state, act)
    assert refused.value.values == {"state": state.value, "act": act.value}

"""Ten thousand random steps over the way of a case: no dead end, no guard passed that does not hold."""

import random

import pytest
from tests.unit.workflow.walking import Walk

pytestmark = pytest.mark.verification


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_steps_each(seed: int):
    walk = Walk(random.Random(seed), share_lacking=seed / 12)
    for _ in range(1000):
        walk.step()
    walk.check_chain()

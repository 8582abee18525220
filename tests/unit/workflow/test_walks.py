"""Random walks over the way of a case: no dead end, no guard passed that does not hold."""

import random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.unit.workflow.walking import Walk

# ``tests/verification`` takes ten thousand.
_STEPS = 300


# No shrinking: a walk is its seed, and a shorter seed is no shorter walk.
@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 2**32), st.floats(0.0, 0.9))
def test_random_walks(seed, share_lacking):
    walk = Walk(random.Random(seed), share_lacking)
    for _ in range(_STEPS // 20):
        walk.step()
    walk.check_chain()

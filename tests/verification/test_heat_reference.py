"""The heat solvers beside every exact solution of the reference tables."""

import re

import pytest

from tongtai.core.reference_case import summarise
from tongtai.core.thermal.reference.run import DAMAGE_CASES, SOLVER_CASES, run_cases
from tongtai.formats.heat_tables.reading import REFERENCE_TABLES, damage_rules, reference_tables
from tongtai.formats.plan_book.words import Language, Words

pytestmark = pytest.mark.verification


@pytest.mark.parametrize("name", REFERENCE_TABLES)
def test_every_value_is_within_its_tolerance(name: str):
    results = run_cases(reference_tables(), damage_rules().models, names=[name])
    failed = [one for one in results if not one.passed]
    assert results
    words = Words(Language.ZH, {})
    assert all(re.search(r"[\u4e00-\u9fff]", words.reference_case(one.case)) for one in summarise(results))
    assert not failed, f"{len(failed)} of {len(results)}, worst: {[s.worst for s in summarise(results)]}"


def test_every_table_has_a_case():
    assert set(REFERENCE_TABLES) == {*SOLVER_CASES, *DAMAGE_CASES}

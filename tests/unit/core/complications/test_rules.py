"""R1 to R12 at each threshold, on history, scores, the plan and what was done."""

from typing import Any

import pytest

from tongtai.core.complications.errors import ComplicationRulesError, FactError
from tongtai.core.complications.evaluating import evaluate
from tongtai.core.complications.facts import FACTS, HistoryFacts, sheet_of
from tongtai.core.complications.rules import Level, read_condition
from tongtai.formats.complication_rules import packaged_complication_rules

RULES = packaged_complication_rules()
AMBER, RED, NOT = Level.AMBER, Level.RED, None


def _level(rule_id, **facts):
    fired = evaluate(RULES, sheet_of(facts)).fired
    return next((one.level for one in fired if one.rule.id == rule_id), None)


# One line for each condition of the file: rule, facts, level.
TABLE: list[tuple[str, dict[str, Any], Level | None]] = [
    *(
        ("R1", {fact: True}, RED)
        for fact in (
            "bilioenteric_anastomosis",
            "sphincterotomy",
            "biliary_stent",
            "ptbd",
            "dilated_bile_ducts",
            "cholangitis",
        )
    ),
    ("R1", {"bilioenteric_anastomosis": False}, NOT),
    ("R1", {"tumour_kind": "icc"}, RED),
    ("R1", {"tumour_kind": "hcc"}, NOT),
    ("R1", {"iodised_oil_retained": True}, AMBER),
    ("R1", {"tace_count": 1.0}, NOT),
    ("R1", {"tace_count": 2.0}, AMBER),
    ("R1", {"diabetes": True}, AMBER),
    ("R1", {"diabetes": True, "ptbd": True}, RED),
    ("R2", {"platelets_10e9_l": 49.9}, RED),
    ("R2", {"platelets_10e9_l": 50.0}, NOT),
    ("R2", {"inr": 1.5}, NOT),
    ("R2", {"inr": 1.51}, RED),
    ("R2", {"subcapsular": True}, AMBER),
    ("R2", {"exophytic": True}, AMBER),
    ("R2", {"ascites": "none"}, NOT),
    ("R2", {"ascites": "slight"}, AMBER),
    ("R2", {"needle_count": 2.0}, NOT),
    ("R2", {"needle_count": 3.0}, AMBER),
    ("R2", {"punctures": 2.0}, NOT),
    ("R2", {"punctures": 3.0}, AMBER),
    ("R3", {"dome_mm": 9.9}, AMBER),
    ("R3", {"dome_mm": 10.0}, NOT),
    ("R3", {"pleura_crossed": True}, AMBER),
    ("R4", {"duct_mm": 4.9}, AMBER),
    ("R4", {"duct_mm": 5.0}, NOT),
    *(
        ("R5", {fact: distance, "technique": technique}, level)
        for fact in ("gut_mm", "stomach_mm", "gallbladder_mm")
        for distance, technique, level in [(9.9, "mwa", RED), (10.0, "rfa", NOT), (9.9, "seeds", NOT)]
    ),
    ("R5", {"zone_reaches_organ": True}, RED),
    ("R6", {"child_pugh_points": 7.0}, NOT),
    ("R6", {"child_pugh_points": 8.0}, AMBER),
    ("R6", {"albi_grade": 2.0}, NOT),
    ("R6", {"albi_grade": 3.0}, AMBER),
    ("R6", {"remnant_share": 0.3}, NOT),
    ("R6", {"remnant_share": 0.29}, AMBER),
    ("R6", {"zone_ml": 150.0}, NOT),
    ("R6", {"zone_ml": 150.1}, AMBER),
    ("R6", {"portal_thrombosis": True}, AMBER),
    ("R7", {"technique": "mwa", "zone_longest_mm": 50.0}, NOT),
    ("R7", {"technique": "mwa", "zone_longest_mm": 50.1}, AMBER),
    ("R7", {"technique": "rfa", "zone_longest_mm": 60.0}, NOT),
    ("R7", {"technique": "mwa", "energy_time_min": 20.0}, NOT),
    ("R7", {"technique": "mwa", "energy_time_min": 20.1}, AMBER),
    ("R7", {"technique": "mwa", "energy_done_min": 20.1}, AMBER),
    ("R8", {"technique": "rfa"}, AMBER),
    ("R8", {"technique": "mwa"}, NOT),
    ("R9", {"tumour_ml": 50.0}, NOT),
    ("R9", {"tumour_ml": 50.1}, AMBER),
    ("R9", {"sirs": True}, AMBER),
    ("R10", {"margin_mm": 5.0}, NOT),
    ("R10", {"margin_mm": 4.9}, AMBER),
    ("R10", {"margin_done_mm": 4.9}, AMBER),
    ("R11", {"seed_mismatch": True}, RED),
    ("R11", {"seed_migration": True}, RED),
    ("R11", {"seed_d90_share": 0.9}, NOT),
    ("R11", {"seed_d90_share": 0.89}, RED),
    ("R12", {"tumour_total_mm": 30.0}, NOT),
    ("R12", {"tumour_total_mm": 30.1}, AMBER),
    ("R12", {"technique": "mwa"}, AMBER),
    ("R12", {"technique": "rfa"}, NOT),
    ("R12", {"tumour_kind": "icc"}, AMBER),
]


@pytest.mark.parametrize(("rule_id", "facts", "level"), TABLE)
def test_rule_at_its_threshold(rule_id, facts, level):
    assert _level(rule_id, **facts) is level


def test_every_condition_of_the_file_stands_in_the_table():
    """A new trigger needs its lines above: which fact of which rule is tried at all."""
    tried = {(rule_id, fact) for rule_id, facts, _ in TABLE for fact in facts}
    asked = {(r.id, c.fact) for r in RULES.rules for t in r.triggers for c in t.all}
    assert asked <= tried
    assert [rule.id for rule in RULES.rules] == [f"R{number}" for number in range(1, 13)]


def test_the_reference_case_is_warned_of_an_abscess():
    """A bilio-enteric anastomosis in the history: red, very high risk, prophylaxis before the procedure."""
    history = HistoryFacts(technique="rfa", tumour_kind="hcc", bilioenteric_anastomosis=True)
    fired = evaluate(RULES, history.sheet()).fired
    abscess = fired[0]
    assert (abscess.rule.id, abscess.level) == ("R1", RED)
    reason = abscess.reasons[0]
    assert (reason.condition, reason.value) == ("bilioenteric_anastomosis = yes", True)
    assert (reason.note_zh, reason.origin.value) == ("极高危", "history")
    assert "Iida 2014" in reason.source
    due = {task.code: task.due_h for task in abscess.rule.tasks}
    assert due["antibiotic_plan"] < 0.0
    assert 120.0 <= due["abscess_imaging"] <= 168.0


def test_what_is_not_known_fires_nothing_and_is_named():
    nothing = evaluate(RULES, {})
    assert nothing.fired == ()
    assert [one.rule_id for one in nothing.undecided] == [rule.id for rule in RULES.rules]
    biliary = next(one for one in nothing.undecided if one.rule_id == "R1")
    assert "bilioenteric_anastomosis" in biliary.facts
    # Half of a trigger known to be false: nothing is open any more.
    done = evaluate(RULES, sheet_of({"technique": "rfa"}))
    assert "R7" not in [one.rule_id for one in done.undecided]


def test_facts_are_of_their_kind():
    for facts in (
        {"diabetes": 1.0},
        {"inr": True},
        {"ascites": "much"},
        {"unknown": True},
        {"inr": float("nan")},
    ):
        with pytest.raises(FactError):
            sheet_of(facts)
    assert all(kind.name_zh and kind.name_en for kind in FACTS.values())


@pytest.mark.parametrize(
    "text",
    ["inr", "inr < much", "inr<1", "unknown = yes", "diabetes < yes", "diabetes = 1", "ascites = much"],
)
def test_a_condition_that_cannot_be_meant(text):
    with pytest.raises(ComplicationRulesError):
        read_condition(text)

"""The answers of the intake form as facts; the expected points are counted by hand from the Child-Pugh table."""

import pytest

from tongtai.core.complications.facts import FACTS
from tongtai.core.complications.of_intake import intake_facts
from tongtai.formats.intake_form import packaged_form

# Bilirubin 40 umol/L: 2, albumin 30 g/L: 2, INR 1.2: 1, mild ascites: 2, grade 1-2: 2 = 9.
SICK = {
    "bilirubin": 40.0,
    "albumin": 30.0,
    "inr": 1.2,
    "ascites": "mild",
    "encephalopathy": "grade_1_2",
    "platelets": 60.0,
}


def test_child_pugh_and_albi_come_from_the_laboratory():
    facts = intake_facts(SICK)
    assert facts["child_pugh_points"].value == 9.0
    # 0.66 * log10(40) - 0.085 * 30 = -1.493: above -2.60 and at most -1.39.
    assert facts["albi_grade"].value == 2.0
    assert (facts["ascites"].value, facts["platelets_10e9_l"].value) == ("slight", 60.0)


@pytest.mark.parametrize("left_out", ["bilirubin", "albumin", "inr", "ascites", "encephalopathy"])
def test_a_score_with_an_open_answer_is_not_known(left_out: str):
    facts = intake_facts({key: value for key, value in SICK.items() if key != left_out})
    assert "child_pugh_points" not in facts


@pytest.mark.parametrize(
    ("item", "fact"),
    [
        ("bilio_enteric_anastomosis", "bilioenteric_anastomosis"),
        ("biliary_stent", "biliary_stent"),
        ("ptbd", "ptbd"),
        ("dilated_ducts", "dilated_bile_ducts"),
        ("cholangitis", "cholangitis"),
        ("diabetes", "diabetes"),
    ],
)
def test_yes_no_and_nothing(item: str, fact: str):
    assert item in packaged_form().items
    assert intake_facts({item: "yes"})[fact].value is True
    assert intake_facts({item: "no"})[fact].value is False
    assert fact not in intake_facts({})


def test_every_choice_of_the_form_is_understood():
    form = packaged_form()
    kinds = [intake_facts({"diagnosis": one})["tumour_kind"].value for one in form.item("diagnosis").choices]
    assert kinds == list(FACTS["tumour_kind"].choices)
    grades = [intake_facts({"ascites": one})["ascites"].value for one in form.item("ascites").choices]
    assert grades == list(FACTS["ascites"].choices)


def test_what_the_form_asks_in_one_is_not_guessed_apart():
    assert "sphincterotomy" not in intake_facts({"biliary_stent": "yes"})
    assert intake_facts({"biliary_stent": "no"})["sphincterotomy"].value is False


def test_a_value_of_another_kind_is_not_a_number():
    assert intake_facts({"platelets": "many", "bilirubin": 0.0, "albumin": 40.0}) == {}


def test_the_largest_diameter_is_the_sum_of_one_tumour_only():
    assert intake_facts({"tumour_count": 1.0, "tumour_largest": 31.0})["tumour_total_mm"].value == 31.0
    assert "tumour_total_mm" not in intake_facts({"tumour_count": 2.0, "tumour_largest": 31.0})
    assert "tumour_total_mm" not in intake_facts({"tumour_largest": 31.0})

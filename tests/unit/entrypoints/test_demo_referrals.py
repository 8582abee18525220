"""The demonstration's referrals: their answers fit the form, and the reference case fires the abscess rule."""

from datetime import date

import pytest

from tongtai.core.complications.evaluating import evaluate
from tongtai.core.complications.of_intake import intake_facts
from tongtai.core.intake.completeness import completeness
from tongtai.core.intake.form import Answer, Gate, ItemKind
from tongtai.entrypoints.demo.people import HOSPITALS
from tongtai.entrypoints.demo.referrals import STATIONS, Referral, referrals
from tongtai.formats.complication_rules import packaged_complication_rules
from tongtai.formats.intake_form import packaged_form

DAY = date(2026, 5, 1)


def _answers(referral: Referral) -> dict[str, Answer]:
    found = {}
    for key, value in referral.answers.items():
        plain = tuple(value) if isinstance(value, list) else value
        assert isinstance(plain, int | float | str | tuple)
        found[key] = Answer(value=plain, observed_on=DAY)
    for item in packaged_form().items.values():
        if item.kind is ItemKind.FILE and item.key not in referral.without:
            found[item.key] = Answer(value="file", observed_on=DAY)
    return found


@pytest.mark.parametrize("referral", referrals(), ids=lambda one: one.station)
def test_a_referral_lacks_exactly_what_it_is_to_lack(referral: Referral):
    form = packaged_form()
    assert referral.station in STATIONS
    assert referral.hospital in {hospital.key for hospital in HOSPITALS}
    answers = _answers(referral)
    for key, value in referral.answers.items():
        item = form.item(key)
        if item.kind in {ItemKind.CHOICE, ItemKind.YES_NO} and item.choices:
            assert value in item.choices, key
    seen = completeness(form, answers, technique=referral.technique, on=DAY)
    missing = {lack.values["item"] for lack in seen.blocking(Gate.ACCEPT)}
    assert missing == set(referral.without)


def test_the_reference_case_has_the_abscess_warning_in_red():
    case = next(one for one in referrals() if one.hospital == "hekou")
    facts = intake_facts({key: answer.value for key, answer in _answers(case).items()})
    fired = {one.rule.id: one.level.value for one in evaluate(packaged_complication_rules(), facts).fired}
    assert fired["R1"] == "red"

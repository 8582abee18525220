"""Impact assessments: each field of the law, two people, and what a change of purpose makes of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tongtai.features.accounts.model import By
from tongtai.features.privacy.errors import ImpactAssessmentRefusedError
from tongtai.features.privacy.model import ImpactAssessment, PurposeChange, Standing, standing
from tongtai.formats.record_forms import packaged_record_form

FORM = packaged_record_form("impact_assessment")
NOW = datetime(2031, 5, 4, 8, tzinfo=UTC)
AUTHOR, OTHER = (By(user_id=one, name=one, name_en=one) for one in "ab")
WHOLE = FORM.checked(
    {field.key: "说明" for field in FORM.fields}
    | {"conclusion": "acceptable", "assessed_on": NOW.date().isoformat()}
)


def _assessment(**more: object) -> ImpactAssessment:
    whole = ImpactAssessment(id="p", institution_id="i", number=1, values=WHOLE, author=AUTHOR, made_at=NOW)
    return replace(whole, **more)  # type: ignore[arg-type]


def _change(at: datetime) -> PurposeChange:
    return PurposeChange(
        id="c", institution_id="i", number=1, changed_on=at.date(), text="教学", by=AUTHOR, recorded_at=at
    )


def _lacks(assessment: ImpactAssessment, by: By = OTHER) -> list[str]:
    with pytest.raises(ImpactAssessmentRefusedError) as refused:
        assessment.approved(by, NOW, FORM)
    lacks = refused.value.values["lacks"]
    assert isinstance(lacks, list)
    return [one["values"].get("record_field", one["code"]) for one in lacks]


# PIPL 55: sensitive information, automated decisions, recipients; 56: purpose and method, effect and risks, measures.
@pytest.mark.parametrize(
    "field",
    [
        "purpose",
        "method",
        "necessity",
        "information_kinds",
        "recipients",
        "automated_decisions",
        "risks",
        "measures",
        "conclusion",
        "assessed_on",
    ],
)
def test_f43_each_field_of_the_law_is_needed(field: str):
    without = {key: value for key, value in WHOLE.items() if key != field}
    assert _lacks(_assessment(values=without)) == [f"impact_assessment.{field}"]


def test_f43_somebody_else_approves_and_then_it_stays_and_is_kept_for_three_years():
    assert _lacks(_assessment(), AUTHOR) == ["own_assessment"]
    tomorrow = {**WHOLE, "assessed_on": "2031-05-05"}
    assert _lacks(_assessment(values=tomorrow)) == ["assessed_ahead"]
    approved = _assessment().approved(OTHER, NOW, FORM)
    assert (approved.approver, approved.kept_until) == (OTHER, date(2034, 5, 4))
    for act in (
        lambda: approved.approved(OTHER, NOW, FORM),
        lambda: approved.changed({}, file_name="", file_sha256=""),
    ):
        with pytest.raises(ImpactAssessmentRefusedError):
            act()


def test_f43_an_assessment_begun_before_the_last_change_of_purpose_is_outdated():
    draft, approved = _assessment(), _assessment(approved_at=NOW)
    second, before, after = timedelta(seconds=1), [_change(NOW)], [_change(NOW + timedelta(seconds=1))]
    assert standing([], []) is Standing.MISSING
    assert standing([], [draft]) is Standing.MISSING
    assert standing([], [approved]) is Standing.CURRENT
    assert standing(before, [approved]) is Standing.CURRENT
    assert standing(after, [approved]) is Standing.OUTDATED
    # Approved late, but begun before: it is about what was before.
    assert standing(after, [_assessment(approved_at=NOW + 2 * second)]) is Standing.OUTDATED
    newer = _assessment(made_at=NOW + 2 * second, approved_at=NOW + 3 * second)
    assert standing([*before, *after], [newer, approved]) is Standing.CURRENT

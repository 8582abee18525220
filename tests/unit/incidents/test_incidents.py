"""Incidents: each act in each state, each field of the law, each clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tongtai.features.accounts.model import By, Role
from tongtai.features.incidents.errors import IncidentActRefusedError
from tongtai.features.incidents.model import (
    Incident,
    IncidentAct,
    IncidentState,
    due_calls,
)
from tongtai.formats.record_forms import packaged_record_form

S, A = IncidentState, IncidentAct
FORM = packaged_record_form("incident")
FOUND = datetime(2031, 5, 4, 8, tzinfo=UTC)
NOW = FOUND + timedelta(hours=2)
WHOLE = FORM.checked(
    {
        "kind": "leak",
        "discovered_at": FOUND.isoformat(),
        "what_happened": "一份检查报告发错机构",
        "information_kinds": ["record"],
        "people_count": 1,
        "cause": "选错收件方",
        "possible_harm": "隐私被他人知悉",
        "remedies": "已要求删除并得到书面确认",
        "self_protection": "留意以就诊为名的来电",
        "contact": "信息科 010-0000000",
        "prevention": "发送前二次核对",
    }
)
BY = By(user_id="u", name="甲", name_en="A")
# Written out, independently of the program's table.
WAYS = {
    (S.REPORTED, A.AMEND): S.REPORTED,
    (S.REPORTED, A.TELL_AUTHORITY): S.REPORTED,
    (S.REPORTED, A.TELL_PEOPLE): S.REPORTED,
    (S.REPORTED, A.WAIVE_PEOPLE): S.REPORTED,
    (S.REPORTED, A.CONTAIN): S.CONTAINED,
    (S.REPORTED, A.DISMISS): S.DISMISSED,
    (S.CONTAINED, A.AMEND): S.CONTAINED,
    (S.CONTAINED, A.TELL_AUTHORITY): S.CONTAINED,
    (S.CONTAINED, A.TELL_PEOPLE): S.CONTAINED,
    (S.CONTAINED, A.WAIVE_PEOPLE): S.CONTAINED,
    (S.CONTAINED, A.CLOSE): S.CLOSED,
    (S.CLOSED, A.REOPEN): S.CONTAINED,
    (S.DISMISSED, A.REOPEN): S.REPORTED,
}


def _incident(state: IncidentState = S.REPORTED, **more: object) -> Incident:
    whole = Incident(
        id="i",
        institution_id="h",
        number=1,
        state=state,
        values=WHOLE,
        discovered_at=FOUND,
        reported_at=FOUND,
        reporter=BY,
        authority_told_at=NOW,
        people_told_at=NOW,
    )
    return replace(whole, **more)  # type: ignore[arg-type]


def _lacks(incident: Incident, act: IncidentAct, **more: object) -> list[str]:
    with pytest.raises(IncidentActRefusedError) as refused:
        incident.after(act, FORM, **{"now": NOW, "text": "说明", **more})  # type: ignore[arg-type]
    lacks = refused.value.values["lacks"]
    assert isinstance(lacks, list)
    return [one["values"].get("record_field", one["code"]) for one in lacks]


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(A))
def test_f44_each_act_in_each_state(state: IncidentState, act: IncidentAct):
    if (state, act) in WAYS:
        changed = _incident(state).after(act, FORM, now=NOW, text="说明")
        assert (changed.state, changed.version) == (WAYS[state, act], 2)
    else:
        assert _lacks(_incident(state), act) == ["incident_act_not_now"]


# PIPL 57: kinds of information, causes, possible harm; remedies taken and what people can do; a contact.
@pytest.mark.parametrize(
    "field",
    ["information_kinds", "cause", "possible_harm", "remedies", "self_protection", "contact", "people_count"],
)
@pytest.mark.parametrize("act", [A.TELL_AUTHORITY, A.TELL_PEOPLE, A.CLOSE])
def test_f44_the_form_holds_every_field_of_the_law(field: str, act: IncidentAct):
    without = {key: value for key, value in WHOLE.items() if key != field}
    assert _lacks(_incident(S.CONTAINED, values=without), act) == [f"incident.{field}"]


@pytest.mark.parametrize("field", ["kind", "discovered_at", "what_happened"])
def test_f44_without_this_nothing_is_reported(field: str):
    without = {key: value for key, value in WHOLE.items() if key != field}
    assert [one.values["record_field"] for one in FORM.lacks_for("report", without)] == [f"incident.{field}"]


def test_f44_closed_once_authority_and_people_were_told_or_need_not_be():
    untold = _incident(S.CONTAINED, authority_told_at=None, people_told_at=None)
    assert _lacks(untold, A.CLOSE) == ["authority_not_told", "people_not_told"]
    told = untold.after(A.TELL_AUTHORITY, FORM, now=NOW, text="省级主管部门，电话", done_at=FOUND)
    assert told.authority_told_at == FOUND
    waived = told.after(A.WAIVE_PEOPLE, FORM, now=NOW, text="对方未打开即删除，有效避免危害")
    assert waived.after(A.CLOSE, FORM, now=NOW, text="已整改").state is S.CLOSED
    assert _lacks(waived, A.CLOSE, text=" ") == ["incident_words_missing"]


@pytest.mark.parametrize("told", [FOUND - timedelta(seconds=1), NOW + timedelta(seconds=1)])
def test_f44_nobody_was_told_before_the_discovery_or_tomorrow(told: datetime):
    assert _lacks(_incident(), A.TELL_AUTHORITY, done_at=told) == ["incident_time_wrong"]


def test_f44_the_discovery_stays_as_it_was_reported():
    later = {**WHOLE, "discovered_at": NOW.isoformat(), "cause": "另查明"}
    changed = _incident().after(A.AMEND, FORM, now=NOW, text="", values=later)
    assert (changed.values["discovered_at"], changed.values["cause"]) == (FOUND.isoformat(), "另查明")


def test_f44_clocks_of_24_and_72_hours_call_more_and_more_people():
    waiting = _incident(authority_told_at=None, people_told_at=None)

    def called(hours: float, incident: Incident = waiting) -> list[tuple[str, int]]:
        return [(one.code, one.level) for one in due_calls(incident, FOUND + timedelta(hours=hours))]

    first, authority, people = ("incident_reported", 0), "incident_authority", "incident_people"
    assert called(0) == [first]
    assert called(11.99) == [first]
    assert called(12) == [first, (authority, 0)]
    assert called(24) == [first, (authority, 0), (authority, 1)]
    assert called(36)[-1] == (authority, 2)
    assert called(47.99)[-1] == (authority, 2)
    assert called(48)[-1] == (people, 0)
    assert called(72)[-1] == (people, 1)
    assert called(84)[-1] == (people, 2)
    due = {one.code: one.due_at - FOUND for one in due_calls(waiting, FOUND + timedelta(hours=84))}
    assert (due[authority], due[people]) == (timedelta(hours=24), timedelta(hours=72))
    assert called(84, replace(waiting, authority_told_at=NOW)) == [
        first,
        (people, 0),
        (people, 1),
        (people, 2),
    ]
    assert called(84, replace(waiting, authority_told_at=NOW, people_waived_at=NOW)) == [first]
    assert called(84, replace(waiting, state=S.DISMISSED)) == []
    last = list(due_calls(waiting, FOUND + timedelta(hours=36)))[-1]
    assert {Role.ADMINISTRATOR, Role.AUDITOR} <= last.roles

"""Consents: what makes one valid, and what each opens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.support.papers import consent

from tongtai.features.consents.model import (
    ConsentKind,
    ConsentState,
    Relation,
    lacks_of_consent,
    lacks_of_kinds,
    lacks_to_share,
    state_of,
)

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
TODAY = NOW.date()
GROWN = date(1957, 3, 2)
HOME = {"inst_b": "CN"}
CK = ConsentKind


def _codes(found) -> list[str]:
    return [lack.code for lack in found]


def _lacks(kind: ConsentKind, birth: date = GROWN, **changes: object) -> list[str]:
    whole = consent(kind, ("inst_b",) if kind is CK.DATA_SHARING else (), NOW)
    return _codes(lacks_of_consent(replace(whole, **changes), birth=birth, countries=HOME))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(ConsentKind))
def test_a_whole_consent_is_valid(kind):
    assert not _lacks(kind)


@pytest.mark.parametrize(
    ("birth", "relation", "codes"),
    [
        (date(2012, 5, 5), Relation.PATIENT, ["guardian_must_sign"]),
        (date(2012, 5, 5), Relation.SIBLING, ["guardian_must_sign"]),
        (date(2012, 5, 5), Relation.PARENT, []),
        # Fourteen today: a guardian or another relative, never alone.
        (date(2012, 5, 4), Relation.PATIENT, ["minor_cannot_sign"]),
        (date(2008, 5, 5), Relation.PATIENT, ["minor_cannot_sign"]),
        (date(2008, 5, 4), Relation.PATIENT, []),
        (GROWN, Relation.SPOUSE, ["proxy_reason_missing"]),
    ],
)
def test_f12_who_may_sign(birth, relation, codes):
    assert _lacks(CK.SURGERY, birth, relation=relation) == codes


def test_f12_the_head_approves_treatment_only_and_says_why():
    assert _lacks(CK.SURGERY, relation=Relation.INSTITUTION_HEAD) == ["proxy_reason_missing"]
    head: dict[str, Any] = {"relation": Relation.INSTITUTION_HEAD, "proxy_reason": "昏迷，联系不到近亲属"}
    assert not _lacks(CK.SURGERY, **head)
    assert _lacks(CK.BROADCAST, **head) == ["not_by_the_head"]


def test_f32_without_a_fee_line_no_consent():
    assert _lacks(CK.TELEMEDICINE, fee_line=" ") == ["fee_line_missing"]


def test_f42_recipients_abroad_are_refused():
    assert _lacks(CK.DATA_SHARING, recipients=()) == ["recipients_missing"]
    whole = consent(CK.DATA_SHARING, ("inst_b",), NOW)
    for country in ("SG", "US"):
        found = lacks_of_consent(whole, birth=GROWN, countries={"inst_b": country})
        assert _codes(found) == ["recipient_abroad"]
    assert _codes(lacks_of_consent(whole, birth=GROWN, countries={})) == ["recipient_abroad"]


def test_surgery_names_risks_and_alternatives():
    assert _lacks(CK.SURGERY, risks="", alternatives="") == ["risks_missing", "alternatives_missing"]


def test_f11_each_consent_opens_its_own_power_only():
    every = [consent(kind, ("inst_b",), NOW) for kind in ConsentKind]
    for kind in ConsentKind:
        rest = [one for one in every if one.kind is not kind]
        for asked in ConsentKind:
            assert _codes(lacks_of_kinds(rest, [asked], TODAY)) == (
                ["consent_missing"] if asked is kind else []
            )


def test_f11_sharing_names_the_hospital():
    both = [consent(CK.TELEMEDICINE, (), NOW), consent(CK.DATA_SHARING, ("inst_b",), NOW)]
    assert not lacks_to_share(both, "inst_b", TODAY)
    assert _codes(lacks_to_share(both, "inst_c", TODAY)) == ["recipient_not_named"]
    assert _codes(lacks_to_share(both[:1], "inst_b", TODAY)) == ["consent_missing"]


def test_f13_withdrawn_and_expired_consents_open_nothing_and_the_newest_counts():
    both = [consent(CK.TELEMEDICINE, (), NOW), consent(CK.DATA_SHARING, ("inst_b",), NOW)]
    withdrawn = replace(both[1], withdrawn_at=NOW)
    assert _codes(lacks_to_share([both[0], withdrawn], "inst_b", TODAY)) == ["consent_withdrawn"]
    again = replace(both[1], id="2", number=2)
    assert not lacks_to_share([both[0], withdrawn, again], "inst_b", TODAY)
    short = replace(both[1], valid_until=TODAY)
    assert not lacks_to_share([both[0], short], "inst_b", TODAY)
    late = TODAY + timedelta(days=1)
    assert _codes(lacks_to_share([both[0], short], "inst_b", late)) == ["consent_expired"]


def test_state_of_all_consents():
    every = [consent(kind, ("inst_b",), NOW) for kind in ConsentKind]
    assert state_of([], TODAY) is ConsentState.NONE
    assert state_of(every[:1], TODAY) is ConsentState.PARTIAL
    assert state_of(every, TODAY) is ConsentState.VALID
    assert state_of([*every[1:], replace(every[0], withdrawn_at=NOW)], TODAY) is ConsentState.WITHDRAWN

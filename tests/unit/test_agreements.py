"""Agreements: what keeps one from being in force."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.papers import agreement, signed

from tongtai.features.agreements.model import (
    LIABLE,
    AgreementKind,
    Clause,
    Party,
    PartyRole,
    ServiceType,
    coverage,
    lacks_in_force,
    lacks_to_sign,
)

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
TODAY = NOW.date()
WHOLE = agreement("inst_a", "inst_b", NOW)


def _codes(found) -> list[str]:
    return [lack.code for lack in found]


def test_f10_a_whole_agreement_signed_by_all_is_in_force():
    assert not lacks_to_sign(WHOLE)
    assert not lacks_in_force(signed(WHOLE, NOW), TODAY)


@pytest.mark.parametrize("clause", list(Clause))
def test_f10_each_clause_is_mandatory(clause: Clause):
    rest = {one: text for one, text in WHOLE.clauses.items() if one is not clause}
    assert [lack.values["clause"] for lack in lacks_to_sign(replace(WHOLE, clauses=rest))] == [clause.value]
    blank = {**WHOLE.clauses, clause: "  "}
    assert _codes(lacks_to_sign(replace(WHOLE, clauses=blank))) == ["clause_missing"]


def test_f10_every_party_signs_and_signs_this_text():
    both = signed(WHOLE, NOW)
    one = replace(both, signatures=both.signatures[:1])
    assert _codes(lacks_in_force(one, TODAY)) == ["signature_missing"]
    other_text = replace(both, dispute_authority="海滨市卫生健康委员会")
    assert _codes(lacks_in_force(other_text, TODAY)) == ["signature_missing"] * 2


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (WHOLE.valid_from - timedelta(days=1), ["agreement_not_yet_valid"]),
        (WHOLE.valid_from, []),
        (WHOLE.valid_until, []),
        (WHOLE.valid_until + timedelta(days=1), ["agreement_expired"]),
    ],
)
def test_f10_validity_at_its_borders(day, codes):
    assert _codes(lacks_in_force(signed(WHOLE, NOW), day)) == codes


def test_a_platform_is_a_party_itself():
    platform = replace(WHOLE, kind=AgreementKind.PLATFORM)
    assert [lack.values for lack in lacks_to_sign(platform)] == [{"role": "operator"}]
    operator = Party(institution_id="inst_c", role=PartyRole.OPERATOR)
    assert not lacks_to_sign(replace(platform, parties=(*platform.parties, operator)))


def test_f19_who_is_liable():
    assert LIABLE[ServiceType.CONSULTATION] == {PartyRole.INVITING}
    assert LIABLE[ServiceType.DIAGNOSIS] == {PartyRole.INVITING, PartyRole.INVITED}


def test_a_case_is_covered_by_the_right_agreement():
    whole = signed(WHOLE, NOW)
    ended = replace(whole, id="agr_0", ended_at=NOW)

    def found(inviting: str, service: ServiceType):
        return coverage(
            [ended, whole], inviting_id=inviting, invited_id="inst_b", service=service, today=TODAY
        )

    assert found("inst_a", ServiceType.CONSULTATION).agreement is whole
    assert _codes(found("inst_x", ServiceType.CONSULTATION).lacks) == ["agreement_missing"]
    assert _codes(found("inst_a", ServiceType.DIAGNOSIS).lacks) == ["agreement_missing"]

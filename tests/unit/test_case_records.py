"""Team meetings, opinions, decisions, checklists and the archive: what makes each count."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tongtai.core.checklists import (
    LineKind,
    Party,
    Sheet,
    SheetError,
    checked_value,
    lacks_of_lines,
    lacks_of_parties,
)
from tongtai.features.accounts.model import Confirmation, Role
from tongtai.features.agreements.model import PartyRole, ServiceType
from tongtai.features.archive.model import (
    Bundle,
    Hold,
    Part,
    Receipt,
    RetentionClass,
    kept_until,
    lacks_of_receipts,
    lacks_to_delete,
)
from tongtai.features.mdt.model import (
    QUORUM,
    Conclusion,
    Considered,
    Lesion,
    Meeting,
    Option,
    Panelist,
    Specialty,
    Verdict,
    Vote,
    lacks_of_minutes,
    lacks_of_panel,
    lacks_to_conclude,
)
from tongtai.features.opinions.model import (
    Decision,
    Opinion,
    Outcome,
    lacks_of_decision,
    lacks_of_opinion,
)
from tongtai.features.opinions.model import (
    Part as OpinionPart,
)
from tongtai.formats.checklist_sheets import packaged_sheets
from tongtai.formats.workflow_words import Section, words

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
TODAY = NOW.date()
SHEETS = packaged_sheets()


def confirmed(user_id: str, sha256: str, institution_id: str = "inst_b") -> Confirmation:
    """Somebody stands for this hash."""
    return Confirmation(
        user_id=user_id,
        name="甲",
        name_en="A",
        role=Role.LEAD_GUIDE,
        institution_id=institution_id,
        at=NOW,
        sha256=sha256,
        means="password",
    )


def _codes(found) -> list[str]:
    return [lack.code for lack in found]


PANEL = tuple(
    Panelist(
        user_id=f"user_{number}",
        name="甲",
        name_en="A",
        institution_id="inst_b",
        specialty=specialty,
        title="",
    )
    for number, specialty in enumerate(sorted(QUORUM))
)
MEETING = Meeting(
    id="mdt_1",
    case_id="case_1",
    number=1,
    scheduled_at=NOW,
    quorum=QUORUM,
    panel=PANEL,
    material_sha256="0" * 64,
    created_at=NOW,
    lesions=(Lesion(label="1", segment="S8", size_mm=23.0, distances_mm={"vessel": 6.0}),),
    options=(Option(treatment=Considered.RFA, note="单发"),),
    votes=tuple(Vote(user_id=one.user_id, verdict=Verdict.RFA, reason="单发 23 mm", at=NOW) for one in PANEL),
)


def _concluded(meeting: Meeting = MEETING) -> Meeting:
    done = Conclusion(verdict=Verdict.RFA, details={}, decided_at=NOW, chaired_by="user_9")
    concluded = replace(meeting, conclusion=done)
    signatures = tuple(confirmed(vote.user_id, concluded.sha256) for vote in meeting.votes)
    return replace(concluded, signatures=signatures)


@pytest.mark.parametrize("specialty", sorted(QUORUM))
def test_f36_each_specialty_of_the_quorum_is_needed(specialty: Specialty):
    rest = tuple(one for one in PANEL if one.specialty is not specialty)
    assert _codes(lacks_of_panel(replace(MEETING, panel=rest))) == ["specialty_missing"]


def test_f36_one_person_is_no_panel():
    alone = tuple(replace(one, user_id="user_1") for one in PANEL)
    assert _codes(lacks_of_panel(replace(MEETING, panel=alone))) == ["panel_too_small"]
    assert not lacks_of_panel(MEETING)


def test_f36_a_conclusion_is_what_most_voted_for_and_everybody_signs():
    assert not lacks_to_conclude(MEETING, Verdict.RFA)
    assert _codes(lacks_to_conclude(MEETING, Verdict.MWA)) == ["verdict_is_not_the_majority"]
    silent = replace(MEETING, votes=MEETING.votes[1:])
    assert _codes(lacks_to_conclude(silent, Verdict.RFA)) == ["vote_missing"]
    bare = replace(MEETING, lesions=(), options=())
    assert _codes(lacks_to_conclude(bare, Verdict.RFA)) == ["lesions_missing", "options_missing"]
    whole = _concluded()
    assert not lacks_of_minutes(whole)
    assert _codes(lacks_of_minutes(replace(whole, signatures=whole.signatures[1:]))) == ["mdt_unsigned"]
    assert _codes(lacks_of_minutes(MEETING)) == ["mdt_not_concluded"]
    assert _codes(lacks_of_minutes(None)) == ["mdt_missing"]


def test_dissent_is_kept_and_a_changed_vote_shows():
    against = replace(MEETING.votes[0], verdict=Verdict.MWA, reason="邻近血管")
    whole = _concluded(replace(MEETING, votes=(against, *MEETING.votes[1:])))
    assert [vote.reason for vote in whole.dissent] == ["邻近血管"]
    forged = replace(whole, votes=(replace(against, verdict=Verdict.RFA), *whole.votes[1:]))
    assert _codes(lacks_of_minutes(forged)) == ["mdt_unsigned"] * 3


def _opinion(service: ServiceType = ServiceType.CONSULTATION) -> Opinion:
    text = Opinion(
        id="opi_1",
        case_id="case_1",
        number=1,
        service_type=service,
        parts={
            OpinionPart.FINDINGS: "S8 单发病灶",
            OpinionPart.DIAGNOSIS: "肝细胞癌",
            OpinionPart.RECOMMENDATION: "射频消融",
        },
        experts=("user_1", "user_2"),
        written_by="user_1",
        written_at=NOW,
    )
    return replace(text, signatures=tuple(confirmed(one, text.sha256) for one in text.experts))


def test_f17_every_named_expert_signs_and_a_changed_letter_shows():
    whole = _opinion()
    assert not lacks_of_opinion(whole, inviting_id="inst_a")
    one = replace(whole, signatures=whole.signatures[:1])
    assert _codes(lacks_of_opinion(one, inviting_id="inst_a")) == ["opinion_unsigned"]
    parts = {**whole.parts, OpinionPart.RECOMMENDATION: "微波消融"}
    changed = replace(whole, parts=parts)
    assert _codes(lacks_of_opinion(changed, inviting_id="inst_a")) == ["opinion_unsigned"] * 2
    empty = replace(whole, parts={})
    assert _codes(lacks_of_opinion(empty, inviting_id="inst_a"))[:3] == ["opinion_part_missing"] * 3


def test_f19_a_diagnosis_is_signed_by_both_sides_and_both_answer_for_it():
    diagnosis = _opinion(ServiceType.DIAGNOSIS)
    assert diagnosis.liable == {PartyRole.INVITING, PartyRole.INVITED}
    assert _opinion().liable == {PartyRole.INVITING}
    assert _codes(lacks_of_opinion(diagnosis, inviting_id="inst_a")) == [
        "diagnosis_unsigned_by_inviting_side"
    ]
    both = (*diagnosis.signatures, confirmed("user_7", diagnosis.sha256, "inst_a"))
    assert not lacks_of_opinion(replace(diagnosis, signatures=both), inviting_id="inst_a")


def test_f18_a_decision_is_signed_and_about_this_opinion():
    opinion = _opinion()
    draft = Decision(
        id="dec_1",
        case_id="case_1",
        number=1,
        opinion_id=opinion.id,
        opinion_sha256=opinion.sha256,
        outcome=Outcome.ADOPTED,
        reason="",
        operates=True,
        decided_at=NOW,
    )
    assert _codes(lacks_of_decision(draft, [opinion])) == ["decision_unsigned"]
    whole = replace(draft, signature=confirmed("user_7", draft.sha256, "inst_a"))
    assert not lacks_of_decision(whole, [opinion])
    forged = replace(whole, outcome=Outcome.NOT_ADOPTED)
    assert _codes(lacks_of_decision(forged, [opinion])) == ["decision_unsigned"]
    other = replace(opinion, number=2)
    assert _codes(lacks_of_decision(whole, [other])) == ["decision_about_another_opinion"]
    assert _codes(lacks_of_decision(None, [])) == ["decision_missing"]


def filled(sheet: Sheet, technique: str = "rfa") -> dict[str, bool | float | str]:
    """A sheet in order."""
    values: dict[str, bool | float | str] = {}
    for line in SHEETS[sheet].asked_of(technique):
        match line.kind:
            case LineKind.CHECK:
                values[line.key] = True
            case LineKind.NUMBER:
                values[line.key] = line.low if line.low is not None else 1.0
            case LineKind.TEXT:
                values[line.key] = "无"
    return {key: values[SHEETS[sheet].line(key).equals or key] for key in values}


@pytest.mark.parametrize("technique", ["rfa", "mwa", "seeds"])
@pytest.mark.parametrize("sheet", list(Sheet))
def test_f35_each_line_of_each_sheet_is_needed(sheet: Sheet, technique: str):
    form, whole = SHEETS[sheet], filled(sheet, technique)
    assert not lacks_of_lines(form, whole, technique=technique)
    for key, value in whole.items():
        rest = {name: one for name, one in whole.items() if name != key}
        assert "line_missing" in _codes(lacks_of_lines(form, rest, technique=technique))
        if value is True:
            unchecked = {**whole, key: False}
            assert _codes(lacks_of_lines(form, unchecked, technique=technique)) == ["line_not_confirmed"]


def test_f27_nobody_is_ready_without_an_emergency_plan_of_the_case():
    form, whole = SHEETS[Sheet.READINESS], filled(Sheet.READINESS, "rfa")
    for missing in ({}, {"emergency_plan": "  "}):
        rest = {name: one for name, one in whole.items() if name != "emergency_plan"} | missing
        lacks = lacks_of_lines(form, rest, technique="rfa")
        assert [one.values["line"] for one in lacks] == ["emergency_plan"], missing


@pytest.mark.parametrize(
    ("sheet", "key", "value", "code"),
    [
        (Sheet.READINESS, "clock_offset_ms", 200.0, None),
        (Sheet.READINESS, "clock_offset_ms", 200.1, "line_out_of_range"),
        (Sheet.READINESS, "uplink_b_mbit_s", 9.9, "line_out_of_range"),
        (Sheet.TIME_OUT, "lesions_read_back", "S4", "line_contradicts"),
        (Sheet.TIME_OUT, "needles_read_back", 2.0, "line_contradicts"),
        (Sheet.SIGN_OUT, "needles_counted", 3.0, "line_contradicts"),
    ],
)
def test_f35_ranges_read_back_and_counts(sheet: Sheet, key: str, value: object, code: str | None):
    values = {**filled(sheet), key: checked_value(SHEETS[sheet].line(key), value)}
    assert _codes(lacks_of_lines(SHEETS[sheet], values, technique="rfa")) == ([code] if code else [])


def test_f35_three_parties_are_three_persons_and_the_guide_hears_the_time_out():
    assert SHEETS[Sheet.SIGN_IN].parties == {Party.SURGEON, Party.ANAESTHESIA, Party.NURSE}
    assert Party.GUIDE in SHEETS[Sheet.TIME_OUT].parties
    form = SHEETS[Sheet.SIGN_IN]
    everybody = {party: f"user_{party}" for party in form.parties}
    assert not lacks_of_parties(form, everybody)
    for party in form.parties:
        rest = {one: user for one, user in everybody.items() if one is not party}
        assert _codes(lacks_of_parties(form, rest)) == ["party_unconfirmed"]
    assert _codes(lacks_of_parties(form, dict.fromkeys(form.parties, "user_1"))) == ["parties_not_distinct"]


def test_a_line_takes_its_own_kind_only():
    line = SHEETS[Sheet.TIME_OUT].line("needles")
    for wrong in (True, "many", None):
        with pytest.raises(SheetError):
            checked_value(line, wrong)
    with pytest.raises(SheetError):
        SHEETS[Sheet.TIME_OUT].line("nothing")


BUNDLE = Bundle(
    id="bun_1",
    case_id="case_1",
    number=1,
    parts=(Part(name="a.json", media_type="application/json", sha256="1" * 64, size_bytes=1),),
    retention=RetentionClass.INPATIENT,
    kept_until=kept_until(RetentionClass.INPATIENT, TODAY),
    made_at=NOW,
    made_by="user_1",
)


@pytest.mark.parametrize(
    ("retention", "until"),
    [
        (RetentionClass.INPATIENT, date(2056, 5, 4)),
        (RetentionClass.OUTPATIENT, date(2041, 5, 4)),
        (RetentionClass.RECORDING, date(2029, 5, 4)),
        (RetentionClass.TRANSFER_RECORD, date(2029, 5, 4)),
        (RetentionClass.IMPACT_ASSESSMENT, date(2029, 5, 4)),
        (RetentionClass.LOG, date(2026, 11, 4)),
    ],
)
def test_f21_retention_at_its_borders(retention: RetentionClass, until: date):
    assert kept_until(retention, TODAY) == until
    bundle = replace(BUNDLE, retention=retention, kept_until=until)
    assert _codes(lacks_to_delete([bundle], [], until)) == ["retention_runs"]
    assert not lacks_to_delete([bundle], [], until + timedelta(days=1))


def test_f23_a_hold_keeps_what_has_run_out():
    after = BUNDLE.kept_until + timedelta(days=1)
    hold = Hold(id="hold_1", case_id="case_1", reason="纠纷", placed_by="user_1", placed_at=NOW)
    assert _codes(lacks_to_delete([BUNDLE], [hold], after)) == ["legal_hold"]
    assert not lacks_to_delete([BUNDLE], [replace(hold, released_at=NOW)], after)


def test_f20_both_sides_confirm_the_same_hash_and_a_changed_part_shows():
    both = replace(
        BUNDLE,
        receipts=tuple(
            Receipt(institution_id=one, sha256=BUNDLE.sha256, by=confirmed("user_1", BUNDLE.sha256, one))
            for one in ("inst_a", "inst_b")
        ),
    )
    parties = ("inst_a", "inst_b")
    assert not lacks_of_receipts(both, parties)
    assert _codes(lacks_of_receipts(BUNDLE, parties)) == ["receipt_missing"] * 2
    tampered = replace(both, parts=(replace(both.parts[0], sha256="2" * 64),))
    assert _codes(lacks_of_receipts(tampered, parties)) == ["receipt_missing"] * 2
    assert _codes(lacks_of_receipts(None, parties)) == ["bundle_missing"]


def test_every_lack_has_words_with_its_values_in_both_languages():
    for code, word in words(Section.LACKS):
        assert word.zh.strip(), code
        assert word.en.strip(), code
        assert set(word.zh.split("{")[1:].__len__().__str__()) == set(
            word.en.split("{")[1:].__len__().__str__()
        ), code

"""The form: units, plausibility, freshness, gates, imports, attachments, images."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from tongtai.core.intake.completeness import completeness
from tongtai.core.intake.errors import FormError, UnknownUnitError, WrongAnswerError
from tongtai.core.intake.form import Answer, Gate, ItemKind, checked
from tongtai.core.intake.imaging import SeriesFacts, check_imaging
from tongtai.core.intake.scores import scores_of, tumour_burden
from tongtai.formats.attachments import AttachmentError, checked_media_type
from tongtai.formats.intake_form import packaged_form, read_form
from tongtai.formats.lab_import import LabFileError, read_bundle, read_table

TODAY = date(2026, 5, 4)
FORM = packaged_form()


def whole(technique: str = "rfa", on: date = TODAY) -> dict[str, Answer]:
    """A plausible answer to everything, observed today."""
    answers = {}
    for item in FORM.asked_of(technique):
        match item.kind:
            case ItemKind.NUMBER:
                low = item.low or 0.0
                value: object = min(low * 1.5 + 1.0, item.high or 1e9)
            case ItemKind.CHOICE | ItemKind.YES_NO:
                value = (item.choices or ("no",))[0]
            case ItemKind.LIST | ItemKind.FILE:
                value = ["无"]
            case _:
                value = "无"
        answers[item.key] = checked(item, value, observed_on=on)
    for key, value in (("platelets", 150.0), ("inr", 1.1)):
        answers[key] = replace(answers[key], value=value)
    return answers


@pytest.mark.parametrize("technique", ["rfa", "mwa", "seeds"])
def test_a_whole_form_is_complete(technique: str):
    found = completeness(FORM, whole(technique), technique=technique, on=TODAY)
    assert (found.present, found.gaps, found.rules) == (found.total, (), ())
    assert not any(found.blocking(gate) for gate in Gate)


@pytest.mark.parametrize("key", sorted(item.key for item in FORM.asked_of("rfa")))
def test_f15_each_item_is_missed(key: str):
    answers = whole()
    del answers[key]
    found = completeness(FORM, answers, technique="rfa", on=TODAY)
    assert [gap.lack.code for gap in found.gaps] == ["item_missing"]
    assert [gap.lack.values["item"] for gap in found.gaps] == [key]
    item = FORM.item(key)
    blocked = {gate for gate in Gate if found.blocking(gate)}
    later = {Gate.ACCEPT: set(Gate), Gate.SCHEDULE: {Gate.SCHEDULE, Gate.READY}, Gate.READY: {Gate.READY}}
    assert blocked == (later[item.gate] if item.level == "block" else set())


@pytest.mark.parametrize(
    ("key", "value", "unit", "kept"),
    [
        # Molar masses: bilirubin 584.66, creatinine 113.12, glucose 180.16 g/mol.
        ("bilirubin", 1.0, "mg/dL", 1e4 / 584.66),
        ("creatinine", 1.0, "mg/dL", 1e4 / 113.12),
        ("glucose", 100.0, "mg/dL", 1e3 / 180.16),
        ("albumin", 3.5, "g/dL", 35.0),
        ("haemoglobin", 12.0, "g/dL", 120.0),
        ("platelets", 182.0, "10*3/uL", 182.0),
        ("fibrinogen", 250.0, "mg/dL", 2.5),
        ("alt", 1.0, "ukat/L", 60.0),
    ],
)
def test_units_are_converted(key: str, value: float, unit: str, kept: float):
    answer = checked(FORM.item(key), value, unit=unit)
    assert answer.value == pytest.approx(kept, rel=2e-3)
    assert (answer.given_value, answer.given_unit) == (str(value), unit)


def test_unknown_units_and_kinds_are_refused():
    with pytest.raises(UnknownUnitError):
        checked(FORM.item("bilirubin"), 1.0, unit="mmol/L")
    for key, value in (("platelets", "many"), ("platelets", "nan"), ("ascites", "a lot"), ("ecg", "x")):
        with pytest.raises(WrongAnswerError):
            checked(FORM.item(key), value)


def test_implausible_values_are_questioned_and_can_be_confirmed():
    # Albumin in g/dL entered as g/L: a slip of the unit.
    slip = checked(FORM.item("albumin"), 3.6, observed_on=TODAY)
    answers = whole() | {"albumin": slip}
    found = completeness(FORM, answers, technique="rfa", on=TODAY)
    assert [gap.lack.code for gap in found.gaps] == ["item_implausible"]
    answers["albumin"] = replace(slip, confirmed=True)
    assert not completeness(FORM, answers, technique="rfa", on=TODAY).gaps


@pytest.mark.parametrize(("days", "stale"), [(7, False), (8, True)])
def test_freshness_at_its_border_and_on_the_operations_day(days: int, stale: bool):
    old = TODAY - timedelta(days=days)
    answers = whole()
    answers["inr"] = replace(answers["inr"], observed_on=old)
    codes = [gap.lack.code for gap in completeness(FORM, answers, technique="rfa", on=TODAY).gaps]
    assert codes == (["item_stale"] if stale else [])
    # Fresh today and stale on the day of the operation.
    later = completeness(FORM, whole(), technique="rfa", on=TODAY + timedelta(days=10))
    assert {"item_stale"} == {gap.lack.code for gap in later.gaps}
    assert any(gap.item.key == "platelets" for gap in later.gaps)


@pytest.mark.parametrize(
    ("platelets", "inr", "items"),
    [(50.0, 1.5, []), (49.9, 1.5, ["platelets"]), (50.0, 1.51, ["inr"]), (40.0, 2.0, ["platelets", "inr"])],
)
def test_bleeding_gate_at_its_borders(platelets: float, inr: float, items: list[str]):
    answers = whole()
    del answers["bleeding_correction_plan"]
    answers["platelets"] = replace(answers["platelets"], value=platelets)
    answers["inr"] = replace(answers["inr"], value=inr)
    found = completeness(FORM, answers, technique="rfa", on=TODAY)
    assert [rule.values["item"] for rule in found.rules] == items
    assert {lack.code for lack in found.blocking(Gate.READY)} == ({"bleeding_risk"} if items else set())
    answers["bleeding_correction_plan"] = Answer(value="输注血小板", observed_on=TODAY)
    assert not completeness(FORM, answers, technique="rfa", on=TODAY).rules


def test_every_choice_has_words_or_stands_for_itself():
    said = {word.code for word in FORM.words}
    plain = {choice for item in FORM.items.values() for choice in item.choices} - said
    # Grades and stages are written as they are everywhere.
    assert plain == {*"01234ABCD", "Ia", "Ib", "IIa", "IIb", "IIIa", "IIIb", "IV"}
    assert all(word.zh.strip() and word.en.strip() for word in (*FORM.words, *FORM.groups))
    assert [group.code for group in FORM.groups] == list(
        dict.fromkeys(item.group for item in FORM.items.values())
    )


def test_scores_follow_from_the_answers_and_say_what_they_lack():
    answers = {key: answer.value for key, answer in whole().items()} | {
        "bilirubin": 20.0,
        "albumin": 36.0,
        "inr": 1.8,
        "ascites": "mild",
        "encephalopathy": "none",
        "creatinine": 80.0,
        "sodium": 130.0,
        "tumour_count": 2.0,
        "tumour_largest": 28.0,
        "vascular_invasion": "no",
        "extrahepatic_spread": "no",
        "ecog": "0",
        "diagnosis": "C22.0",
    }
    found = {score.name: score for score in scores_of(answers, female=True)}
    # By hand: Child-Pugh 1 + 1 + 2 + 2 + 1 = 7, class B; two tumours up to 3 cm: BCLC A, CNLC Ib.
    assert (found["child_pugh"].value, found["child_pugh"].grade) == (7.0, "B")
    assert (found["bclc"].grade, found["cnlc"].grade) == ("A", "Ib")
    # 10 (0.378 ln 1.17 + 1.120 ln 1.8 + 0.643), creatinine at its floor.
    assert found["meld"].value == 14.0
    assert found["bleeding_gate"].grade == "blocked"
    assert all(score.complete and score.source and score.formula for score in found.values())
    without = {score.name: score for score in scores_of({**answers, "inr": None}, female=None)}
    assert without["child_pugh"].missing == ("inr",)
    assert without["bclc"].missing == ("child_pugh_class",)
    metastasis = scores_of({**answers, "diagnosis": "C78.7"}, female=True)
    assert "bclc" not in {score.name for score in metastasis}


def test_a_slip_in_the_number_of_tumours_costs_nothing():
    slip = tumour_burden({"tumour_count": 1e12, "tumour_largest": 20.0})
    assert slip.count == 100


def test_the_form_names_a_source_for_everything():
    assert all(item.source and item.zh and item.en for item in FORM.items.values())
    with pytest.raises(FormError):
        read_form(
            '[[group]]\nkey="a"\nzh="a"\nen="a"\n[[group.item]]\nkey="x"\nkind="text"\nzh="x"\nen="x"\n'
        )
    twice = (
        '[[group]]\nkey="a"\nzh="a"\nen="a"\nsource="s"\n'
        + '[[group.item]]\nkey="x"\nkind="text"\nzh="x"\nen="x"\n' * 2
    )
    with pytest.raises(FormError):
        read_form(twice)


TABLE = "loinc,value,unit,date\n777-3,182,10*9/L,2026-05-01\n14631-6,1.2,mg/dL,2026/05/01 08:30\n\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_results_from_a_table(encoding: str):
    found = read_table((TABLE + "1975-2,<5,μmol/L,\n").encode(encoding))
    assert [(one.code, one.value, one.unit) for one in found] == [
        ("777-3", "182", "10*9/L"),
        ("14631-6", "1.2", "mg/dL"),
        ("1975-2", "<5", "μmol/L"),
    ]
    assert [one.observed_on for one in found] == [date(2026, 5, 1), date(2026, 5, 1), None]


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"loinc,value,date\n1,2,yesterday\n", b"\xff\xff\xff"]
)
def test_no_table(content: bytes):
    with pytest.raises(LabFileError):
        read_table(content)


def _observation(**fields: object) -> dict[str, object]:
    return {
        "resource": {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": "777-3"}]},
            "effectiveDateTime": "2026-05-01T08:00:00+08:00",
            "valueQuantity": {"value": 182, "unit": "10^9/L", "code": "10*9/L"},
        }
        | fields
    }


def test_results_from_a_bundle():
    withdrawn = _observation(status="entered-in-error")
    coded = _observation(
        code={"coding": [{"system": "http://loinc.org", "code": "5196-1"}]},
        valueQuantity=None,
        valueCodeableConcept={"coding": [{"display": "negative"}]},
    )
    bundle = {"resourceType": "Bundle", "entry": [_observation(), withdrawn, coded]}
    found = read_bundle(json.dumps(bundle).encode())
    assert [(one.code, one.value, one.unit) for one in found] == [
        ("777-3", "182", "10*9/L"),
        ("5196-1", "negative", ""),
    ]
    assert found[0].observed_on == date(2026, 5, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"no",
        b"[]",
        b'{"resourceType": "Patient"}',
        b'{"resourceType": "Bundle", "entry": [1]}',
        json.dumps(
            {
                "resourceType": "Bundle",
                "entry": [
                    {
                        "resource": {
                            "resourceType": "Observation",
                            "status": "final",
                            "code": {"coding": ["x"]},
                        }
                    }
                ],
            }
        ).encode(),
    ],
)
def test_no_bundle(content: bytes):
    with pytest.raises(LabFileError):
        read_bundle(content)


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind)
    return out.getvalue()


def test_attachments_are_what_their_content_says():
    assert checked_media_type(_picture("PNG")) == "image/png"
    assert checked_media_type(_picture("JPEG")) == "image/jpeg"
    assert checked_media_type(b"%PDF-1.4\nx\n%%EOF") == "application/pdf"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MZ\x90\x00", "unknown_kind"),
        (b"%PDF-1.4\nx", "truncated"),
        (b"%PDF-1.4\n<</OpenAction 3 0 R>>\n%%EOF", "active_content"),
        (b"%PDF-1.4\n<</S /JavaScript>>\n%%EOF", "active_content"),
        (_picture("PNG")[:45], "damaged"),
        (_picture("GIF"), "unknown_kind"),
    ],
)
def test_other_files_are_refused(content: bytes, reason: str):
    with pytest.raises(AttachmentError) as refusal:
        checked_media_type(content)
    assert refusal.value.values["reason"] == reason


def _series(phase: str, **changes: object) -> SeriesFacts:
    facts = SeriesFacts(
        series_uid=f"1.2.{phase}",
        modality="CT",
        phase=phase,
        study_date=TODAY - timedelta(days=30),
        thickness_mm=1.5,
        lossy=False,
        images=100,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


THREE = [_series(phase) for phase in ("arterial", "portal", "delayed")]


def test_images_that_fulfil_the_list():
    check = check_imaging(THREE, TODAY)
    assert not check.lacks
    assert not any(one.blocks or one.warns for one in check.series)
    mr = _series("unknown", modality="MR")
    assert not check_imaging([mr], TODAY).lacks


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lossy": True}, "imaging_lossy"),
        ({"study_date": TODAY - timedelta(days=31)}, "imaging_old"),
        ({"study_date": None}, "imaging_undated"),
        ({"thickness_mm": 5.01}, "slices_thick"),
        ({"phase": "plain"}, "phase_missing"),
    ],
)
def test_images_that_do_not(change: dict[str, object], code: str):
    series = [replace(THREE[0], **change), *THREE[1:]]  # type: ignore[arg-type]
    assert [lack.code for lack in check_imaging(series, TODAY).lacks] == [code]


def test_thick_slices_are_accepted_with_a_word():
    (first, *_) = check_imaging([replace(THREE[0], thickness_mm=5.0), *THREE[1:]], TODAY).series
    assert ([lack.code for lack in first.warns], first.blocks) == (["slices_thick"], ())

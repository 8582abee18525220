import re
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.support.pdf_archive import archive_faults, without_fonts
from tests.support.pdf_text import pdf_text
from tests.support.plans import planned, without_needles

from tongtai.core.planning import heat_step
from tongtai.core.planning.plan import CaseChecked, Plan, Warned
from tongtai.core.segmentation.classical.grading import BRIGHT_LESION, GRADES, PLAIN_AORTA
from tongtai.formats.heat_tables.stand_ins import stand_ins
from tongtai.formats.plan_book import (
    Approval,
    Book,
    BookFontMissingError,
    BookRequest,
    CaseFacts,
    Language,
    PlanBookError,
    PrintPart,
    Standing,
    typeset,
)
from tongtai.formats.plan_book import pictures as pictures_module
from tongtai.formats.plan_book.drawing import compose_book
from tongtai.formats.plan_book.opening import warning_blocks
from tongtai.formats.plan_book.words import _rows, number, optional, percent, plain, words_for

FONTS = Path(__file__).parents[3] / "web/node_modules/@expo-google-fonts/noto-sans-sc"
WRITTEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHA = "c0ffee" + "0" * 58
needs_fonts = pytest.mark.skipif(
    not FONTS.exists(), reason="no Noto Sans SC: web/node_modules is not installed (make build)"
)
# Numbers that a reader of the book needs in another form, or not at all.
NOT_PRINTED = {
    "schema_version",
    "index_to_lps",  # where voxels lie: in plan.json
    "axis_lps",  # follows from entry and tip
    "tip_lps_mm",  # of a position: entry and depth give it; of a needle it is tested by name
    "tumour_number",
    "vessel_lps_mm",  # beside its sink's own place
    "code",
    "near",  # tested by name: only the nearest are printed
}


def _grey(_parts, _needles, _view, _seeds=()):
    stream = BytesIO()
    Image.new("RGB", (8, 6), (120, 120, 120)).save(stream, "PNG")
    return stream.getvalue()


def _composed(monkeypatch, result=None, **changes) -> Book:
    """A book without the 3-D picture, which has its own test."""
    monkeypatch.setattr(pictures_module, "plan_parts", lambda _result: [])
    monkeypatch.setattr(pictures_module, "scene_picture", _grey)
    request = BookRequest(plan_sha256=SHA, written_at=WRITTEN, **changes)
    return compose_book(result or planned(), request)


def _numbers(value, path=()):
    if is_dataclass(value):
        for one in fields(value):
            if one.name not in NOT_PRINTED:
                yield from _numbers(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, tuple):
        for n, one in enumerate(value):
            yield from _numbers(one, (*path, str(n)))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield ".".join(path), float(value)


def _forms(value: float) -> set[str]:
    """How a number may be printed: rounded, as per cent, doubled (half axes), with three digits."""
    found = {plain(value), f"{value:.3g}", number(2.0 * value)}
    for decimals in range(4):
        found |= {number(value, decimals), percent(value, decimals).removesuffix(" %"), number(100 * value)}
    return found | {form.lstrip("−") for form in found}


def _missing(plan: Plan, text: str) -> list[str]:
    printed = set(re.findall(r"−?\d+(?:\.\d+)?", text))
    return [f"{name} = {value}" for name, value in _numbers(plan) if not _forms(value) & printed]


@needs_fonts
@pytest.mark.parametrize("language", list(Language))
def test_the_pdf_holds_every_number_of_the_plan(monkeypatch, language):
    book = _composed(monkeypatch, language=language)
    content = typeset(book, fonts=FONTS)
    text, plan = pdf_text(content), planned().plan
    assert _missing(plan, text) == []
    for needle in plan.needles:
        for place in (needle.entry_lps_mm, needle.tip_lps_mm, needle.target_lps_mm):
            assert ", ".join(number(value) for value in place) in text
        for near in needle.near[:5]:
            assert number(near.distance_mm) in text
    joined = "".join(text.split())
    for part in (plan.identity.plan_id, SHA, plan.identity.input_sha256, plan.image.series_uid):
        assert part in joined.replace("\u200b", "")
    assert archive_faults(content) == []
    assert archive_faults(without_fonts(content)) == ["6.2.11.4: a font that is not embedded"]
    assert content == typeset(_composed(monkeypatch, language=language), fonts=FONTS)


def test_a_number_that_was_left_out_would_be_found():
    plan = planned().plan
    assert _missing(plan, "no numbers at all")
    assert any("minimum_margin_mm" in name for name in _missing(plan, "1 2 3"))


@needs_fonts
def test_the_chinese_book_is_chinese(monkeypatch):
    text = " ".join(pdf_text(typeset(_composed(monkeypatch, language=Language.ZH), fonts=FONTS)).split())
    for words in ("消融手术计划书", "AI 草案", "不是注册医疗器械", "肝肿瘤", "门静脉", "签名", "未提供"):
        assert words in text
    assert text.count("�") == 0
    assert re.search(r"位点 1 在大血管旁|没有以下结构的掩膜", text)


def _said(book: Book) -> str:
    return str(book.content)


def test_a_draft_says_so_and_an_approved_plan_names_the_physician(monkeypatch):
    draft = _composed(monkeypatch, language=Language.EN)
    assert "AI DRAFT" in _said(draft)
    assert "Not a registered medical device" in str(draft.content["notice"])
    approved = _composed(
        monkeypatch,
        language=Language.EN,
        standing=Standing.APPROVED,
        approval=Approval(name="Dr Wang", at="2026-03-05 10:00"),
    )
    assert "APPROVED by Dr Wang, 2026-03-05 10:00" in _said(approved)
    assert "AI DRAFT" not in _said(approved)
    assert "Not a registered medical device" in _said(approved)
    with pytest.raises(PlanBookError, match="who approved"):
        BookRequest(plan_sha256=SHA, written_at=WRITTEN, standing=Standing.APPROVED)


def test_what_is_missing_says_so(monkeypatch):
    said = _said(_composed(monkeypatch, without_needles(), language=Language.EN))
    for words in (
        "NO SAFE PATH",
        "not given",
        "The reference cases were not run on this installation",
        "Heat was not simulated" if planned().plan.positions == () else "Without needles there are no zones",
        "must be attached by the inviting hospital",
        "No surface files belong to this book",
        "Not segmented, so no needle keeps away from it",
    ):
        assert words in said
    unheated = replace(planned(), plan=replace(planned().plan, heat=None), heat=None)
    assert "Heat was not simulated" in _said(_composed(monkeypatch, unheated, language=Language.EN))


@needs_fonts
def test_a_book_without_needles_is_typeset_too(monkeypatch):
    text = pdf_text(typeset(_composed(monkeypatch, without_needles()), fonts=FONTS))
    assert "无安全路径" in text


def test_a_failed_reference_case_forbids_the_plan(monkeypatch):
    failed = CaseChecked(name="slab", passed=False, deviation=0.5, tolerance=0.1, unit="K")
    result = planned()
    result = replace(result, plan=replace(result.plan, verification=(*result.plan.verification, failed)))
    assert "1 of 3 reference cases FAILED" in _said(_composed(monkeypatch, result, language=Language.EN))


def test_case_and_printed_parts_are_shown(monkeypatch):
    case = CaseFacts(case_number="TT-9", patient="张三", identifiers=(("ID", "77"), ("born", "1961")))
    part = PrintPart(
        name="liver", file="liver.stl", sha256="d" * 64, box_mm=(201.2, 150.0, 99.9), volume_ml=1523.4
    )
    book = _composed(monkeypatch, language=Language.EN, case=case, printed=(part,))
    assert "TT-9  |  张三  |  ID 77  |  born 1961" in str(book.content["running"])
    assert "201.2 × 150.0 × 99.9" in _said(book)
    assert "Communication model, not a guide" in _said(book)


def test_a_missing_font_is_named(monkeypatch, tmp_path):
    with pytest.raises(BookFontMissingError):
        typeset(_composed(monkeypatch), fonts=tmp_path)


def test_a_machine_without_graphics_still_gets_its_book(monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("no OpenGL")

    monkeypatch.setattr(pictures_module, "plan_parts", lambda _result: [])
    monkeypatch.setattr(pictures_module, "scene_picture", broken)
    request = BookRequest(plan_sha256=SHA, written_at=WRITTEN, language=Language.EN)
    assert "could not be drawn here: no OpenGL" in _said(compose_book(planned(), request))


def test_words_are_whole_in_both_languages():
    for row in _rows("words.csv"):
        assert None not in row, f"{row['key']}: a comma is not quoted"
        assert row["en"], row["key"]
        assert row["zh"], row["key"]
        assert sorted(re.findall(r"\{\d\}", row["en"])) == sorted(re.findall(r"\{\d\}", row["zh"])), row[
            "key"
        ]
    keys = [row["key"] for row in _rows("words.csv")]
    assert len(keys) == len(set(keys))


def test_every_warning_of_the_plan_is_translated():
    plan = planned().plan
    words = words_for(plan, Language.ZH)
    for one in (*plan.warnings, *plan.limits):
        assert re.search(r"[\u4e00-\u9fff]", words.sentence(one)), one.text
    unknown = Warned(code="new_code", text="A new sentence.")
    assert words.sentence(unknown) == "A new sentence."
    english = words_for(plan, Language.EN).sentence(Warned(code="x", text="Zones reach 1 ml of portal_vein."))
    assert english == "Zones reach 1 ml of portal vein."


def test_every_reason_of_the_classical_engine_is_translated():
    words = words_for(planned().plan, Language.ZH)
    grades = (*GRADES.values(), PLAIN_AORTA, BRIGHT_LESION)
    assert all(re.search(r"[\u4e00-\u9fff]", words.reason(grade.reason)) for grade in grades)
    assert "0.92 与 0.96" in words.reason(GRADES["liver"].reason)


CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOTES = [
    "Series 2: the only series that can be planned on; unknown phase (the header says nothing of contrast); soft kernel",
    "Series 1: portal phase (SeriesDescription “portal venous”); sharp kernel B70f; 300 mm covered; slices every 1 mm",
    "between positions energy pauses for 60 s on the same needle and 120 s on another; what is warm or dead by then stays so",
    "the ground pad is far away: the potential falls like 1/r beyond the electric box",
    "the current keeps its shape until the bounds of the resistance lie 2 to 5 % apart",
    "the antenna's field is that of a homogeneous medium with the absorbed power's mean permittivity",
    "field renewed after 5 K or 15 s",
    "acquired 70 s after the start of the injection",
    "contrast was given (“Iopamidol”), the phase is not said",
    "SeriesDescription “art and portal” speaks of arterial and portal",
]


def test_where_an_imported_mask_comes_from_is_said_in_chinese():
    words = words_for(planned().plan, Language.ZH)
    assert words.reason("Made elsewhere; its quality is not known here.") == "他处制作，此处不知其质量。"


def test_what_was_assumed_is_said_in_the_readers_language():
    plan = planned().plan
    words = words_for(plan, Language.ZH)
    for note in (*heat_step._NOTES, *(one.source for one in stand_ins()), *NOTES):
        told = words.note(note)
        assert all(CHINESE.search(part) for part in re.split("；(?!本软件)", told)), note
        assert not re.search(r"[a-z]{4,} [a-z]{3,}", re.sub("“.*?”", "", told)), note
        assert words_for(plan, Language.EN).note(note) == note


def test_masks_that_are_doubtful_for_one_reason_share_a_line():
    spots = [f"{name}: {BRIGHT_LESION.reason}" for name in ("liver_lesion", "liver_lesion_2")]
    vein = f"portal_vein: {GRADES['inferior_vena_cava'].reason}"
    warnings = tuple(Warned(code="mask_doubtful", text=one) for one in (*spots, vein))
    plan = replace(planned().plan, warnings=warnings)
    told = [block["text"] for block in warning_blocks(words_for(plan, Language.EN), plan)]
    assert [one.partition(":")[0] for one in told[1:]] == ["▲ liver lesion, liver lesion 2", "▲ portal vein"]


def test_optional_numbers():
    assert optional(None) == "–"
    assert optional(-0.04) == "0.0"
    assert number(-np.pi) == "−3.1"

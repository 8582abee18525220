"""What must not happen to a paper in print: sheets of nobody, torn rows, lost letters, foreign words, times of elsewhere."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from tests.support.pdf_text import pdf_text

from tongtai.core.case_document import (
    CaseDocument,
    DocumentKind,
    Fields,
    Listing,
    Section,
    ServiceType,
    SignatureLine,
    Ticks,
)
from tongtai.formats.case_documents import embedded_record, typeset
from tongtai.formats.case_documents.words import Words
from tongtai.formats.plan_book.fonts import book_fonts
from tongtai.formats.session_report import render_pdf

FONTS = book_fonts(Path("web/apps/console/dist"))
CHINESE = re.compile("[\u3400-\u9fff]")
ROWS = [(f"{n}", f"begin{n}. " + "word " * 60 + f"end{n}.", f"last{n}") for n in range(40)]
PAPER = CaseDocument(
    kind=DocumentKind.OPERATION_RECORD,
    language="en",
    service_type=ServiceType.CONSULTATION,
    document_id="doc_1",
    version=1,
    case_number="2026-0001",
    hospital="A Hospital",
    inviting="A Hospital",
    invited="B Centre",
    patient=(
        ("patient", "John Doe"),
        ("sex", "M"),
        ("birth_date", "1957-03-02"),
        ("hospital_number", "H-0001"),
    ),
    sections=(
        Section(
            heading="All blocks",
            blocks=(
                Listing(header=("No.", "First", "Last"), rows=ROWS, widths=(1, 3, 1)),
                Fields(rows=[(name, first) for name, first, _ in ROWS]),
                Ticks(rows=[(True, first, last) for _, first, last in ROWS]),
            ),
        ),
    ),
    signers=(SignatureLine(role="operator", name="Jane Roe", institution="A Hospital"),),
    written_at=datetime.fromisoformat("2026-03-01T08:00+08:00"),
)


def sheets(document: CaseDocument) -> list[str]:
    """The words of each page."""
    return pdf_text(typeset(document, fonts=FONTS)).split("\f")


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def test_every_sheet_says_whose_it_is_which_of_how_many_and_that_no_device_made_it():
    pages = sheets(PAPER)
    assert len(pages) > 4
    for number, page in enumerate(pages, start=1):
        told = squeezed(page)
        for words in (
            "John Doe",
            "H-0001",
            "2026-0001",
            f"Page {number} of {len(pages)}",
            Words("en")("notice"),
        ):
            assert squeezed(words) in told, (number, words)


def test_no_row_is_torn_between_two_sheets():
    begun = []
    for page in sheets(PAPER):
        told = squeezed(page)
        on_page = re.findall(r"begin(\d+)\.", told)
        assert sorted(on_page) == sorted(re.findall(r"end(\d+)\.", told))
        begun += on_page
    assert len(begun) == 3 * len(ROWS)


def test_a_cell_that_is_longer_than_a_sheet_is_printed_whole():
    long = "甲乙丙丁" * 1500
    text = squeezed(
        "".join(sheets(replace(PAPER, sections=[Section(heading="-", blocks=[Fields(rows=[("a", long)])])])))
    )
    assert text.count("甲乙丙丁") >= 1490, "all but what stands across the end of a sheet"


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("阿卜杜热合曼·买买提明", "阿卜杜热合曼·买买提明"),
        ("㐱䶮犇", "㐱䶮犇"),
        ("Dvořák", "Dvořák"),
        ("王\U0002c386", "王〔U+2C386〕"),
        ("བ", "〔U+0F56〕"),
        ("김", "〔U+AE40〕"),
        ("\U0001f642", "〔U+1F642〕"),
        ("王\x01明", "王明"),
    ],
)
def test_a_letter_that_no_font_has_is_shown_by_its_number_and_stops_no_paper(name: str, printed: str):
    document = replace(PAPER, patient=(("patient", name),), sections=())
    pdf = typeset(document, fonts=FONTS)
    assert printed in squeezed(pdf_text(pdf))
    assert embedded_record(pdf).content["patient"] == [["patient", name]], "the record keeps what was written"


def test_the_record_of_a_session_is_typeset_whatever_letters_it_has():
    labels = dict.fromkeys(("people", "steps", "advice", "timeline", "seal", "none", "page"), "x") | {
        f"{name}_header": "a|b|c|d|e" for name in ("steps", "advice", "timeline", "people")
    }
    rows = {
        "people": [],
        "steps": [],
        "advice": [],
        "events": [["1", "2", "3", "4", "\U0001f642" + "0123456789" * 20]],
    }
    date = dict(zip(("year", "month", "day", "hour", "minute", "second"), (2026, 3, 1, 8, 0, 0), strict=True))
    report = {
        "lang": "en",
        "title": "t",
        "date": date,
        "footer": "f",
        "running": "John Doe",
        "facts": [],
        "seal": "s",
    }
    text = squeezed(pdf_text(render_pdf(report | {"labels": labels} | rows, fonts=FONTS)))
    assert "〔U+1F642〕" in text
    assert "0123456789" * 20 in text
    assert "JohnDoe" in text


@pytest.mark.parametrize("kind", DocumentKind)
def test_nothing_of_ours_is_chinese_on_an_english_paper(kind: DocumentKind):
    by_hand = (SignatureLine(role="proxy", name="Mary Doe", institution="spouse"),)
    text = "".join(sheets(replace(PAPER, kind=kind, by_hand=by_hand)))
    assert not CHINESE.findall(text)


def test_times_say_how_they_stand_to_utc():
    text = "".join(sheets(PAPER))
    assert "2026-03-01 08:00" in text
    assert "UTC+08:00" in text


def test_who_has_no_account_gets_room_to_sign_by_hand():
    by_hand = (SignatureLine(role="patient", name="王小明", institution="患者本人"),)
    chinese = replace(PAPER, language="zh", title="手术知情同意书", sections=(), by_hand=by_hand)
    text = squeezed("".join(sheets(chinese)))
    for words in ("手术知情同意书", "患者王小明患者本人", "日期：年月日", "与患者关系"):
        assert words in text, words


def test_what_has_no_place_to_break_stays_in_its_cell():
    identifier = "(01)06901234567892(17)270401(10)A2301(21)000123" * 3
    listing = Listing(header=("UDI", "Lot"), rows=((identifier, "A2301"),), widths=(1, 4))
    text = "".join(sheets(replace(PAPER, sections=[Section(heading="-", blocks=[listing])])))
    assert identifier in squeezed(text)
    assert identifier not in text, "with places to break"

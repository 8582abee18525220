"""Documents of a case: the same facts give the same file, and the file tells its facts back."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.pdf_text import pdf_text

from tongtai.core.case_document import (
    CaseDocument,
    DocumentKind,
    Fields,
    Listing,
    Paragraph,
    Section,
    ServiceType,
    SignatureLine,
    Ticks,
)
from tongtai.formats.case_documents import (
    CopyMark,
    DocumentFontMissingError,
    DocumentUnreadableError,
    embedded_record,
    marked_copy,
    typeset,
)
from tongtai.formats.case_documents.words import Words, _table
from tongtai.formats.plan_book.fonts import book_fonts

FONTS = book_fonts(Path("web/apps/console/dist"))
OPINION = CaseDocument(
    kind=DocumentKind.OPINION,
    language="zh",
    service_type=ServiceType.CONSULTATION,
    document_id="doc_1",
    version=1,
    case_number="2026-0001",
    hospital="甲中心",
    inviting="乙医院",
    invited="甲中心",
    patient=(("patient", "测试 #[x] $1"), ("sex", "F")),
    sections=(
        Section(
            heading="意见",
            blocks=(
                Paragraph(text="建议射频消融。", strong=True),
                Fields(rows=(("Child-Pugh", "A"), ("ALBI", "")), columns=2),
                Listing(header=("成员", "意见"), rows=(("甲", "射频"),), widths=(1, 2)),
                Ticks(rows=((True, "身份", "护士"), (False, "过敏史", ""))),
            ),
        ),
    ),
    signers=(SignatureLine(role="lead_guide", name="甲", institution="甲中心"),),
    written_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
)


def test_the_record_is_inside_and_its_hash_is_printed():
    pdf = typeset(OPINION, fonts=FONTS)
    record = embedded_record(pdf)
    assert record.sha256 == OPINION.record_sha256()
    assert record.content["sections"][0]["blocks"][2]["rows"] == [["甲", "射频"]]
    assert record.sha256 in pdf_text(pdf).replace("\u200b", "").replace("\n", "")


def test_the_same_facts_give_the_same_bytes_and_a_changed_word_other_ones():
    assert typeset(OPINION, fonts=FONTS) == typeset(OPINION, fonts=FONTS)
    assert replace(OPINION, hospital="丙").record_sha256() != OPINION.record_sha256()


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("service", ServiceType)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_f19_service_and_liable_party_stand_on_every_kind(kind, service, language):
    document = replace(OPINION, kind=kind, service_type=service, language=language)
    text = "".join(pdf_text(typeset(document, fonts=FONTS)).split())
    words = Words(language)
    for said in (
        words(f"kind.{kind}"),
        words(f"service.{service}"),
        words(f"liable.{service}", "乙医院", "甲中心"),
        words("notice"),
    ):
        assert "".join(said.split()) in text


def test_what_a_person_wrote_is_printed_as_written_and_not_run():
    assert "测试#[x]$1" in "".join(pdf_text(typeset(OPINION, fonts=FONTS)).split())


def test_a_draft_says_so_and_has_the_same_record():
    draft = replace(OPINION, draft=True)
    assert Words("zh")("t.draft") in pdf_text(typeset(draft, fonts=FONTS))
    assert draft.record_sha256() == OPINION.record_sha256()


def test_words_are_in_both_languages():
    assert all(row["zh"] and row["en"] for row in _table().values())


def test_without_the_font_nothing_is_typeset(tmp_path):
    with pytest.raises(DocumentFontMissingError):
        typeset(OPINION, fonts=tmp_path)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04"])
def test_what_is_no_document_of_ours_is_refused(content):
    with pytest.raises(DocumentUnreadableError):
        embedded_record(content)


def test_f25_every_page_of_a_copy_says_that_it_is_one():
    long = replace(OPINION, sections=[*OPINION.sections] * 40)
    paper = typeset(long, fonts=FONTS)
    mark = CopyMark(across="复制件", foot="非原件 2026-0001 患者本人", at=datetime(2026, 3, 2, tzinfo=UTC))
    copy = marked_copy(paper, mark, fonts=FONTS)
    told, sheets = pdf_text(copy), pdf_text(paper).count("\f") + 1
    assert told.count("建议射频消融") == 40
    assert (told.count("复制件"), told.count("患者本人"), sheets > 5) == (sheets, sheets, True)
    with pytest.raises(DocumentUnreadableError):
        marked_copy(b"%PDF-1.7 nothing", mark, fonts=FONTS)
    with pytest.raises(DocumentFontMissingError):
        marked_copy(paper, mark, fonts=Path("/nonexistent"))


def test_a_table_whose_rows_do_not_fit_is_refused():
    with pytest.raises(ValueError, match="columns"):
        Listing(header=("a",), rows=(("1", "2"),), widths=(1,))

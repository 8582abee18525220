"""veraPDF finds nothing against our PDF/A files, and does against one that was spoiled."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.support.pdf_validator import PdfValidator
from tests.support.plans import planned

from tongtai.core.case_document import CaseDocument, DocumentKind, Fields, Section, ServiceType
from tongtai.formats.case_documents import typeset as typeset_document
from tongtai.formats.plan_book import BookRequest, Language, typeset
from tongtai.formats.plan_book import pictures as pictures_module
from tongtai.formats.plan_book.drawing import compose_book

FONTS = Path(__file__).parents[2] / "web/node_modules/@expo-google-fonts/noto-sans-sc"
WRITTEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
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
    patient=(("patient", "测试"),),
    sections=(Section(heading="意见", blocks=(Fields(rows=(("ALBI", "A"),), columns=2),)),),
    signers=(),
    written_at=WRITTEN,
)
pytestmark = [
    pytest.mark.verification,
    pytest.mark.skipif(
        not FONTS.exists(), reason="no Noto Sans SC: web/node_modules is not installed (make build)"
    ),
]


@pytest.fixture(scope="module")
def validator(tmp_path_factory):
    return PdfValidator(tmp_path_factory.mktemp("verapdf"))


def _grey(_parts, _needles, _view, _seeds=()):
    stream = BytesIO()
    Image.new("RGB", (8, 6), (120, 120, 120)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def books(monkeypatch):
    """The plan book in each language; its 3-D picture, which takes long to draw, is a small one."""
    monkeypatch.setattr(pictures_module, "plan_parts", lambda _result: [])
    monkeypatch.setattr(pictures_module, "scene_picture", _grey)
    requests = [BookRequest(plan_sha256="c0ffee", written_at=WRITTEN, language=one) for one in Language]
    return [typeset(compose_book(planned(), request), fonts=FONTS) for request in requests]


def test_plan_books_and_documents_are_archives_and_one_without_its_fonts_is_not(validator, books):
    document = typeset_document(OPINION, fonts=FONTS)
    good = ["2b follows"] * len(books) + ["3b follows"]
    # As long as before, so that the file's table of places still holds.
    unfounded = books[0].replace(b"/FontFile", b"/FontGone")
    *whole, spoiled, fault = validator.verdicts(*books, document, unfounded)[: len(good) + 2]
    assert whole == good
    assert spoiled == "2b does not follow"
    assert fault.startswith("6.2.11.4")

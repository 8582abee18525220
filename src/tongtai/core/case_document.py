"""A document of a case before it is typeset: plain facts, no layout."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

Language = Literal["zh", "en"]


class DocumentKind(StrEnum):
    """What the document is."""

    REFERRAL = "referral"
    CONSENT = "consent"
    MDT_RECORD = "mdt_record"
    PLAN_BOOK = "plan_book"
    OPINION = "opinion"
    DECISION = "decision"
    SAFETY_CHECKLIST = "safety_checklist"
    OPERATION_RECORD = "operation_record"
    GUIDANCE_RECORD = "guidance_record"
    FOLLOW_UP = "follow_up"


class ServiceType(StrEnum):
    """远程会诊 or 远程诊断: who is liable follows from it (远程医疗服务管理规范, T5.3)."""

    CONSULTATION = "consultation"
    DIAGNOSIS = "diagnosis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Names and values in a frame, in one pair of columns or two."""

    rows: Sequence[tuple[str, str]]
    columns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table; ``widths`` are the columns' shares of the page."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]

    def __post_init__(self) -> None:
        counts = {len(self.header), len(self.widths), *map(len, self.rows)}
        if len(counts) != 1:
            raise ValueError(f"header, widths and rows have {sorted(counts)} columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """Lines of a checklist: ticked or not, what, and by whom and when."""

    rows: Sequence[tuple[bool, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph."""

    text: str
    strong: bool = False


Block = Fields | Listing | Ticks | Paragraph
KINDS: Mapping[type[Block], str] = {Fields: "fields", Listing: "table", Ticks: "ticks", Paragraph: "text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it."""

    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLine:
    """Who is to sign, and in which role (``lead_guide``, ``attending`` and so on).

    Attributes
    ----------
    institution
        Of who signs by hand, how they stand to the patient.
    """

    role: str
    name: str
    institution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument:
    """A document of a case.

    Attributes
    ----------
    hospital
        Whose paper it is: the side that issues it.
    patient
        What this copy shows of the patient: ``patient``, ``sex`` (as in DICOM), ``birth_date``,
        ``hospital_number``, each with its value; may be empty.
    inviting, invited
        Names of the two sides.
    draft
        Not signed by everybody yet: said across the first page.
    title
        Where a kind has several papers, such as consents, its own; else the kind's.
    by_hand
        Who signs with a pen, such as the patient: a line with room for it.
    """

    kind: DocumentKind
    language: Language
    service_type: ServiceType
    document_id: str
    version: int
    case_number: str
    hospital: str
    inviting: str
    invited: str
    patient: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    signers: Sequence[SignatureLine]
    written_at: datetime
    draft: bool = False
    title: str = ""
    by_hand: Sequence[SignatureLine] = ()

    def record(self) -> bytes:
        """The document's content as canonical JSON: the same content gives the same bytes."""
        content = asdict(self) | {
            "schema": "tongtai.case-document/1",
            "written_at": self.written_at.isoformat(),
            "sections": [
                {
                    "heading": section.heading,
                    "blocks": [{"kind": KINDS[type(block)], **asdict(block)} for block in section.blocks],
                }
                for section in self.sections
            ],
        }
        del content["draft"]
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def record_sha256(self) -> str:
        """Hash of :meth:`record`, hexadecimal: what is printed on the document."""
        return hashlib.sha256(self.record()).hexdigest()

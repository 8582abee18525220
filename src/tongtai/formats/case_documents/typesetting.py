"""From a document of a case to PDF/A-3b with its record inside."""

import json
import tempfile
from pathlib import Path
from shutil import copyfile
from typing import Any

import typst

from tongtai.core.case_document import KINDS, CaseDocument, Section
from tongtai.formats.case_documents.errors import DocumentFontMissingError
from tongtai.formats.case_documents.words import Words, offset_of
from tongtai.formats.printable import typeset_printable

_TEMPLATE = Path(__file__).with_name("document.typ")
_FONT = "Noto Sans SC"
RECORD = "record.json"
_ON_EVERY_PAGE = frozenset({"patient", "hospital_number"})


def typeset(document: CaseDocument, *, fonts: Path) -> bytes:
    """Typeset a document.

    Parameters
    ----------
    fonts : Path
        Folder with the TrueType files of Noto Sans SC; no font of the system is used, so the same
        document is the same on every machine.

    Returns
    -------
    bytes
        PDF/A-3b; :meth:`CaseDocument.record` is embedded as ``record.json``, and its hash is printed.

    Raises
    ------
    DocumentFontMissingError
        If the folder has no such font.
    """
    if not any(fonts.rglob("*.ttf")):
        raise DocumentFontMissingError
    with tempfile.TemporaryDirectory(prefix="tongtai-document-") as folder:
        root = Path(folder)
        copyfile(_TEMPLATE, root / _TEMPLATE.name)
        (root / RECORD).write_bytes(document.record())

        def compiled(content: dict[str, Any]) -> bytes:
            (root / "document.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
            return typst.compile(
                root / _TEMPLATE.name,
                root=root,
                font_paths=[fonts],
                ignore_system_fonts=True,
                pdf_standards=["a-3b"],
            )

        return typeset_printable(_content(document), compiled, fonts)


def _content(document: CaseDocument) -> dict[str, Any]:
    words = Words(document.language)
    # Every sheet says whose it is: sheets of two patients lie on one table.
    whose = [value for name, value in document.patient if name in _ON_EVERY_PAGE and value]
    liable = words(f"liable.{document.service_type}", document.inviting, document.invited)
    return {
        "title": document.title or words(f"kind.{document.kind}"),
        "hospital": document.hospital,
        "running": "  |  ".join([*whose, f"{words('f.number')} {document.case_number}"]),
        "file": f"{document.document_id}, {words('f.version', document.version)}",
        "draft": words("t.draft") if document.draft else "",
        "identity": [
            *_strip(document, words),
            (words("f.number"), document.case_number),
            (
                words("f.document"),
                f"{_breakable(document.document_id)}, {words('f.version', document.version)}",
            ),
            (words("f.inviting"), document.inviting),
            (words("f.invited"), document.invited),
            (words("f.written"), f"{document.written_at:%Y-%m-%d %H:%M}"),
        ]
        # Two columns of pairs: an odd number leaves an empty frame.
        + [("", " ")] * ((len(document.patient) + 5) % 2),
        "service": [(words("f.service"), f"{words(f'service.{document.service_type}')}\n{liable}")],
        "sections": [_section(section) for section in document.sections],
        **_signatures(document, words),
        "electronic": words("t.electronic"),
        "times": words("t.times", offset_of(document.written_at)),
        "record": words("t.record", document.record_sha256()),
        "empty": words("t.empty"),
        "notice": words("notice"),
        "pages": words("pages", "{0}", "{1}"),
        "lang": document.language,
        "font": _FONT,
        "date": {
            part: getattr(document.written_at, part)
            for part in ("year", "month", "day", "hour", "minute", "second")
        },
    }


def _signatures(document: CaseDocument, words: Words) -> dict[str, Any]:
    """The table of signatures: first who signs with a pen, then who signs by their account."""
    whence = "either" if document.by_hand else "institution"
    return {
        "signatures": words("h.signatures"),
        "signers_header": [words(f"sign.{column}") for column in ("role", "name", whence, "hand")],
        "signers": [
            (words(f"role.{line.role}"), line.name, line.institution, "") for line in document.signers
        ],
        "by_hand": [
            (words(f"role.{line.role}"), line.name, line.institution, words("sign.date"))
            for line in document.by_hand
        ],
    }


def _breakable(identifier: str) -> str:
    """A long identifier that may be broken at every eighth letter, so that it stays in its cell."""
    return "\u200b".join(identifier[place : place + 8] for place in range(0, len(identifier), 8))


def _strip(document: CaseDocument, words: Words) -> list[tuple[str, str]]:
    shown = {"sex": lambda value: words(f"sex.{value}")}
    return [(words(f"f.{name}"), shown.get(name, str)(value)) for name, value in document.patient]


def _section(section: Section) -> dict[str, Any]:
    blocks = []
    for block in section.blocks:
        fields = {name: getattr(block, name) for name in block.__dataclass_fields__}
        blocks.append({"kind": KINDS[type(block)], **fields})
    return {"heading": section.heading, "blocks": blocks}

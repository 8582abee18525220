"""Read the record out of a document's PDF."""

import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tongtai.formats.case_documents.errors import DocumentUnreadableError
from tongtai.formats.case_documents.typesetting import RECORD

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader

_LARGEST_RECORD_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedRecord:
    """The record inside a document.

    Attributes
    ----------
    content
        As parsed; what stands in it is the file's word, whatever the signatures are worth.
    sha256
        Of its bytes.
    """

    content: dict[str, Any]
    sha256: str


def embedded_record(document: bytes) -> EmbeddedRecord:
    """The record of a document, of its first revision: what was signed.

    Raises
    ------
    DocumentUnreadableError
        If the file is no PDF or has no record of ours.
    """
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  (see `KeyRing.sign`)
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    # A hostile file raises what its bytes happen to break in the reader: all of it means the same here.
    try:
        found = bytes(_attachment(PdfFileReader(BytesIO(document))))
        if len(found) > _LARGEST_RECORD_BYTES:
            raise DocumentUnreadableError
        content = json.loads(found)
    except (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentUnreadableError from error
    if not isinstance(content, dict) or not str(content.get("schema", "")).startswith("tongtai."):
        raise DocumentUnreadableError
    return EmbeddedRecord(content=content, sha256=hashlib.sha256(found).hexdigest())


def _attachment(pdf: "PdfFileReader") -> bytes:
    from pyhanko.pdf_utils.generic import DictionaryObject  # noqa: PLC0415

    names = pdf.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for place in range(0, len(names), 2):
        described = names[place + 1]
        if str(names[place]) == RECORD and isinstance(described, DictionaryObject):
            data: bytes = described["/EF"]["/F"].data
            return data
    raise DocumentUnreadableError

"""Documents of a case as a hospital files them: typeset, with their record inside, and read back."""

from tongtai.formats.case_documents.copies import CopyMark, marked_copy
from tongtai.formats.case_documents.errors import DocumentFontMissingError, DocumentUnreadableError
from tongtai.formats.case_documents.reading import EmbeddedRecord, embedded_record
from tongtai.formats.case_documents.typesetting import typeset

__all__ = [
    "CopyMark",
    "DocumentFontMissingError",
    "DocumentUnreadableError",
    "EmbeddedRecord",
    "embedded_record",
    "marked_copy",
    "typeset",
]

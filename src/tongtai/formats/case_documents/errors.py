"""What can be wrong with a document of a case."""

from tongtai.core.errors import TongtaiError


class DocumentFontMissingError(TongtaiError):
    """The font of the documents is missing; build the web application (make run does)."""

    code = "document_font_missing"


class DocumentUnreadableError(TongtaiError):
    """The file is not a document of a case, or its record was taken out."""

    code = "document_unreadable"

"""What can be wrong with a case's document."""

from tongtai.core.errors import TongtaiError


class DocumentNotFoundError(TongtaiError):
    """There is no such document in this case."""

    code = "document_not_found"


class DocumentStateError(TongtaiError):
    """The document's state does not allow this; load it again."""

    code = "document_state"
    retryable = True


class DocumentNotYoursError(TongtaiError):
    """Others make or sign this document."""

    code = "document_not_yours"


class DocumentIncompleteError(TongtaiError):
    """The document cannot be made yet; the values say what is missing."""

    code = "document_incomplete"


class DocumentTooLargeError(TongtaiError):
    """The file is larger than a document may be."""

    code = "document_too_large"

"""What can go wrong when a document is signed or its signatures are checked."""

from tongtai.core.errors import TongtaiError


class SigningError(TongtaiError):
    """The document could not be signed."""

    code = "signing_failed"


class SigningTokenError(SigningError):
    """The token or card with the signing keys did not answer; check module, slot and PIN, then sign again."""

    code = "signing_token"
    retryable = True


class TimestampError(SigningError):
    """The timestamp authority did not answer; nothing was signed. Try again."""

    code = "timestamp_failed"
    retryable = True


class NotASignedPdfError(TongtaiError):
    """The file cannot be read as a PDF document."""

    code = "not_a_pdf"


class CertificateRefusedError(TongtaiError):
    """The certificate cannot be used: it is not PEM, or it has expired."""

    code = "certificate_refused"

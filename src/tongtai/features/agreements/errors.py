"""What can be wrong about an agreement."""

from tongtai.core.errors import TongtaiError


class AgreementNotFoundError(TongtaiError):
    """There is no such agreement, or your institution is no party to it."""

    code = "agreement_not_found"


class AgreementIncompleteError(TongtaiError):
    """The agreement cannot be signed yet; the values say what is missing."""

    code = "agreement_incomplete"


class AgreementSignedError(TongtaiError):
    """The agreement has been signed or ended; its text stays as it is. Make a new one."""

    code = "agreement_signed"


class AgreementChangedError(TongtaiError):
    """Somebody else changed the agreement meanwhile; load it again."""

    code = "agreement_changed"
    retryable = True

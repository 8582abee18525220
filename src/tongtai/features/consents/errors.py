"""What can be wrong about a consent."""

from tongtai.core.errors import TongtaiError


class ConsentRefusedError(TongtaiError):
    """The consent is not valid as it is; the values say what is missing."""

    code = "consent_refused"


class ConsentNotFoundError(TongtaiError):
    """The case has no such consent."""

    code = "consent_not_found"


class ConsentWithdrawnError(TongtaiError):
    """The consent has been withdrawn already."""

    code = "consent_withdrawn"

"""What can be wrong about an archive."""

from tongtai.core.errors import TongtaiError


class BundleNotFoundError(TongtaiError):
    """The case has no such bundle or part."""

    code = "bundle_not_found"


class ReceiptRefusedError(TongtaiError):
    """The hash that was received is not the bundle's: what arrived is something else."""

    code = "receipt_refused"


class KeptError(TongtaiError):
    """The record must be kept; the values say until when, or by which hold."""

    code = "record_kept"


class CopyRefusedError(TongtaiError):
    """The case cannot be given away without its patient; the values say what is missing."""

    code = "copy_refused"


class SealRefusedError(TongtaiError):
    """The record cannot be sealed or unsealed so; the values say what is missing."""

    code = "seal_refused"


class HoldNotFoundError(TongtaiError):
    """The case has no such legal hold."""

    code = "hold_not_found"

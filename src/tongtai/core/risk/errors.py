"""What the scores refuse."""

from typing import ClassVar

from tongtai.core.errors import TongtaiError


class RiskError(TongtaiError):
    """A score cannot be computed from this."""

    code: ClassVar[str] = "risk"


class QuantityError(RiskError):
    """A value is not a finite number of at least zero, or its unit does not belong to what was measured."""

    code: ClassVar[str] = "risk_quantity"


class ResponseInputError(RiskError):
    """Measurements do not fit together: unknown target, no baseline, or times out of order."""

    code: ClassVar[str] = "response_input"

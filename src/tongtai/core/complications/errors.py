"""What the complication rules refuse."""

from typing import ClassVar

from tongtai.core.errors import TongtaiError


class ComplicationRulesError(TongtaiError):
    """The complication rules cannot be used: each mistake is listed."""

    code: ClassVar[str] = "complication_rules"


class FactError(TongtaiError):
    """A fact is unknown, or its value is not of its kind."""

    code: ClassVar[str] = "complication_fact"

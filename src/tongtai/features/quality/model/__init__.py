"""Quality indicators and how one case counts in each; the review of closed cases."""

from tongtai.features.quality.model.indicators import INDICATORS, Indicator, IndicatorCode, Said
from tongtai.features.quality.model.marks import (
    CaseFigures,
    Count,
    Filter,
    Listed,
    Mark,
    Marks,
    Supervised,
    marks_of,
)
from tongtai.features.quality.model.reviews import (
    TRANSITIONS,
    Draw,
    Finding,
    FindingAct,
    FindingState,
    Review,
    Step,
)

__all__ = [
    "INDICATORS",
    "TRANSITIONS",
    "CaseFigures",
    "Count",
    "Draw",
    "Filter",
    "Finding",
    "FindingAct",
    "FindingState",
    "Indicator",
    "IndicatorCode",
    "Listed",
    "Mark",
    "Marks",
    "Review",
    "Said",
    "Step",
    "Supervised",
    "marks_of",
]

"""Quality indicators and how one case counts in each; the review of closed cases."""

from tongtai.features.quality.model.evaluations import (
    LEAST_RATINGS,
    Average,
    Evaluation,
    ExpertWork,
    Tally,
)
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
    OVERDUE_CALLS,
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
    "LEAST_RATINGS",
    "OVERDUE_CALLS",
    "TRANSITIONS",
    "Average",
    "CaseFigures",
    "Count",
    "Draw",
    "Evaluation",
    "ExpertWork",
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
    "Tally",
    "marks_of",
]

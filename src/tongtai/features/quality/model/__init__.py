"""Quality indicators: what each counts, and how one case counts in each."""

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

__all__ = [
    "INDICATORS",
    "CaseFigures",
    "Count",
    "Filter",
    "Indicator",
    "IndicatorCode",
    "Listed",
    "Mark",
    "Marks",
    "Said",
    "Supervised",
    "marks_of",
]

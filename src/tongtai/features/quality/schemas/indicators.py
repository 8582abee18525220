"""Wire types of quality indicators."""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from io import StringIO
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

from tongtai.features.cases.model import Technique
from tongtai.features.quality.model import INDICATORS, Count, IndicatorCode, Mark, Said


class CountOut(BaseModel):
    numerator: int
    denominator: int
    excluded: int
    rate: float | None

    @classmethod
    def of(cls, count: Count) -> Self:
        """From the model."""
        return cls(
            numerator=count.numerator,
            denominator=count.denominator,
            excluded=count.excluded,
            rate=count.rate,
        )


class SaidOut(BaseModel):
    """The same in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, said: Said) -> Self:
        """From the model."""
        return cls(zh=said.zh, en=said.en)


class IndicatorOut(BaseModel):
    """An indicator with its definition, its numbers over all and by month (``2026-01``)."""

    code: IndicatorCode
    name: SaidOut
    numerator: SaidOut
    denominator: SaidOut
    higher_is_better: bool
    source: SaidOut
    total: CountOut
    months: dict[str, CountOut]


class IndicatorsOut(BaseModel):
    indicators: list[IndicatorOut]

    @classmethod
    def of(cls, numbers: Mapping[str, Mapping[IndicatorCode, Count]]) -> Self:
        """From the model."""
        return cls(indicators=[_indicator(code, numbers) for code in IndicatorCode])


def _indicator(code: IndicatorCode, numbers: Mapping[str, Mapping[IndicatorCode, Count]]) -> IndicatorOut:
    what = INDICATORS[code]
    counts = [month[code] for month in numbers.values()]
    total = Count(
        numerator=sum(one.numerator for one in counts),
        denominator=sum(one.denominator for one in counts),
        excluded=sum(one.excluded for one in counts),
    )
    return IndicatorOut(
        code=code,
        name=SaidOut.of(what.name),
        numerator=SaidOut.of(what.numerator),
        denominator=SaidOut.of(what.denominator),
        higher_is_better=what.higher_is_better,
        source=SaidOut.of(what.source),
        total=CountOut.of(total),
        months={month: CountOut.of(found[code]) for month, found in numbers.items()},
    )


class SupervisedCaseOut(BaseModel):
    """A treated case without its patient: a number that leads back only in this installation, no day, no name."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{12}$")]
    technique: Technique
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
    marks: dict[IndicatorCode, str]


class SupervisionOut(BaseModel):
    """What a supervising authority reads: every indicator with its definition and numbers, and the cases behind them."""

    model_config = ConfigDict(extra="forbid")

    institution: str
    made_at: datetime
    indicators: list[IndicatorOut]
    cases: list[SupervisedCaseOut]


def csv_text(found: IndicatorsOut) -> str:
    """Every indicator and month on a line; opens in a spreadsheet as UTF-8."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["indicator", "name", "month", "numerator", "denominator", "excluded", "rate"])
    for one in found.indicators:
        for month, count in (("", one.total), *one.months.items()):
            rate = "" if count.rate is None else f"{count.rate:.6f}"
            row = [one.code.value, one.name.zh, month, count.numerator, count.denominator, count.excluded]
            writer.writerow([*row, rate])
    return "\ufeff" + out.getvalue()


class ListedOut(BaseModel):
    """A case, and how it counts; other names than hit and miss say why it is left out."""

    case_number: str
    ended_on: date
    mark: str

    @classmethod
    def named(cls, case_number: str, ended_on: date, mark: Mark) -> Self:
        """From the model."""
        return cls(case_number=case_number, ended_on=ended_on, mark=mark.name.lower())

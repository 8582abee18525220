"""Choose the series to plan on, and say why this one and why not each of the others."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongtai.formats.dicom.series.errors import (
    NoUsableSeriesError,
    PatientsMixedError,
    SeriesNotFoundError,
    SeriesRefusedError,
    SeveralAcquisitionsError,
    UnreadableSliceError,
    listed,
)
from tongtai.formats.dicom.series.listing import Catalogue, ImageSeries
from tongtai.formats.dicom.series.phases import Phase

# Tumours of the liver stand out best from the portal phase; without contrast, hardly at all.
_PHASES = (Phase.PORTAL, Phase.ARTERIAL, Phase.DELAYED, Phase.UNKNOWN, Phase.PLAIN)
# LI-RADS v2018: axial slices of at most 5 mm (Santillan, Hepatoma Res 2020;6:63, table 2).
_THICKEST_MM = 5.0
_EXTENT_STEP_MM = 20.0


@dataclass(frozen=True, slots=True)
class _Criterion:
    """One reason to prefer a series: the smaller value wins."""

    value: Callable[[ImageSeries], float]
    words: Callable[[ImageSeries], str]


def _spacing(series: ImageSeries) -> float:
    return (series.spacing_mm or (0.0,))[0]


def _extent(series: ImageSeries) -> float:
    return series.slices * _spacing(series)


_CRITERIA = (
    _Criterion(lambda one: _spacing(one) > _THICKEST_MM, lambda one: f"slices every {_spacing(one):.3g} mm"),
    _Criterion(
        lambda one: _PHASES.index(one.phase.phase),
        lambda one: f"{one.phase.phase} phase ({one.phase.evidence})",
    ),
    _Criterion(
        lambda one: is_sharp(one.kernel),
        lambda one: f"{'sharp' if is_sharp(one.kernel) else 'soft'} kernel {one.kernel}".rstrip(),
    ),
    _Criterion(
        lambda one: -round(_extent(one) / _EXTENT_STEP_MM), lambda one: f"{_extent(one):.0f} mm covered"
    ),
    _Criterion(lambda one: round(_spacing(one), 2), lambda one: f"slices every {_spacing(one):.3g} mm"),
    _Criterion(lambda one: one.number, lambda one: f"place {one.number} in the list"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The series to plan on, why this one, and why not each of the others."""

    series: ImageSeries
    reason: str
    others: tuple[tuple[ImageSeries, str], ...]


def choose_series(catalogue: Catalogue, wanted: str = "") -> Choice:
    """The series that was asked for, or the best one for planning on the liver.

    Parameters
    ----------
    catalogue : Catalogue
        From ``list_series``.
    wanted : str
        A number of the list, or a Series Instance UID. Empty leaves the choice to the rules, in this
        order: slices of at most 5 mm, phase, soft kernel, extent, thin slices.

    Raises
    ------
    SeriesNotFoundError
        If no series is called so.
    SeveralAcquisitionsError
        If the UID asked for stands for several acquisitions that can be planned on.
    SeriesRefusedError
        If the series asked for, or the only one there is, cannot be used: with its own reason.
    NoUsableSeriesError
        If none of several can be used.
    PatientsMixedError
        If nothing was asked for and the series belong to several patients.
    """
    if wanted:
        return _asked_for(catalogue, wanted)
    usable = [series for series in catalogue.series if series.refusal is None]
    if not usable:
        raise _none_usable(catalogue)
    if len({series.patient for series in usable}) > 1:
        raise PatientsMixedError(
            "The series belong to more than one patient; name the series to plan on, or separate the files."
        )
    best = min(usable, key=lambda series: [criterion.value(series) for criterion in _CRITERIA])
    reason = "; ".join(dict.fromkeys(criterion.words(best) for criterion in _CRITERIA[1:-1]))
    if len(usable) == 1:
        reason = f"the only series that can be planned on; {reason}"
    others = tuple((series, _why_not(series, best)) for series in catalogue.series if series is not best)
    return Choice(series=best, reason=reason, others=others)


def is_sharp(kernel: str) -> bool:
    """Whether a convolution kernel is made for bone or lung.

    Examples
    --------
    >>> is_sharp("BONEPLUS"), is_sharp("Br38f")
    (True, False)
    """
    return any(rule.search(kernel) for rule in _sharp_kernels())


def _asked_for(catalogue: Catalogue, wanted: str) -> Choice:
    named = [one for one in catalogue.series if wanted in {one.uid, str(one.number)}]
    if not named:
        raise SeriesNotFoundError(
            f"There is no series {wanted}; the list has {len(catalogue.series)}.", series=wanted
        )
    usable = [one for one in named if one.refusal is None]
    if len(usable) > 1:
        raise SeveralAcquisitionsError(
            f"This UID stands for several acquisitions: {listed([one.title for one in usable])}; "
            "name one by its number in the list.",
            series=wanted,
        )
    chosen = (usable or named)[0]
    if chosen.refusal is not None:
        raise chosen.refusal
    others = tuple((series, "not asked for") for series in catalogue.series if series is not chosen)
    return Choice(series=chosen, reason="asked for", others=others)


def _none_usable(catalogue: Catalogue) -> SeriesRefusedError:
    refusals = [(series, series.refusal) for series in catalogue.series if series.refusal is not None]
    if len(refusals) == 1:
        return refusals[0][1]
    if not refusals:
        name, error = catalogue.damaged[0]
        return UnreadableSliceError(f"{name}: {error}", files=[name for name, _ in catalogue.damaged])
    reasons = " ".join(f"{series.title}: {refusal}" for series, refusal in refusals)
    return NoUsableSeriesError(f"None of the {len(refusals)} series can be planned on. {reasons}")


def _why_not(series: ImageSeries, best: ImageSeries) -> str:
    if series.refusal is not None:
        return str(series.refusal)
    for criterion in _CRITERIA:
        if criterion.value(series) != criterion.value(best):
            return f"{criterion.words(series)}; the chosen one: {criterion.words(best)}"
    return "equal to the chosen one"


@cache
def _sharp_kernels() -> tuple[re.Pattern[str], ...]:
    text = files("tongtai.formats.dicom.series").joinpath("kernels.csv").read_text(encoding="utf-8")
    return tuple(re.compile(row["rule"], re.IGNORECASE) for row in csv.DictReader(text.splitlines()))

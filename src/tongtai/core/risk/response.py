"""Response to treatment from measurements: RECIST 1.1 and mRECIST, over baseline and nadir."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from tongtai.core.risk.errors import ResponseInputError


class Criteria(StrEnum):
    """Which rules are applied."""

    RECIST_1_1 = "recist_1_1"
    MRECIST = "mrecist"


class Response(StrEnum):
    """Complete, partial, stable, progressive, not evaluable; and for tumours that are only looked at."""

    COMPLETE = "CR"
    PARTIAL = "PR"
    STABLE = "SD"
    PROGRESSIVE = "PD"
    NOT_EVALUABLE = "NE"
    NEITHER = "non-CR/non-PD"


PARTIAL_FALL = 0.30
PROGRESSIVE_RISE = 0.20
PROGRESSIVE_RISE_MM = 5.0
NODE_NORMAL_MM = 10.0
LEAST_TARGET_MM = 10.0
LEAST_NODE_MM = 15.0
MOST_TARGETS = 5
MOST_TARGETS_PER_ORGAN = 2

SOURCES: Mapping[Criteria, str] = {
    Criteria.RECIST_1_1: "Eisenhauer EA et al. Eur J Cancer 2009;45:228-247",
    Criteria.MRECIST: "Lencioni R, Llovet JM. Semin Liver Dis 2010;30:52-60",
}
FORMULAE: Mapping[Criteria, str] = {
    Criteria.RECIST_1_1: "sum of longest diameters (lymph nodes: short axis); CR: all gone, nodes < 10 mm; "
    "PR: <= 70 % of baseline; PD: >= 120 % of the smallest sum and >= 5 mm more, or a new lesion; SD: rest",
    Criteria.MRECIST: "sum of diameters of tissue enhancing in the arterial phase; CR: none enhances; "
    "PR: <= 70 % of baseline; PD: >= 120 % of the smallest sum, or a new typical lesion; SD: rest",
}
# A sum that is 70 % on paper must not fail by the last bit of a float.
_TOLERANCE_MM = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A tumour that is measured each time.

    Attributes
    ----------
    lesion_id
        Its name in the case.
    organ
        Where it is: at most two of one organ are measured.
    lymph_node
        Measured by its short axis, which a healthy one has too.
    """

    lesion_id: str
    organ: str
    lymph_node: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """Measurements of one examination.

    Attributes
    ----------
    day
        Days since the first treatment; negative before it.
    diameters_mm
        Per target: longest diameter (node: short axis), 0 when gone. For mRECIST: of the tissue that
        enhances in the arterial phase. A target that was not measured is left out.
    others
        What became of tumours that are not measured: ``COMPLETE``, ``NEITHER``, ``PROGRESSIVE`` or
        ``NOT_EVALUABLE``; ``None`` where there are none.
    new_lesion
        A new tumour; for mRECIST one of typical enhancement, at least 10 mm.
    """

    day: int
    diameters_mm: Mapping[str, float]
    others: Response | None = None
    new_lesion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """The response at one examination, with the sums that it follows from.

    Attributes
    ----------
    from_baseline, from_nadir
        Relative change of the sum, -0.3 for a fall by 30 %; ``None`` without a sum, or against a
        sum of zero.
    """

    criteria: Criteria
    day: int
    target: Response
    overall: Response
    sum_mm: float | None
    baseline_mm: float
    nadir_mm: float
    from_baseline: float | None
    from_nadir: float | None
    reasons: tuple[str, ...]
    formula: str
    source: str


def check_baseline(criteria: Criteria, targets: Sequence[Target], baseline: Examination) -> None:
    """Refuse targets that the criteria do not let count.

    Raises
    ------
    ResponseInputError
        For none or more than five targets, more than two of one organ, one that was not measured or
        is smaller than 10 mm (a node: 15 mm).
    """
    if not 0 < len(targets) <= MOST_TARGETS:
        raise ResponseInputError("One to five targets are measured.", count=len(targets))
    organs = [target.organ for target in targets]
    for organ in organs:
        if organs.count(organ) > MOST_TARGETS_PER_ORGAN:
            raise ResponseInputError("At most two targets of one organ are measured.", organ=organ)
    for target in targets:
        size = baseline.diameters_mm.get(target.lesion_id)
        least = LEAST_NODE_MM if target.lymph_node else LEAST_TARGET_MM
        if size is None or size < least:
            raise ResponseInputError(
                "A target is measured at baseline, at its least size or above.",
                lesion_id=target.lesion_id,
                least_mm=least,
                criteria=criteria.value,
            )


def assess(
    criteria: Criteria, targets: Sequence[Target], examinations: Sequence[Examination]
) -> tuple[Assessed, ...]:
    """The response at each examination after the first, which is the baseline.

    Parameters
    ----------
    criteria
        RECIST 1.1 or mRECIST.
    targets
        The measured tumours, the same over all examinations.
    examinations
        In the order of their days; the nadir is the smallest sum before each, the baseline included.

    Raises
    ------
    ResponseInputError
        Without a usable baseline, with examinations out of order or diameters that are no lengths.

    Examples
    --------
    >>> one = Target(lesion_id="L1", organ="liver")
    >>> before = Examination(day=-10, diameters_mm={"L1": 30.0})
    >>> after = Examination(day=30, diameters_mm={"L1": 0.0})
    >>> assess(Criteria.MRECIST, [one], [before, after])[0].overall.value
    'CR'
    """
    if not examinations:
        raise ResponseInputError("There is no baseline.")
    _check_order(targets, examinations)
    baseline = examinations[0]
    check_baseline(criteria, targets, baseline)
    before_mm = sum(baseline.diameters_mm[target.lesion_id] for target in targets)
    nadir_mm, found = before_mm, []
    for examination in examinations[1:]:
        one = _assessed(criteria, targets, examination, before_mm, nadir_mm)
        found.append(one)
        if one.sum_mm is not None:
            nadir_mm = min(nadir_mm, one.sum_mm)
    return tuple(found)


def _check_order(targets: Sequence[Target], examinations: Sequence[Examination]) -> None:
    known = {target.lesion_id for target in targets}
    for earlier, later in pairwise(examinations):
        if later.day <= earlier.day:
            raise ResponseInputError("Examinations stand in the order of their days.", day=later.day)
    for examination in examinations:
        for lesion_id, size in examination.diameters_mm.items():
            if lesion_id not in known:
                raise ResponseInputError("Only targets are measured.", lesion_id=lesion_id)
            if not math.isfinite(size) or size < 0.0:
                raise ResponseInputError("A diameter is a length.", lesion_id=lesion_id)


def _assessed(
    criteria: Criteria,
    targets: Sequence[Target],
    examination: Examination,
    baseline_mm: float,
    nadir_mm: float,
) -> Assessed:
    sizes = [examination.diameters_mm.get(target.lesion_id) for target in targets]
    measured_mm = sum(size for size in sizes if size is not None)
    whole = None not in sizes
    target, reasons = _target_response(criteria, targets, examination, baseline_mm, nadir_mm)
    overall, more = _overall(target, examination)
    return Assessed(
        criteria=criteria,
        day=examination.day,
        target=target,
        overall=overall,
        sum_mm=measured_mm if whole else None,
        baseline_mm=baseline_mm,
        nadir_mm=nadir_mm,
        from_baseline=_change(measured_mm, baseline_mm) if whole else None,
        from_nadir=_change(measured_mm, nadir_mm) if whole else None,
        reasons=(*reasons, *more),
        formula=FORMULAE[criteria],
        source=SOURCES[criteria],
    )


def _change(now_mm: float, then_mm: float) -> float | None:
    return (now_mm - then_mm) / then_mm if then_mm > 0.0 else None


def _target_response(
    criteria: Criteria,
    targets: Sequence[Target],
    examination: Examination,
    baseline_mm: float,
    nadir_mm: float,
) -> tuple[Response, list[str]]:
    sizes = examination.diameters_mm
    sum_mm = sum(sizes.values())
    lost = [target.lesion_id for target in targets if target.lesion_id not in sizes]
    # What was measured may already be more than the nadir of all: then it is progression anyway.
    if _progressed(criteria, sum_mm, nadir_mm):
        return Response.PROGRESSIVE, [f"sum {sum_mm:g} mm against a smallest sum of {nadir_mm:g} mm"]
    if lost:
        return Response.NOT_EVALUABLE, [f"not measured: {', '.join(lost)}"]
    if all(_gone(criteria, target, sizes[target.lesion_id]) for target in targets):
        return Response.COMPLETE, []
    if sum_mm <= baseline_mm * (1.0 - PARTIAL_FALL) + _TOLERANCE_MM:
        return Response.PARTIAL, [f"sum {sum_mm:g} mm against {baseline_mm:g} mm at baseline"]
    return Response.STABLE, []


def _progressed(criteria: Criteria, sum_mm: float, nadir_mm: float) -> bool:
    rise_mm = sum_mm - nadir_mm
    enough = rise_mm > 0.0 and rise_mm >= nadir_mm * PROGRESSIVE_RISE - _TOLERANCE_MM
    if criteria is Criteria.MRECIST:
        return enough
    return enough and rise_mm >= PROGRESSIVE_RISE_MM - _TOLERANCE_MM


def _gone(criteria: Criteria, target: Target, size_mm: float) -> bool:
    if target.lymph_node and criteria is Criteria.RECIST_1_1:
        return size_mm < NODE_NORMAL_MM
    return size_mm == 0.0


def _overall(target: Response, examination: Examination) -> tuple[Response, list[str]]:
    """Targets, other tumours and new ones together: table 1 of RECIST 1.1."""
    others = examination.others
    reasons = []
    if examination.new_lesion:
        reasons.append("new lesion")
    if others is Response.PROGRESSIVE:
        reasons.append("progression of tumours that are not measured")
    if reasons or target is Response.PROGRESSIVE:
        return Response.PROGRESSIVE, reasons
    if target is Response.COMPLETE and others not in {None, Response.COMPLETE}:
        return Response.PARTIAL, ["tumours that are not measured have not gone"]
    return target, reasons

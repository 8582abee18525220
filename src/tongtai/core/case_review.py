"""Review of closed cases: which are drawn, what they are checked against, and what a reviewer must answer."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.lacks import Lack, lack


class PointVerdict(StrEnum):
    """How a case stands to a point."""

    MET = "met"
    FINDING = "finding"
    NOT_APPLICABLE = "not_applicable"


class Grade(StrEnum):
    """How much a finding weighs."""

    MINOR = "minor"
    MAJOR = "major"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that a closed case is checked against; its source says who asks for it."""

    key: str
    zh: str
    en: str
    source_zh: str
    source_en: str


def sampled(case_ids: Iterable[str], *, seed: str, percent: int) -> tuple[str, ...]:
    """Which of these cases are drawn: the first ``percent`` of a hundred, rounded up, in the order of their keyed hashes.

    Whoever has the seed draws the same cases again, whatever the order in which they are given.

    Parameters
    ----------
    percent
        From 1 to 100.

    Raises
    ------
    ValueError
        If ``percent`` is neither.

    Examples
    --------
    >>> cases = [f"case_{number}" for number in range(25)]
    >>> drawn = sampled(cases, seed="5f", percent=10)
    >>> len(drawn), drawn == sampled(reversed(cases), seed="5f", percent=10)
    (3, True)
    """
    if not 1 <= percent <= 100:
        raise ValueError(f"percent must be from 1 to 100, got {percent}")
    ordered = sorted(set(case_ids), key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())
    return tuple(ordered[: -(-len(ordered) * percent // 100)])


def lacks_of_review(
    points: Collection[Point], verdicts: Mapping[str, PointVerdict], found_at: Collection[str]
) -> tuple[Lack, ...]:
    """What is missing before a review is finished.

    Parameters
    ----------
    found_at
        Keys of the points that the reviewer's findings are about.

    Examples
    --------
    >>> point = Point(key="consents", zh="", en="", source_zh="", source_en="")
    >>> [one.code for one in lacks_of_review([point], {"consents": PointVerdict.FINDING}, [])]
    ['finding_text_missing']
    """
    missing: list[Lack] = []
    for point in points:
        verdict = verdicts.get(point.key)
        if verdict is None:
            missing.append(lack("review_point_open", review_point=point.key))
        elif (verdict is PointVerdict.FINDING) != (point.key in found_at):
            code = "finding_text_missing" if verdict is PointVerdict.FINDING else "finding_unexpected"
            missing.append(lack(code, review_point=point.key))
    known = {point.key for point in points}
    unknown = sorted((set(verdicts) | set(found_at)) - known)
    return (*missing, *(lack("review_point_unknown", review_point=one[:40]) for one in unknown))

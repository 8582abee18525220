"""What a person changes in the seeds that were found, kept beside what was found."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tongtai.core.seed_detection.errors import SeedCorrectionError
from tongtai.core.seed_detection.finding import FoundSeed, Place


class Action(StrEnum):
    """What is done."""

    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"


class Origin(StrEnum):
    """Where a seed comes from."""

    FOUND = "found"
    ADDED = "added"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One change.

    Attributes
    ----------
    line
        Of its file, for messages.
    number
        Of the found seed, from 1, for `remove` and `move`.
    centre_lps_mm, axis_lps
        For `add` and `move`; a moved seed without an axis keeps its own.
    reason
        In the person's words; needed, as it stands in the result.
    """

    line: int
    action: Action
    number: int | None
    centre_lps_mm: Place | None
    axis_lps: Place | None
    reason: str

    def __post_init__(self) -> None:
        wanted = {
            Action.ADD: (False, True),
            Action.REMOVE: (True, False),
            Action.MOVE: (True, True),
        }[self.action]
        if (self.number is not None, self.centre_lps_mm is not None) != wanted:
            raise SeedCorrectionError(
                f"Line {self.line} of the corrections: add needs a place and no number, remove a number and no place, "
                "move both."
            )
        if self.action is Action.ADD and self.axis_lps is None:
            raise SeedCorrectionError(f"Line {self.line} of the corrections: an added seed needs an axis.")
        if self.action is Action.REMOVE and self.axis_lps is not None:
            raise SeedCorrectionError(f"Line {self.line} of the corrections: remove takes no axis.")
        if self.axis_lps is not None and math.hypot(*self.axis_lps) < 1e-6:
            raise SeedCorrectionError(f"Line {self.line} of the corrections: the axis is zero.")
        if not self.reason.strip():
            raise SeedCorrectionError(f"Line {self.line} of the corrections: give the reason.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedSeed:
    """A seed that counts.

    Attributes
    ----------
    number
        That of the found seed; added ones go on counting.
    confidence
        None for what a person said.
    """

    number: int
    centre_lps_mm: Place
    axis_lps: Place
    origin: Origin
    confidence: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectedSeeds:
    """Seeds that count, and those that were taken away with the reason."""

    seeds: tuple[CorrectedSeed, ...]
    removed: tuple[CorrectedSeed, ...]


def corrected(found: Sequence[FoundSeed], corrections: Sequence[Correction]) -> CorrectedSeeds:
    """Apply corrections to the seeds that were found.

    Raises
    ------
    SeedCorrectionError
        If a number is not among the found ones, or a seed is changed twice.
    """
    kept = {
        number: CorrectedSeed(
            number=number,
            centre_lps_mm=one.centre_lps_mm,
            axis_lps=one.axis_lps,
            origin=Origin.FOUND,
            confidence=one.confidence,
            reason="",
        )
        for number, one in enumerate(found, start=1)
    }
    removed: list[CorrectedSeed] = []
    added: list[CorrectedSeed] = []
    changed: set[int] = set()
    for one in corrections:
        if one.number is None:
            added.append(_seed(len(found) + len(added) + 1, one, one.axis_lps, Origin.ADDED))
            continue
        if one.number not in kept or one.number in changed:
            why = "was changed before" if one.number in changed else f"is not among the {len(found)} found"
            raise SeedCorrectionError(
                f"Line {one.line} of the corrections: seed {one.number} {why}.", line=one.line
            )
        changed.add(one.number)
        if one.action is Action.REMOVE:
            gone = kept.pop(one.number)
            removed.append(
                CorrectedSeed(
                    number=gone.number,
                    centre_lps_mm=gone.centre_lps_mm,
                    axis_lps=gone.axis_lps,
                    origin=Origin.FOUND,
                    confidence=gone.confidence,
                    reason=one.reason,
                )
            )
        else:
            kept[one.number] = _seed(one.number, one, one.axis_lps or kept[one.number].axis_lps, Origin.MOVED)
    return CorrectedSeeds((*kept.values(), *added), tuple(removed))


def _seed(number: int, one: Correction, axis: Place | None, origin: Origin) -> CorrectedSeed:
    if one.centre_lps_mm is None or axis is None:
        raise SeedCorrectionError(f"Line {one.line} of the corrections: place or axis is missing.")
    length = math.hypot(*axis)
    x, y, z = (part / length for part in axis)
    return CorrectedSeed(
        number=number,
        centre_lps_mm=one.centre_lps_mm,
        axis_lps=(x, y, z),
        origin=origin,
        confidence=None,
        reason=one.reason,
    )

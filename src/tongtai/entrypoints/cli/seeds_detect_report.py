"""What ``tongtai seeds detect`` prints: facts for JSON, lines for people."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

import numpy as np

from tongtai.core.brachytherapy.cold_spots import ColdSpot
from tongtai.core.brachytherapy.evaluation import ImplantEvaluation
from tongtai.core.seed_detection.corrections import CorrectedSeeds, Origin
from tongtai.core.seed_detection.errors import SeedDetectionError
from tongtai.core.seed_detection.finding import SeedSearch
from tongtai.core.seed_detection.matching import SeedMatching
from tongtai.entrypoints.cli.seeds_report import dvh_facts

CONFIDENCE = (
    "share of the image around a seed that the seed explains, lowered for unusual brightness: an order in which to "
    "look at seeds, no probability; null for what a person said"
)
NO_REGISTRATION = "planned and found seeds are compared in the same coordinates; no registration was made"
_DOUBTFUL = 0.6
# Simulated CT with 60 seeds, half of them in touching pairs (`tongtai bench detection`): recall and precision.
_SURE_SLICES_MM, _MEASURED_5_MM = 2.5, (0.40, 0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplantDates:
    """When the seeds were implanted and when they were looked at; None for what nobody said."""

    implanted_on: date | None
    ct_on: date | None

    @classmethod
    def of(cls, implanted_on: date | None, ct_on: date | None) -> Self:
        """The dates, where they can be true.

        Raises
        ------
        SeedDetectionError
            If the CT is older than the implant.
        """
        if implanted_on is not None and ct_on is not None and ct_on < implanted_on:
            raise SeedDetectionError(
                f"The CT was taken on {ct_on}, before the implant of {implanted_on}: check --implant-date and the series."
            )
        return cls(implanted_on=implanted_on, ct_on=ct_on)

    @property
    def days_after(self) -> int | None:
        """Whole days from the implant to the CT: swelling makes an early CT show less dose than a later one."""
        if self.implanted_on is None or self.ct_on is None:
            return None
        return (self.ct_on - self.implanted_on).days

    def facts(self) -> dict[str, Any]:
        """As JSON has them."""
        days = {"implant_date": self.implanted_on, "ct_date": self.ct_on}
        return {
            **{name: None if day is None else day.isoformat() for name, day in days.items()},
            "days_after_implant": self.days_after,
        }


@dataclass(frozen=True, slots=True)
class Detected:
    """Everything that a search came to."""

    found: SeedSearch
    counted: CorrectedSeeds
    implanted: int
    dates: ImplantDates
    matching: SeedMatching | None
    there: ImplantEvaluation | None
    planned: ImplantEvaluation | None
    cold: tuple[ColdSpot, ...]


def detection_facts(one: Detected) -> dict[str, Any]:
    """Facts for JSON."""
    found = one.found
    return {
        "count": {
            "implanted": one.implanted,
            "found_by_program": len(found.seeds),
            "counted": len(one.counted.seeds),
            "difference": len(one.counted.seeds) - one.implanted,
        },
        **one.dates.facts(),
        "seeds": [asdict(seed) for seed in one.counted.seeds],
        "removed": [asdict(seed) for seed in one.counted.removed],
        "confidence": CONFIDENCE,
        "rejected": [asdict(metal) for metal in found.rejected],
        "slices_warning": slices_warning(found.slice_thickness_mm),
        "search": {
            "threshold_hu": found.threshold_hu,
            "highest_hu": found.highest_hu,
            "blur_mm": found.blur_mm,
            "slice_thickness_mm": found.slice_thickness_mm,
            "seeds_that_lie_alone": found.singles,
        },
        "plan": None if one.matching is None else _plan_facts(one),
        "dose": None if one.there is None else dvh_facts(one.there, None),
        "planned_dose": None if one.planned is None else dvh_facts(one.planned, None),
        "cold_spots": [asdict(spot) for spot in one.cold],
    }


def slices_warning(thickness_mm: float) -> str | None:
    """What thick slices mean for the number of seeds; None for thin ones.

    Examples
    --------
    >>> slices_warning(1.25) is None
    True
    """
    if thickness_mm <= _SURE_SLICES_MM + 0.05:
        return None
    recall, precision = _MEASURED_5_MM
    return (
        f"Slices of {thickness_mm:.1f} mm are too thick to count seeds: in simulated CT of 5 mm {recall:.0%} of them were found and "
        f"{precision:.0%} of what was found was a seed. Take slices of 1.25 mm, or look at every seed."
    )


def _plan_facts(one: Detected) -> dict[str, Any]:
    made = one.matching
    if made is None:
        return {}
    numbers = [seed.number for seed in one.counted.seeds]
    return {
        "rule": NO_REGISTRATION,
        "pairs": [
            {"seed": numbers[row], "planned": int(column) + 1, "distance_mm": float(apart)}
            for row, column, apart in zip(made.found, made.wanted, made.distance_mm, strict=True)
        ],
        "not_planned": [numbers[row] for row in made.extra],
        "planned_not_found": [int(row) + 1 for row in made.missed],
        "median_mm": float(np.median(made.distance_mm)) if len(made.distance_mm) else None,
        "largest_mm": float(made.distance_mm.max()) if len(made.distance_mm) else None,
    }


def detection_lines(one: Detected) -> list[str]:
    """Lines for people."""
    counted = one.counted.seeds
    by_hand = sum(seed.origin is not Origin.FOUND for seed in counted) + len(one.counted.removed)
    lines = [
        f"{len(counted)} seeds, {one.implanted} were implanted"
        + (f" ({len(counted) - one.implanted:+d})" if len(counted) != one.implanted else "")
        + (f"; {by_hand} changed by hand, {len(one.found.seeds)} found by the program" if by_hand else "")
    ]
    if one.dates.days_after is not None:
        lines.append(f"  CT of {one.dates.ct_on}, {one.dates.days_after} days after the implant")
    if warned := slices_warning(one.found.slice_thickness_mm):
        lines.append(f"! {warned}")
    doubtful = [seed for seed in counted if seed.confidence is not None and seed.confidence < _DOUBTFUL]
    lines += [
        f"  look at seed {seed.number}: confidence {seed.confidence:.2f} at {_place(seed.centre_lps_mm)}"
        for seed in sorted(doubtful, key=lambda seed: seed.confidence or 0.0)
    ]
    lines += [
        f"  no seed at {_place(metal.centre_lps_mm)}, {metal.volume_mm3:.0f} mm³: {metal.reason}"
        for metal in one.found.rejected
    ]
    if one.matching is not None and len(one.matching.distance_mm):
        lines.append(
            f"against the plan: median {np.median(one.matching.distance_mm):.1f} mm, largest "
            f"{one.matching.distance_mm.max():.1f} mm; {len(one.matching.missed)} planned seeds have no partner"
        )
    for name, made in (("there", one.there), ("planned", one.planned)):
        if made is not None:
            hit = made.target
            lines.append(
                f"{name}: D90 {hit.d90_gy:.1f} Gy, V100 {hit.v100:.1%}, V150 {hit.v150:.1%}, V200 {hit.v200:.1%} "
                f"of {made.prescription_gy:g} Gy"
            )
    lines += [
        f"cold: {spot.volume_ml:.2f} ml {' '.join(spot.sides) or 'in the middle'} of the target, down to {spot.least_gy:.1f} Gy "
        f"at {_place(spot.coldest_lps_mm)}"
        for spot in one.cold
    ]
    return lines


def _place(lps_mm: tuple[float, float, float]) -> str:
    x, y, z = lps_mm
    return f"({x:.1f}, {y:.1f}, {z:.1f}) mm"

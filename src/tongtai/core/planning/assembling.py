"""From the chosen needles and zones to the sections of the plan."""

import numpy as np

from tongtai.core.coverage.devices import DeviceTable
from tongtai.core.coverage.plans import ZonePlan
from tongtai.core.planning.achieved import CoverageAchieved, MarginChance, ReachedStructure
from tongtai.core.planning.inputs import DeviceUsed, ImageFacts, ImageUsed, Place
from tongtai.core.planning.needles import (
    BrokenRule,
    NearStructure,
    NeedleGap,
    PlannedNeedle,
    PlannedPosition,
)
from tongtai.core.trajectory.needle_measure import NeedleMeasure
from tongtai.core.trajectory.needle_sets import shaft_distances_mm
from tongtai.core.trajectory.reach import as_point
from tongtai.core.volumes import Volume

_PLEURA = ("lung", "pleura")


def needle_id(number: int) -> str:
    """The name of a needle by its number from 0.

    Examples
    --------
    >>> needle_id(0)
    'N1'
    """
    return f"N{number + 1}"


def image_used(image: Volume, facts: ImageFacts) -> ImageUsed:
    """The image in numbers."""
    return ImageUsed(
        study_uid=facts.study_uid,
        series_uid=facts.series_uid,
        frame_of_reference_uid=image.frame_of_reference_uid,
        phase=facts.phase,
        phase_reason=facts.phase_reason,
        slices=image.voxels.shape[0],
        rows=image.voxels.shape[1],
        columns=image.voxels.shape[2],
        spacing_mm=as_point(image.spacing_mm),
        index_to_lps=tuple(tuple(float(value) for value in row) for row in image.index_to_lps),
        notes=facts.notes,
    )


def device_used(table: DeviceTable) -> DeviceUsed:
    """The device of a table."""
    return DeviceUsed(
        table_id=table.table_id,
        device_id=table.device_id,
        name=table.name,
        technique=table.technique,
        frequency_mhz=table.frequency_mhz,
        kind=table.kind.value,
        tissue=table.tissue,
        evidence=table.evidence.value,
        zone_beyond_tip_mm=table.zone_beyond_tip_mm,
        source=table.source,
    )


def planned_needles(plan: ZonePlan, middle_lps_mm: Place) -> tuple[PlannedNeedle, ...]:
    """The needles, in the order of use."""
    return tuple(_needle(number, measure, plan, middle_lps_mm) for number, measure in enumerate(plan.needles))


def _needle(number: int, measure: NeedleMeasure, plan: ZonePlan, middle_lps_mm: Place) -> PlannedNeedle:
    needle = measure.needle
    aim = float(np.subtract(middle_lps_mm, needle.entry_lps_mm) @ needle.direction)
    distances = measure.structure_distance_mm
    return PlannedNeedle(
        id=needle_id(number),
        device_id=plan.table.device_id,
        entry_lps_mm=needle.entry_lps_mm,
        target_lps_mm=as_point(needle.point_at(aim)),
        tip_lps_mm=needle.tip_lps_mm,
        depth_mm=measure.length_mm,
        axial_angle_deg=measure.axial_angle_deg,
        craniocaudal_deg=measure.craniocaudal_deg,
        mediolateral_deg=measure.mediolateral_deg,
        liver_depth_mm=_finite(measure.liver_depth_mm),
        liver_pass_mm=measure.liver_pass_mm,
        tumour_depth_mm=_finite(measure.tumour_depth_mm),
        capsule_angle_deg=measure.capsule_angle_deg,
        near=tuple(
            NearStructure(name=name, distance_mm=distance, depth_mm=measure.nearest_depth_mm[name])
            for name, distance in sorted(distances.items(), key=lambda item: (item[1], item[0]))
            if np.isfinite(distance)
        ),
        pleura_crossed=any(distances.get(name, np.inf) <= 0.0 for name in _PLEURA),
        track_ablation_mm=plan.track_ablation_mm[number],
        broken_rules=tuple(
            BrokenRule(constraint=one.constraint, value=one.value, allowed=one.allowed)
            for one in measure.violations
            if np.isfinite(one.value)
        )
        + tuple(
            BrokenRule(constraint=one.constraint, value=measure.length_mm, allowed=one.allowed)
            for one in measure.violations
            if not np.isfinite(one.value)
        ),
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def planned_positions(plan: ZonePlan) -> tuple[PlannedPosition, ...]:
    """The applications of energy, in the order of treatment."""
    found = []
    for number, position in enumerate(plan.positions, 1):
        needle = plan.needles[position.needle].needle
        size, zone = position.size, position.zone
        found.append(
            PlannedPosition(
                number=number,
                needle=needle_id(position.needle),
                tip_depth_mm=position.tip_depth_mm,
                tip_lps_mm=as_point(needle.point_at(position.tip_depth_mm)),
                pull_back_mm=position.pull_back_mm,
                power_w=size.power_w,
                current_ma=size.current_ma,
                time_min=size.time_min,
                centre_lps_mm=zone.centre_lps_mm,
                axis_lps=zone.direction,
                semi_across_mm=zone.short_mm / 2.0,
                semi_along_mm=zone.long_mm / 2.0,
                volume_ml=zone.volume_ml,
                statement=size.statement,
                sources=size.sources,
                extrapolated=size.extrapolated,
            )
        )
    return tuple(found)


def needle_gaps(plan: ZonePlan, needle_length_mm: float) -> tuple[NeedleGap, ...]:
    """Distance between the shafts of every two needles."""
    distance = shaft_distances_mm([measure.needle for measure in plan.needles], needle_length_mm)
    return tuple(
        NeedleGap(first=needle_id(a), second=needle_id(b), distance_mm=float(distance[a, b]))
        for a in range(len(distance))
        for b in range(a + 1, len(distance))
    )


def coverage_achieved(plan: ZonePlan) -> CoverageAchieved:
    """What the zones cover and cost."""
    result, chosen, chance = plan.assessment, plan.selection, plan.probability
    margin = result.margin
    return CoverageAchieved(
        tumour=result.tumour_coverage,
        target=result.target_coverage,
        minimum_margin_mm=margin.minimum_mm,
        minimum_margin_lps_mm=margin.place_lps_mm,
        minimum_at_capsule_mm=margin.minimum_at_capsule_mm,
        surface_below_zero=margin.below_zero,
        surface_below_asked=margin.below_asked,
        surface_at_least_asked=margin.at_least_asked,
        surface_excluded=margin.excluded,
        zone_ml=result.zone_ml,
        collateral_ml=result.collateral_ml,
        remnant_ml=result.remnant_ml,
        remnant_share=result.remnant_share,
        reached=tuple(
            ReachedStructure(name=name, volume_ml=volume)
            for name, volume in sorted(result.reached_ml.items())
        ),
        chance=None
        if chance is None
        else MarginChance(
            margin_mm=chance.margin_mm,
            probability=chance.probability,
            standard_error=chance.standard_error,
            low=chance.low,
            high=chance.high,
            trials=chance.trials,
            needle_error_mm=chance.needle_error_mm,
            registration_error_mm=chance.registration_error_mm,
        ),
        method="by_hand" if chosen is None else chosen.method,
        gap=None if chosen is None else chosen.gap,
    )

"""Which hard rules a measured needle breaks."""

import numpy as np

from tongtai.core.trajectory.needle_measure import NeedleMeasure, Violation
from tongtai.core.trajectory.reach import (
    AIR,
    AXIAL_ANGLE,
    GANTRY_BORE,
    LENGTH,
    NO_TUMOUR,
    SUBCAPSULAR,
    TABLE,
)
from tongtai.core.trajectory.rules import LimitName
from tongtai.core.trajectory.scene import Scene


def violations_of(measured: NeedleMeasure, scene: Scene, outside_mm: float) -> tuple[Violation, ...]:
    """Every hard rule broken, obstacles first.

    Parameters
    ----------
    measured
        The needle's measures.
    scene
        The patient and the rules.
    outside_mm
        Length of the needle, between entry and tip, that lies outside the body.
    """
    rules = scene.rules
    broken = [
        Violation(item.obstacle.name, distance, item.obstacle.margin_mm)
        for item in scene.obstacles
        if (distance := measured.distance_mm[item.obstacle.name]) < item.obstacle.margin_mm
    ]
    needle_mm = rules.limit(LimitName.NEEDLE_LENGTH_MM)
    angle = rules.limit(LimitName.AXIAL_ANGLE_DEG)
    if measured.length_mm > needle_mm:
        broken.append(Violation(LENGTH, measured.length_mm, needle_mm))
    if measured.axial_angle_deg > angle:
        broken.append(Violation(AXIAL_ANGLE, measured.axial_angle_deg, angle))
    if outside_mm > 1e-6:
        broken.append(Violation(AIR, outside_mm, 0.0))
    if not np.isfinite(measured.tumour_depth_mm):
        broken.append(Violation(NO_TUMOUR, measured.tumour_depth_mm, measured.length_mm))
    return (*broken, *_around_the_patient(measured, scene), *_liver_pass(measured, scene))


def _liver_pass(measured: NeedleMeasure, scene: Scene) -> tuple[Violation, ...]:
    least = scene.rules.limit(LimitName.LIVER_BEFORE_TUMOUR_MM)
    subcapsular = scene.subcapsular[scene.tumour_number(measured.tumour) - 1]
    if not subcapsular or not np.isfinite(measured.tumour_depth_mm) or measured.liver_pass_mm >= least:
        return ()
    return (Violation(SUBCAPSULAR, measured.liver_pass_mm, least),)


def _around_the_patient(measured: NeedleMeasure, scene: Scene) -> tuple[Violation, ...]:
    """Table and gantry: heights above the table below their limits, radius in the bore above its."""
    rules, needle = scene.rules, measured.needle
    entry = np.asarray(needle.entry_lps_mm)
    outside = max(rules.limit(LimitName.NEEDLE_LENGTH_MM) - needle.length_mm, 0.0)
    hub = entry - outside * needle.direction
    down = np.asarray(scene.positioning.table_direction_lps)
    axis = np.asarray(scene.positioning.gantry_axis_lps)
    contact = rules.limit(LimitName.TABLE_CONTACT_MM)
    entry_height = scene.table_mm - float(entry @ down)
    hub_height = scene.table_mm - float(hub @ down)
    broken = []
    if entry_height < contact:
        broken.append(Violation(TABLE, entry_height, contact))
    elif hub_height < 0.0:
        broken.append(Violation(TABLE, hub_height, 0.0))
    off_axis = hub - scene.axis_point_lps_mm
    radius = float(np.linalg.norm(off_axis - (off_axis @ axis) * axis))
    bore = rules.limit(LimitName.BORE_RADIUS_MM)
    if radius > bore:
        broken.append(Violation(GANTRY_BORE, radius, bore))
    return tuple(broken)

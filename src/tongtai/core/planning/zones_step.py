"""Second step: needles and zones, chosen by the program or placed by a person."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongtai.core.coverage.alternatives import plan_alternatives
from tongtai.core.coverage.devices import DeviceTable
from tongtai.core.coverage.errors import CoverageError
from tongtai.core.coverage.lines import needle_lines
from tongtai.core.coverage.plans import ZonePlan, plan_by_hand, with_probability
from tongtai.core.coverage.probability import required_points
from tongtai.core.coverage.selection import Effort
from tongtai.core.coverage.targets import ablation_target, bounding_of
from tongtai.core.coverage.zones import Zone, inside_any, packed
from tongtai.core.planning.by_hand import HandPlaced, applications_of
from tongtai.core.planning.knowledge import Knowledge
from tongtai.core.planning.plan import Request
from tongtai.core.planning.progress import Progress, stage
from tongtai.core.planning.reach_step import PreparedCase
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.volumes import Volume

HELD_MARGIN_MM = 5.0
WIDE_MARGIN_MM = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonesFound:
    """The plans that were compared.

    Attributes
    ----------
    plans
        The best first; empty when no needle reaches the tumour.
    why_none
        One sentence when there is none.
    """

    plans: tuple[ZonePlan, ...]
    why_none: str = ""


def find_zones(
    case: PreparedCase,
    request: Request,
    knowledge: Knowledge,
    generator: np.random.Generator,
    progress: Progress,
) -> ZonesFound:
    """Needles and zones of the device asked for, or of every device of the technique, compared.

    Raises
    ------
    UnknownDeviceError
        If no table describes the device.
    """
    tables = tables_for(request, knowledge)
    measurer = Measurer(case.reached.scene)
    lines = needle_lines(measurer, case.target, on_progress=stage(progress, 0.0, 0.3, "needle lines"))
    if not lines:
        return ZonesFound(plans=(), why_none="No needle may reach the middle of the tumour.")
    targets = [case.target]
    if request.margin_mm < WIDE_MARGIN_MM:
        targets.append(ablation_target(case.anatomy, case.tumour.name, margin_mm=WIDE_MARGIN_MM))
    try:
        plans = plan_alternatives(
            measurer,
            targets,
            lines,
            tables,
            generator,
            effort=Effort(nodes=knowledge.search_nodes),
            held_margin_mm=HELD_MARGIN_MM,
            on_progress=stage(progress, 0.3, 1.0, "zones"),
        )
    except CoverageError as reason:
        return ZonesFound(plans=(), why_none=str(reason))
    return ZonesFound(plans=plans)


def tables_for(request: Request, knowledge: Knowledge) -> Sequence[DeviceTable]:
    """The device's table, or those of every usable device of the technique.

    Raises
    ------
    UnknownDeviceError
        If no table describes the device.
    CoverageError
        If the device is of another technique, or its table cannot be planned with.
    """
    if not request.device_id:
        return knowledge.catalogue.usable(request.technique)
    table = knowledge.catalogue.table(request.device_id)
    if table.technique != request.technique or not table.usable:
        usable = ", ".join(one.device_id for one in knowledge.catalogue.usable(request.technique))
        raise CoverageError(
            f"The device {request.device_id} cannot be planned with for {request.technique}; "
            f"these can: {usable}.",
            device=request.device_id,
        )
    return [table]


def judge_by_hand(
    case: PreparedCase, placed: HandPlaced, knowledge: Knowledge, generator: np.random.Generator
) -> ZonePlan:
    """Needles placed by a person, judged as any others.

    Raises
    ------
    UnknownDeviceError, OutsideTableError, HandPlacedError
        If the device or one of its settings is not in the tables.
    """
    table = knowledge.catalogue.table(placed.device_id)
    applications = applications_of(placed, table, extrapolate=knowledge.extrapolate)
    measurer = Measurer(case.reached.scene)
    needles = [one.needle for one in placed.needles]
    plan = plan_by_hand(measurer, case.target, table, needles, applications)
    required = required_points(case.target, HELD_MARGIN_MM)
    # The first child, as the first of the compared plans has it: the same needles, the same number.
    return with_probability(plan, required, generator.spawn(1)[0])


def zone_mask(grid: Volume, zones: Sequence[Zone]) -> NDArray[np.bool_]:
    """Voxels of a grid whose centres lie in any zone, shape ``(K, J, I)``."""
    mask = np.zeros(grid.voxels.shape, np.bool_)
    rows = packed(zones)
    box = bounding_of(grid, rows) if len(rows) else None
    if box is not None:
        shape = mask[box].shape
        index = np.stack(np.meshgrid(*(np.arange(s.start, s.stop) for s in box), indexing="ij"), axis=-1)
        mask[box] = inside_any(grid.lps_of(index.reshape(-1, 3)), rows).reshape(shape)
    return mask

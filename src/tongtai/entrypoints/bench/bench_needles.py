"""How soon the whole skin is joined to every tumour, and how soon zones and needles are planned.

The patient is the simulated abdomen at the size of a clinical CT: a real CT of ``../shared`` is
another patient's. Beside each number stands, in the same run, what one would write otherwise: distance
maps of scipy or SimpleITK on the same grid, and numpy that samples them along every needle.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
import SimpleITK
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.coverage.alternatives import plan_alternatives
from tongtai.core.coverage.lines import needle_lines
from tongtai.core.coverage.plans import ZonePlan, plan_by_hand, with_probability
from tongtai.core.coverage.probability import required_points
from tongtai.core.coverage.selection import Effort
from tongtai.core.coverage.targets import ablation_target
from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.core.phantom.tissues import Structure
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.reach import ReachMap, reach, tumour_targets
from tongtai.core.trajectory.scene import Scene, prepare
from tongtai.entrypoints.bench.row import Row
from tongtai.formats.devices import packaged_catalogue
from tongtai.formats.trajectory_rules import packaged_rules

_REACH_S, _ZONES_S = 3.0, 10.0
_SIZES = ((50, 256, 4.0), (100, 512, 2.0), (200, 512, 1.0))
_CLINICAL = 1
_TUMOURS = (Structure.TUMOUR_1, Structure.TUMOUR_2)
_REPEATS = 3
_PEER_STEP_MM = 1.0
T = TypeVar("T")


def _best(work: Callable[[], T], repeats: int = _REPEATS) -> tuple[T, float]:
    """What came out, and the best of several times in seconds."""
    began = time.perf_counter()
    result = work()
    seconds = [time.perf_counter() - began]
    for _ in range(repeats - 1):
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    return result, min(seconds)


async def rows() -> list[Row]:
    """Measure reachability at three sizes of CT, its peers, and the planning of zones."""
    return await asyncio.to_thread(_rows)


def _rows() -> list[Row]:
    found: list[Row] = []
    _reached(_patient(*_SIZES[0]))  # compiles
    for number, size in enumerate(_SIZES):
        patient = _patient(*size)
        reached, seconds = _best(partial(_reached, patient))
        found.append(_reach_row(reached, seconds, clinical=number == _CLINICAL))
        if number == _CLINICAL:
            found += _peer_rows(reached)
            found += _zone_rows(patient, reached.scene)
    return found


def _patient(slices: int, size: int, slice_mm: float) -> Anatomy:
    phantom = abdomen_phantom(np.random.default_rng(1), slices=slices, size=size, slice_mm=slice_mm)
    masks = {structure.value: phantom.mask(structure).voxels for structure in phantom.structures()}
    # In the phantom "skin" is the layer, here it would mean the whole body.
    structures = {name: mask for name, mask in masks.items() if name not in {*_TUMOURS, Structure.SKIN}}
    return Anatomy(phantom.image, structures, {name.value: masks[name] for name in _TUMOURS})


def _reached(patient: Anatomy) -> ReachMap:
    return reach(prepare(patient, packaged_rules("mwa")), tumour_targets(patient))


def _reach_row(reached: ReachMap, seconds: float, *, clinical: bool) -> Row:
    shape = "×".join(str(side) for side in reached.scene.anatomy.grid.voxels.shape)
    joined = reached.blocked.size
    return Row(
        name=f"Needles: whole skin × all tumours, CT of {shape}, {joined} paths",
        unit="s",
        value=round(seconds, 3),
        target=_REACH_S if clinical else None,
        peer="13.3 s a case, deep reinforcement learning on LiTS (2022)" if clinical else None,
    )


def _peer_rows(reached: ReachMap) -> list[Row]:
    """Reach again with other means on the same grid, and how often they agree."""
    scene = reached.scene
    # Where the distance is 0 there is the obstacle itself.
    masks = [np.asarray(field == 0) for field in scene.fields]
    spacing = scene.grid.spacing_mm
    _, whole_s = _best(partial(prepare, scene.anatomy, scene.rules))
    _, rays_s = _best(partial(reach, scene, reached.targets))
    distances, scipy_s = _best(lambda: [_scipy_distance(mask, spacing) for mask in masks], 1)
    _, itk_s = _best(lambda: [_itk_distance(mask, spacing) for mask in masks], 1)
    closed, numpy_s = _best(partial(_sampled, reached, distances), 1)
    low = np.uint32((1 << len(masks)) - 1)
    agree = float((closed == ((reached.blocked & low) != 0)).mean())
    return [
        Row(
            name="Needles: rays of the whole skin alone",
            unit="s",
            value=round(rays_s, 3),
            peer=f"numpy sampling distances every {_PEER_STEP_MM:g} mm: {numpy_s:.2f} s, "
            f"same answer on {100 * agree:.1f} % of paths",
        ),
        Row(
            name="Needles: the patient prepared, distances to every obstacle among it",
            unit="s",
            value=round(whole_s, 3),
            peer=f"distance maps alone, same grid: scipy {scipy_s:.2f} s, SimpleITK {itk_s:.2f} s",
        ),
    ]


def _scipy_distance(mask: NDArray[np.bool_], spacing: NDArray[np.float64]) -> NDArray[np.float64]:
    if not mask.any():
        return np.full(mask.shape, np.inf)
    distance: NDArray[np.float64] = ndimage.distance_transform_edt(~mask, sampling=spacing)
    return distance


def _itk_distance(mask: NDArray[np.bool_], spacing: NDArray[np.float64]) -> NDArray[np.float32]:
    image = SimpleITK.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing(  # type: ignore[no-untyped-call]
        [float(step) for step in spacing[::-1]]
    )
    distance: NDArray[np.float32] = SimpleITK.GetArrayFromImage(
        SimpleITK.SignedMaurerDistanceMap(  # type: ignore[no-untyped-call]
            image, squaredDistance=False, useImageSpacing=True
        )
    )
    return distance


def _sampled(reached: ReachMap, distances: list[NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Whether any obstacle comes too near, from samples along each path, shape ``(T, N)``."""
    scene = reached.scene
    entries = scene.skin.points_lps_mm
    closed = np.zeros(reached.blocked.shape, np.bool_)
    for number, target in enumerate(reached.targets):
        way = np.asarray(target.point_lps_mm) - entries
        steps = int(np.ceil(np.linalg.norm(way, axis=1).max() / _PEER_STEP_MM))
        for share in np.linspace(0.0, 1.0, steps + 1):
            index = np.rint(scene.grid.index_of(entries + share * way)).astype(np.int64)
            place = tuple(np.clip(index, 0, np.array(scene.marks.shape) - 1).T)
            for item, distance in zip(scene.obstacles, distances, strict=True):
                closed[number] |= distance[place] < item.obstacle.margin_mm
    return closed


def _zone_rows(patient: Anatomy, scene: Scene) -> list[Row]:
    """Plan the larger tumour as the product does, and judge needles placed by hand."""
    largest = max(patient.tumours, key=lambda name: int(patient.tumours[name].sum()))
    _planned(patient, scene, largest)  # compiles
    plans, plan_s = _best(partial(_planned, patient, scene, largest), 2)
    plan = plans[0]
    _, hand_s = _best(partial(_by_hand, Measurer(scene), patient, plan))
    selection = plan.selection
    said = "" if selection is None else f", gap {100 * selection.gap:.0f} % ({selection.method})"
    return [
        Row(
            name=f"Needles: lines, zones, {len(plans)} alternatives and probabilities, tumour of "
            f"{_diameter_mm(patient, largest):.0f} mm: {len(plan.needles)} needles, "
            f"{len(plan.positions)} positions{said}",
            unit="s",
            value=round(plan_s, 2),
            target=_ZONES_S,
        ),
        Row(name="Needles: placed by hand, judged anew", unit="s", value=round(hand_s, 3)),
    ]


def _diameter_mm(patient: Anatomy, tumour: str) -> float:
    volume_mm3 = 1000.0 * patient.grid.voxel_volume_ml * float(patient.tumours[tumour].sum())
    return float((6.0 * volume_mm3 / np.pi) ** (1.0 / 3.0))


def _planned(patient: Anatomy, scene: Scene, tumour: str) -> tuple[ZonePlan, ...]:
    measurer = Measurer(scene)
    targets = [ablation_target(patient, tumour, margin_mm=margin) for margin in (5.0, 10.0)]
    lines = needle_lines(measurer, targets[0])
    tables = packaged_catalogue().usable("mwa")
    # As a plan is made unless an exact search is asked for: greedily, with a proven bound.
    generator, effort = np.random.default_rng(1), Effort(nodes=0)
    return plan_alternatives(measurer, targets, lines, tables, generator, effort=effort)


def _by_hand(measurer: Measurer, patient: Anatomy, plan: ZonePlan) -> ZonePlan:
    target = ablation_target(patient, plan.tumour)
    needles = [measure.needle for measure in plan.needles]
    applications = [(one.needle, one.tip_depth_mm, one.size) for one in plan.positions]
    again = plan_by_hand(measurer, target, plan.table, needles, applications)
    return with_probability(again, required_points(target), np.random.default_rng(1))

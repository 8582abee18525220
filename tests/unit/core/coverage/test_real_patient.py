"""A real CT with organs: every proposed needle is checked again by code that shares nothing with ours.

The masks are those that come with the CT (TotalSegmentator, 3 mm); the CT shows no tumour, so that
balls in its liver stand for them.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from tests.support.images import SHARED

from tongtai.core.coverage.lines import needle_lines
from tongtai.core.coverage.plans import ZonePlan, plan_zones
from tongtai.core.coverage.targets import ablation_target
from tongtai.core.needle import Needle
from tongtai.core.trajectory.anatomy import Anatomy
from tongtai.core.trajectory.candidates import best_candidates
from tongtai.core.trajectory.measuring import Measurer
from tongtai.core.trajectory.reach import as_point, reach, tumour_targets
from tongtai.core.trajectory.rules import LimitName
from tongtai.core.trajectory.scene import prepare
from tongtai.formats.devices import packaged_catalogue
from tongtai.formats.nifti import read_nifti, read_nifti_labels
from tongtai.formats.trajectory_rules import packaged_rules

FOLDER = SHARED / "ct-abdomen-organs"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the CT of ../shared (TONGTAI_SHARED)")

RULES = packaged_rules("mwa")
TABLE = packaged_catalogue().table("mwa-2450-cooled-he2010")
# Numbers of TotalSegmentator 2, task "total".
LABELS = {
    "liver": (5,),
    "spleen": (1,),
    "kidney": (2, 3),
    "gallbladder": (4,),
    "stomach": (6,),
    "pancreas": (7,),
    "lung": (10, 11, 12, 13, 14),
    "small_bowel": (18,),
    "duodenum": (19,),
    "colon": (20,),
    "heart": (51,),
    "aorta": (52,),
    "inferior_vena_cava": (63,),
    "portal_vein": (64,),
    "bone": (*range(25, 51), *range(69, 79), *range(91, 118)),
}
BOWEL = ("small_bowel", "duodenum", "colon")
TUMOURS = {"front": (12.0, 0.8), "middle": (9.0, 0.5), "back": (14.0, 0.2)}
"""Radius in mm, and where among the liver's inner voxels from back to front."""
STEP_MM = 0.25
HALF_VOXEL_MM = 1.5
"""Half a voxel: heights above the table are those of voxels."""


@pytest.fixture(scope="module")
def patient():
    image = read_nifti(FOLDER / "example_ct.nii.gz")
    labels = read_nifti_labels(FOLDER / "example_seg_fast_force_split.nii.gz").labels.voxels
    masks = {name: np.isin(labels, numbers) for name, numbers in LABELS.items()}
    parts, _ = ndimage.label(image.voxels > -300)
    masks["body"] = parts == np.bincount(parts[parts > 0]).argmax()
    structures = {name: mask for name, mask in masks.items() if mask.any()}
    inner = np.argwhere(ndimage.distance_transform_edt(masks["liver"]) * 3.0 >= 18.0)
    inner = inner[np.argsort(image.lps_of(inner)[:, 1])[::-1]]
    centres = image.lps_of(np.argwhere(np.ones_like(labels, bool)))
    tumours = {}
    for name, (radius, share) in TUMOURS.items():
        middle = image.lps_of(inner[int(share * len(inner))])
        tumours[name] = (np.linalg.norm(centres - middle, axis=1) <= radius).reshape(labels.shape)
    return Anatomy(image, structures, tumours)


@pytest.fixture(scope="module")
def reached(patient):
    return reach(prepare(patient, RULES), tumour_targets(patient))


@pytest.fixture(scope="module")
def measurer(reached):
    return Measurer(reached.scene)


@pytest.fixture(scope="module", params=sorted(TUMOURS))
def planned(request, patient, measurer):
    target = ablation_target(patient, request.param)
    return plan_zones(measurer, target, needle_lines(measurer, target), TABLE)


def sampled(needle: Needle) -> NDArray[np.float64]:
    entry, tip = np.asarray(needle.entry_lps_mm), np.asarray(needle.tip_lps_mm)
    count = int(np.linalg.norm(tip - entry) / STEP_MM) + 2
    return entry + np.linspace(0.0, 1.0, count)[:, None] * (tip - entry)


def held(patient: Anatomy, mask: NDArray[np.bool_], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the voxel around each point belongs to a mask."""
    to_index = np.linalg.inv(patient.grid.index_to_lps)
    index = np.rint(points @ to_index[:3, :3].T + to_index[:3, 3]).astype(int)
    inside = np.all((index >= 0) & (index < mask.shape), axis=1)
    found = np.zeros(len(points), bool)
    found[inside] = mask[tuple(index[inside].T)]
    return found


class Checker:
    """Every hard rule, from samples of the masks."""

    def __init__(self, patient: Anatomy) -> None:
        self.patient = patient
        self.masks: dict[str, tuple[float, NDArray[np.bool_]]] = {}
        for obstacle in RULES.obstacles:
            for name in set(obstacle.structures) & set(patient.structures):
                mask = patient.structures[name]
                if obstacle.minimum_diameter_mm > 0.0:  # parts that are certainly thick
                    mask = mask & ndimage.binary_dilation(ndimage.binary_erosion(mask))
                self.masks[name] = obstacle.margin_mm, mask
        self.trees = {name: cKDTree(self.centres(mask)) for name, (_, mask) in self.masks.items()}
        body = patient.structures["body"]
        self.body = ndimage.binary_dilation(ndimage.binary_fill_holes(body), iterations=2)
        self.table_mm = self.centres(body)[:, 1].max()
        self.liver = np.logical_or.reduce([patient.structures["liver"], *patient.tumours.values()])

    def centres(self, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        index_to_lps = self.patient.grid.index_to_lps
        centres: NDArray[np.float64] = np.argwhere(mask) @ index_to_lps[:3, :3].T + index_to_lps[:3, 3]
        return centres

    def check(self, needle: Needle, tumour: str) -> None:
        patient, points = self.patient, sampled(needle)
        for name, (margin_mm, mask) in self.masks.items():
            assert not held(patient, mask, points).any(), (name, "is pierced")
            assert self.trees[name].query(points)[0].min() >= margin_mm - 1e-6, name
        way = points[-1] - points[0]
        length = np.linalg.norm(way)
        assert length <= RULES.limit(LimitName.NEEDLE_LENGTH_MM)
        angle = np.degrees(np.arcsin(abs(way[2]) / length))
        assert angle <= RULES.limit(LimitName.AXIAL_ANGLE_DEG) + 1e-6
        assert held(patient, self.body, points).all(), "the path leaves the body"
        assert held(patient, patient.tumours[tumour], points).any(), "the path misses the tumour"
        assert held(patient, self.liver, points[-1:]).all(), "the tip leaves the liver"
        height = self.table_mm - points[0][1]
        assert height >= RULES.limit(LimitName.TABLE_CONTACT_MM) - 2 * HALF_VOXEL_MM


@pytest.fixture(scope="module")
def checker(patient):
    return Checker(patient)


def test_the_patient_is_whole(patient):
    assert 300.0 < patient.structures["liver"].sum() * patient.grid.voxel_volume_ml < 2500.0
    assert {"bone", "colon", "kidney", "gallbladder", "stomach"} <= set(patient.structures)


@pytest.mark.parametrize("tumour", sorted(TUMOURS))
def test_every_offered_needle_stands_the_independent_check(checker, reached, measurer, tumour):
    number = [target.tumour for target in reached.targets].index(tumour)
    offered = best_candidates(reached, measurer, number)
    assert offered.candidates, "this patient's tumours can all be reached"
    for candidate in offered.candidates:
        checker.check(candidate.measure.needle, tumour)


def test_every_planned_needle_stands_the_independent_check(checker, planned):
    for measure in planned.needles:
        checker.check(measure.needle, planned.tumour)


def test_the_check_finds_a_needle_through_bone(checker, patient):
    spine = checker.centres(patient.structures["bone"]).mean(axis=0)
    middle = checker.centres(patient.tumours["middle"]).mean(axis=0)
    with pytest.raises(AssertionError, match="bone"):
        checker.check(Needle(as_point(2.0 * spine - middle), as_point(middle)), "middle")


def test_needles_of_a_plan_keep_apart_along_their_whole_shafts(planned):
    length = RULES.limit(LimitName.NEEDLE_LENGTH_MM)
    shafts = []
    for measure in planned.needles:
        tip = np.asarray(measure.needle.tip_lps_mm)
        way = np.asarray(measure.needle.entry_lps_mm) - tip
        shafts.append(tip + np.arange(0.0, length, 0.5)[:, None] * way / np.linalg.norm(way))
    for number, one in enumerate(shafts):
        for other in shafts[:number]:
            assert cKDTree(one).query(other)[0].min() >= RULES.limit(LimitName.NEEDLE_GAP_MM) - 0.3


def test_coverage_is_what_counting_voxels_gives(patient, planned):
    grid = patient.grid
    tumour = patient.tumours[planned.tumour]
    liver = np.logical_or.reduce([patient.structures["liver"], *patient.tumours.values()])
    around = ndimage.distance_transform_edt(~tumour, sampling=grid.spacing_mm) <= planned.margin_mm
    target = liver & around
    zone = zone_by_formula(patient, planned)
    assert planned.assessment.tumour_coverage == pytest.approx((zone & tumour).sum() / tumour.sum())
    assert planned.assessment.target_coverage == pytest.approx((zone & target).sum() / target.sum())
    others = np.logical_or.reduce(list(patient.tumours.values()))
    healthy = liver & ~target & ~others
    ml = grid.voxel_volume_ml
    assert planned.assessment.collateral_ml == pytest.approx((zone & healthy).sum() * ml, abs=1e-6)
    assert planned.assessment.tumour_coverage == 1.0


def zone_by_formula(patient: Anatomy, plan: ZonePlan) -> NDArray[np.bool_]:
    index_to_lps = patient.grid.index_to_lps
    index = np.moveaxis(np.indices(patient.grid.voxels.shape), 0, -1)
    points = index @ index_to_lps[:3, :3].T + index_to_lps[:3, 3]
    inside = np.zeros(patient.grid.voxels.shape, bool)
    for position in plan.positions:
        needle = plan.needles[position.needle].needle
        entry = np.asarray(needle.entry_lps_mm)
        along = np.asarray(needle.tip_lps_mm) - entry
        along = along / np.linalg.norm(along)
        size = position.size
        far = entry + (position.tip_depth_mm + size.zone_beyond_tip_mm) * along
        away = points - (far - size.long_mm / 2.0 * along)
        axial = away @ along
        radial = (away**2).sum(axis=-1) - axial**2
        inside |= (axial / (size.long_mm / 2.0)) ** 2 + radial / (size.short_mm / 2.0) ** 2 <= 1.0
    return inside

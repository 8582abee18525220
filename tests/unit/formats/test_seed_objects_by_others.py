"""The three radiotherapy objects of a seed plan together, read without our readers: pydicom, SimpleITK, scikit-image, scipy.

Each object is also broken once, and the same comparison finds it.
"""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk  # noqa: N813  (its own documentation's name)
from pydicom.dataset import Dataset
from scipy.interpolate import RegularGridInterpolator
from skimage.draw import polygon2mask
from tests.support.images import PATIENT
from tests.support.seed_plans import PRESCRIPTION_GY, seeded

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.formats.dicom.writing import write_ct_series
from tongtai.formats.seed_models import seed_model
from tongtai.formats.seed_plan_folder.objects import (
    DOSE_OBJECT,
    PLAN_OBJECT,
    STRUCTURES_OBJECT,
    radiotherapy_files,
)

AT = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001  (a hospital's own clock)
# The grid's own deviation, its scaling, and places kept in 16 characters.
DOSE_WITHIN = 0.01
Objects = dict[str, Dataset]


@pytest.fixture(scope="module")
def contents():
    drawn = abdomen_phantom(np.random.default_rng(3), slices=48, size=96, slice_mm=4.0)
    images = [pydicom.dcmread(BytesIO(one)) for one in write_ct_series(drawn, PATIENT, acquired_at=AT)]
    made = radiotherapy_files(seeded(), images, written_at=AT)
    return images, {file.name: file.content for file in made}


def parsed(contents) -> Objects:
    return {name: pydicom.dcmread(BytesIO(content)) for name, content in contents[1].items()}


def seeds_of(plan: Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places, axes and dose weight (Gy h: strength × time) of each channel, as the standard has them."""
    strengths = {int(one.SourceNumber): float(one.ReferenceAirKermaRate) for one in plan.SourceSequence}
    places, axes, weights = [], [], []
    for channel in plan.ApplicationSetupSequence[0].ChannelSequence:
        first = channel.BrachyControlPointSequence[0]
        places.append([float(part) for part in first.ControlPoint3DPosition])
        axes.append([float(part) for part in first.ControlPointOrientation])
        hours = float(channel.ChannelTotalTime) / 3600.0
        weights.append(strengths[int(channel.ReferencedSourceNumber)] * hours * 0.01)
    return np.array(places), np.array(axes), np.array(weights)


def formalism_gy(plan: Dataset, points: np.ndarray) -> np.ndarray:
    """TG-43U1 written once more from the tables of the seed, with scipy's interpolation."""
    model = seed_model(str(plan.SourceSequence[0].SourceModelID))
    assert model.anisotropy is not None
    table = model.anisotropy
    anisotropy = RegularGridInterpolator(
        (np.asarray(table.theta_deg), np.asarray(table.radius_mm)),
        np.asarray(table.value),
        bounds_error=False,
    )
    half, total = model.active_length_mm / 2.0, np.zeros(len(points))
    for place, axis, weight in zip(*seeds_of(plan), strict=True):
        offset = points - place
        r = np.linalg.norm(offset, axis=1)
        along = offset @ axis
        away = np.sqrt(np.maximum(r**2 - along**2, 1e-12))
        seen = (np.arctan2(along + half, away) - np.arctan2(along - half, away)) / (2.0 * half * away)
        unit = 2.0 * np.arctan(half / 10.0) / (2.0 * half * 10.0)
        angle = np.degrees(np.arccos(np.clip(np.abs(along) / r, 0.0, 1.0)))
        low, high = table.radius_mm[0], table.radius_mm[-1]
        f = anisotropy(np.stack([angle, np.clip(r, low, high)], axis=1))
        g = np.interp(r, model.radial.radius_mm, model.radial.value)
        total += weight * model.dose_rate_constant_cgy_h_u * seen / unit * g * f
    return total


def dose_compared(objects: Objects, tmp_path) -> float:
    """The worst deviation of the dose file from the plan file's seeds, 3 to 30 mm from every seed."""
    path = tmp_path / "dose.dcm"
    objects[DOSE_OBJECT].save_as(path)
    image = sitk.ReadImage(str(path))
    stored = sitk.GetArrayFromImage(image).reshape(-1) * float(objects[DOSE_OBJECT].DoseGridScaling)
    size = image.GetSize()
    index = np.stack(np.meshgrid(*(np.arange(n) for n in size), indexing="ij"), axis=-1)
    index = np.swapaxes(index, 0, 2).reshape(-1, 3)
    direction = np.array(image.GetDirection()).reshape(3, 3)
    points = np.array(image.GetOrigin()) + (index * np.array(image.GetSpacing())) @ direction.T
    nearest = np.linalg.norm(points[:, None] - seeds_of(objects[PLAN_OBJECT])[0], axis=2)
    kept = np.flatnonzero((nearest.min(axis=1) > 3.0) & (nearest.max(axis=1) < 30.0))[::7]
    assert len(kept) > 200
    exact = formalism_gy(objects[PLAN_OBJECT], points[kept])
    return float(np.abs(stored[kept] / exact - 1.0).max())


def volumes_compared(objects: Objects, images: list[pydicom.FileDataset]) -> dict[str, float]:
    """Volume within the contours, counted by scikit-image on the images' pixels, beside the histogram's volume."""
    structures, dose = objects[STRUCTURES_OBJECT], objects[DOSE_OBJECT]
    names = {int(one.ROINumber): str(one.ROIName) for one in structures.StructureSetROISequence}
    told = {
        int(one.DVHReferencedROISequence[0].ReferencedROINumber): float(one.DVHData[1])
        for one in dose.DVHSequence
    }
    rows, columns = float(images[0].PixelSpacing[0]), float(images[0].PixelSpacing[1])
    heights = sorted(float(one.ImagePositionPatient[2]) for one in images)
    voxel_ml = rows * columns * (heights[1] - heights[0]) / 1000.0
    at = {str(one.SOPInstanceUID): one for one in images}
    found = {}
    for item in structures.ROIContourSequence:
        number = int(item.ReferencedROINumber)
        if number not in told:
            continue
        planes: dict[str, np.ndarray] = {}
        for contour in item.ContourSequence:
            uid = str(contour.ContourImageSequence[0].ReferencedSOPInstanceUID)
            corner = np.array(at[uid].ImagePositionPatient, float)
            points = np.array(contour.ContourData, float).reshape(-1, 3)
            assert np.allclose(points[:, 2], corner[2])
            shape = (int(at[uid].Rows), int(at[uid].Columns))
            inside = polygon2mask(shape, (points[:, 1::-1] - corner[1::-1]) / [rows, columns])
            # A hole is a contour within another one.
            planes[uid] = planes.get(uid, np.zeros(shape, bool)) ^ inside
        volume_ml = sum(int(one.sum()) for one in planes.values()) * voxel_ml
        found[names[number]] = volume_ml / told[number] - 1.0
    return found


def test_the_objects_name_each_other_and_the_images(contents):
    images, objects = contents[0], parsed(contents)
    plan, dose, structures = objects[PLAN_OBJECT], objects[DOSE_OBJECT], objects[STRUCTURES_OBJECT]
    assert plan.ReferencedStructureSetSequence[0].ReferencedSOPInstanceUID == structures.SOPInstanceUID
    assert dose.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID == plan.SOPInstanceUID
    assert plan.ReferencedDoseSequence[0].ReferencedSOPInstanceUID == dose.SOPInstanceUID
    frames = {str(images[0].FrameOfReferenceUID)}
    assert {str(one.get("FrameOfReferenceUID", next(iter(frames)))) for one in objects.values()} == frames
    assert {str(one.StudyInstanceUID) for one in objects.values()} == {str(images[0].StudyInstanceUID)}
    known = {str(one.SOPInstanceUID) for one in images}
    named = {
        str(contour.ContourImageSequence[0].ReferencedSOPInstanceUID)
        for item in structures.ROIContourSequence
        for contour in item.ContourSequence
        if contour.ContourGeometricType == "CLOSED_PLANAR"
    }
    assert named <= known
    assert float(plan.DoseReferenceSequence[0].TargetPrescriptionDose) == PRESCRIPTION_GY


def test_the_dose_is_that_of_the_plans_seeds_by_another_formula(contents, tmp_path):
    assert dose_compared(parsed(contents), tmp_path) < DOSE_WITHIN


def test_contours_enclose_the_volumes_of_the_histograms(contents):
    found = volumes_compared(parsed(contents), contents[0])
    assert {"target", "liver outside target"} <= found.keys()
    # Those of a box around the target: organs far away are counted coarsely there.
    assert abs(found["target"]) < 0.01
    assert abs(found["liver outside target"]) < 0.02


def test_d90_is_read_from_the_file_as_the_plan_has_it(contents):
    plan = seeded().plan
    item = parsed(contents)[DOSE_OBJECT].DVHSequence[0]
    pairs = np.array(item.DVHData, float).reshape(-1, 2)
    edges = np.cumsum(pairs[:, 0]) - pairs[:, 0]
    d90 = np.interp(-0.9 * pairs[0, 1], -pairs[:, 1], edges)
    assert plan.doses is not None
    assert d90 == pytest.approx(plan.doses.target.d90_gy, rel=0.005)


def _seed_moved(objects: Objects) -> None:
    point = objects[PLAN_OBJECT].ApplicationSetupSequence[0].ChannelSequence[0].BrachyControlPointSequence[0]
    x, y, z = point.ControlPoint3DPosition
    point.ControlPoint3DPosition = [x, y, float(z) + 2.0]


def _weaker(objects: Objects) -> None:
    source = objects[PLAN_OBJECT].SourceSequence[0]
    source.ReferenceAirKermaRate = float(source.ReferenceAirKermaRate) * 0.97


def _grid_shifted(objects: Objects) -> None:
    dose = objects[DOSE_OBJECT]
    x, y, z = dose.ImagePositionPatient
    dose.ImagePositionPatient = [float(x) + 1.5, y, z]


@pytest.mark.parametrize("broken", [_seed_moved, _weaker, _grid_shifted])
def test_a_plan_that_is_not_the_doses_is_found(contents, tmp_path, broken: Callable[[Objects], None]):
    objects = parsed(contents)
    broken(objects)
    assert dose_compared(objects, tmp_path) > 2.0 * DOSE_WITHIN


def test_contours_that_are_not_the_histograms_are_found(contents):
    objects = parsed(contents)
    for contour in objects[STRUCTURES_OBJECT].ROIContourSequence[0].ContourSequence:
        points = np.array(contour.ContourData, float).reshape(-1, 3)
        middle = points.mean(axis=0)
        contour.ContourData = (middle + 0.6 * (points - middle)).reshape(-1).tolist()
    assert abs(volumes_compared(objects, contents[0])["target"]) > 0.05

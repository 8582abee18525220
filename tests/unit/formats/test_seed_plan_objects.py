"""A seed plan as RTSTRUCT, RTPLAN and RTDOSE: the plan's own seeds, masks and doses, read by others, and valid."""

import shutil
import subprocess
import sysconfig
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk  # noqa: N813  (its own documentation's name)
from tests.support.images import PATIENT
from tests.support.seed_plans import PRESCRIPTION_GY, seeded

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.formats.dicom.masks import read_structure_set
from tongtai.formats.dicom.radiotherapy import implant_of, read_dose, read_plan
from tongtai.formats.dicom.writing import write_ct_series
from tongtai.formats.seed_plan_folder.objects import (
    DOSE_OBJECT,
    PLAN_OBJECT,
    STRUCTURES_OBJECT,
    radiotherapy_files,
)

DCIODVFY = shutil.which("dciodvfy", path=sysconfig.get_path("scripts")) or shutil.which("dciodvfy")
AT = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001  (a hospital's own clock)
NAMES = (STRUCTURES_OBJECT, PLAN_OBJECT, DOSE_OBJECT)


@pytest.fixture(scope="module")
def sources():
    """Headers of the images that the plan's phantom is on."""
    drawn = abdomen_phantom(np.random.default_rng(3), slices=48, size=96, slice_mm=4.0)
    files = write_ct_series(drawn, PATIENT, acquired_at=AT)
    return [pydicom.dcmread(BytesIO(one), stop_before_pixels=True) for one in files]


@pytest.fixture(scope="module")
def objects(sources):
    return {file.name: file.content for file in radiotherapy_files(seeded(), sources, written_at=AT)}


def test_the_plan_object_holds_the_plans_seeds_in_their_needles(objects):
    plan, found = seeded().plan, read_plan(objects[PLAN_OBJECT])
    implant, notes = implant_of(found, implanted_on=date(2026, 3, 2))
    assert notes == ()
    assert found.prescription_gy == PRESCRIPTION_GY
    holes = {needle.id: f"{needle.id} {needle.hole}" for needle in plan.needles}
    assert [one.needle for one in found.positions] == [holes[one.needle] for one in plan.seeds]
    for read, one in zip(implant.seeds, plan.seeds, strict=True):
        assert read.centre_lps_mm == pytest.approx(one.centre_lps_mm, abs=1e-9)
        assert read.axis_lps == pytest.approx(one.axis_lps, abs=1e-7)
        assert read.strength_u == pytest.approx(one.strength_u)
        assert read.model.id == plan.seed.model


def test_strengths_hold_for_the_day_of_the_implant(sources, objects):
    """Another day is another object, with the same strengths; read for a later day they have decayed."""
    files = radiotherapy_files(seeded(), sources, written_at=AT, implanted_on=date(2026, 3, 20))
    later = {file.name: file.content for file in files}
    dataset = pydicom.dcmread(BytesIO(later[PLAN_OBJECT]))
    assert (dataset.RTPlanDate, dataset.SourceSequence[0].SourceStrengthReferenceDate) == (
        "20260320",
        "20260320",
    )
    assert dataset.SOPInstanceUID != pydicom.dcmread(BytesIO(objects[PLAN_OBJECT])).SOPInstanceUID
    found = read_plan(later[PLAN_OBJECT])
    (on_the_day, _), (then, _) = (
        implant_of(found, implanted_on=day) for day in (date(2026, 3, 20), date(2026, 5, 18))
    )
    # 59 days, of a half-life of 59.40.
    assert then.seeds[0].strength_u == pytest.approx(on_the_day.seeds[0].strength_u * 0.5 ** (59 / 59.40))


def test_the_structures_are_the_masks(objects):
    result = seeded()
    found = {
        one.name: one.mask.voxels
        for one in read_structure_set(objects[STRUCTURES_OBJECT], result.image).masks
    }
    assert (found["target"] == result.target_mask).all()
    assert (found[result.tumour] == result.anatomy.tumours[result.tumour]).all()
    assert (found["liver outside target"] == (result.anatomy.liver & ~result.target_mask)).all()


def test_another_program_finds_the_dose_where_the_plan_has_it(objects, tmp_path):
    dose, path = seeded().dose, tmp_path / "dose.dcm"
    path.write_bytes(objects[DOSE_OBJECT])
    image, scaling = sitk.ReadImage(str(path)), float(pydicom.dcmread(path).DoseGridScaling)
    assert dose is not None
    for seed in seeded().plan.seeds:
        # The grid's point nearest to each seed: where a shift of one voxel would show most.
        index = np.rint(dose.index_of(np.array(seed.centre_lps_mm))).astype(int)
        at = image.TransformPhysicalPointToIndex(dose.lps_of(index).tolist())
        assert image.GetPixel(at) * scaling == pytest.approx(float(dose.voxels[tuple(index)]), rel=1e-5)


def test_the_files_histograms_are_the_plans(objects):
    plan, found = seeded().plan, read_dose(objects[DOSE_OBJECT])
    rois = pydicom.dcmread(BytesIO(objects[STRUCTURES_OBJECT])).StructureSetROISequence
    target = found.histograms[0]
    assert rois[0].ROIName == "target"
    assert plan.doses is not None
    own = next(one for one in plan.doses.histograms if one.structure == "target")
    assert target.total_ml == pytest.approx(own.volume_ml)
    above = np.interp(PRESCRIPTION_GY, target.dose_gy, target.volume_ml) / target.total_ml
    assert above == pytest.approx(plan.doses.target.v100, abs=0.002)


@pytest.mark.skipif(DCIODVFY is None, reason="dciodvfy (dicom3tools) is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_a_validator_has_no_errors(name, objects, tmp_path):
    path = tmp_path / name
    path.write_bytes(objects[name])
    told = subprocess.run([DCIODVFY or "", path], capture_output=True, text=True, check=False).stderr
    assert "Error" not in told, told


def test_without_images_or_seeds_there_are_no_objects(sources):
    assert radiotherapy_files(seeded(), [], written_at=AT) == ()
    assert radiotherapy_files(replace(seeded(), live=None), sources, written_at=AT) == ()

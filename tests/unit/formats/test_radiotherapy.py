"""RTSTRUCT, RTPLAN and RTDOSE: back to what they were, read by others, found valid, and refused when they cannot be used."""

import shutil
import subprocess
import sysconfig
from datetime import date, datetime
from io import BytesIO

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk  # noqa: N813  (its own documentation's name)
from tests.support.implants import seed
from tests.support.series import ct_slices, written

from tongtai.core.brachytherapy.dose_volume import DoseVolumeHistogram
from tongtai.core.brachytherapy.errors import UnknownSeedModelError
from tongtai.core.brachytherapy.implant import Implant
from tongtai.core.brachytherapy.on_grids import total_dose_on_grid
from tongtai.core.brachytherapy.rules import DoseRules
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.errors import BrokenHeaderError
from tongtai.formats.dicom.masks import read_structure_set
from tongtai.formats.dicom.radiotherapy import (
    DrawnStructure,
    NeedleFacts,
    NoBrachyPlanError,
    NotRadiotherapyError,
    ObjectNames,
    PlanFacts,
    RadiotherapyError,
    RadiotherapySourceError,
    implant_of,
    read_dose,
    read_plan,
    write_dose,
    write_plan,
    write_structures,
)

DCIODVFY = shutil.which("dciodvfy", path=sysconfig.get_path("scripts")) or shutil.which("dciodvfy")
AT = datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001  (a hospital's own clock)
NAMES = ObjectNames.of("test")
FACTS = PlanFacts(
    label="Seeds",
    description="Iodine-125 seeds",
    implanted_on=date(2026, 3, 2),
    prescription_gy=120.0,
    needles=(NeedleFacts("N1", 90.5), NeedleFacts("N1", 90.5), NeedleFacts("N2", 84.0)),
)


@pytest.fixture(scope="module")
def sources():
    return [pydicom.dcmread(BytesIO(one), stop_before_pixels=True) for one in written(ct_slices())]


@pytest.fixture(scope="module")
def grid(sources):
    """A grid on the images' slices, with voxels of its own size."""
    first, last = sources[0], sources[-1]
    transform = np.eye(4)
    step = (np.array(last.ImagePositionPatient, float) - np.array(first.ImagePositionPatient, float)) / 11
    transform[:3, :3] = np.column_stack([step, [0, 0.9, 0], [0.7, 0, 0]])
    transform[:3, 3] = np.array(first.ImagePositionPatient, float)
    return Volume(np.zeros((12, 14, 18), np.bool_), transform, str(first.FrameOfReferenceUID))


@pytest.fixture(scope="module")
def implant(grid):
    middle = grid.lps_of(np.array([5.37, 6.61, 8.23]))
    places = [middle, middle + np.array([0.1234567, 1 / 3, -5.0]), middle + np.array([4.0, -2 / 7, 1.0])]
    return Implant(
        tuple(
            seed(centre=tuple(place.tolist()), axis=(0.1, 0.2 * n, 1.0), strength_u=0.635 - 0.1 * (n == 2))
            for n, place in enumerate(places)
        )
    )


@pytest.fixture(scope="module")
def dose(implant, grid):
    return total_dose_on_grid(implant, grid, DoseRules())


@pytest.fixture(scope="module")
def mask(grid):
    """Two bodies, one with a hole, one that touches the edge of the picture."""
    voxels = grid.voxels.copy()
    voxels[2:9, 3:11, 4:14] = True
    voxels[4:6, 5:8, 7:10] = False
    voxels[3:5, 12:14, 15:18] = True
    return grid.with_voxels(voxels)


@pytest.fixture(scope="module")
def objects(implant, dose, mask, sources):
    histogram = DoseVolumeHistogram.of(dose.voxels[mask.voxels].astype(float), dose.voxel_volume_ml)
    return {
        "structures": write_structures(
            [DrawnStructure(name="靶区 target", mask=mask, kind="PTV")],
            implant.centres_lps_mm,
            sources,
            NAMES,
            label="Seeds",
            written_at=AT,
        ),
        "plan": write_plan(implant, FACTS, sources, NAMES, written_at=AT),
        "dose": write_dose(dose, sources, NAMES, written_at=AT, histograms={1: histogram}),
    }


def test_seeds_come_back_to_the_digit_that_a_decimal_string_holds(objects, implant):
    plan = read_plan(objects["plan"])
    found, notes = implant_of(plan)
    assert notes == ()
    for one, other in zip(found.seeds, implant.seeds, strict=True):
        for a, b in zip(one.centre_lps_mm, other.centre_lps_mm, strict=True):
            assert a == float(str(pydicom.valuerep.DSfloat(b, auto_format=True)))
            assert a == pytest.approx(b, abs=1e-11)
        assert one.axis_lps == pytest.approx(other.axis_lps, abs=1e-7)
        assert (one.strength_u, one.model) == (other.strength_u, other.model)
    assert [one.needle for one in plan.positions] == ["N1", "N1", "N2"]
    assert plan.prescription_gy == 120.0


def test_strength_decays_from_the_days_of_reference(objects):
    found, _ = implant_of(read_plan(objects["plan"]), implanted_on=date(2026, 5, 1))
    assert found.seeds[0].strength_u == pytest.approx(0.635 * 0.5 ** (60 / 59.40))
    with pytest.raises(RadiotherapyError, match="before the day of reference"):
        implant_of(read_plan(objects["plan"]), implanted_on=date(2026, 1, 1))


def test_doses_come_back_within_half_a_step_of_the_scaling(objects, dose):
    found = read_dose(objects["dose"])
    step = float(pydicom.dcmread(BytesIO(objects["dose"])).DoseGridScaling)
    assert step < 1e-6
    assert np.abs(found.dose.voxels - dose.voxels).max() <= step + np.spacing(dose.voxels.max())
    assert np.allclose(found.dose.index_to_lps, dose.index_to_lps, atol=1e-9)
    assert found.dose.frame_of_reference_uid == dose.frame_of_reference_uid
    one = found.histograms[0]
    assert one.largest_gy == pytest.approx(dose.voxels.max(), rel=1e-6)
    assert one.volume_ml[0] == pytest.approx(one.total_ml)


def test_structures_come_back_voxel_by_voxel(objects, mask):
    found = read_structure_set(objects["structures"], mask)
    assert [(one.name, one.kind) for one in found.masks] == [("靶区 target", "PTV")]
    assert (found.masks[0].mask.voxels == mask.voxels).all()
    assert found.skipped == (("Seeds", "no closed contours"),)


def test_the_objects_name_each_other_and_the_images(objects, sources):
    parsed = {name: pydicom.dcmread(BytesIO(content)) for name, content in objects.items()}
    plan, dose, structures = parsed["plan"], parsed["dose"], parsed["structures"]
    assert plan.ReferencedStructureSetSequence[0].ReferencedSOPInstanceUID == structures.SOPInstanceUID
    assert plan.ReferencedDoseSequence[0].ReferencedSOPInstanceUID == dose.SOPInstanceUID
    assert dose.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID == plan.SOPInstanceUID
    series = (
        structures.ReferencedFrameOfReferenceSequence[0]
        .RTReferencedStudySequence[0]
        .RTReferencedSeriesSequence[0]
    )
    images = {one.ReferencedSOPInstanceUID for one in series.ContourImageSequence}
    assert images == {one.SOPInstanceUID for one in sources}
    for one in parsed.values():
        assert one.StudyInstanceUID == sources[0].StudyInstanceUID
        assert one.FrameOfReferenceUID == sources[0].FrameOfReferenceUID
    heights = {one.SOPInstanceUID: float(one.ImagePositionPatient[2]) for one in sources}
    for contour in structures.ROIContourSequence[0].ContourSequence:
        image = contour.ContourImageSequence[0].ReferencedSOPInstanceUID
        assert float(contour.ContourData[2]) == pytest.approx(heights[image], abs=1e-6)


def test_another_program_reads_the_dose_where_it_is(objects, dose, tmp_path):
    path = tmp_path / "dose.dcm"
    path.write_bytes(objects["dose"])
    image = sitk.ReadImage(str(path))
    values = sitk.GetArrayFromImage(image) * float(pydicom.dcmread(path).DoseGridScaling)
    assert np.allclose(values, dose.voxels, rtol=1e-5)
    for index in ((0, 0, 0), (3, 5, 7)):
        place = image.TransformIndexToPhysicalPoint(tuple(reversed(index)))
        assert np.allclose(place[:2], dose.lps_of(np.array(index))[:2], atol=1e-6)


def test_the_time_and_strength_of_a_channel_give_the_dose_to_infinity(objects):
    """A reader that knows only source strength × time gets the dose of a permanent seed."""
    plan = pydicom.dcmread(BytesIO(objects["plan"]))
    hours = float(plan.ApplicationSetupSequence[0].ChannelSequence[0].ChannelTotalTime) / 3600
    rate = float(plan.SourceSequence[0].ReferenceAirKermaRate) * 0.965 / 100
    assert rate * hours == pytest.approx(12.60298, rel=1e-6)
    kerma = float(plan.ApplicationSetupSequence[0].TotalReferenceAirKerma)
    assert kerma == pytest.approx((0.635 + 0.635 + 0.535) * hours, rel=1e-9)


@pytest.mark.skipif(DCIODVFY is None, reason="dciodvfy (dicom3tools) is not installed")
@pytest.mark.parametrize("what", ["structures", "plan", "dose"])
def test_a_validator_has_no_errors(what, objects, tmp_path):
    path = tmp_path / "object.dcm"
    path.write_bytes(objects[what])
    told = subprocess.run([DCIODVFY or "", path], capture_output=True, text=True, check=False).stderr
    assert "Error" not in told, told


def changed(content, change):
    dataset = pydicom.dcmread(BytesIO(content))
    change(dataset)
    stream = BytesIO()
    dataset.save_as(stream)
    return stream.getvalue()


def renamed(**words):
    def change(dataset):
        for source in dataset.SourceSequence:
            for keyword in ("SourceModelID", "SourceDescription"):
                delattr(source, keyword)
            for keyword, value in words.items():
                setattr(source, keyword, value)

    return change


@pytest.mark.parametrize(
    "words",
    [
        {"SourceDescription": "6711"},
        {"SourceModelID": "IS-12501", "SourceManufacturer": "Imagyn"},
        {"SourceDescription": "is12501"},
    ],
)
def test_a_source_is_known_by_what_its_file_calls_it(objects, words):
    found, _ = implant_of(read_plan(changed(objects["plan"], renamed(**words))))
    assert found.seeds[0].model.id == ("6711" if "6711" in words.values() else "IS-12501")


@pytest.mark.parametrize(
    "words",
    [{}, {"SourceDescription": "6712"}, {"SourceModelID": "6711", "SourceDescription": "6702"}],
)
def test_an_unknown_seed_is_refused_with_what_is_known(objects, words):
    content = changed(objects["plan"], renamed(**words))
    with pytest.raises(UnknownSeedModelError, match=r"data for: .*6711"):
        implant_of(read_plan(content))
    found, notes = implant_of(read_plan(content), model="6711")
    assert found.seeds[0].model.id == "6711"
    assert "on the caller's word" in notes[0]


def test_another_isotope_is_refused_even_on_the_callers_word(objects):
    def iridium(dataset):
        dataset.SourceSequence[0].SourceIsotopeName = "Ir-192"

    with pytest.raises(UnknownSeedModelError, match="Ir-192"):
        implant_of(read_plan(changed(objects["plan"], iridium)), model="6711")


def test_a_plan_with_stepping_channels_and_no_directions(objects, implant):
    """As other programs write it: a channel a needle, every position twice, no orientation."""

    def stepping(dataset):
        setup = dataset.ApplicationSetupSequence[0]
        one, two, three = setup.ChannelSequence
        one.BrachyControlPointSequence += two.BrachyControlPointSequence
        three.BrachyControlPointSequence += one.BrachyControlPointSequence[2:]
        setup.ChannelSequence = [one, three]
        for channel in setup.ChannelSequence:
            for point in channel.BrachyControlPointSequence:
                if "ControlPointOrientation" in point:
                    del point["ControlPointOrientation"]

    found, notes = implant_of(read_plan(changed(objects["plan"], stepping)))
    places = implant.centres_lps_mm
    assert np.allclose(found.centres_lps_mm, places[[0, 1, 2, 1]])
    along = (places[1] - places[0]) / np.linalg.norm(places[1] - places[0])
    assert np.allclose(np.abs(found.axes_lps[:2] @ along), 1.0)
    assert notes == ("4 seeds have no direction in the file; they lie along their needles.",)


REFUSED_PLANS = {
    "no sources": (lambda d: delattr(d, "SourceSequence"), NoBrachyPlanError, "no brachytherapy sources"),
    "high dose rate": (
        lambda d: setattr(d, "BrachyTreatmentTechnique", "INTERSTITIAL"),
        RadiotherapyError,
        "only permanent",
    ),
    "another unit": (
        lambda d: setattr(d.SourceSequence[0], "SourceStrengthUnits", "DOSE_RATE_WATER"),
        RadiotherapyError,
        "air-kerma rate is needed",
    ),
    "no strength": (
        lambda d: setattr(d.SourceSequence[0], "ReferenceAirKermaRate", "-1"),
        RadiotherapyError,
        "air-kerma rate of -1",
    ),
    "another object": (
        lambda d: setattr(d, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.481.2"),
        NotRadiotherapyError,
        "no radiotherapy plan",
    ),
    "no positions": (
        lambda d: setattr(d.ApplicationSetupSequence[0], "ChannelSequence", []),
        RadiotherapyError,
        "no positions",
    ),
}


@pytest.mark.parametrize("case", REFUSED_PLANS)
def test_plans_that_cannot_be_computed_are_refused(case, objects):
    change, error, words = REFUSED_PLANS[case]
    with pytest.raises(error, match=words):
        implant_of(read_plan(changed(objects["plan"], change)))


def _uneven(dataset):
    dataset.GridFrameOffsetVector = [*range(0, 22, 2), 30]


REFUSED_DOSES = {
    "no units": (lambda d: delattr(d, "DoseUnits"), "no units"),
    "relative": (lambda d: setattr(d, "DoseUnits", "RELATIVE"), "Gy are needed"),
    "uneven": (_uneven, "even"),
    "frames missing": (lambda d: setattr(d, "GridFrameOffsetVector", [0, 2]), "another number"),
}


@pytest.mark.parametrize("case", REFUSED_DOSES)
def test_doses_that_cannot_be_read_are_refused(case, objects):
    change, words = REFUSED_DOSES[case]
    with pytest.raises(RadiotherapyError, match=words):
        read_dose(changed(objects["dose"], change))


def test_damaged_files_are_refused(objects):
    for read in (read_plan, read_dose):
        with pytest.raises(BrokenHeaderError):
            read(b"no dicom")
        with pytest.raises(NotRadiotherapyError):
            read(objects["structures"])
    with pytest.raises(BrokenHeaderError):
        read_dose(objects["dose"][:-9000])


def test_what_cannot_be_written_is_refused(implant, dose, grid, sources):
    with pytest.raises(RadiotherapySourceError, match="images"):
        write_plan(implant, FACTS, [], NAMES, written_at=AT)
    bare = [pydicom.Dataset()]
    with pytest.raises(RadiotherapySourceError, match="StudyInstanceUID"):
        write_plan(implant, FACTS, bare, NAMES, written_at=AT)
    with pytest.raises(RadiotherapyError, match="finite"):
        write_dose(dose.with_voxels(dose.voxels * np.nan), sources, NAMES, written_at=AT)
    empty = DrawnStructure(name="t", mask=grid, kind="PTV")
    with pytest.raises(RadiotherapyError, match="empty"):
        write_structures([empty], np.zeros((0, 3)), sources, NAMES, label="t", written_at=AT)
    with pytest.raises(RadiotherapyError, match="no structures"):
        write_structures([], np.zeros((0, 3)), sources, NAMES, label="t", written_at=AT)


def test_the_same_content_at_the_same_time_gives_the_same_bytes(objects, implant, sources):
    assert write_plan(implant, FACTS, sources, NAMES, written_at=AT) == objects["plan"]

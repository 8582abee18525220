"""Several acquisitions under one Series Instance UID: told apart where they overlap, never mixed."""

import numpy as np
import pytest
from pydicom.uid import UID
from tests.support.series import SERIES, SPACING_MM, ct_slices, put, voxels, written

from tongtai.formats.dicom.series import Phase, choose_series, errors, list_series, read_series

SLICES = 12


def acquisition(number, *, seed=0, slices=SLICES, shift_mm=0.0, **attributes):
    """One acquisition of the shared series, with values of its own."""
    made = ct_slices(slices, stored=voxels(slices, seed))
    for index, one in enumerate(made):
        one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = UID(f"{SERIES}.{number}.{index + 1}")
        one.AcquisitionNumber = number
        x, y, z = (float(value) for value in one.ImagePositionPatient)
        one.ImagePositionPatient = [x, y, round(z + shift_mm, 3)]
        for keyword, value in attributes.items():
            setattr(one, keyword, value)
    return made


def hounsfield(seed, slices=SLICES):
    return voxels(slices, seed).astype(np.int16) - 1024


@pytest.mark.parametrize("shift_mm", [0.0, SPACING_MM[0] / 2], ids=["same places", "places between"])
def test_phases_of_one_series_are_listed_apart_and_never_mixed(tmp_path, shift_mm):
    """Half a step apart they would make one even stack of both phases, twice as fine as the truth."""
    injected = {"ContrastBolusAgent": "x", "ContrastBolusStartTime": "090000"}
    arterial = acquisition(1, seed=1, AcquisitionTime="090030", **injected)
    portal = acquisition(2, seed=2, shift_mm=shift_mm, AcquisitionTime="090110", **injected)
    place = put(tmp_path / "ct", written([*arterial, *portal]))
    catalogue = list_series(place)
    assert [(one.acquisition, one.slices, one.phase.phase) for one in catalogue.series] == [
        ("1", SLICES, Phase.ARTERIAL),
        ("2", SLICES, Phase.PORTAL),
    ]
    assert [one.uid for one in catalogue.series] == [SERIES, SERIES]
    choice = choose_series(catalogue)
    assert choice.series.title == "series 2 acquisition 2"
    for one, seed in zip(catalogue.series, (1, 2), strict=True):
        assert np.array_equal(read_series(one).volume.voxels, hounsfield(seed))
    with pytest.raises(errors.SeveralAcquisitionsError, match="series 1 acquisition 1, series 2"):
        choose_series(catalogue, SERIES)
    assert choose_series(catalogue, "1").series is catalogue.series[0]


def test_a_few_slices_at_one_place_do_not_keep_the_scan_from_being_read(tmp_path):
    """Bolus tracking: the same slice again and again, then the scan."""
    tracking = [acquisition(number, slices=1, shift_mm=8.0)[0] for number in range(1, 6)]
    place = put(tmp_path / "ct", written([*tracking, *acquisition(6, seed=3)]))
    catalogue = list_series(place)
    chosen = choose_series(catalogue, SERIES).series
    assert (chosen.acquisition, chosen.slices) == ("6", SLICES)
    assert np.array_equal(read_series(chosen).volume.voxels, hounsfield(3))
    assert {type(one.refusal) for one in catalogue.series if one is not chosen} == {errors.TooFewSlicesError}


def test_turns_of_the_gantry_one_behind_the_other_are_one_volume(tmp_path):
    slices = ct_slices(SLICES)
    for index, one in enumerate(slices):
        one.AcquisitionNumber = index // 4 + 1
    (series,) = list_series(put(tmp_path / "ct", written(slices))).series
    assert (series.acquisition, series.slices, series.refusal) == ("", SLICES, None)


@pytest.mark.parametrize("numbers", [("", "2"), ("1", "1")], ids=["one without number", "the same number"])
def test_what_cannot_be_told_apart_is_refused(tmp_path, numbers):
    first, second = acquisition(1, seed=1), acquisition(2, seed=2)
    for part, number in zip((first, second), numbers, strict=True):
        for one in part:
            one.AcquisitionNumber = number
    with pytest.raises(errors.DuplicateSlicesError, match="holds several acquisitions"):
        choose_series(list_series(put(tmp_path / "ct", written([*first, *second]))))

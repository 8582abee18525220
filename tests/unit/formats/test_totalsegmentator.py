"""TotalSegmentator as a child process: its command line, its labels, its failures. A script plays the program."""

import os
import sys

import numpy as np
import pytest
from tests.support.masks import box, segmentation

from tongtai.core.segmentation.errors import SegmentationCancelledError
from tongtai.formats.nifti import write_nifti
from tongtai.formats.totalsegmentator import (
    TotalSegmentatorEngine,
    TotalSegmentatorError,
    TotalSegmentatorFailedError,
    TotalSegmentatorLicenceError,
    TotalSegmentatorMissingError,
    class_names,
    licensed_tasks,
    task_names,
)

SHAPE = (6, 10, 12)
LIVER, RIB = box(SHAPE, (1, 5), (2, 8), (1, 6)), box(SHAPE, (1, 5), (1, 2), (8, 10))


def _image():
    return segmentation(SHAPE, (3.0, 2.0, 2.0)).grid


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Puts a script of this name on PATH."""

    def put(*lines):
        path = tmp_path / "bin" / "TotalSegmentator"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([f"#!{sys.executable}", "import sys", *lines]), encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TOTALSEG_HOME_DIR", str(tmp_path / "home"))
    return put


def test_its_labels_become_our_structures(program, tmp_path):
    voxels = np.zeros(SHAPE, np.uint8)
    voxels[LIVER], voxels[RIB] = 5, 92
    write_nifti(_image().with_voxels(voxels), tmp_path / "labels.nii.gz")
    program(
        "import shutil, pathlib",
        f"folder = pathlib.Path({str(tmp_path)!r})",
        "(folder / 'told').write_text(' '.join(sys.argv[1:]))",
        "shutil.copyfile(folder / 'labels.nii.gz', sys.argv[sys.argv.index('-o') + 1])",
    )
    found = TotalSegmentatorEngine(fast=True).segment(_image())
    masks = {mask.structure.key: mask for mask in found.masks}
    np.testing.assert_array_equal(masks["liver"].voxels, LIVER)
    np.testing.assert_array_equal(masks["bone"].voxels, RIB)
    assert masks["liver"].engine == "totalsegmentator/total-fast"
    told = (tmp_path / "told").read_text(encoding="utf-8")
    assert "--ml --task total --device cpu --quiet --fast" in told


def test_without_the_program_it_says_how_to_install_it(program):
    with pytest.raises(TotalSegmentatorMissingError, match="pip install TotalSegmentator"):
        TotalSegmentatorEngine().segment(_image())


def test_its_last_words_are_told_when_it_fails(program):
    program("print('no weights')", "sys.exit(3)")
    with pytest.raises(TotalSegmentatorFailedError, match="ended with 3: no weights"):
        TotalSegmentatorEngine().segment(_image())


def test_labels_that_are_missing_or_of_another_grid_are_refused(program, tmp_path):
    program("")
    with pytest.raises(TotalSegmentatorFailedError, match="without writing"):
        TotalSegmentatorEngine().segment(_image())
    write_nifti(segmentation(SHAPE).grid.with_voxels(LIVER), tmp_path / "labels.nii.gz")
    program(
        "import shutil",
        f"shutil.copyfile({str(tmp_path / 'labels.nii.gz')!r}, sys.argv[sys.argv.index('-o') + 1])",
    )
    with pytest.raises(TotalSegmentatorFailedError, match="another grid"):
        TotalSegmentatorEngine().segment(_image())


def test_a_cancelled_run_ends_the_program(program, tmp_path):
    program(
        "import os, pathlib, signal",
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))",
        "signal.pause()",
    )
    pid = tmp_path / "pid"

    def listener(fraction, step):
        return not (pid.exists() and pid.read_text(encoding="utf-8"))

    with pytest.raises(SegmentationCancelledError):
        TotalSegmentatorEngine().segment(_image(), listener)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text(encoding="utf-8")), 0)


def test_tasks_with_a_licence_ask_for_it_before_anything_runs(program, tmp_path):
    program("sys.exit(9)")
    task = min(licensed_tasks())
    with pytest.raises(TotalSegmentatorLicenceError, match="totalseg_set_license"):
        TotalSegmentatorEngine(task=task).segment(_image())
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.json").write_text('{"license_number": "aca_1"}', encoding="utf-8")
    with pytest.raises(TotalSegmentatorFailedError, match="ended with 9"):
        TotalSegmentatorEngine(task=task).segment(_image())


def test_an_unknown_task_is_refused_with_the_known_ones(program):
    with pytest.raises(TotalSegmentatorError, match="liver_vessels"):
        TotalSegmentatorEngine(task="teeth_of_a_horse").segment(_image())
    assert "total" in task_names()


def test_class_numbers_are_those_of_version_2():
    names = class_names()
    assert (names[1], names[5], names[63], names[92]) == (
        "spleen",
        "liver",
        "inferior_vena_cava",
        "rib_left_1",
    )
    assert len(set(names.values())) == len(names) == 117

"""TotalSegmentator as an engine: its own program in a child process, on files in a temporary folder."""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tongtai.core.segmentation.masks import Grade, Quality, Segmentation
from tongtai.core.segmentation.naming import named, segmentation_from
from tongtai.core.segmentation.progress import Progress, report, silent
from tongtai.core.volumes import Volume
from tongtai.formats.nifti import read_nifti_labels, write_nifti
from tongtai.formats.totalsegmentator.classes import TOTAL, class_names, licensed_tasks, task_names
from tongtai.formats.totalsegmentator.errors import (
    TotalSegmentatorError,
    TotalSegmentatorFailedError,
    TotalSegmentatorLicenceError,
    TotalSegmentatorMissingError,
)

PROGRAM = "TotalSegmentator"
_ASK_EVERY_S = 0.5
_PATIENCE_S = 10.0
_INSTALL = (
    "TotalSegmentator is not installed. Install it into an environment on PATH (pip install TotalSegmentator), "
    "fetch its weights once (totalseg_download_weights -t {task}), and run again; or import masks that it made "
    "elsewhere."
)
_GRADE = Grade(
    Quality.FAIR,
    "TotalSegmentator: mean Dice 0.94 on its authors' test set (Wasserthal 2023); not measured here.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalSegmentatorEngine:
    """One task of TotalSegmentator.

    Attributes
    ----------
    task : str
        One of ``task_names()``.
    fast : bool
        Its coarser model of 3 mm.
    device : str
        ``cpu`` or ``gpu``.
    """

    task: str = TOTAL
    fast: bool = False
    device: str = "cpu"

    @property
    def engine(self) -> str:
        """Name of program and task."""
        return f"totalsegmentator/{self.task}{'-fast' if self.fast else ''}"

    def segment(self, image: Volume, progress: Progress = silent) -> Segmentation:
        """Segment an image; see :class:`~tongtai.core.segmentation.segmenter.Segmenter`.

        Raises
        ------
        TotalSegmentatorError
            One of its subclasses: not installed, no licence, ended with an error.
        SegmentationCancelledError
            If the listener asked to stop; the program is ended.
        """
        program = self._ready()
        with tempfile.TemporaryDirectory(prefix="tongtai-totalsegmentator-") as folder:
            source, result = Path(folder, "image.nii.gz"), Path(folder, "labels.nii.gz")
            report(progress, 0.0, "write image")
            write_nifti(image, source)
            self._run([program, "-i", str(source), "-o", str(result), *self._options()], progress)
            if not result.is_file():
                raise TotalSegmentatorFailedError("TotalSegmentator ended without writing its labels.")
            report(progress, 0.95, "read labels")
            labels = read_nifti_labels(result)
        if not labels.labels.shares_grid_with(image):
            raise TotalSegmentatorFailedError("TotalSegmentator's labels lie on another grid than the image.")
        names = labels.names or class_names(self.task)
        masks = {name: labels.labels.voxels == label for label, name in names.items()}
        masks = {name: mask for name, mask in masks.items() if mask.any()}
        segmentation, _ = segmentation_from(image, named(masks), engine=self.engine, grade=_GRADE)
        return segmentation

    def _options(self) -> list[str]:
        options = ["--ml", "--task", self.task, "--device", self.device, "--quiet"]
        return [*options, "--fast"] if self.fast else options

    def _ready(self) -> str:
        if self.task not in task_names():
            raise TotalSegmentatorError(
                f"The task “{self.task}” is not known; there are {', '.join(task_names())}.", task=self.task
            )
        program = shutil.which(PROGRAM)
        if program is None:
            raise TotalSegmentatorMissingError(_INSTALL.format(task=self.task))
        if self.task in licensed_tasks() and not _has_licence():
            raise TotalSegmentatorLicenceError(
                f"The task “{self.task}” needs a licence of TotalSegmentator's authors (free for non-commercial use): "
                "set it once with totalseg_set_license.",
                task=self.task,
            )
        return program

    def _run(self, command: list[str], progress: Progress) -> None:
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
            try:
                while True:
                    # It tells no progress of its own; what is told is that it is running.
                    report(progress, 0.1, self.engine)
                    try:
                        code = process.wait(_ASK_EVERY_S)
                        break
                    except subprocess.TimeoutExpired:
                        continue
            finally:
                _end(process)
            if code != 0:
                log.seek(0)
                last = log.read().decode("utf-8", "replace").strip().splitlines()[-3:]
                raise TotalSegmentatorFailedError(
                    f"TotalSegmentator ended with {code}: {' / '.join(last)}", exit_code=code
                )


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _has_licence() -> bool:
    """Whether its configuration names a licence; the program itself checks whether it is valid."""
    home = Path(os.environ.get("TOTALSEG_HOME_DIR") or Path.home() / ".totalsegmentator")
    try:
        config = json.loads((home / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(config.get("license_number"))

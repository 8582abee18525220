"""An image of any known form, with what planning must know of its files."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydicom.dataset import Dataset

from tongtai.core.planning.inputs import ImageFacts
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.series import PhaseGuess, choose_series, list_series, read_series, source_headers
from tongtai.formats.nifti import read_nifti
from tongtai.formats.nrrd import read_nrrd

# The day of the pictures themselves before that of their series and study.
_TAKEN = ("AcquisitionDate", "AcquisitionDateTime", "ContentDate", "SeriesDate", "StudyDate")


@dataclass(frozen=True, slots=True)
class ReadImage:
    """An image with the headers of its files, where it was DICOM, and what was done while it was read."""

    volume: Volume
    sources: list[Dataset]
    notes: tuple[str, ...]
    phase: PhaseGuess | None = None

    @property
    def taken_on(self) -> date | None:
        """Day on which the image was taken, as its files say; None where they say none."""
        if not self.sources:
            return None
        header = self.sources[0]
        for name in _TAKEN:
            # A date, or a date with a time behind it.
            with suppress(ValueError):
                return datetime.strptime(str(header.get(name) or "")[:8], "%Y%m%d").date()  # noqa: DTZ007
        return None

    @property
    def facts(self) -> ImageFacts:
        """What the image's files say of it."""
        if not self.sources or self.phase is None:
            return ImageFacts(notes=self.notes)
        header = self.sources[0]
        return ImageFacts(
            study_uid=str(header.StudyInstanceUID),
            series_uid=str(header.SeriesInstanceUID),
            phase=self.phase.phase.value,
            phase_reason=self.phase.evidence,
            notes=self.notes,
        )


def read_image(place: Path, series: str = "") -> ReadImage:
    """Read an image of any known form.

    Parameters
    ----------
    place
        A DICOM file, folder or zip archive; a NIfTI or NRRD file.
    series
        Number or UID of a DICOM series; empty for the best one.

    Raises
    ------
    TongtaiError
        If it cannot be planned on, with the reason and the file's name.
    """
    name = place.name.lower()
    if name.endswith((".nii", ".nii.gz")):
        return ReadImage(read_nifti(place), [], ())
    if name.endswith(".nrrd"):
        return ReadImage(read_nrrd(place), [], ())
    choice = choose_series(list_series(place), series)
    reading = read_series(choice.series)
    notes = (f"Series {choice.series.number}: {choice.reason}.", *reading.notes)
    return ReadImage(reading.volume, source_headers(choice.series), notes, choice.series.phase)

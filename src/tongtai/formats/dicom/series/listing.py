"""List the series in a place and say for each whether it can be planned on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tongtai.formats.archives.zips import ArchiveBombError, ArchiveError
from tongtai.formats.dicom.errors import DicomdirError, DicomError, NotDicomError
from tongtai.formats.dicom.series.acquisitions import acquisitions
from tongtai.formats.dicom.series.errors import (
    NoImagesError,
    SeriesRefusedError,
    UnreadableSliceError,
    listed,
)
from tongtai.formats.dicom.series.headers import SliceHeader, read_header
from tongtai.formats.dicom.series.judging import check_kind, check_values, files_of
from tongtai.formats.dicom.series.phases import PhaseGuess, guess_phase
from tongtai.formats.dicom.series.places import Place, place_of
from tongtai.formats.dicom.series.stacking import Stack, stacked

# Ten slices of 5 mm are less than half of a liver.
MIN_SLICES = 10
Damaged = tuple[str, DicomError]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSeries:
    """One series, fit for planning or refused with a reason.

    Attributes
    ----------
    number : int
        Its place in the list, from 1.
    uid : str
        Series Instance UID; a text saying so where identifiers were removed.
    acquisition : str
        Acquisition Number, where the UID stands for several stacks; else empty.
    slices : int
        Number of slices, frames included.
    files : tuple[str, ...]
        Names of its files in their place.
    patient : tuple[str, str, str]
        Name, number and birth date, to tell patients apart; never shown.
    stack : Stack or None
        Its slices in order; None when refused.
    refusal : SeriesRefusedError or None
        Why it cannot be planned on.
    """

    number: int
    uid: str
    acquisition: str
    modality: str
    description: str
    kernel: str
    slices: int
    rows: int
    columns: int
    phase: PhaseGuess
    files: tuple[str, ...]
    patient: tuple[str, str, str]
    place: Place
    stack: Stack | None
    refusal: SeriesRefusedError | None

    @property
    def spacing_mm(self) -> tuple[float, float, float] | None:
        """Distance of voxels along k, j, i; None when refused."""
        return self.stack.spacing_mm if self.stack else None

    @property
    def tilt_degrees(self) -> float:
        """Tilt of the gantry; zero when straight or refused."""
        return self.stack.tilt_degrees if self.stack else 0.0

    @property
    def title(self) -> str:
        """Number, description and acquisition, for messages."""
        words = [f"series {self.number}"]
        if self.description:
            words.append(f"“{self.description}”")
        if self.acquisition:
            words.append(f"acquisition {self.acquisition}")
        return " ".join(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything found in a place.

    Attributes
    ----------
    series : tuple[ImageSeries, ...]
        Ordered by their own series numbers.
    ignored : tuple[tuple[str, str], ...]
        Files that are no DICOM objects, each with the reason.
    damaged : tuple[tuple[str, DicomError], ...]
        DICOM files whose header cannot be read, so that nobody knows which series they belong to.
    """

    series: tuple[ImageSeries, ...]
    ignored: tuple[tuple[str, str], ...]
    damaged: tuple[Damaged, ...]


def list_series(path: Path, *, min_slices: int = MIN_SLICES) -> Catalogue:
    """Read the headers of every file in a place.

    Parameters
    ----------
    path : Path
        A DICOM file, a folder (with all its folders, whatever the files are called) or a zip archive.
    min_slices : int
        Series with fewer slices are refused.

    Raises
    ------
    NoImagesError
        If there is no DICOM object at all.
    ArchiveError
        If the archive cannot be used.
    """
    place = place_of(path)
    slices: dict[str, list[SliceHeader]] = {}
    ignored: list[tuple[str, str]] = []
    damaged: list[Damaged] = []
    for name in place.names():
        try:
            with place.open(name) as stream:
                file, found = read_header(name, stream)
        except ArchiveBombError:
            raise
        except (NotDicomError, DicomdirError, ArchiveError) as error:
            ignored.append((name, str(error)))
        except DicomError as error:
            damaged.append((name, error))
        else:
            slices.setdefault(file.series_key, []).extend(found)
    if not slices and not damaged:
        raise NoImagesError(f"There is no DICOM image in {path.name}.")
    groups = sorted(slices.items(), key=lambda item: (item[1][0].file.number("SeriesNumber") or 0, item[0]))
    stacks = [stack for _, group in groups for stack in acquisitions(group, min_slices=min_slices)]
    series = tuple(
        _describe(number, stack, place, damaged, min_slices) for number, stack in enumerate(stacks, start=1)
    )
    return Catalogue(series=series, ignored=tuple(ignored), damaged=tuple(damaged))


def _describe(
    number: int,
    acquired: tuple[str, Sequence[SliceHeader]],
    place: Place,
    damaged: Sequence[Damaged],
    min_slices: int,
) -> ImageSeries:
    acquisition, slices = acquired
    stack, refusal = None, None
    try:
        check_kind(slices)
        check_values(slices)
        _check_undamaged(damaged)
        stack = stacked(slices, min_slices=min_slices)
    except SeriesRefusedError as error:
        refusal = error
    first = slices[0].file
    return ImageSeries(
        number=number,
        uid=first.series_key,
        acquisition=acquisition,
        modality=first.text("Modality"),
        description=first.text("SeriesDescription"),
        kernel=first.text("ConvolutionKernel").partition("\\")[0],
        slices=len(slices),
        rows=int(first.number("Rows") or 0),
        columns=int(first.number("Columns") or 0),
        phase=guess_phase(first),
        files=tuple(file.name for file in files_of(slices)),
        patient=first.patient,
        place=place,
        stack=stack,
        refusal=refusal,
    )


def _check_undamaged(damaged: Sequence[Damaged]) -> None:
    """A damaged file may be a slice of any series: it is named, never left out."""
    if damaged:
        names = [name for name, _ in damaged]
        raise UnreadableSliceError(
            f"{listed(names)}: {damaged[0][1]} It may be a slice of this series; replace it, or move it away.",
            files=names,
        )

"""Read the pictures of a series into a volume in Hounsfield units."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset

from tongtai.core.volumes import Volume, straightened
from tongtai.formats.archives.zips import ArchiveError
from tongtai.formats.dicom.errors import BrokenHeaderError, DicomError, InconsistentDicomError
from tongtai.formats.dicom.pixels import decode_frame
from tongtai.formats.dicom.reading import open_image
from tongtai.formats.dicom.series.errors import (
    BlankImageError,
    GantryTiltError,
    ReadingCancelledError,
    UnreadableSliceError,
    listed,
)
from tongtai.formats.dicom.series.headers import SliceHeader, inflated
from tongtai.formats.dicom.series.listing import ImageSeries
from tongtai.formats.dicom.series.stacking import Stack
from tongtai.formats.dicom.syntaxes import DEFLATED

AIR_HU = -1024
_INT16 = np.iinfo(np.int16)
_PIXEL_TAGS = (
    "SOPClassUID", "PixelData", "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated", "BitsStored",
    "HighBit", "PixelRepresentation", "PhotometricInterpretation", "PlanarConfiguration",
    "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
)  # fmt: skip
_DTYPES = {(8, 0): "u1", (8, 1): "i1", (16, 0): "<u2", (16, 1): "<i2", (32, 0): "<u4", (32, 1): "<i4"}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesReading:
    """A volume, and what was done to its values or its grid while it was read.

    Attributes
    ----------
    volume : Volume
        Hounsfield units, never below -1024; int16, or float32 where the rescale slope is no whole
        number.
    notes : tuple[str, ...]
        Sentences for the person who plans on it.
    """

    volume: Volume
    notes: tuple[str, ...]


def read_volume(series: ImageSeries, *, straighten: bool = False) -> Volume:
    """The volume of a series; see ``read_series``."""
    return read_series(series, straighten=straighten).volume


def read_series(
    series: ImageSeries,
    *,
    straighten: bool = False,
    workers: int = 2,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SeriesReading:
    """Read a series, every slice of it or none.

    Only the volume itself and the files just being decoded are in memory.

    Parameters
    ----------
    series : ImageSeries
        From ``list_series``.
    straighten : bool
        Resample a series of a tilted gantry onto a straight grid, instead of refusing it.
    workers : int
        Threads that read and decode.
    progress : callable, optional
        Called with the number of slices read and of all slices.
    cancelled : callable
        Asked before each slice.

    Raises
    ------
    SeriesRefusedError
        One of its subclasses, naming the files at fault.
    """
    if series.refusal is not None or series.stack is None:
        raise series.refusal or BlankImageError
    stack = series.stack
    if stack.tilt_degrees and not straighten:
        raise GantryTiltError(
            f"The gantry was tilted by {stack.tilt_degrees:.1f} degrees. Read the series with straightening: it is "
            "then resampled onto a straight grid, which softens it by less than a pixel.",
            tilt_degrees=stack.tilt_degrees,
        )
    filling = _Filling(series, stack, progress, cancelled)
    with ThreadPoolExecutor(workers) as pool:
        try:
            filling.run(pool)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return filling.finished()


@dataclass(slots=True)
class _Filling:
    """A volume while its slices come in, each from a thread."""

    series: ImageSeries
    stack: Stack
    progress: Progress | None
    cancelled: Callable[[], bool]
    voxels: NDArray[Any] = field(init=False)
    blank: NDArray[np.bool_] = field(init=False)
    clipped: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        slices = self.stack.slices
        whole = all(
            float(one.slope or 0).is_integer() and float(one.intercept or 0).is_integer() for one in slices
        )
        shape = (len(slices), self.series.rows, self.series.columns)
        self.voxels = np.zeros(shape, np.int16 if whole else np.float32)
        self.blank = np.zeros(len(slices), bool)
        self.clipped = np.zeros(len(slices), np.int64)

    def run(self, pool: ThreadPoolExecutor) -> None:
        by_file: dict[str, list[int]] = {}
        for index, one in enumerate(self.stack.slices):
            by_file.setdefault(one.file.name, []).append(index)
        for done, _ in enumerate(self._filled(pool, by_file), start=1):
            if self.progress is not None:
                self.progress(done, len(self.stack.slices))

    def _filled(self, pool: ThreadPoolExecutor, by_file: dict[str, list[int]]) -> Iterable[None]:
        single = [indices[0] for indices in by_file.values() if len(indices) == 1]
        yield from pool.map(self._file, single)
        for indices in by_file.values():
            if len(indices) > 1:
                dataset = self._opened(self.stack.slices[indices[0]])
                yield from pool.map(partial(self._frame, dataset), indices)

    def _file(self, index: int) -> None:
        self._check_cancelled()
        self._frame(self._opened(self.stack.slices[index]), index)

    def _check_cancelled(self) -> None:
        if self.cancelled():
            raise ReadingCancelledError

    def _opened(self, one: SliceHeader) -> FileDataset:
        try:
            content = self.series.place.read(one.file.name)
            content = inflated(content) if one.file.transfer_syntax_uid == DEFLATED else content
            return open_image(content, tags=_PIXEL_TAGS)
        except (DicomError, ArchiveError, OSError) as error:
            raise UnreadableSliceError(f"{one.file.name}: {error}", files=[one.file.name]) from error
        except Exception as error:
            # pydicom meets damaged bytes with nearly every built-in exception there is.
            raise UnreadableSliceError(
                f"{one.file.name}: {BrokenHeaderError()}", files=[one.file.name]
            ) from error

    def _frame(self, dataset: FileDataset, index: int) -> None:
        self._check_cancelled()
        one = self.stack.slices[index]
        try:
            stored = stored_values(dataset, one.frame)
        except DicomError as error:
            raise UnreadableSliceError(f"{one.name}: {error}", files=[one.name]) from error
        if stored.shape != self.voxels.shape[1:]:
            raise UnreadableSliceError(
                f"{one.name}: the file has changed while it was read.", files=[one.name]
            )
        self.blank[index] = stored.min() == stored.max()
        self._write(one, index, stored)

    def _write(self, one: SliceHeader, index: int, stored: NDArray[Any]) -> None:
        slope, intercept = one.slope or 1.0, one.intercept or 0.0
        if self.voxels.dtype == np.float32:
            hounsfield = stored.astype(np.float32) * np.float32(slope) + np.float32(intercept)
        else:
            hounsfield = stored.astype(np.int32)
            hounsfield *= int(slope)
            hounsfield += int(intercept)
            self.clipped[index] = np.count_nonzero(hounsfield > _INT16.max)
            np.minimum(hounsfield, _INT16.max, out=hounsfield)
        padding = _padding(one, stored)
        if padding is not None:
            hounsfield[padding] = AIR_HU
        np.maximum(hounsfield, AIR_HU, out=self.voxels[index], casting="unsafe")

    def finished(self) -> SeriesReading:
        slices = self.stack.slices
        if self.blank.all():
            raise BlankImageError
        imaged = np.flatnonzero(~self.blank)
        lost = [slices[k].name for k in np.flatnonzero(self.blank) if imaged[0] < k < imaged[-1]]
        if lost:
            raise BlankImageError(
                f"{listed(lost)}: one single value everywhere; the picture was lost.", files=lost
            )
        notes = []
        if self.clipped.any():
            notes.append(f"{self.clipped.sum()} voxels above {_INT16.max} HU were set to {_INT16.max} HU.")
        frame = slices[0].file.text("FrameOfReferenceUID")
        volume = Volume(self.voxels, self.stack.index_to_lps, frame)
        if self.stack.tilt_degrees:
            volume = straightened(volume, fill=AIR_HU)
            notes.append(
                f"The gantry was tilted by {self.stack.tilt_degrees:.1f} degrees: resampled onto a straight grid."
            )
        return SeriesReading(volume=volume, notes=tuple(notes))


def stored_values(dataset: FileDataset, frame: int) -> NDArray[Any]:
    """The stored values of one frame, shape ``(rows, columns)``, without unused bits.

    Parameters
    ----------
    dataset : FileDataset
        A grey picture that has been checked.
    frame : int
        From 0.

    Raises
    ------
    DicomError
        If the picture is damaged, or its bits lie in an unusual place.
    """
    allocated, bits = int(dataset.BitsAllocated), int(dataset.BitsStored)
    if int(dataset.get("HighBit", bits - 1)) != bits - 1:
        raise InconsistentDicomError(attribute="HighBit")
    content = decode_frame(dataset, frame + 1).content
    values = np.frombuffer(content, _DTYPES[allocated, int(dataset.PixelRepresentation)])
    values = values[: int(dataset.Rows) * int(dataset.Columns)].reshape(
        int(dataset.Rows), int(dataset.Columns)
    )
    unused = allocated - bits
    # Old files keep overlays in the bits above; shifting there and back also spreads the sign.
    return (values << unused) >> unused if unused else values


def _padding(one: SliceHeader, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Pixels outside of the scanner's circle (PS3.3 C.7.5.1.1.2)."""
    value = one.file.number("PixelPaddingValue")
    if value is None:
        return None
    other = one.file.number("PixelPaddingRangeLimit")
    low, high = sorted((value, value if other is None else other))
    mask: NDArray[np.bool_] = (stored >= low) & (stored <= high)
    return mask

"""Do the slices of a series make a volume? Their geometry, judged from the headers alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongtai.core.volumes import Points
from tongtai.formats.dicom.series.errors import (
    DuplicateSlicesError,
    GantryTiltError,
    MissingPixelSpacingError,
    MissingPositionError,
    MissingSlicesError,
    MixedGridError,
    MixedOrientationError,
    TooFewSlicesError,
    UnevenSpacingError,
    VolumeTooLargeError,
    listed,
)
from tongtai.formats.dicom.series.headers import SliceHeader

# Scanners write positions with one to three decimals: half a step of one decimal, and the fit's own.
_POSITION_TOLERANCE_MM = 0.08
_SAME_PLACE_MM = 0.01
_EXACT_MM = 0.001
_ORIENTATION_TOLERANCE = 1e-3
_SPACING_TOLERANCE_MM = 1e-3
_GAP_TOLERANCE = 0.1
_TILT_DRIFT_PIXELS = 0.25
_TILT_TAG_DEGREES = 0.1
# 4,000 slices of 512 × 512: 2 GiB as int16, 4 GiB as float32.
MAX_VOXELS = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Slices in order, and where their voxels lie.

    Attributes
    ----------
    slices : tuple[SliceHeader, ...]
        Along the normal of the slices: for axial ones from the feet to the head.
    index_to_lps : (4, 4) array
        From ``(k, j, i, 1)`` to millimetres, LPS; sheared when the gantry was tilted.
    tilt_degrees : float
        Angle between the normal of the slices and the way from one slice to the next; zero for a
        straight stack.
    """

    slices: tuple[SliceHeader, ...]
    index_to_lps: Points
    tilt_degrees: float

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Distance along k, j, i."""
        dz, dy, dx = np.linalg.norm(self.index_to_lps[:3, :3], axis=0).tolist()
        return dz, dy, dx


def stacked(slices: Sequence[SliceHeader], *, min_slices: int) -> Stack:
    """Put slices in order, or say which of them do not fit.

    Raises
    ------
    SeriesRefusedError
        One of its subclasses, naming the files.
    """
    _check_present(slices)
    _check_alike(slices)
    if len(slices) < min_slices:
        raise TooFewSlicesError(
            f"The series has {len(slices)} slice{'' if len(slices) == 1 else 's'}; planning needs at least {min_slices}.",
            slices=len(slices),
            needed=min_slices,
        )
    _check_size(slices)
    row_direction, column_direction, normal = _directions(slices[0])
    along = np.array([np.dot(one.position_mm or (), normal) for one in slices])
    order = np.argsort(along, kind="stable")
    ordered = tuple(slices[index] for index in order)
    _check_gaps(ordered, along[order])
    step, tilt = _step(ordered, normal)
    _check_tilt_tag(ordered, normal)
    row_mm, column_mm = ordered[0].pixel_spacing_mm or (0.0, 0.0)
    index_to_lps = np.eye(4)
    index_to_lps[:3, 0] = step
    index_to_lps[:3, 1] = column_direction * row_mm
    index_to_lps[:3, 2] = row_direction * column_mm
    index_to_lps[:3, 3] = ordered[0].position_mm or ()
    return Stack(slices=ordered, index_to_lps=index_to_lps, tilt_degrees=tilt)


def _check_size(slices: Sequence[SliceHeader]) -> None:
    file = slices[0].file
    voxels = int((file.number("Rows") or 0) * (file.number("Columns") or 0)) * len(slices)
    if voxels > MAX_VOXELS:
        raise VolumeTooLargeError(
            f"The series has {len(slices)} slices and {voxels:,} voxels; at most {MAX_VOXELS:,} can be read.",
            voxels=voxels,
        )


def _check_present(slices: Sequence[SliceHeader]) -> None:
    unplaced = [one.name for one in slices if one.position_mm is None or one.orientation is None]
    if unplaced:
        raise MissingPositionError(f"Without position or orientation: {listed(unplaced)}.", files=unplaced)
    unsized = [one.name for one in slices if not one.pixel_spacing_mm or min(one.pixel_spacing_mm) <= 0.0]
    if unsized:
        raise MissingPixelSpacingError(f"Without pixel spacing: {listed(unsized)}.", files=unsized)
    skewed = [one.name for one in slices if not _orthonormal(one.orientation or ())]
    if skewed:
        raise MissingPositionError(f"With an impossible orientation: {listed(skewed)}.", files=skewed)


def _orthonormal(orientation: Sequence[float]) -> bool:
    row, column = np.array(orientation[:3]), np.array(orientation[3:])
    products = [np.dot(row, row) - 1.0, np.dot(column, column) - 1.0, np.dot(row, column)]
    return bool(np.all(np.abs(products) < 1e-2))


def _check_alike(slices: Sequence[SliceHeader]) -> None:
    """Everything that all slices of one volume must share, compared with the majority."""
    orientation = np.array([one.orientation for one in slices])
    _refuse_odd(
        slices,
        np.abs(orientation - np.median(orientation, axis=0)).max(axis=1) > _ORIENTATION_TOLERANCE,
        MixedOrientationError,
        "Slices in another direction than the others",
    )
    spacing = np.array([one.pixel_spacing_mm for one in slices])
    sizes = [(one.file.number("Rows"), one.file.number("Columns")) for one in slices]
    _refuse_odd(
        slices,
        (np.abs(spacing - np.median(spacing, axis=0)).max(axis=1) > _SPACING_TOLERANCE_MM) | _odd(sizes),
        MixedGridError,
        "Slices of another size or pixel spacing than the others",
    )
    _refuse_odd(
        slices,
        _odd([one.file.text("FrameOfReferenceUID") for one in slices]),
        MixedGridError,
        "Slices of another frame of reference than the others",
    )


def _odd(values: Sequence[object]) -> NDArray[np.bool_]:
    """Which values differ from the most frequent one."""
    usual = Counter(values).most_common(1)[0][0]
    return np.array([value != usual for value in values])


def _refuse_odd(
    slices: Sequence[SliceHeader],
    odd: NDArray[np.bool_],
    error: type[MixedOrientationError | MixedGridError],
    words: str,
) -> None:
    names = [one.name for one, differs in zip(slices, odd, strict=True) if differs]
    if names:
        raise error(f"{words}: {listed(names)}.", files=names)


def _directions(one: SliceHeader) -> tuple[Points, Points, Points]:
    row = np.array((one.orientation or ())[:3])
    column = np.array((one.orientation or ())[3:])
    row /= np.linalg.norm(row)
    # Rounded cosines are not exactly at right angles.
    column -= np.dot(column, row) * row
    column /= np.linalg.norm(column)
    return row, column, np.cross(row, column)


def _check_gaps(slices: Sequence[SliceHeader], along: Points) -> None:
    gaps = np.diff(along)
    if not gaps.size:
        return
    same = np.flatnonzero(gaps < _SAME_PLACE_MM)
    if same.size:
        raise _duplicates(slices, same)
    usual = float(np.median(gaps))
    multiples = gaps / usual
    missing = [
        index
        for index in np.flatnonzero(multiples > 1.5).tolist()
        if abs(multiples[index] - round(multiples[index])) < _GAP_TOLERANCE
    ]
    if np.abs(along - _line(along[:, None])[:, 0]).max() <= _POSITION_TOLERANCE_MM:
        return
    if missing and np.all(np.abs(np.delete(multiples, missing) - 1.0) < _GAP_TOLERANCE):
        raise _missing(slices, missing, multiples, usual)
    worst = int(np.abs(gaps - usual).argmax())
    between = [slices[worst].name, slices[worst + 1].name]
    raise UnevenSpacingError(
        f"The slices lie {usual:.3f} mm apart, but {gaps[worst]:.3f} mm between {between[0]} and {between[1]}.",
        files=between,
        usual_mm=usual,
        found_mm=float(gaps[worst]),
    )


def _duplicates(slices: Sequence[SliceHeader], same: Any) -> DuplicateSlicesError:
    pairs = [(slices[index], slices[index + 1]) for index in same]
    names = [f"{one.name} = {other.name}" for one, other in pairs]
    copies = all(
        one.file.text("SOPInstanceUID") == other.file.text("SOPInstanceUID") != ""
        and one.frame == other.frame
        for one, other in pairs
    )
    why = (
        "The same image is there twice; remove one"
        if copies
        else "Different images lie at the same place, so the series holds several acquisitions; export one"
    )
    return DuplicateSlicesError(f"{why}: {listed(names)}.", files=names)


def _missing(
    slices: Sequence[SliceHeader], missing: Sequence[int], multiples: Points, usual: float
) -> MissingSlicesError:
    count = int(sum(round(multiples[index]) - 1 for index in missing))
    places = [f"{slices[index].name} and {slices[index + 1].name}" for index in missing]
    return MissingSlicesError(
        f"{count} slice{'s are' if count > 1 else ' is'} missing between {listed(places)} "
        f"(slices lie {usual:.3f} mm apart); export the series again.",
        files=places,
        missing=count,
    )


def _step(slices: Sequence[SliceHeader], normal: Points) -> tuple[Points, float]:
    """The way from one slice to the next, and by how many degrees it leaves the normal."""
    if len(slices) == 1:
        return normal * (slices[0].file.number("SliceThickness") or 1.0), 0.0
    positions = np.array([one.position_mm for one in slices])
    even = _line(positions)
    step: Points = (even[-1] - even[0]) / (len(slices) - 1)
    drift = np.linalg.norm(positions - even, axis=1)
    if drift.max() > max(
        _POSITION_TOLERANCE_MM, _TILT_DRIFT_PIXELS * min(slices[0].pixel_spacing_mm or (0.0,))
    ):
        name = slices[int(drift.argmax())].name
        raise UnevenSpacingError(
            f"{name} lies {drift.max():.2f} mm beside the line of the others.", files=[name]
        )
    straight = np.dot(step, normal) * normal
    sideways = float(np.linalg.norm(step - straight))
    pixel = min(slices[0].pixel_spacing_mm or (0.0,))
    if sideways * (len(slices) - 1) <= _TILT_DRIFT_PIXELS * pixel:
        return straight, 0.0
    return step, float(np.degrees(np.arctan2(sideways, np.linalg.norm(straight))))


def _line(positions: Points) -> Points:
    """Evenly spaced places next to the given ones: from end to end, or fitted to rounded numbers."""
    number = np.arange(len(positions))
    even: Points = positions[0] + np.outer(number, positions[-1] - positions[0]) / (len(positions) - 1)
    if np.abs(positions - even).max() > _EXACT_MM:
        slope, start = np.polyfit(number, positions, 1)
        even = start + np.outer(number, slope)
    return even


def _check_tilt_tag(slices: Sequence[SliceHeader], normal: Points) -> None:
    """A header that says "tilted" over slices that are exactly axial contradicts itself."""
    tilt = slices[0].file.number("GantryDetectorTilt") or 0.0
    original = slices[0].file.text("ImageType").startswith("ORIGINAL")
    if original and abs(tilt) > _TILT_TAG_DEGREES and abs(normal[2]) > np.cos(np.radians(_TILT_TAG_DEGREES)):
        raise GantryTiltError(
            f"{slices[0].name} says that the gantry was tilted by {tilt:g} degrees, but its orientation says "
            "that it was not; export the series again with its true orientation.",
            files=[slices[0].name],
            tilt_degrees=tilt,
        )

"""Why a series is not taken for planning: each fault has a class and names the files it was found in."""

from collections.abc import Sequence

from tongtai.formats.dicom.errors import DicomError

_NAMED = 4


class SeriesRefusedError(DicomError):
    """The images cannot be used for planning."""

    code = "series_refused"


class NoImagesError(SeriesRefusedError):
    """There is no DICOM image in this place."""

    code = "series_none_found"


class SeriesNotFoundError(SeriesRefusedError):
    """No series has this number or UID; list the series and name one of them."""

    code = "series_not_found"


class SeveralAcquisitionsError(SeriesRefusedError):
    """The series holds several acquisitions; name one of them by its number in the list."""

    code = "series_several_acquisitions"


class NoUsableSeriesError(SeriesRefusedError):
    """None of the series can be used for planning; the list says why for each."""

    code = "series_none_usable"


class UnreadableSliceError(SeriesRefusedError):
    """A file of the series is damaged; copy it again from its source."""

    code = "series_slice_unreadable"


class NotCtError(SeriesRefusedError):
    """The series is no CT; ablation is planned on CT only."""

    code = "series_not_ct"


class NotAnImageSeriesError(SeriesRefusedError):
    """The series holds no pictures but masks, contours, doses or texts."""

    code = "series_not_images"


class LocalizerError(SeriesRefusedError):
    """The series is a localizer (scout), not a stack of slices."""

    code = "series_localizer"


class PatientsMixedError(SeriesRefusedError):
    """The images belong to more than one patient; separate them first."""

    code = "series_patients_mixed"


class TooFewSlicesError(SeriesRefusedError):
    """The series has too few slices to plan on."""

    code = "series_too_few_slices"


class VolumeTooLargeError(SeriesRefusedError):
    """The series has more voxels than fit into memory; export a thinner part of it."""

    code = "series_too_large"


class MissingPixelSpacingError(SeriesRefusedError):
    """The images do not say how large their pixels are, and no size is guessed."""

    code = "series_pixel_spacing_missing"


class MissingPositionError(SeriesRefusedError):
    """The images do not say where in the patient they lie, and no place is guessed."""

    code = "series_position_missing"


class MixedOrientationError(SeriesRefusedError):
    """The slices do not all lie in the same direction."""

    code = "series_orientation_mixed"


class MixedGridError(SeriesRefusedError):
    """The slices differ in size, in pixel spacing or in frame of reference."""

    code = "series_grid_mixed"


class MissingSlicesError(SeriesRefusedError):
    """Slices are missing; export the series again."""

    code = "series_slices_missing"


class DuplicateSlicesError(SeriesRefusedError):
    """Several slices lie at the same place."""

    code = "series_slices_duplicate"


class UnevenSpacingError(SeriesRefusedError):
    """The slices are not evenly spaced."""

    code = "series_spacing_uneven"


class GantryTiltError(SeriesRefusedError):
    """The gantry was tilted, so the slices are not stacked at right angles."""

    code = "series_gantry_tilt"


class LossyCompressionError(SeriesRefusedError):
    """The images were compressed with loss, which changes densities; export them without loss."""

    code = "series_lossy"


class NotHounsfieldError(SeriesRefusedError):
    """The images do not say how their values become Hounsfield units."""

    code = "series_not_hounsfield"


class BlankImageError(SeriesRefusedError):
    """A picture holds one single value everywhere: nothing was imaged or it was lost."""

    code = "series_blank"


class ReadingCancelledError(SeriesRefusedError):
    """Reading was cancelled."""

    code = "series_reading_cancelled"


def listed(names: Sequence[str]) -> str:
    """The first few names, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b"])
    'a, b'
    >>> listed(list("abcdef"))
    'a, b, c, d and 2 more'
    """
    rest = len(names) - _NAMED
    first = ", ".join(names[:_NAMED])
    return f"{first} and {rest} more" if rest > 0 else first

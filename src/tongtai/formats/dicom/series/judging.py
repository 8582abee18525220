"""What kind of series is this, and do its values mean Hounsfield units? Judged from the headers."""

from collections.abc import Sequence

from tongtai.formats.dicom.series.errors import (
    LocalizerError,
    LossyCompressionError,
    NotAnImageSeriesError,
    NotCtError,
    NotHounsfieldError,
    PatientsMixedError,
    UnreadableSliceError,
    listed,
)
from tongtai.formats.dicom.series.headers import FileHeader, SliceHeader
from tongtai.formats.dicom.syntaxes import ALWAYS_LOSSY, PERHAPS_LOSSY

_WITHOUT_PICTURES = frozenset({"RTSTRUCT", "RTPLAN", "SR", "PR", "KO", "REG", "DOC", "M3D", "FID"})
_OF_OTHER_VALUES = frozenset({"SEG", "RTDOSE"})
_LOSSY, _LOSSLESS = "01", "00"
# RescaleType is optional for CT, whose stored values are Hounsfield units by definition (PS3.3 C.8.2.1).
_HOUNSFIELD = frozenset({"", "HU", "HU_MOD"})


def check_kind(slices: Sequence[SliceHeader]) -> None:
    """See that this is a CT of one patient.

    Raises
    ------
    PatientsMixedError, NotAnImageSeriesError, NotCtError, LocalizerError
        What it is instead.
    """
    files = files_of(slices)
    if len({file.patient for file in files}) > 1:
        raise PatientsMixedError(
            f"The series holds images of more than one patient, {files[0].name} and "
            f"{next(file.name for file in files if file.patient != files[0].patient)} for instance; "
            "separate them first."
        )
    modality = files[0].text("Modality")
    if modality in _WITHOUT_PICTURES | _OF_OTHER_VALUES:
        raise NotAnImageSeriesError(f"The series is of the kind {modality}, not a CT.", modality=modality)
    others = [file.name for file in files if file.text("Modality") != "CT"]
    if others:
        raise NotCtError(
            f"{listed(others)}: {modality or 'of unknown modality'} instead of CT; ablation is planned on CT only.",
            modality=modality,
            files=others,
        )
    if "LOCALIZER" in files[0].text("ImageType").split("\\"):
        raise LocalizerError


def check_values(slices: Sequence[SliceHeader]) -> None:
    """See that the pictures are there, unspoilt, and can be turned into Hounsfield units.

    Raises
    ------
    UnreadableSliceError, LossyCompressionError, NotHounsfieldError
        With the names of the files.
    """
    files = files_of(slices)
    without = [file.name for file in files if not file.has_pixels]
    if without:
        raise UnreadableSliceError(
            f"{listed(without)}: the file ends before its picture; copy it again from its source.",
            files=without,
        )
    lossy = [file.name for file in files if _is_lossy(file)]
    if lossy:
        raise LossyCompressionError(
            f"{listed(lossy)}: compressed with loss, which changes densities; export without loss.",
            files=lossy,
        )
    coloured = [file.name for file in files if not _is_grey(file)]
    if coloured:
        raise NotHounsfieldError(
            f"{listed(coloured)}: a colour or inverted picture instead of CT values.", files=coloured
        )
    unscaled = [one.name for one in slices if one.intercept is None or not one.slope]
    if unscaled:
        raise NotHounsfieldError(
            f"{listed(unscaled)}: rescale slope or intercept is missing or no number.", files=unscaled
        )
    others = [one.name for one in slices if one.rescale_type.upper() not in _HOUNSFIELD]
    if others:
        raise NotHounsfieldError(f"{listed(others)}: values in another unit than Hounsfield.", files=others)


def files_of(slices: Sequence[SliceHeader]) -> list[FileHeader]:
    """The files of slices, each once, in order."""
    return list({one.file.name: one.file for one in slices}.values())


def _is_grey(file: FileHeader) -> bool:
    return file.number("SamplesPerPixel") == 1 and file.text("PhotometricInterpretation") == "MONOCHROME2"


def _is_lossy(file: FileHeader) -> bool:
    declared, syntax = file.text("LossyImageCompression"), file.transfer_syntax_uid
    return declared == _LOSSY or syntax in ALWAYS_LOSSY or (syntax in PERHAPS_LOSSY and declared != _LOSSLESS)

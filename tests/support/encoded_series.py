"""One small CT in every lossless encoding that scanners use: ``python -m tests.support.encoded_series FOLDER``.

Each series holds the same stored values, so that a page that decodes them all right shows one picture.
The patient is the one of the demonstration's first table.
"""

import sys
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pydicom
from pydicom.dataset import FileDataset
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)
from tests.support.series import COLUMNS, ROWS, SERIES, ct_slices, put, written

from tongtai.entrypoints.demo.people import HOSPITALS

SYNTAXES = {
    "plain": ExplicitVRLittleEndian,
    "jpeg-lossless": JPEGLosslessSV1,
    "jpeg-ls": JPEGLSLossless,
    "jpeg-2000": JPEG2000Lossless,
    "rle": RLELossless,
}
_SLICES = 3
_LARGER = 8


def encoded_series(name: str) -> list[bytes]:
    """The files of the series in the encoding of this name; its description is the name.

    Examples
    --------
    >>> [len(encoded_series(name)) for name in SYNTAXES]
    [3, 3, 3, 3, 3]
    """
    number = list(SYNTAXES).index(name) + 1
    datasets = ct_slices(_SLICES, series=f"{SERIES}.{number}", stored=_small())
    for dataset in datasets:
        _enlarge(dataset)
        _belong(dataset)
        dataset.SeriesDescription, dataset.SeriesNumber = name, number
    return [_encoded(content, SYNTAXES[name]) for content in written(datasets)]


def _small() -> np.ndarray:
    """Tissue that differs from pixel to pixel and from slice to slice, around 60 HU."""
    noise = np.random.default_rng(3).integers(-150, 150, size=(_SLICES, ROWS, COLUMNS))
    return (1084 + noise + 40 * np.arange(_SLICES)[:, None, None]).astype(np.uint16)


def _enlarge(dataset: FileDataset) -> None:
    pixels = np.kron(dataset.pixel_array, np.ones((_LARGER, _LARGER), dtype=np.uint16))
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.PixelData = pixels.astype("<u2").tobytes()


def _belong(dataset: FileDataset) -> None:
    patient = HOSPITALS[0].patient
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName, dataset.PatientID = patient.name, patient.hospital_number
    dataset.PatientBirthDate, dataset.PatientSex = patient.birth_date.strftime("%Y%m%d"), "M"


def _encoded(content: bytes, syntax: UID) -> bytes:
    if syntax == ExplicitVRLittleEndian:
        return content
    if syntax == JPEGLosslessSV1:
        return _as_jpeg_lossless(content)
    dataset = pydicom.dcmread(BytesIO(content))
    dataset.compress(syntax, generate_instance_uid=False)
    return written([dataset])[0]


def _as_jpeg_lossless(content: bytes) -> bytes:
    """By GDCM, whose codec has nothing in common with the page's, and whose names no type checker sees."""
    gdcm = import_module("gdcm")
    with TemporaryDirectory() as folder:
        plain, coded = Path(folder) / "plain.dcm", Path(folder) / "coded.dcm"
        plain.write_bytes(content)
        reader = gdcm.ImageReader()
        reader.SetFileName(str(plain))
        if not reader.Read():
            raise RuntimeError
        change = gdcm.ImageChangeTransferSyntax()
        change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGLosslessProcess14_1))
        change.SetInput(reader.GetImage())
        if not change.Change():
            raise RuntimeError
        writer = gdcm.ImageWriter()
        writer.SetFileName(str(coded))
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        if not writer.Write():
            raise RuntimeError
        return coded.read_bytes()


def main() -> None:
    """Write every series into a folder of its own."""
    root = Path(sys.argv[1])
    for name in SYNTAXES:
        put(root / name, encoded_series(name))
        print(name)


if __name__ == "__main__":
    main()

"""The headers of the images that a volume was read from, for objects that must name them."""

from io import BytesIO

import pydicom
from pydicom.dataset import Dataset

from tongtai.formats.dicom.series.errors import UnreadableSliceError
from tongtai.formats.dicom.series.headers import inflated
from tongtai.formats.dicom.series.listing import ImageSeries
from tongtai.formats.dicom.syntaxes import DEFLATED


def source_headers(series: ImageSeries) -> list[Dataset]:
    """Every file's header without its pixels, in the order of the stack.

    Raises
    ------
    UnreadableSliceError
        If a file cannot be read again.
    """
    slices = series.stack.slices if series.stack else ()
    files = {one.file.name: one.file for one in slices}
    headers: list[Dataset] = []
    for name, file in files.items():
        try:
            content = series.place.read(name)
            content = inflated(content) if file.transfer_syntax_uid == DEFLATED else content
            headers.append(pydicom.dcmread(BytesIO(content), stop_before_pixels=True))
        except Exception as error:
            # pydicom meets damaged bytes with nearly every built-in exception there is.
            raise UnreadableSliceError(f"{name}: its header cannot be read again.", files=[name]) from error
    return headers

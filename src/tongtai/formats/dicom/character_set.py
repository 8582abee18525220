"""Texts of DICOM objects in letters that every name can be written with (PS3.5 6.1, Specific Character Set)."""

from copy import deepcopy

from pydicom.dataset import Dataset

_UTF_8 = "ISO_IR 192"


def in_utf8(source: Dataset) -> Dataset:
    """A copy whose texts are decoded: the names of structures may need other letters than the images."""
    copy = deepcopy(source)
    if copy.get("SpecificCharacterSet") == _UTF_8:
        # Decoding what was set as text, and never encoded, would turn Chinese names into question marks.
        return copy
    if not copy.get("SpecificCharacterSet"):
        copy.SpecificCharacterSet = "ISO_IR 100"
    copy.decode()
    copy.SpecificCharacterSet = _UTF_8
    return copy

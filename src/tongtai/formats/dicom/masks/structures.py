"""A structure as it is exchanged: its name, what it is in a coded terminology, and its mask."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset

from tongtai.core.volumes import Volume
from tongtai.formats.dicom.masks.errors import OtherFrameOfReferenceError


@dataclass(frozen=True, slots=True)
class CodedConcept:
    """A term of a terminology.

    Examples
    --------
    >>> CodedConcept("10200004", "SCT", "Liver").meaning
    'Liver'
    """

    value: str
    scheme: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedMask:
    """One structure of a file, on the grid of the images.

    Attributes
    ----------
    number : int
        Segment number or ROI number in its file.
    category, concept : CodedConcept or None
        What it is; None where the file does not say.
    modifiers : tuple[CodedConcept, ...]
        What narrows the concept down, such as Left.
    regions : tuple[CodedConcept, ...]
        Where it is.
    made : str
        Manual, semi-automatic or automatic, with the algorithm's name, as far as the file says.
    kind : str
        RT interpreted type such as GTV or ORGAN; empty for a segmentation.
    mask : Volume
        Truth values.
    notes : tuple[str, ...]
        What was done to bring it onto the grid.
    """

    number: int
    name: str
    category: CodedConcept | None
    concept: CodedConcept | None
    modifiers: tuple[CodedConcept, ...]
    regions: tuple[CodedConcept, ...]
    made: str
    kind: str
    mask: Volume
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskImport:
    """The structures of a file, and those left out with the reason."""

    masks: tuple[ImportedMask, ...]
    skipped: tuple[tuple[str, str], ...]


def coded(sequence: Sequence[Dataset] | None) -> CodedConcept | None:
    """The first item of a code sequence."""
    codes = all_coded(sequence)
    return codes[0] if codes else None


def all_coded(sequence: Sequence[Dataset] | None) -> tuple[CodedConcept, ...]:
    """Every item of a code sequence; a long code or a URN stands for a short one (PS3.3 table 8.8-1)."""
    found = []
    for item in sequence or ():
        value = item.get("CodeValue") or item.get("LongCodeValue") or item.get("URNCodeValue")
        if value:
            scheme = str(item.get("CodingSchemeDesignator", ""))
            found.append(CodedConcept(str(value), scheme, str(item.get("CodeMeaning", ""))))
    return tuple(found)


def check_frame_of_reference(uid: str, reference: Volume) -> None:
    """Refuse structures of another patient space; a volume that knows none is given the benefit."""
    known = reference.frame_of_reference_uid
    if uid and known and uid != known:
        raise OtherFrameOfReferenceError(frame_of_reference_uid=uid, expected_uid=known)

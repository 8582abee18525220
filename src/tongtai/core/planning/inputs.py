"""What a plan was made from: the image, the masks, the target, the device."""

from dataclasses import dataclass

Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What the files say of an image besides its voxels; see ``ImageUsed``."""

    study_uid: str = ""
    series_uid: str = ""
    phase: str = "unknown"
    phase_reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageUsed:
    """The image that was planned on.

    Attributes
    ----------
    study_uid, series_uid, frame_of_reference_uid
        DICOM identifiers; empty for an image that was no DICOM.
    phase, phase_reason
        Contrast phase as the headers tell it, and which header told it; ``unknown`` when none did.
    slices, rows, columns
        Number of voxels along each axis.
    spacing_mm
        Distance between slices, rows and columns.
    index_to_lps
        Rows of the 4 by 4 matrix from ``(k, j, i, 1)`` to LPS millimetres.
    notes
        What was done to the image while it was read.
    """

    study_uid: str
    series_uid: str
    frame_of_reference_uid: str
    phase: str
    phase_reason: str
    slices: int
    rows: int
    columns: int
    spacing_mm: Place
    index_to_lps: tuple[tuple[float, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureUsed:
    """A structure that was segmented.

    Attributes
    ----------
    name
        Key, with the number of a second lesion and later ones.
    name_en, name_zh
        Words for people.
    code, code_meaning
        SNOMED CT.
    role
        What it is to a needle.
    longest_mm
        Longest straight line between two of its voxels' centres.
    engine, editor
        What made the mask, and who corrected it; empty when nobody did.
    quality, reason, dice
        How far it can be trusted, why, and the engine's measured Dice coefficient.
    """

    name: str
    name_en: str
    name_zh: str
    code: str
    code_meaning: str
    role: str
    volume_ml: float
    longest_mm: float
    engine: str
    quality: str
    reason: str
    dice: float | None
    editor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetVolume:
    """What must be destroyed.

    Attributes
    ----------
    tumour
        Name of its structure.
    centre_lps_mm
        The middle of the tumour.
    target_ml
        Tumour with its margin, clipped to the liver.
    healthy_liver_ml
        The liver without any tumour.
    at_capsule
        Share of the tumour's surface nearer to the liver's surface than the margin.
    subcapsular
        Whether the rules ask for liver before it on the needle's way.
    """

    tumour: str
    margin_mm: float
    centre_lps_mm: Place
    longest_mm: float
    tumour_ml: float
    target_ml: float
    liver_ml: float
    healthy_liver_ml: float
    at_capsule: float
    subcapsular: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceUsed:
    """The device and the table of its zones.

    Attributes
    ----------
    table_id
        Device and evidence.
    kind
        How the applicator is built.
    tissue, evidence
        In what the zones were measured, in the source's words and by class.
    zone_beyond_tip_mm
        How far a zone reaches beyond the tip.
    """

    table_id: str
    device_id: str
    name: str
    technique: str
    frequency_mhz: float | None
    kind: str
    tissue: str
    evidence: str
    zone_beyond_tip_mm: float
    source: str

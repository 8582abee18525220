"""The structures that planning knows: one row each, with its codes, colour and part in the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tongtai.core.segmentation.errors import SegmentationError


class UnknownStructureError(SegmentationError):
    """No structure has this key; ``tongtai.core.segmentation.structures`` lists them."""


class Role(StrEnum):
    """What a structure is to a needle."""

    TARGET = "target"
    HOST = "host"
    ORGAN_AT_RISK = "organ_at_risk"
    OBSTACLE = "obstacle"
    SURFACE = "surface"
    TREATED = "treated"


@dataclass(frozen=True, slots=True)
class Code:
    """A SNOMED CT concept, as DICOM writes it (coding scheme ``SCT``)."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """One kind of structure.

    Attributes
    ----------
    key : str
        The name used in files, options and reports.
    name_en, name_zh : str
        Words for people.
    category, code : Code
        DICOM's segmented property category and type.
    side : Code, optional
        Left or right, of paired organs.
    region : Code, optional
        The organ that a lesion or vessel lies in.
    role : Role
        What it is to a needle.
    rgb : (int, int, int)
        Display colour, 0–255.
    foreign_names : tuple of str
        Names in other programs' label maps, most of all TotalSegmentator's, of which this structure
        is the union. Compared without regard to case, blanks and hyphens.
    """

    key: str
    name_en: str
    name_zh: str
    category: Code
    code: Code
    role: Role
    rgb: tuple[int, int, int]
    side: Code | None = None
    region: Code | None = None
    foreign_names: tuple[str, ...] = ()


ANATOMY = Code("91723000", "Anatomical Structure")
ALTERED = Code("49755003", "Morphologically Abnormal Structure")
SUBSTANCE = Code("91720002", "Body Substance")
LEFT = Code("7771000", "Left")
RIGHT = Code("24028007", "Right")
_LIVER = Code("10200004", "Liver")

_LUNG_LOBES = tuple(
    f"lung_{lobe}"
    for lobe in (
        "upper_lobe_left",
        "lower_lobe_left",
        "upper_lobe_right",
        "middle_lobe_right",
        "lower_lobe_right",
        "left",
        "right",
    )
)
_VERTEBRAE = tuple(
    f"vertebrae_{name}"
    for name in (
        *(f"C{n}" for n in range(1, 8)),
        *(f"T{n}" for n in range(1, 13)),
        "L1",
        "L2",
        "L3",
        "L4",
        "L5",
        "S1",
    )
)
_RIBS = tuple(f"rib_{side}_{n}" for side in ("left", "right") for n in range(1, 13))
_LIMB_BONES = tuple(
    f"{bone}_{side}"
    for bone in ("humerus", "scapula", "clavicula", "femur", "hip")
    for side in ("left", "right")
)
_HEART_PARTS = (
    "heart_myocardium",
    "heart_atrium_left",
    "heart_ventricle_left",
    "heart_atrium_right",
    "heart_ventricle_right",
    "atrial_appendage_left",
)

# Codes and meanings: SNOMED CT as bound by DICOM PS3.16 (context groups 7150, 244, 4, 4030, 4031,
# 7159); tests/unit/core/segmentation compares them with pydicom's copy of the standard. Foreign names: the class
# lists of TotalSegmentator 1 and 2 and the label names of public liver collections.
_ROWS = (
    Structure(
        key="body", name_en="body", name_zh="体部", category=ANATOMY, code=Code("22943007", "Trunk"),
        role=Role.SURFACE, rgb=(216, 184, 160), foreign_names=("body_trunc", "body_trunk", "trunk"),
    ),
    Structure(
        key="skin", name_en="skin", name_zh="皮肤", category=ANATOMY, code=Code("39937001", "Skin"),
        role=Role.SURFACE, rgb=(230, 200, 178),
    ),
    Structure(
        key="liver", name_en="liver", name_zh="肝脏", category=ANATOMY, code=_LIVER,
        role=Role.HOST, rgb=(156, 82, 64), foreign_names=("hepar",),
    ),
    Structure(
        key="liver_tumour", name_en="liver tumour", name_zh="肝肿瘤", category=ALTERED,
        code=Code("108369006", "Neoplasm"), region=_LIVER, role=Role.TARGET, rgb=(240, 214, 60),
        foreign_names=("liver_tumor", "tumor", "tumour", "livertumor", "hcc"),
    ),
    Structure(
        key="liver_lesion", name_en="liver lesion", name_zh="肝内病灶", category=ALTERED,
        code=Code("52988006", "Lesion"), region=_LIVER, role=Role.TARGET, rgb=(250, 190, 40),
        foreign_names=("liver_lesions", "lesion", "livercyst"),
    ),
    Structure(
        key="ablation_zone", name_en="ablation zone", name_zh="消融区", category=ALTERED,
        code=Code("6574001", "Necrosis"), region=_LIVER, role=Role.TREATED, rgb=(90, 60, 110),
        foreign_names=("ablation", "ablated"),
    ),
    Structure(
        key="liver_vessel", name_en="vessels in the liver", name_zh="肝内血管", category=ANATOMY,
        code=Code("59820001", "Blood Vessel"), region=_LIVER, role=Role.ORGAN_AT_RISK, rgb=(70, 110, 220),
        foreign_names=("liver_vessels", "hepatic_vessels"),
    ),
    Structure(
        key="portal_vein", name_en="portal vein", name_zh="门静脉", category=ANATOMY,
        code=Code("32764006", "Portal vein"), role=Role.ORGAN_AT_RISK, rgb=(0, 151, 206),
        foreign_names=("portal_vein_and_splenic_vein", "portalvein", "porta"),
    ),
    Structure(
        key="hepatic_veins", name_en="hepatic veins", name_zh="肝静脉", category=ANATOMY,
        code=Code("8993003", "Hepatic vein"), role=Role.ORGAN_AT_RISK, rgb=(40, 90, 190),
        foreign_names=("hepatic_vein", "venoussystem"),
    ),
    Structure(
        key="inferior_vena_cava", name_en="inferior vena cava", name_zh="下腔静脉", category=ANATOMY,
        code=Code("64131007", "Inferior vena cava"), role=Role.ORGAN_AT_RISK, rgb=(0, 100, 170),
        foreign_names=("vena_cava", "venacava", "ivc"),
    ),
    Structure(
        key="aorta", name_en="aorta", name_zh="主动脉", category=ANATOMY, code=Code("15825003", "Aorta"),
        role=Role.ORGAN_AT_RISK, rgb=(220, 60, 50),
    ),
    Structure(
        key="artery", name_en="artery", name_zh="动脉", category=ANATOMY, code=Code("51114001", "Artery"),
        role=Role.ORGAN_AT_RISK, rgb=(216, 101, 79), foreign_names=("arteries", "hepatic_artery"),
    ),
    Structure(
        key="bile_duct", name_en="bile duct", name_zh="胆管", category=ANATOMY, code=Code("28273000", "Bile duct"),
        role=Role.ORGAN_AT_RISK, rgb=(0, 145, 30), foreign_names=("biliarysystem", "common_bile_duct"),
    ),
    Structure(
        key="gallbladder", name_en="gallbladder", name_zh="胆囊", category=ANATOMY,
        code=Code("28231008", "Gallbladder"), role=Role.ORGAN_AT_RISK, rgb=(139, 150, 98),
        foreign_names=("gall_bladder",),
    ),
    Structure(
        key="stomach", name_en="stomach", name_zh="胃", category=ANATOMY, code=Code("69695003", "Stomach"),
        role=Role.ORGAN_AT_RISK, rgb=(216, 132, 105),
    ),
    Structure(
        key="bowel", name_en="bowel", name_zh="肠", category=ANATOMY, code=Code("113276009", "Intestine"),
        role=Role.ORGAN_AT_RISK, rgb=(205, 167, 142),
        foreign_names=("duodenum", "small_bowel", "colon", "smallbowel", "small_intestine", "rectum"),
    ),
    Structure(
        key="bowel_gas", name_en="gas in stomach and bowel", name_zh="胃肠气体", category=SUBSTANCE,
        code=Code("74947009", "Gas"), role=Role.ORGAN_AT_RISK, rgb=(190, 210, 220),
    ),
    Structure(
        key="lung", name_en="lung", name_zh="肺", category=ANATOMY, code=Code("39607008", "Lung"),
        role=Role.ORGAN_AT_RISK, rgb=(172, 200, 214), foreign_names=(*_LUNG_LOBES, "lungs"),
    ),
    Structure(
        key="heart", name_en="heart", name_zh="心脏", category=ANATOMY, code=Code("80891009", "Heart"),
        role=Role.ORGAN_AT_RISK, rgb=(206, 110, 84), foreign_names=(*_HEART_PARTS, "pericardium"),
    ),
    Structure(
        key="spleen", name_en="spleen", name_zh="脾", category=ANATOMY, code=Code("78961009", "Spleen"),
        role=Role.ORGAN_AT_RISK, rgb=(157, 108, 162),
    ),
    Structure(
        key="kidney_right", name_en="right kidney", name_zh="右肾", category=ANATOMY,
        code=Code("64033007", "Kidney"), side=RIGHT, role=Role.ORGAN_AT_RISK, rgb=(185, 102, 83),
        foreign_names=("right_kidney", "rightkidney"),
    ),
    Structure(
        key="kidney_left", name_en="left kidney", name_zh="左肾", category=ANATOMY,
        code=Code("64033007", "Kidney"), side=LEFT, role=Role.ORGAN_AT_RISK, rgb=(185, 122, 103),
        foreign_names=("left_kidney", "leftkidney"),
    ),
    Structure(
        key="pancreas", name_en="pancreas", name_zh="胰腺", category=ANATOMY, code=Code("15776009", "Pancreas"),
        role=Role.ORGAN_AT_RISK, rgb=(249, 180, 111),
    ),
    Structure(
        key="bone", name_en="bone", name_zh="骨", category=ANATOMY, code=Code("272673000", "Bone"),
        role=Role.OBSTACLE, rgb=(241, 214, 145),
        foreign_names=(*_VERTEBRAE, *_RIBS, *_LIMB_BONES, "sacrum", "sternum", "skull", "bones", "spine"),
    ),
)  # fmt: skip

STRUCTURES: Mapping[str, Structure] = MappingProxyType({row.key: row for row in _ROWS})


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


_BY_NAME: Mapping[str, Structure] = MappingProxyType(
    {_folded(name): row for row in _ROWS for name in (row.key, row.name_en, row.name_zh, *row.foreign_names)}
)


def structure(key: str) -> Structure:
    """The structure of a key.

    Raises
    ------
    UnknownStructureError
        If there is none.

    Examples
    --------
    >>> structure("gallbladder").code
    Code(value='28231008', meaning='Gallbladder')
    """
    try:
        return STRUCTURES[key]
    except KeyError:
        raise UnknownStructureError(f"There is no structure “{key}”.", key=key) from None


def structure_named(name: str) -> Structure | None:
    """The structure that another program means by a name, or None where planning does not use it.

    Examples
    --------
    >>> structure_named("rib_left_4").key
    'bone'
    >>> structure_named("Right Kidney").key
    'kidney_right'
    >>> structure_named("Tumour 2").key
    'liver_tumour'
    >>> structure_named("brain") is None
    True
    """
    folded = _folded(name)
    return _BY_NAME.get(folded) or _BY_NAME.get(folded.rstrip("0123456789"))


def structure_coded(value: str, *, side: str = "", region: str = "") -> Structure | None:
    """The structure with a SNOMED CT code; side and region decide between several with the same code.

    Examples
    --------
    >>> structure_coded("64033007", side="7771000").key
    'kidney_left'
    >>> structure_coded("64033007") is None
    True
    """
    same = [row for row in _ROWS if row.code.value == value]
    sided = [row for row in same if row.side is not None]
    if sided:
        same = [row for row in sided if row.side is not None and row.side.value == side]
    elif region:
        same = [row for row in same if row.region is None or row.region.value == region]
    return same[0] if len(same) == 1 else None

"""The tissues of the simulated abdomen: what each voxel is, and how dense it is in the portal phase."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Tissue(IntEnum):
    """Label of a voxel; each voxel is exactly one tissue."""

    AIR = 0
    SKIN = 1
    FAT = 2
    MUSCLE = 3
    CAVITY = 4
    """Fat between the organs."""
    RIB = 5
    CARTILAGE = 6
    SPINE = 7
    CANAL = 8
    LUNG = 10
    HEART = 11
    LIVER = 12
    PORTAL_VEIN = 13
    PORTAL_TRUNK = 14
    """The portal vein before it enters the liver."""
    HEPATIC_VEIN = 15
    VENA_CAVA = 16
    AORTA = 17
    GALLBLADDER = 18
    STOMACH = 19
    STOMACH_GAS = 20
    BOWEL = 21
    BOWEL_GAS = 22
    KIDNEY_RIGHT = 23
    KIDNEY_LEFT = 24
    SPLEEN = 25
    TUMOUR_1 = 31
    TUMOUR_2 = 32
    ABLATED_LIVER = 40
    ABLATED_TUMOUR_1 = 41
    ABLATED_TUMOUR_2 = 42


# Hounsfield units of the tissues in the portal phase: of the usual size, none of them measured.
HOUNSFIELD: Mapping[Tissue, float] = MappingProxyType(
    {
        Tissue.AIR: -1000.0,
        Tissue.SKIN: 20.0,
        Tissue.FAT: -100.0,
        Tissue.MUSCLE: 58.0,
        Tissue.CAVITY: -95.0,
        Tissue.RIB: 420.0,
        Tissue.CARTILAGE: 120.0,
        Tissue.SPINE: 230.0,
        Tissue.CANAL: 30.0,
        Tissue.LUNG: -830.0,
        Tissue.HEART: 150.0,
        Tissue.LIVER: 108.0,
        Tissue.PORTAL_VEIN: 178.0,
        Tissue.PORTAL_TRUNK: 178.0,
        Tissue.HEPATIC_VEIN: 168.0,
        Tissue.VENA_CAVA: 160.0,
        Tissue.AORTA: 180.0,
        Tissue.GALLBLADDER: 10.0,
        Tissue.STOMACH: 32.0,
        Tissue.STOMACH_GAS: -985.0,
        Tissue.BOWEL: 35.0,
        Tissue.BOWEL_GAS: -985.0,
        Tissue.KIDNEY_RIGHT: 170.0,
        Tissue.KIDNEY_LEFT: 170.0,
        Tissue.SPLEEN: 120.0,
        Tissue.TUMOUR_1: 62.0,
        Tissue.TUMOUR_2: 64.0,
        Tissue.ABLATED_LIVER: 42.0,
        Tissue.ABLATED_TUMOUR_1: 52.0,
        Tissue.ABLATED_TUMOUR_2: 54.0,
    }
)


class Structure(StrEnum):
    """What a mask shows; structures may overlap, as the liver holds its vessels and tumours."""

    BODY = "body"
    SKIN = "skin"
    BONE = "bone"
    LUNG = "lung"
    HEART = "heart"
    LIVER = "liver"
    PORTAL_VEIN = "portal_vein"
    HEPATIC_VEINS = "hepatic_veins"
    VENA_CAVA = "inferior_vena_cava"
    AORTA = "aorta"
    GALLBLADDER = "gallbladder"
    STOMACH = "stomach"
    BOWEL = "bowel"
    KIDNEY_RIGHT = "kidney_right"
    KIDNEY_LEFT = "kidney_left"
    SPLEEN = "spleen"
    TUMOUR_1 = "tumour_1"
    TUMOUR_2 = "tumour_2"
    ABLATION_ZONE = "ablation_zone"


_T = Tissue
_LIVER = frozenset(
    {
        _T.LIVER, _T.PORTAL_VEIN, _T.HEPATIC_VEIN, _T.TUMOUR_1, _T.TUMOUR_2,
        _T.ABLATED_LIVER, _T.ABLATED_TUMOUR_1, _T.ABLATED_TUMOUR_2,
    }
)  # fmt: skip

# Which tissues make up a structure. Vessels within an ablation zone stay open and are not part of it.
TISSUES: Mapping[Structure, frozenset[Tissue]] = MappingProxyType(
    {
        Structure.BODY: frozenset(Tissue) - {_T.AIR},
        Structure.SKIN: frozenset({_T.SKIN}),
        Structure.BONE: frozenset({_T.RIB, _T.SPINE}),
        Structure.LUNG: frozenset({_T.LUNG}),
        Structure.HEART: frozenset({_T.HEART}),
        Structure.LIVER: _LIVER,
        Structure.PORTAL_VEIN: frozenset({_T.PORTAL_VEIN, _T.PORTAL_TRUNK}),
        Structure.HEPATIC_VEINS: frozenset({_T.HEPATIC_VEIN}),
        Structure.VENA_CAVA: frozenset({_T.VENA_CAVA}),
        Structure.AORTA: frozenset({_T.AORTA}),
        Structure.GALLBLADDER: frozenset({_T.GALLBLADDER}),
        Structure.STOMACH: frozenset({_T.STOMACH, _T.STOMACH_GAS}),
        Structure.BOWEL: frozenset({_T.BOWEL, _T.BOWEL_GAS}),
        Structure.KIDNEY_RIGHT: frozenset({_T.KIDNEY_RIGHT}),
        Structure.KIDNEY_LEFT: frozenset({_T.KIDNEY_LEFT}),
        Structure.SPLEEN: frozenset({_T.SPLEEN}),
        Structure.TUMOUR_1: frozenset({_T.TUMOUR_1, _T.ABLATED_TUMOUR_1}),
        Structure.TUMOUR_2: frozenset({_T.TUMOUR_2, _T.ABLATED_TUMOUR_2}),
        Structure.ABLATION_ZONE: frozenset({_T.ABLATED_LIVER, _T.ABLATED_TUMOUR_1, _T.ABLATED_TUMOUR_2}),
    }
)

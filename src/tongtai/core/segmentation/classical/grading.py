"""How sure the classical engine is of each structure, and why: one row each.

The Dice coefficients were measured against the labels of two public CTs (one plain, one in the portal
phase; ``docs/reference/segmentation.md`` has the table) and describe those, not a population: they are
named in the reason and are not passed on as a measured quality.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tongtai.core.segmentation.masks import Grade, Quality

GRADES: Mapping[str, Grade] = MappingProxyType(
    {
        "body": Grade(Quality.GOOD, "The border of air and tissue is the sharpest in a CT."),
        "skin": Grade(Quality.GOOD, "The outer 2 mm of the body; where the picture cuts the body there is no skin."),
        "lung": Grade(Quality.GOOD, "Air denser than gas, with the thin recesses along the ribs."),
        "bowel_gas": Grade(Quality.GOOD, "Air in the body that is not lung."),
        "bone": Grade(
            Quality.GOOD,
            "Bright voxels joined to certain bone, with the marrow and the canal inside; thin cartilage is missing.",
        ),
        "liver": Grade(
            Quality.FAIR,
            "Even density on the right inside the ribs (Dice 0.92 and 0.96 on two labelled CTs); the border to "
            "stomach, duodenum and vena cava is uncertain by some millimetres.",
        ),
        "liver_lesion": Grade(
            Quality.FAIR, "A compact outlier of density inside the liver; its nature is not known to the engine."
        ),
        "liver_vessel": Grade(
            Quality.FAIR, "Bright tubes in the liver; portal and hepatic veins are one tree, thin branches are missing."
        ),
        "kidney_right": Grade(Quality.FAIR, "A compact organ beside the spine (Dice 0.85 on a plain CT)."),
        "kidney_left": Grade(Quality.FAIR, "A compact organ beside the spine (Dice 0.95 on a plain CT)."),
        "spleen": Grade(
            Quality.FAIR, "Even density at the left flank (Dice 0.86 and 0.93 on two labelled CTs)."
        ),
        "gallbladder": Grade(Quality.FAIR, "A sac of fluid density at the liver's underside (Dice 0.49 on a plain CT)."),
        "aorta": Grade(Quality.FAIR, "A bright tube followed in front of the spine (Dice 0.72 and 0.85 on two labelled CTs)."),
        "inferior_vena_cava": Grade(
            Quality.DOUBTFUL, "A tube followed on the right in front of the spine; against the liver it shows no border."
        ),
        "heart": Grade(Quality.GUARDED, "All thick soft tissue between the lungs in front of the spine."),
        "bowel": Grade(
            Quality.GUARDED,
            "Every soft thing in the cavity that is nothing else: stomach, bowel and pancreas with vessels and nodes.",
        ),
    }
)  # fmt: skip

PLAIN_AORTA = Grade(
    Quality.GUARDED, "No contrast medium shows its wall: discs where a tube of this kind is most likely."
)
BRIGHT_LESION = Grade(
    Quality.DOUBTFUL,
    "A compact bright spot in the liver: a lesion that takes up contrast medium, or a vessel.",
)

NOT_FOUND: Mapping[str, str] = MappingProxyType(
    {
        "lung": "No air denser than gas is in the picture.",
        "bowel_gas": "No gas is in the picture.",
        "bone": "No bone is in the picture.",
        "aorta": "No tube in front of the spine stands out.",
        "inferior_vena_cava": "No tube on the right in front of the spine stands out from the liver and its neighbours.",
        "liver": "No even tissue of at least 120 ml lies on the right inside the ribs: no liver in this picture.",
        "kidney_right": "No compact organ of a kidney's size lies beside the spine on the right.",
        "kidney_left": "No compact organ of a kidney's size lies beside the spine on the left.",
        "spleen": "No even tissue of at least 25 ml lies at the left flank.",
        "gallbladder": "No sac of fluid density lies at the liver; it may be empty, removed, or filled with stones.",
        "heart": "The picture has no slice with thick soft tissue between two lungs.",
        "bowel": "Nothing soft in the cavity was left over.",
        "liver_vessel": "No vessels stand out from the liver; without contrast medium they cannot.",
        "liver_lesion": "No compact outlier of density of at least 0.27 ml (8 mm) lies in the liver.",
        "stomach": "Stomach and bowel are not told apart without weights: both are in the region “bowel”.",
        "bile_duct": "Ducts that are not widened do not show at this resolution.",
        "portal_vein": "Portal and hepatic veins are not told apart without weights: both are in “liver_vessel”.",
        "hepatic_veins": "Portal and hepatic veins are not told apart without weights: both are in “liver_vessel”.",
        "pancreas": "Not told from bowel without weights: it is in the region “bowel”.",
        "artery": "Arteries other than the aorta are not followed without weights.",
    }
)  # fmt: skip

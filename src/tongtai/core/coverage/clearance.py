"""How near the tumour and the zones come to a structure, as a plan says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """A structure near the tumour.

    Attributes
    ----------
    tumour_mm
        Shortest way from the centre of a voxel of the tumour to that of one of the structure.
    zone_mm
        Shortest way from the zones' border; below zero, as deep as heat reaches into it. Null
        without zones.
    """

    name: str
    tumour_mm: float
    zone_mm: float | None

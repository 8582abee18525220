"""Structures of planning as segments of a DICOM SEG: one table of names and codes for both."""

from tongtai.core.segmentation.structures import Code, Role, Structure
from tongtai.core.volumes import Volume
from tongtai.formats.dicom.masks.segmentation_writing import (
    ARTIFICIAL_INTELLIGENCE,
    Making,
    Segment,
)
from tongtai.formats.dicom.masks.structures import CodedConcept

SNOMED = "SCT"


def segment_of(
    structure: Structure,
    mask: Volume,
    *,
    number: int = 1,
    making: Making = Making.AUTOMATIC,
    algorithm: str,
    algorithm_family: CodedConcept = ARTIFICIAL_INTELLIGENCE,
) -> Segment:
    """A mask of a structure with the structure's codes, ready to be written.

    Parameters
    ----------
    structure : Structure
        What the mask shows.
    mask : Volume
        Truth values.
    number : int
        Counts lesions; stands behind the name of a target.
    making, algorithm, algorithm_family
        As in :class:`~.segmentation_writing.Segment`.

    Examples
    --------
    >>> import numpy as np
    >>> from tongtai.core.segmentation.structures import structure
    >>> mask = Volume(np.ones((2, 2, 2), bool), np.eye(4))
    >>> made = segment_of(structure("liver_tumour"), mask, number=2, algorithm="by hand")
    >>> made.name, made.concept.meaning, made.region.meaning
    ('Liver tumour 2', 'Neoplasm', 'Liver')
    """
    counted = f" {number}" if structure.role is Role.TARGET else ""
    return Segment(
        name=f"{structure.name_en}{counted}".capitalize(),
        mask=mask,
        category=_concept(structure.category),
        concept=_concept(structure.code),
        making=making,
        algorithm=algorithm,
        algorithm_family=algorithm_family,
        modifier=_concept(structure.side) if structure.side else None,
        region=_concept(structure.region) if structure.region else None,
        colour_rgb=structure.rgb,
    )


def _concept(code: Code) -> CodedConcept:
    return CodedConcept(code.value, SNOMED, code.meaning)

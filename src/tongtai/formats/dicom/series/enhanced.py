"""Enhanced multi-frame objects: each frame's geometry stands in functional groups (PS3.3 C.7.6.16)."""

from pydicom.dataset import Dataset

# Macro sequence -> what it may say about a frame (PS3.3 C.7.6.16.2.1, .3, .4, .9).
_MACROS = {
    "PixelMeasuresSequence": ("PixelSpacing", "SliceThickness"),
    "PlanePositionSequence": ("ImagePositionPatient",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept", "RescaleType"),
}


def frame_groups(dataset: Dataset) -> list[Dataset]:
    """For each frame of a multi-frame object the attributes that a single slice would have.

    A frame's own group overrules the group shared by all frames. Empty for a single-frame object.
    """
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence")
    if not per_frame:
        return []
    shared = dataset.get("SharedFunctionalGroupsSequence") or [Dataset()]
    return [_flattened(shared[0], group) for group in per_frame]


def _flattened(shared: Dataset, own: Dataset) -> Dataset:
    flat = Dataset()
    for macro, keywords in _MACROS.items():
        items = own.get(macro) or shared.get(macro)
        if items:
            for keyword in keywords:
                if keyword in items[0]:
                    flat[keyword] = items[0][keyword]
    return flat

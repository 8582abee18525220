"""Metal in an image, in clusters of voxels that are judged together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.seed_detection.errors import SeedDetectionError
from tongtai.core.seed_detection.fitting import Patch
from tongtai.core.seed_detection.rules import DetectionRules
from tongtai.core.volumes import Volume

Bools = NDArray[np.bool_]
_AIR_HU = -300.0
_AROUND_MM = 2.5
_TISSUE_MM = 6.0
# What one seed fills above the threshold, at most.
_SINGLE_MM3 = 40.0
# So many voxels of exactly the highest value are clipped, not bright by chance.
_CLIPPED_VOXELS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One connected lot of metal.

    Attributes
    ----------
    patch
        Its voxels and those around, places along the image's axes in millimetres.
    metal_mm3
        Volume over the threshold.
    mass
        HU mm³ above the tissue, clipped as the image is.
    """

    patch: Patch
    metal_mm3: float
    mass: float

    @property
    def middle_mm(self) -> NDArray[np.float64]:
        """Centre of its brightness."""
        weight = np.maximum(self.patch.above_hu, 0.0)
        found: NDArray[np.float64] = weight @ self.patch.places_mm / weight.sum()
        return found


@dataclass(frozen=True, slots=True)
class TooLarge:
    """Metal or bone that no seeds make: the middle of its box, its volume."""

    centre_lps_mm: tuple[float, float, float]
    volume_mm3: float


def body_of(image: Volume) -> Bools:
    """The largest thing that is not air, holes filled slice by slice: the table's metal is outside."""
    labels, count = ndimage.label(image.voxels > _AIR_HU)
    if count == 0:
        raise SeedDetectionError("The image shows nothing but air.")
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    body = labels == sizes.argmax()
    found: Bools = np.stack([ndimage.binary_fill_holes(one) for one in body])
    return found


def highest_hu(image: Volume) -> float:
    """Where the image is clipped; infinite where it is not."""
    highest = image.voxels.max()
    clipped = int((image.voxels == highest).sum()) >= _CLIPPED_VOXELS
    return float(highest) if clipped else np.inf


def clusters_of(image: Volume, search: Bools, rules: DetectionRules) -> tuple[list[Cluster], list[TooLarge]]:
    """Everything brighter than the threshold, near lots joined, in the order of the slices.

    Parameters
    ----------
    image
        Hounsfield units.
    search : (K, J, I) array
        Where to look.
    """
    threshold = rules.threshold_for(float(image.spacing_mm[0]))
    metal = (image.voxels > threshold) & search
    # A voxel between two lots is shared by both images, so that they must be fitted together.
    labels, _ = ndimage.label(ndimage.binary_dilation(metal, np.ones((1, 3, 3), np.bool_)))
    labels *= metal
    sizes = np.bincount(labels.ravel()) * float(np.prod(image.spacing_mm))
    clip = highest_hu(image)
    clusters, large = [], []
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        if sizes[number] > _SINGLE_MM3 * rules.largest_cluster_seeds:
            middle = np.array([(one.start + one.stop - 1) / 2.0 for one in box])
            x, y, z = image.lps_of(middle).tolist()
            large.append(TooLarge((x, y, z), float(sizes[number])))
        else:
            clusters.append(_cluster(image, metal, labels, number, box, clip, rules))
    return clusters, large


def _cluster(
    image: Volume,
    metal: Bools,
    labels: NDArray[np.int32],
    number: int,
    box: tuple[slice, slice, slice],
    clip: float,
    rules: DetectionRules,
) -> Cluster:
    spacing = image.spacing_mm
    reach = np.ceil(_TISSUE_MM / spacing).astype(int)
    wide = tuple(
        slice(max(0, one.start - more), one.stop + more) for one, more in zip(box, reach, strict=True)
    )
    own = labels[wide] == number
    other = metal[wide] & ~own
    away = ndimage.distance_transform_edt(~own, sampling=spacing)
    beside = ndimage.distance_transform_edt(~other, sampling=spacing) if other.any() else np.inf
    kept = (away <= _AROUND_MM) & (away < beside)
    around = (away > _AROUND_MM) & (beside > _AROUND_MM)
    values = image.voxels[wide].astype(np.float64)
    tissue = float(np.median(values[around])) if around.any() else 0.0
    above = values[kept] - tissue
    start = np.array([one.start for one in wide], np.float64)
    places = (np.argwhere(kept) + start) * spacing
    weight = 1.0 / np.hypot(rules.noise_hu, rules.model_error * above)
    patch = Patch(
        places_mm=places,
        above_hu=above,
        highest_hu=clip - tissue,
        weight=weight,
        base_hu=np.zeros(len(above)),
    )
    cell = float(np.prod(spacing))
    return Cluster(
        patch=patch, metal_mm3=float(own.sum()) * cell, mass=float(np.maximum(above, 0).sum()) * cell
    )

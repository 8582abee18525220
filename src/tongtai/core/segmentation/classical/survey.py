"""The first look at an image: is it a CT of a trunk, and where are body, air, bone, aorta and cavity."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tongtai.core.segmentation.classical.body import Air, find_air, find_body, wall_recesses
from tongtai.core.segmentation.classical.bone import find_bone
from tongtai.core.segmentation.classical.cavity import find_cavity
from tongtai.core.segmentation.classical.great_vessels import AORTA, Tube, follow_tube, tube_mask
from tongtai.core.segmentation.classical.spine import SpineAxis, find_spine
from tongtai.core.segmentation.errors import UnsuitableImageError
from tongtai.core.segmentation.masks import Mask
from tongtai.core.segmentation.morphology import Spacing, dilated
from tongtai.core.segmentation.progress import Progress, report
from tongtai.core.segmentation.resampling import Floats
from tongtai.core.segmentation.working_grid import Box, WorkingGrid, bounding_box
from tongtai.core.volumes import Volume

WORKING_SPACING_MM = 2.0
_SMOOTHING_MM = 2.0
# Blood without contrast medium is 35–55 HU.
ENHANCED_ABOVE_HU = 85.0
_LEAST_HEIGHT_MM = 30.0
_LEAST_SLICES = 6
_AORTA_LEAST_SCORE = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the first look found, on the working grid within the body's box; arrays are ``(K, J, I)``."""

    grid: WorkingGrid
    box: Box
    hounsfield: Floats
    smooth: Floats
    body: Mask
    air: Air
    bone: Mask
    spine: SpineAxis
    behind_mm: Floats
    left_mm: Floats
    cavity: Mask
    aorta: Tube | None
    aorta_mask: Mask

    @property
    def spacing_mm(self) -> Spacing:
        """Spacing of the working grid along k, j, i."""
        return self.grid.spacing_mm

    @property
    def enhanced(self) -> bool:
        """Whether the blood shows contrast medium."""
        return self.aorta is not None and self.aorta.level_hu > ENHANCED_ABOVE_HU

    def whole(self, part: Mask) -> Mask:
        """A mask of the box on the whole working grid."""
        full = np.zeros(self.grid.shape, np.bool_)
        full[self.box] = part
        return full

    def restored(self, part: Mask) -> Mask:
        """A mask of the box on the image's own voxels."""
        return self.grid.restore(self.whole(part))


def survey(image: Volume, progress: Progress, *, spacing_mm: float = WORKING_SPACING_MM) -> Survey:
    """Take the first look.

    Raises
    ------
    UnsuitableImageError
        If the image is no CT in Hounsfield units, too short, or shows neither body nor spine.
    """
    report(progress, 0.0, "body")
    grid = WorkingGrid.of(image, spacing_mm)
    whole = grid.reduce(image.voxels)
    _check(whole, grid)
    body = find_body(whole, grid.spacing_mm)
    box = bounding_box(body, margin=1)
    assert box is not None  # noqa: S101  (find_body refuses an empty body)
    hounsfield, body = np.ascontiguousarray(whole[box]), np.ascontiguousarray(body[box])
    report(progress, 0.3, "spine")
    spine = find_spine(hounsfield, body, grid.spacing_mm)
    if spine is None:
        raise UnsuitableImageError(
            "No spinal canal was found: this is no axial CT of the trunk, or it is too noisy. "
            "Choose another series, or import masks made elsewhere."
        )
    report(progress, 0.5, "bone and air")
    return _surveyed(grid, box, hounsfield, body, spine)


def _surveyed(grid: WorkingGrid, box: Box, hounsfield: Floats, body: Mask, spine: SpineAxis) -> Survey:
    spacing = grid.spacing_mm
    aorta = follow_tube(hounsfield, spine, spacing, AORTA)
    bone = find_bone(hounsfield, body, spine, aorta, spacing)
    air = wall_recesses(find_air(hounsfield, body, spacing), bone, spacing)
    enhanced = aorta is not None and aorta.level_hu > ENHANCED_ABOVE_HU
    aorta_mask = (
        np.zeros_like(body)
        if aorta is None
        else tube_mask(hounsfield, aorta, spacing, enhanced=enhanced, least_score=_AORTA_LEAST_SCORE) & ~bone
    )
    shape = (hounsfield.shape[0], hounsfield.shape[1], hounsfield.shape[2])
    behind, left = spine.offsets_mm(shape, spacing)
    sigma = [max(_SMOOTHING_MM / step, 0.7) for step in spacing]
    return Survey(
        grid=grid,
        box=box,
        hounsfield=hounsfield,
        smooth=ndimage.gaussian_filter(hounsfield, sigma),
        body=body,
        air=air,
        bone=bone,
        spine=spine,
        behind_mm=behind,
        left_mm=left,
        cavity=find_cavity(hounsfield, body, bone, spine, spacing)
        & ~air.lung
        & ~dilated(air.gas, 1.0, spacing),
        aorta=aorta,
        aorta_mask=aorta_mask,
    )


def _check(reduced: Floats, grid: WorkingGrid) -> None:
    """Refuse what is no CT: Hounsfield units have air near −1000 and a body between fat and blood."""
    if not np.isfinite(reduced).all():
        raise UnsuitableImageError("The image holds numbers that are not finite (NaN or infinity).")
    slices, height = grid.upright_shape[0], grid.shape[0] * grid.spacing_mm[0]
    if slices < _LEAST_SLICES or height < _LEAST_HEIGHT_MM:
        raise UnsuitableImageError(
            f"The image has {slices} slices over {height:.0f} mm: segmentation needs at least {_LEAST_SLICES} "
            f"slices and {_LEAST_HEIGHT_MM:.0f} mm."
        )
    if float(np.mean(reduced < -300.0)) < 0.005 or not np.any((reduced > -150.0) & (reduced < 150.0)):
        raise UnsuitableImageError(
            "The values are not Hounsfield units: there is no air below −300. Is this an MR image, or a CT "
            "whose rescale slope and intercept were not applied?"
        )

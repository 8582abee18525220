"""A simulated upper abdomen with tumours in the liver: for demonstration and tests, never a patient."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tongtai.core.phantom.anatomy import in_liver, paint_chest, paint_organs, paint_skeleton, paint_wall
from tongtai.core.phantom.lesions import (
    AblationZone,
    Tumour,
    draw_tumours,
    paint_tumours,
    paint_zones,
    zones_for,
)
from tongtai.core.phantom.motion import AT_REST, Motion
from tongtai.core.phantom.shapes import Canvas
from tongtai.core.phantom.tissues import TISSUES, Structure
from tongtai.core.phantom.vessels import Branch, grown_trees, paint_trees, paint_trunks
from tongtai.core.pictures.lettering import text_mask
from tongtai.core.volumes import Volume

SIMULATED = "SIMULATED"
_FIELD_OF_VIEW_MM = 380.0
_NOISE_HU = 9.0
_BLUR_PIXELS = 0.6
_AIR_HU = -1024
_MARK_HU = 1200
_MARK_MARGIN = 8
Placed = TypeVar("Placed", Tumour, AblationZone)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbdomenPhantom:
    """A simulated CT and the truth about it.

    Attributes
    ----------
    image : Volume
        Hounsfield units, int16; slices from the feet to the head, rows from front to back, columns
        from the patient's right to the left. Every slice says SIMULATED in its picture.
    tissues : Volume
        uint8, the ``Tissue`` of each voxel.
    tumours : tuple[Tumour, ...]
        Where they lie in this CT.
    zones : tuple[AblationZone, ...]
        Where ablation zones lie in this CT; empty before ablation.
    landmarks_lps_mm : (N, 3) array
        Forks of the liver's vessels in this CT; the same row is the same fork in every CT of an
        anatomy.
    """

    image: Volume
    tissues: Volume
    tumours: tuple[Tumour, ...]
    zones: tuple[AblationZone, ...]
    landmarks_lps_mm: NDArray[np.float64]

    def mask(self, structure: Structure) -> Volume:
        """A structure as truth values."""
        belongs = np.zeros(256, bool)
        belongs[list(TISSUES[structure])] = True
        return self.tissues.with_voxels(belongs[self.tissues.voxels])

    def structures(self) -> tuple[Structure, ...]:
        """The structures of which this CT shows anything."""
        present = set(np.flatnonzero(np.bincount(self.tissues.voxels.ravel(), minlength=256)).tolist())
        return tuple(structure for structure, tissues in TISSUES.items() if tissues & present)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbdomenAnatomy:
    """One invented patient: what chance decided, and nothing else."""

    portal: tuple[Branch, ...]
    hepatic: tuple[Branch, ...]
    tumours: tuple[Tumour, Tumour]
    motion: Motion


def draw_anatomy(generator: np.random.Generator) -> AbdomenAnatomy:
    """Draw a patient: vessels, tumours, and how the organs move until the second CT."""
    portal, hepatic = grown_trees(generator)
    shift = generator.uniform((-2.0, -3.0, 4.0), (2.0, 1.0, 8.0)).tolist()
    bend_mm = float(generator.uniform(1.5, 3.0))
    return AbdomenAnatomy(
        portal=portal,
        hepatic=hepatic,
        tumours=draw_tumours(generator),
        motion=Motion((shift[0], shift[1], shift[2]), bend_mm),
    )


def imaged(
    anatomy: AbdomenAnatomy,
    generator: np.random.Generator,
    *,
    slices: int = 60,
    size: int = 512,
    slice_mm: float = 2.5,
    ablated: bool = False,
    moved: bool = False,
) -> AbdomenPhantom:
    """Take a CT of a drawn patient.

    Parameters
    ----------
    anatomy : AbdomenAnatomy
        The patient.
    generator : numpy.random.Generator
        Makes the noise: the same state gives the same CT.
    slices, size : int
        Number of slices, and of rows and columns of a picture of 380 mm.
    slice_mm : float
        Distance of slices in millimetres; the middle of the liver is the middle of the volume.
    ablated : bool
        After ablation of both tumours.
    moved : bool
        With the organs where they lie at the second CT. A CT that is ablated but not moved shows
        the zones in the space of the first.

    Examples
    --------
    >>> patient = draw_anatomy(np.random.default_rng(1))
    >>> after = imaged(patient, np.random.default_rng(2), slices=8, size=64, slice_mm=20.0, ablated=True)
    >>> after.image.voxels.shape, Structure.ABLATION_ZONE in after.structures()
    ((8, 64, 64), True)
    """
    motion = anatomy.motion if moved else AT_REST
    zones = zones_for(*anatomy.tumours) if ablated else ()
    step = _FIELD_OF_VIEW_MM / size
    canvas = Canvas((slices, size, size), (slice_mm, step, step), motion)
    _paint(canvas, anatomy, zones)
    index_to_lps = np.zeros((4, 4))
    index_to_lps[[2, 1, 0], [0, 1, 2]] = slice_mm, step, step
    index_to_lps[:3, 3] = canvas.x[0], canvas.y[0], canvas.z[0]
    index_to_lps[3, 3] = 1.0
    forks = {branch.start for branch in (*anatomy.portal, *anatomy.hepatic) if in_liver(branch.start)}
    return AbdomenPhantom(
        image=Volume(_scanned(canvas, generator), index_to_lps),
        tissues=Volume(canvas.tissues, index_to_lps),
        tumours=tuple(_moved(motion, tumour) for tumour in anatomy.tumours),
        zones=tuple(_moved(motion, zone) for zone in zones),
        landmarks_lps_mm=motion.moved(np.array(sorted(forks))),
    )


def abdomen_phantom(
    generator: np.random.Generator, *, slices: int = 60, size: int = 512, slice_mm: float = 2.5
) -> AbdomenPhantom:
    """Draw a patient and take a CT before ablation; see ``imaged``.

    Examples
    --------
    >>> phantom = abdomen_phantom(np.random.default_rng(1), slices=4, size=128)
    >>> phantom.image.voxels.shape
    (4, 128, 128)
    """
    return imaged(draw_anatomy(generator), generator, slices=slices, size=size, slice_mm=slice_mm)


def _paint(canvas: Canvas, anatomy: AbdomenAnatomy, zones: tuple[AblationZone, ...]) -> None:
    """From the skin inwards; what comes later takes the place of what it may lie over."""
    paint_wall(canvas)
    paint_skeleton(canvas)
    paint_chest(canvas)
    paint_organs(canvas)
    paint_trunks(canvas)
    paint_trees(canvas, anatomy.portal, anatomy.hepatic)
    paint_tumours(canvas, anatomy.tumours)
    paint_zones(canvas, zones)


def _scanned(canvas: Canvas, generator: np.random.Generator) -> NDArray[np.int16]:
    """Blur and noise of a scanner; as in a real CT, neighbouring pixels share their noise."""
    impulse = np.zeros((9, 9), np.float32)
    impulse[4, 4] = 1.0
    kept = np.sqrt(np.sum(ndimage.gaussian_filter(impulse, _BLUR_PIXELS) ** 2))
    hounsfield = canvas.hounsfield
    noise = generator.standard_normal(hounsfield.shape, dtype=np.float32)
    noise *= np.float32(_NOISE_HU / kept)
    hounsfield += noise
    for axis in (1, 2):
        ndimage.gaussian_filter1d(hounsfield, _BLUR_PIXELS, axis=axis, output=hounsfield, truncate=3.0)
    scanned = np.rint(hounsfield, out=hounsfield).astype(np.int16)
    np.maximum(scanned, _AIR_HU, out=scanned)
    _mark(scanned)
    return scanned


def _moved(motion: Motion, placed: Placed) -> Placed:
    x, y, z = motion.moved(np.array([placed.centre_lps_mm]))[0].tolist()
    return replace(placed, centre_lps_mm=(x, y, z))


def _mark(hounsfield: NDArray[np.int16]) -> None:
    mask = text_mask(SIMULATED)
    rows, columns = hounsfield.shape[1:]
    mask = mask[: rows - _MARK_MARGIN, : columns - _MARK_MARGIN]
    top, left = rows - mask.shape[0] - _MARK_MARGIN, _MARK_MARGIN
    for picture in hounsfield:
        picture[top : top + mask.shape[0], left : left + mask.shape[1]][mask] = _MARK_HU

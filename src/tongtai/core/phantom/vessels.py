"""The vessels of the simulated liver: main branches by anatomy, the smaller ones grown from them."""

from dataclasses import dataclass

import numpy as np

from tongtai.core.phantom.shapes import Canvas, Point
from tongtai.core.phantom.tissues import Tissue

_GENERATIONS = 3
_FIRST_LENGTH_MM, _SHORTER = 26.0, 0.78
_SPREAD_DEGREES = 34.0
# Murray's law: the cubes of the radii of two equal branches add up to the cube of the parent's.
_THINNER = 0.5 ** (1.0 / 3.0)

_PORTA: Point = (-26.0, -2.0, -16.0)
_RIGHT: Point = (-48.0, 0.0, -10.0)
_ANTERIOR: Point = (-78.0, -24.0, 8.0)
_POSTERIOR: Point = (-82.0, 28.0, -18.0)
_LEFT: Point = (-8.0, -24.0, 4.0)
_UMBILICAL: Point = (10.0, -46.0, 14.0)
_CONFLUENCE: Point = (-24.0, 18.0, 58.0)


@dataclass(frozen=True, slots=True)
class Branch:
    """A straight piece of vessel, from the trunk outwards."""

    start: Point
    end: Point
    radius_mm: float


# Start, end, radius; those marked grow on. Segments by Couinaud.
_PORTAL = (
    (Branch(_PORTA, _RIGHT, 6.0), False),
    (Branch(_RIGHT, _ANTERIOR, 4.8), False),
    (Branch(_RIGHT, _POSTERIOR, 4.8), False),
    (Branch(_ANTERIOR, (-92.0, -20.0, 44.0), 3.6), True),  # VIII
    (Branch(_ANTERIOR, (-92.0, -40.0, -24.0), 3.4), True),  # V
    (Branch(_POSTERIOR, (-104.0, 32.0, 18.0), 3.6), True),  # VII
    (Branch(_POSTERIOR, (-102.0, 26.0, -52.0), 3.6), True),  # VI
    (Branch(_PORTA, _LEFT, 5.2), False),
    (Branch(_LEFT, _UMBILICAL, 4.4), False),
    (Branch(_UMBILICAL, (42.0, -42.0, 32.0), 3.0), True),  # II
    (Branch(_UMBILICAL, (40.0, -58.0, 4.0), 3.0), True),  # III
    (Branch(_UMBILICAL, (-14.0, -60.0, 20.0), 3.0), True),  # IV
)
_HEPATIC = (
    (Branch(_CONFLUENCE, (-66.0, 22.0, 42.0), 5.4), False),
    (Branch((-66.0, 22.0, 42.0), (-108.0, 8.0, 2.0), 4.4), True),  # right
    (Branch(_CONFLUENCE, (-42.0, -12.0, 44.0), 4.8), False),
    (Branch((-42.0, -12.0, 44.0), (-58.0, -44.0, 2.0), 4.0), True),  # middle
    (Branch(_CONFLUENCE, (-2.0, -20.0, 46.0), 4.4), False),
    (Branch((-2.0, -20.0, 46.0), (30.0, -48.0, 20.0), 3.6), True),  # left
)
RIGHT_ANTERIOR_PORTAL = Branch(_RIGHT, _ANTERIOR, 4.8)


def grown_trees(generator: np.random.Generator) -> tuple[tuple[Branch, ...], tuple[Branch, ...]]:
    """The portal tree and the hepatic veins, each with its grown branches."""
    return _grown(_PORTAL, generator), _grown(_HEPATIC, generator)


def paint_trunks(canvas: Canvas) -> None:
    """Aorta and vena cava, and the portal vein up to the liver."""
    canvas.tube((14.0, 40.0, -400.0), (14.0, 40.0, 400.0), 10.5, Tissue.AORTA, moving=False)
    around = (Tissue.CAVITY, Tissue.LIVER, Tissue.LUNG, Tissue.MUSCLE)
    canvas.tube((-24.0, 32.0, -400.0), (-24.0, 24.0, 20.0), 11.0, Tissue.VENA_CAVA, over=around)
    canvas.tube((-24.0, 24.0, 20.0), (-14.0, 10.0, 78.0), 12.0, Tissue.VENA_CAVA, over=around)
    for over, tissue in ((Tissue.CAVITY, Tissue.PORTAL_TRUNK), (Tissue.LIVER, Tissue.PORTAL_VEIN)):
        canvas.tube((14.0, 12.0, -56.0), _PORTA, 7.0, tissue, over=(over,))
        canvas.tube(_PORTA, _RIGHT, 6.0, tissue, over=(over,))
        canvas.tube(_PORTA, _LEFT, 5.2, tissue, over=(over,))


def paint_trees(canvas: Canvas, portal: tuple[Branch, ...], hepatic: tuple[Branch, ...]) -> None:
    """Both trees, as far as they lie in the liver."""
    for branches, tissue in ((hepatic, Tissue.HEPATIC_VEIN), (portal, Tissue.PORTAL_VEIN)):
        for branch in branches:
            canvas.tube(branch.start, branch.end, branch.radius_mm, tissue, over=(Tissue.LIVER,))


def _grown(mains: tuple[tuple[Branch, bool], ...], generator: np.random.Generator) -> tuple[Branch, ...]:
    branches = [branch for branch, _ in mains]
    growing = [branch for branch, grows in mains if grows]
    length = _FIRST_LENGTH_MM
    for _ in range(_GENERATIONS):
        growing = [child for branch in growing for child in _fork(branch, length, generator)]
        branches += growing
        length *= _SHORTER
    return tuple(branches)


def _fork(branch: Branch, length_mm: float, generator: np.random.Generator) -> list[Branch]:
    """Two children that leave to opposite sides, in a plane of chance."""
    along = np.subtract(branch.end, branch.start)
    along /= np.linalg.norm(along)
    sideways = np.cross(along, generator.standard_normal(3))
    sideways /= np.linalg.norm(sideways)
    children = []
    for side in (-1.0, 1.0):
        angle = np.radians(_SPREAD_DEGREES * generator.uniform(0.7, 1.3))
        direction = np.cos(angle) * along + side * np.sin(angle) * sideways
        x, y, z = np.add(branch.end, length_mm * generator.uniform(0.8, 1.2) * direction).tolist()
        children.append(Branch(branch.end, (x, y, z), branch.radius_mm * _THINNER))
    return children

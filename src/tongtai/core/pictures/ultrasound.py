"""A simulated ultrasound sector: speckle, vessels, a lesion and a needle that goes there.

The picture is made as a scanner makes it: along beams, with a speckle whose grain is short along the beam
and wide across it, log-compressed, and only then converted to a sector.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from tongtai.core.pictures.lettering import draw_text, mark_simulated

WIDTH, HEIGHT = 1280, 720
LOOP_S = 10.0
_APEX_X, _APEX_Y = 640.0, -40.0
_NEAR_PX, _FAR_PX = 110.0, 690.0
_HALF_ANGLE = 0.62
_SAMPLES, _BEAMS = int(_FAR_PX - _NEAR_PX), 288
_BREATH_MM = 2.6
_MARGIN = 24
_DYNAMIC_RANGE_DB = 50.0
# Above the mean echo of liver: what is shown white.
_BRIGHTEST_DB = 17.0
# Of a full-scale echo of liver; the noise of the receiver shows where the echoes have become weak.
_NOISE = 0.012
_REVERBERATIONS = 4
_REVERBERATION_MM = 2.6

Beams = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A round structure: lateral place, depth below the skin and radius, in mm."""

    lateral_mm: float
    depth_mm: float
    radius_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UltrasoundScene:
    """What lies in the sector.

    Attributes
    ----------
    depth_cm : int
        Depth of the sector.
    lesion : Spot
        Darker than the liver around it; the needle's target.
    vessels : tuple of Spot
        Without echo, with bright walls.
    needle_lateral_mm, needle_depth_mm : float
        Where the needle enters the sector.
    diaphragm_mm : float
        Depth of the bright arc in the middle of the sector.
    seed : int
        Of the speckle.
    """

    depth_cm: int
    lesion: Spot
    vessels: tuple[Spot, ...]
    needle_lateral_mm: float
    needle_depth_mm: float
    diaphragm_mm: float
    seed: int


def ultrasound_scene(random: np.random.Generator) -> UltrasoundScene:
    """A scene of a liver with one lesion, other in each draw.

    Examples
    --------
    >>> scene = ultrasound_scene(np.random.default_rng(1))
    >>> scene.lesion.depth_mm < scene.diaphragm_mm < 10 * scene.depth_cm
    True
    """
    depth_cm = int(random.integers(11, 15))
    depth_mm = 10.0 * depth_cm
    side = float(random.choice([-1.0, 1.0]))
    lesion = Spot(
        lateral_mm=side * random.uniform(-6.0, 12.0),
        depth_mm=depth_mm * random.uniform(0.42, 0.58),
        radius_mm=random.uniform(9.0, 17.0),
    )
    # The needle comes from one side; vessels keep away from the lesion.
    vessels = [
        Spot(lateral_mm=lesion.lateral_mm + dx, depth_mm=lesion.depth_mm + dz, radius_mm=radius)
        for dx, dz, radius in (
            (side * random.uniform(20, 26), random.uniform(-14, 4), random.uniform(2.5, 4.0)),
            (-side * random.uniform(22, 30), random.uniform(8, 20), random.uniform(3.0, 5.5)),
            (side * random.uniform(2, 12), lesion.radius_mm + random.uniform(9, 14), random.uniform(3.5, 6)),
        )
    ]
    return UltrasoundScene(
        depth_cm=depth_cm,
        lesion=lesion,
        vessels=tuple(vessels),
        needle_lateral_mm=-side * random.uniform(30.0, 38.0),
        needle_depth_mm=random.uniform(16.0, 30.0),
        diaphragm_mm=depth_mm * random.uniform(0.87, 0.93),
        seed=int(random.integers(1 << 31)),
    )


DEFAULT_SCENE = ultrasound_scene(np.random.default_rng(1))


def ultrasound_picture(time_s: float, scene: UltrasoundScene = DEFAULT_SCENE) -> NDArray[np.uint8]:
    """The picture at ``time_s``; it repeats every ten seconds.

    Returns
    -------
    (720, 1280, 3) array
    """
    phase = 2 * np.pi * (time_s % LOOP_S) / LOOP_S
    breath = round(_BREATH_MM * np.sin(2 * phase) * _px_per_mm(scene))
    rows = slice(_MARGIN + breath, _MARGIN + breath + _SAMPLES)
    first, second = _speckle(scene.seed)
    # Two fields in quadrature: the grain shimmers as it does under a live probe, and the loop closes.
    grain = np.abs(np.cos(phase) * first[rows] + np.sin(phase) * second[rows])
    echo = grain * _echogenicity(scene)[rows] + _needle(scene, reach=0.2 + 0.8 * (0.5 - 0.5 * np.cos(phase)))
    echo = echo * _gain()[:, None] + _NOISE * grain[::-1]
    decibel = 20.0 * np.log10(echo + 1e-6)
    beams = np.clip((decibel + _DYNAMIC_RANGE_DB - _BRIGHTEST_DB) * (255.0 / _DYNAMIC_RANGE_DB), 0, 255)
    picture = _background(scene).copy()
    inside, sample, beam, weight = _scan_conversion()
    flat = beams.astype(np.float32).ravel()
    start = sample * _BEAMS + beam
    grey = flat[start] * (1 - weight) + flat[start + 1] * weight
    picture[inside] = grey.astype(np.uint8)[:, None]
    return picture


def _px_per_mm(scene: UltrasoundScene) -> float:
    return _SAMPLES / (10.0 * scene.depth_cm)


def _gain() -> Beams:
    """Less and less comes back; the machine's own compensation makes good for most of it."""
    gain: Beams = np.exp(-1.5 * np.linspace(0.0, 1.0, _SAMPLES, dtype=np.float32))
    return gain


@cache
def _speckle(seed: int) -> tuple[NDArray[np.complex64], NDArray[np.complex64]]:
    random = np.random.default_rng(seed)
    shape = (_SAMPLES + 2 * _MARGIN, _BEAMS)

    def field() -> NDArray[np.complex64]:
        parts = [gaussian_filter(random.standard_normal(shape), (1.1, 0.75)) for _ in range(2)]
        values = parts[0] + 1j * parts[1]
        scaled: NDArray[np.complex64] = (values / np.sqrt(np.mean(np.abs(values) ** 2))).astype(np.complex64)
        return scaled

    return field(), field()


@cache
def _grid(scene: UltrasoundScene, margin: int) -> tuple[Beams, Beams]:
    """Lateral place and depth of each sample in mm; depth counts from the probe's middle."""
    radius = (_NEAR_PX + np.arange(-margin, _SAMPLES + margin, dtype=np.float32))[:, None]
    angle = np.linspace(-_HALF_ANGLE, _HALF_ANGLE, _BEAMS, dtype=np.float32)[None, :]
    scale = _px_per_mm(scene)
    return radius * np.sin(angle) / scale, (radius * np.cos(angle) - _NEAR_PX) / scale


@cache
def _echogenicity(scene: UltrasoundScene) -> Beams:
    lateral, depth = _grid(scene, _MARGIN)
    random = np.random.default_rng(scene.seed + 1)
    clouds = gaussian_filter(random.standard_normal(lateral.shape), (34, 14))
    echo = np.exp(0.16 * clouds / clouds.std()).astype(np.float32)
    # Skin, fat and muscle above the liver's capsule.
    layer = np.abs(np.sin(depth * 1.15 + 0.02 * lateral)) ** 3
    echo = np.where(depth < 9.0, 0.55 + 1.4 * layer, echo)
    echo += 2.6 * np.exp(-(((depth - 9.5) / 0.5) ** 2))
    lesion = _distance(lateral, depth, scene.lesion)
    echo *= np.where(lesion < 1.0, 0.30 + 0.08 * clouds / clouds.std(), 1.0)
    echo *= 1.0 - 0.55 * np.exp(-(((lesion - 1.04) / 0.05) ** 2))
    for vessel in scene.vessels:
        away = _distance(lateral, depth, vessel)
        echo *= np.where(away < 1.0, 0.02, 1.0)
        echo += (
            1.5 * np.exp(-(((away - 1.1) / 0.13) ** 2)) * np.abs(depth - vessel.depth_mm) / vessel.radius_mm
        )
        # Blood weakens the beam less than liver: brighter behind it.
        behind = (depth > vessel.depth_mm) & (np.abs(lateral - vessel.lateral_mm) < 0.8 * vessel.radius_mm)
        echo *= np.where(behind & (away > 1.1), 1.35, 1.0)
    arc = depth - scene.diaphragm_mm + 0.0028 * lateral**2
    echo *= np.where(arc > 0, 0.22, 1.0)
    return np.maximum(echo + 5.0 * np.exp(-((arc / 0.9) ** 2)), 0.0).astype(np.float32)


def _distance(lateral: Beams, depth: Beams, spot: Spot) -> Beams:
    """From the middle in units of the radius; a little wavy, as nothing in a body is a circle."""
    x, z = lateral - spot.lateral_mm, depth - spot.depth_mm
    wave = 1.0 + 0.07 * np.sin(3.0 * np.arctan2(z, x) + spot.radius_mm)
    distance: Beams = np.hypot(x, 1.15 * z) / (spot.radius_mm * wave)
    return distance


@cache
def _needle_field(scene: UltrasoundScene) -> tuple[Beams, Beams]:
    """Echo of the whole needle with its reverberations, and how far along the way each sample is (0…1)."""
    lateral, depth = _grid(scene, 0)
    dx = scene.lesion.lateral_mm - scene.needle_lateral_mm
    dz = scene.lesion.depth_mm - scene.needle_depth_mm
    length = np.hypot(dx, dz)
    x, z = lateral - scene.needle_lateral_mm, depth - scene.needle_depth_mm
    along = (x * dx + z * dz) / length**2
    across = (z * dx - x * dz) / length * np.sign(dx)
    random = np.random.default_rng(scene.seed + 2)
    facets = 0.75 + 0.5 * random.random(400)
    bright = facets[np.clip((along * 399).astype(int), 0, 399)]
    echo = sum(
        0.22**order * np.exp(-(((across - order * _REVERBERATION_MM) / (0.34 + 0.12 * order)) ** 2))
        for order in range(_REVERBERATIONS)
    )
    return (6.0 * bright * echo).astype(np.float32), along.astype(np.float32)


def _needle(scene: UltrasoundScene, *, reach: float) -> Beams:
    """The needle as far as it has been pushed; its tip is the brightest."""
    echo, along = _needle_field(scene)
    tip = 1.0 + 1.8 * np.exp(-(((along - reach) / 0.02) ** 2))
    # Outside the patient there is no tissue that would carry the echo.
    needle: Beams = np.where((along > 0.0) & (along < reach), echo * tip, 0.0)
    return needle


@cache
def _scan_conversion() -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[np.intp], Beams]:
    """For each pixel of the sector: its sample, the beam left of it and the weight of the right one."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    radius = np.hypot(columns - _APEX_X, rows - _APEX_Y)
    angle = np.arctan2(columns - _APEX_X, rows - _APEX_Y)
    inside = (radius >= _NEAR_PX) & (radius < _FAR_PX) & (np.abs(angle) < _HALF_ANGLE)
    sample = (radius[inside] - _NEAR_PX).astype(np.intp)
    beam = (angle[inside] + _HALF_ANGLE) / (2 * _HALF_ANGLE) * (_BEAMS - 1)
    left = np.minimum(beam.astype(np.intp), _BEAMS - 2)
    return inside, sample, left, (beam - left).astype(np.float32)


@cache
def _background(scene: UltrasoundScene) -> NDArray[np.uint8]:
    picture = np.full((HEIGHT, WIDTH, 3), 8, np.uint8)
    draw_text(picture, f"C5-1 Abdomen  {scene.depth_cm} cm  25 Hz", left=24, top=20)
    draw_text(picture, "MI 0.9  TIS 0.4", left=24, top=50)
    top = round(_APEX_Y + _NEAR_PX)
    for centimetre in range(scene.depth_cm + 1):
        row = top + round(centimetre * 10 * _px_per_mm(scene))
        if row < HEIGHT - 50:
            picture[row : row + 2, 1236 - (12 if centimetre % 5 == 0 else 0) : 1250] = 150
    mark_simulated(picture)
    return picture

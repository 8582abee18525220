"""How well and how quickly seeds are found: simulated CT of 20, 60 and 100 seeds, half of them in touching pairs."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from scipy import ndimage

from tongtai.core.phantom.abdomen import AbdomenPhantom, draw_anatomy, imaged
from tongtai.core.phantom.implants import DrawnSeeds, draw_seeds
from tongtai.core.phantom.seeds import with_seeds
from tongtai.core.seed_detection.finding import SeedSearch, find_seeds
from tongtai.core.seed_detection.matching import matched_seeds
from tongtai.core.seed_detection.rules import DetectionRules
from tongtai.core.volumes import Volume
from tongtai.entrypoints.bench.row import Row
from tongtai.entrypoints.bench.spent import with_peak_mb

# Distance of the slices, and number of seeds, of each part.
_CASES: Mapping[str, tuple[float, int]] = MappingProxyType(
    {
        "20": (1.25, 20),
        "60": (1.25, 60),
        "100": (1.25, 100),
        "1mm": (1.0, 60),
        "2.5mm": (2.5, 60),
        "5mm": (5.0, 60),
    }
)
PARTS = tuple(_CASES)
_TALL_MM, _SIZE = 80.0, 512
_WITHIN_MM = 3.0
# The targets are for thin slices; what thicker ones give is said, not asked.
_THIN_MM = 1.25
_SHARE, _MEDIAN_MM = 0.98, 0.5
_METAL_HU = 1000.0


async def rows(parts: Sequence[str] = ()) -> AsyncIterator[Row]:
    """Search simulated abdomens, one a part; each row comes as soon as it is known."""
    for part in parts or PARTS:
        slice_mm, count = _CASES[part]
        for row in _measured(_patient(slice_mm), slice_mm, count):
            yield row


def _patient(slice_mm: float) -> AbdomenPhantom:
    anatomy = draw_anatomy(np.random.default_rng(1))
    slices = round(_TALL_MM / slice_mm)
    return imaged(anatomy, np.random.default_rng(2), slices=slices, size=_SIZE, slice_mm=slice_mm)


def _measured(patient: AbdomenPhantom, slice_mm: float, count: int) -> list[Row]:
    truth = draw_seeds(np.random.default_rng(count), count, np.array(patient.tumours[0].centre_lps_mm))
    image = with_seeds(patient.image, truth.centres_lps_mm, truth.axes_lps, np.random.default_rng(4))
    began = time.perf_counter()
    search, memory_mb = with_peak_mb(lambda: find_seeds(image, DetectionRules()))
    spent = time.perf_counter() - began
    recall, precision, median, p95, turned = _judged(search, truth)
    lots_recall, lots_precision = _lots(image, truth)
    thin = slice_mm <= _THIN_MM
    name = f"{count} seeds, slices of {slice_mm:g} mm"
    return [
        Row(
            name=f"{name}: recall",
            unit="1",
            value=round(recall, 3),
            target=_SHARE if thin else None,
            better="higher",
            peer=f"connected lots of metal (scipy) {lots_recall:.3f}",
        ),
        Row(
            name=f"{name}: precision",
            unit="1",
            value=round(precision, 3),
            target=_SHARE if thin else None,
            better="higher",
            peer=f"connected lots of metal (scipy) {lots_precision:.3f}",
        ),
        Row(
            name=f"{name}: median error of the place (95 %: {p95:.2f} mm; axes: median {turned:.1f}°)",
            unit="mm",
            value=round(median, 3),
            target=_MEDIAN_MM if thin else None,
        ),
        Row(
            name=f"{name}: time",
            unit="s",
            value=round(spent, 1),
        ),
        Row(name=f"{name}: memory beyond the program and its CT", unit="MB", value=round(memory_mb)),
    ]


def _judged(search: SeedSearch, truth: DrawnSeeds) -> tuple[float, float, float, float, float]:
    """Recall, precision, median and 95th percentile of the error in mm, median of the axes' in degrees."""
    made = matched_seeds(
        np.array([one.centre_lps_mm for one in search.seeds]).reshape(-1, 3),
        truth.centres_lps_mm,
        within_mm=_WITHIN_MM,
        found_axes=np.array([one.axis_lps for one in search.seeds]).reshape(-1, 3),
        wanted_axes=truth.axes_lps,
    )
    if not len(made.distance_mm):
        return 0.0, 0.0, float("inf"), float("inf"), 90.0
    low, high = np.percentile(made.distance_mm, [50.0, 95.0]).tolist()
    return made.recall, made.precision, low, high, float(np.median(made.angle_deg))


def _lots(image: Volume, truth: DrawnSeeds) -> tuple[float, float]:
    """Recall and precision of what is often done: every connected lot of metal is one seed, at its middle."""
    labels, count = ndimage.label(image.voxels > _METAL_HU)
    middles = np.array(ndimage.center_of_mass(labels > 0, labels, range(1, count + 1))).reshape(-1, 3)
    made = matched_seeds(image.lps_of(middles), truth.centres_lps_mm, within_mm=_WITHIN_MM)
    return made.recall, made.precision

"""How well and how quickly seeds are found: simulated CT of 20, 60 and 100 seeds, half of them in touching pairs."""

import resource
import time

import numpy as np

from tongtai.core.phantom.abdomen import AbdomenPhantom, draw_anatomy, imaged
from tongtai.core.phantom.implants import DrawnSeeds, draw_seeds
from tongtai.core.phantom.seeds import with_seeds
from tongtai.core.seed_detection.finding import SeedSearch, find_seeds
from tongtai.core.seed_detection.matching import matched_seeds
from tongtai.core.seed_detection.rules import DetectionRules
from tongtai.entrypoints.bench.row import Row

# Distance of the slices, and numbers of seeds.
_CASES = ((1.25, (20, 60, 100)), (1.0, (60,)), (2.5, (60,)), (5.0, (60,)))
_TALL_MM, _SIZE = 80.0, 512
_WITHIN_MM = 3.0
# The targets are for thin slices; what thicker ones give is said, not asked.
_THIN_MM = 1.25
_SHARE, _MEDIAN_MM = 0.98, 0.5


async def rows() -> list[Row]:
    """Search simulated abdomens; every row is one CT."""
    found = []
    for slice_mm, counts in _CASES:
        patient = _patient(slice_mm)
        for count in counts:
            found += _measured(patient, slice_mm, count)
    return found


def _patient(slice_mm: float) -> AbdomenPhantom:
    anatomy = draw_anatomy(np.random.default_rng(1))
    slices = round(_TALL_MM / slice_mm)
    return imaged(anatomy, np.random.default_rng(2), slices=slices, size=_SIZE, slice_mm=slice_mm)


def _measured(patient: AbdomenPhantom, slice_mm: float, count: int) -> list[Row]:
    truth = draw_seeds(np.random.default_rng(count), count, np.array(patient.tumours[0].centre_lps_mm))
    image = with_seeds(patient.image, truth.centres_lps_mm, truth.axes_lps, np.random.default_rng(4))
    began = time.perf_counter()
    search = find_seeds(image, DetectionRules())
    spent = time.perf_counter() - began
    recall, precision, median, p95, turned = _judged(search, truth)
    thin = slice_mm <= _THIN_MM
    name = f"{count} seeds, slices of {slice_mm:g} mm"
    return [
        Row(
            name=f"{name}: recall",
            unit="1",
            value=round(recall, 3),
            target=_SHARE if thin else None,
            better="higher",
        ),
        Row(
            name=f"{name}: precision",
            unit="1",
            value=round(precision, 3),
            target=_SHARE if thin else None,
            better="higher",
        ),
        Row(
            name=f"{name}: median error of the place (95 %: {p95:.2f} mm; axes: median {turned:.1f}°)",
            unit="mm",
            value=round(median, 3),
            target=_MEDIAN_MM if thin else None,
        ),
        Row(
            name=f"{name}: time; peak of the process {_peak_mb():.0f} MB, drawing the CT included",
            unit="s",
            value=round(spent, 1),
        ),
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


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000.0

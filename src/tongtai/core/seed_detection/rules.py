"""The numbers with which seeds are searched for, each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionRules:
    """How seeds are told from everything else.

    Attributes
    ----------
    length_mm
        Of the capsule; 4.5 mm for every model of the table.
    threshold_hu
        Metal is what exceeds this; None for `threshold_for` the slices' distance.
    slice_thickness_mm
        Width of the slice profile; None for the slices' distance.
    noise_hu
        Deviation of tissue from its local mean, streaks included; it weighs voxels.
    model_error
        Share of a voxel's height above tissue that the model of a seed may miss.
    new_seed_share
        A further seed must explain this share of what one seed alone makes in the image. Lower
        splits single seeds, higher joins pairs.
    brightness_spread
        Standard deviation of ln(brightness) between seeds of one kind.
    least_brightness, highest_brightness
        Of a usual seed, as a share; beyond, it is something else.
    least_confidence
        What scores less is listed as rejected, not as a seed.
    largest_cluster_seeds
        What is larger than so many seeds is bone, a stent or a pacemaker.
    """

    length_mm: float = 4.5
    threshold_hu: float | None = None
    slice_thickness_mm: float | None = None
    noise_hu: float = 60.0
    model_error: float = 0.08
    new_seed_share: float = 0.12
    brightness_spread: float = 0.2
    least_brightness: float = 0.45
    highest_brightness: float = 1.8
    least_confidence: float = 0.2
    largest_cluster_seeds: int = 40

    def threshold_for(self, spacing_mm: float) -> float:
        """1000 HU for slices of 1 mm, less for thicker ones: a seed across thick slices fills a part of each.

        Examples
        --------
        >>> [round(DetectionRules().threshold_for(mm)) for mm in (1.0, 2.5, 5.0)]
        [1000, 800, 500]
        """
        if self.threshold_hu is not None:
            return self.threshold_hu
        return max(500.0, min(1000.0, 1000.0 - 400.0 / 3.0 * (spacing_mm - 1.0)))

"""What must be known of a network before its output may be called a mask."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongtai.core.segmentation.errors import SegmentationError
from tongtai.core.segmentation.structures import STRUCTURES

Triple = tuple[int, int, int]


class PackCardError(SegmentationError):
    """The description of a model pack contradicts itself."""

    code = "model_pack_card"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputAxis:
    """How one axis of the image becomes an axis of the network's input: by spacing or by size."""

    spacing_mm: float | None = None
    size: int | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.spacing_mm, self.size) if value is not None]
        if len(given) != 1 or given[0] <= 0:
            raise PackCardError("An input axis has either a spacing_mm or a size, above zero.")

    def samples(self, length: int, spacing_mm: float) -> int:
        """Number of samples of an axis with ``length`` voxels."""
        if self.size is not None:
            return self.size
        assert self.spacing_mm is not None  # noqa: S101  (one of the two is given)
        return max(1, round(length * spacing_mm / self.spacing_mm))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackCard:
    """A model pack's machine-readable card.

    Attributes
    ----------
    name, version, task, licence, source, limits : str
        For people; the licence is that of the weights.
    sha256 : str
        Of ``model.onnx``.
    input_tensor, output_tensor : str
        Names in the model.
    axes : three InputAxis
        Along k (feet to head), j (front to back), i (right to left).
    window_hu : (float, float)
        Hounsfield units are clipped to this range …
    scale_hu, offset_hu : float
        … and become ``(HU − offset) / scale``.
    patch, stride, longest_stride : (k, j, i)
        Size of the network's window, its usual step, and the longest one allowed to stay within
        ``windows``.
    windows : int
        Number of windows from which on the step is lengthened.
    labels : mapping of int to str
        Output channel → key of the structure; channel 0 is the background.
    contains : mapping of str to tuple of str
        Structures whose mask includes those of others: the liver includes its tumour.
    dice : mapping of str to float
        Measured quality of a structure, where it was measured.
    measured_on : str
        On what.
    """

    name: str
    version: str
    task: str
    licence: str
    source: str
    limits: str
    sha256: str
    input_tensor: str
    output_tensor: str
    axes: tuple[InputAxis, InputAxis, InputAxis]
    window_hu: tuple[float, float]
    scale_hu: float
    offset_hu: float
    patch: Triple
    stride: Triple
    longest_stride: Triple
    windows: int
    labels: Mapping[int, str]
    contains: Mapping[str, tuple[str, ...]]
    dice: Mapping[str, float]
    measured_on: str

    def __post_init__(self) -> None:
        if not self.licence.strip():
            raise PackCardError(f"The pack “{self.name}” states no licence of its weights.")
        self._check_labels()
        for step, longest, size in zip(self.stride, self.longest_stride, self.patch, strict=True):
            if not 0 < step <= longest <= size:
                raise PackCardError(
                    f"The strides of the pack “{self.name}” must lie between 1 and its patch, the longest last."
                )
        if self.window_hu[0] >= self.window_hu[1] or self.scale_hu <= 0 or self.windows < 1:
            raise PackCardError(f"The window or scale of the pack “{self.name}” is empty.")

    def _check_labels(self) -> None:
        own = set(self.labels.values())
        unknown = sorted(own - set(STRUCTURES))
        if unknown:
            raise PackCardError(f"The pack “{self.name}” names structures that are not known: {unknown}.")
        if sorted(self.labels) != list(range(1, len(self.labels) + 1)) or len(own) != len(self.labels):
            raise PackCardError(
                f"The labels of the pack “{self.name}” must be numbered 1, 2, … without gaps, each another structure."
            )
        inner = {key for keys in self.contains.values() for key in keys}
        if inner - own:
            raise PackCardError(
                f"The pack “{self.name}” contains what it does not mark: {sorted(inner - own)}."
            )
        if any(not 0.0 <= value <= 1.0 for value in self.dice.values()):
            raise PackCardError(f"A Dice coefficient of the pack “{self.name}” does not lie in 0 to 1.")

    @property
    def engine(self) -> str:
        """Name and version as written into masks."""
        return f"pack/{self.name}/{self.version}"

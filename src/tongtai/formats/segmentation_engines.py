"""The engine that a name, a folder or a file stands for."""

from dataclasses import dataclass
from pathlib import Path

from tongtai.core.segmentation.classical.organs import find_liver_slices
from tongtai.core.segmentation.combination import CombinedSegmenter
from tongtai.core.segmentation.errors import SegmentationError
from tongtai.core.segmentation.masks import Finding, Segmentation, Severity
from tongtai.core.segmentation.network.segmenter import NetworkSegmenter
from tongtai.core.segmentation.progress import Progress, report, silent
from tongtai.core.volumes import Volume
from tongtai.formats.engine_names import AUTO, CLASSICAL, TOTALSEGMENTATOR
from tongtai.formats.mask_import import import_masks
from tongtai.formats.model_pack import ModelPack, PackStore, open_network, read_pack
from tongtai.formats.model_pack.reading import MODEL_FILE
from tongtai.formats.totalsegmentator import TotalSegmentatorEngine


class UnknownEngineError(SegmentationError):
    """There is no such segmentation engine."""

    code = "engine_unknown"


@dataclass(frozen=True, slots=True)
class FileSegmenter:
    """Masks of a file or folder, as if an engine had made them."""

    place: Path

    @property
    def engine(self) -> str:
        """The file's name."""
        return f"import/{self.place.name}"

    def segment(self, image: Volume, progress: Progress = silent) -> Segmentation:
        """Read the masks; what was left out or moved stands among the findings."""
        report(progress, 0.0, "read masks")
        # A folder that `tongtai segment` or a plan made keeps its masks one floor down.
        own = self.place / "masks"
        found = import_masks(own if own.is_dir() else self.place, image)
        told = [Finding("import_note", Severity.NOTE, note) for note in found.notes]
        if found.unused:
            text = f"Not used in planning: {', '.join(found.unused)}."
            told.append(Finding("import_unused", Severity.NOTE, text))
        segmentation = found.segmentation
        return Segmentation(grid=segmentation.grid, masks=segmentation.masks, findings=tuple(told))


def engine_named(name: str, store: PackStore, *, threads: int | None = None) -> CombinedSegmenter:
    """An engine, joined with the classical one for what it does not give.

    Parameters
    ----------
    name : str
        ``auto`` (the first installed pack that marks livers, else classical), ``classical``,
        ``totalsegmentator`` or ``totalsegmentator:TASK``, the name of an installed pack, the folder of
        a pack, or a file or folder of masks.
    store : PackStore
        The installed packs.
    threads : int, optional
        Threads of a network; default is every core that this process may use.

    Raises
    ------
    UnknownEngineError
        If nothing is called so.
    ModelPackError
        If the pack cannot be used.
    """
    if name == CLASSICAL:
        return CombinedSegmenter(first=None)
    if name == AUTO:
        return _automatic(store, threads)
    program, _, task = name.partition(":")
    if program == TOTALSEGMENTATOR:
        return CombinedSegmenter(first=TotalSegmentatorEngine(task=task or "total"))
    place = Path(name)
    if (place / MODEL_FILE).is_file():
        return _network(read_pack(place), threads)
    packs = [pack.name for pack in store.installed()]
    if name in packs:
        return _network(store.pack(name), threads)
    if place.exists():
        return CombinedSegmenter(first=FileSegmenter(place), keep_first=True)
    raise UnknownEngineError(
        f"There is no engine, file or folder “{name}”. Engines: {AUTO}, {CLASSICAL}, {TOTALSEGMENTATOR}"
        f"{''.join(f', {pack}' for pack in packs)}.",
        engine=name,
    )


def _automatic(store: PackStore, threads: int | None) -> CombinedSegmenter:
    for installed in store.installed():
        if installed.pack is not None and "liver" in installed.pack.card.labels.values():
            return _network(installed.pack, threads)
    return CombinedSegmenter(first=None)


def _network(pack: ModelPack, threads: int | None) -> CombinedSegmenter:
    network = NetworkSegmenter(
        card=pack.card, infer=open_network(pack, threads=threads), locate=find_liver_slices
    )
    return CombinedSegmenter(first=network)

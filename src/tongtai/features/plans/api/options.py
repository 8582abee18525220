"""What can be chosen for a plan on this installation."""

import asyncio
from pathlib import Path

from tongtai.core.seed_planning.rules import SeedNumber
from tongtai.features.plans.model import SEEDS, NamedDevice, NamedEngine, NamedSeed, PlanOptions
from tongtai.formats.devices import packaged_catalogue
from tongtai.formats.engine_names import AUTO, CLASSICAL
from tongtai.formats.model_pack import PackStore
from tongtai.formats.seed_models import seed_models
from tongtai.formats.seed_rules import packaged_seed_rules

_BURNT = ("rfa", "mwa")
_ENGINES = (
    NamedEngine(name=AUTO, title="Automatic: the first installed model that marks livers, else classical"),
    NamedEngine(name=CLASSICAL, title="Classical, without a model"),
)


class InstalledOptions:
    """Engines and devices, looked up again when a model pack is added or removed.

    Parameters
    ----------
    models : Path
        Folder of the installed packs.
    """

    def __init__(self, models: Path) -> None:
        self._models = models
        self._known: tuple[int, PlanOptions] | None = None

    async def options(self) -> PlanOptions:
        """Engines, devices and techniques."""
        changed_ns = self._models.stat().st_mtime_ns if self._models.is_dir() else 0
        if self._known is None or self._known[0] != changed_ns:
            # Each pack is read and checked against its checksum.
            self._known = changed_ns, await asyncio.to_thread(self._looked_up)
        return self._known[1]

    def _looked_up(self) -> PlanOptions:
        packs = [found.pack.card for found in PackStore(self._models).installed() if found.pack is not None]
        catalogue, rules = packaged_catalogue(), packaged_seed_rules()
        return PlanOptions(
            engines=(
                *_ENGINES,
                *(NamedEngine(name=card.name, title=f"{card.name} {card.version}") for card in packs),
            ),
            devices=tuple(
                NamedDevice(
                    id=table.device_id,
                    name=table.name,
                    technique=technique,
                    evidence=table.evidence.value,
                )
                for technique in _BURNT
                for table in catalogue.usable(technique)
            ),
            seeds=tuple(
                NamedSeed(id=model.id, name=model.name, consensus=model.consensus)
                for model in seed_models().values()
                if model.anisotropy is not None
            ),
            activity_mci=(
                rules.number(SeedNumber.LEAST_ACTIVITY_MCI),
                rules.number(SeedNumber.LARGEST_ACTIVITY_MCI),
            ),
            techniques=(*_BURNT, SEEDS),
        )

"""Plans of seeds that somebody is changing, kept open so that a change costs only the seed that changed."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from tongtai.core.seed_planning.hand_placed import HandPlacedSeeds
from tongtai.features.plans.errors import PlanRequestError
from tongtai.features.plans.model import PlanFile, PlanRecord
from tongtai.formats.seed_plan_folder import DESK_FILE
from tongtai.formats.seed_plan_json.hand_placed import seeds_of_plan
from tongtai.infra.blobs import Blobs

if TYPE_CHECKING:
    from tongtai.core.brachytherapy.live import LiveImplant
    from tongtai.core.seed_planning.desk import SeedDesk
    from tongtai.core.seed_planning.edited import EditJudged
    from tongtai.core.volumes import Volume

# Each holds some ten megabytes: the samples of one patient and their doses.
_KEPT = 4
Packed = TypeVar("Packed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LookedAt(Generic[Packed]):
    """What a change does.

    Attributes
    ----------
    judged
        Needles, seeds, goals and doses.
    dose
        Gy to infinity around the target, packed.
    computed_ms
        How long that took, once the plan was open.
    """

    judged: "EditJudged"
    dose: Packed
    computed_ms: float


class OpenSeedDesks:
    """The plans that were changed last.

    The first change of a plan reads it, and the first of all loads the compiled dose computation, which the server
    does not need otherwise.

    Parameters
    ----------
    blobs : Blobs
        Where plans and samples are.
    """

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._open: OrderedDict[str, tuple[SeedDesk, LiveImplant, LiveImplant]] = OrderedDict()
        # One change at a time: the computation takes every core for some milliseconds. Always from the same thread,
        # because each that asks for compiled loops gets helpers of its own, which then stand in each other's way.
        self._turn = asyncio.Lock()
        self._computing = ThreadPoolExecutor(1, "seed-desks")
        self._packing = ThreadPoolExecutor(1, "seed-doses")

    def close(self) -> None:
        """End the threads."""
        self._computing.shutdown(wait=False, cancel_futures=True)
        self._packing.shutdown(wait=False, cancel_futures=True)

    async def look(
        self,
        plan: PlanRecord,
        files: Sequence[PlanFile],
        placed: HandPlacedSeeds,
        pack: "Callable[[Volume], Packed]",
    ) -> LookedAt[Packed]:
        """Judge an arrangement of a plan's seeds; ``pack`` has the dose grid meanwhile, on a thread of its own.

        Raises
        ------
        PlanRequestError
            If the plan has no seeds, or an earlier version of the program made it.
        SeedEditError
            If a seed lies where none can be judged.
        """
        sha256 = next((file.sha256 for file in files if file.name == DESK_FILE), None)
        if sha256 is None:
            raise PlanRequestError(
                "The seeds of this plan cannot be changed one by one; plan anew.", field="seeds"
            )
        async with self._turn:
            contents = None
            if sha256 not in self._open:
                contents = await self._blobs.get(sha256), await self._blobs.get(plan.plan_sha256)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._computing, self._looked, sha256, contents, placed, pack)

    def _looked(
        self,
        sha256: str,
        contents: tuple[bytes, bytes] | None,
        placed: HandPlacedSeeds,
        pack: "Callable[[Volume], Packed]",
    ) -> LookedAt[Packed]:
        from tongtai.core.seed_planning.desk import changed, judged, opened  # noqa: PLC0415
        from tongtai.formats.seed_plan_folder.desk_file import read_desk  # noqa: PLC0415

        if contents is not None:
            desk = read_desk(*contents)
            planned = opened(desk, seeds_of_plan(desk.plan))
            self._open[sha256] = desk, planned, planned
        began = time.perf_counter()
        desk, planned, last = self._open[sha256]
        after = changed(desk, placed, planned, last)
        packed = self._packing.submit(pack, after.dose_grid())
        found = judged(desk, after, placed)
        dose = packed.result()
        computed_ms = (time.perf_counter() - began) * 1000.0
        self._open[sha256] = desk, planned, after
        self._open.move_to_end(sha256)
        while len(self._open) > _KEPT:
            self._open.popitem(last=False)
        return LookedAt(judged=found, dose=dose, computed_ms=computed_ms)

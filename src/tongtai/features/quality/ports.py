"""What indicators need from outside."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from tongtai.features.quality.model import (
    CaseFigures,
    Count,
    Filter,
    IndicatorCode,
    Listed,
    Mark,
    Marks,
    Supervised,
)


class QualityStore(Protocol):
    """Rows of cases, made ready for counting."""

    async def stale(self, institution_id: str, today: date, *, limit: int) -> Mapping[str, str]:
        """Cases whose row is not there or no longer right, with the stamp that their new row gets."""
        ...

    async def figures(self, case_ids: Sequence[str]) -> Mapping[str, CaseFigures]:
        """What is known of these cases."""
        ...

    async def put(self, rows: Mapping[str, tuple[str, Marks]]) -> None:
        """Write rows: stamp and marks by case."""
        ...

    async def counts(
        self, institution_id: str, chosen: Filter
    ) -> Mapping[str, Mapping[IndicatorCode, Count]]:
        """Numbers by month (``2026-01``)."""
        ...

    async def supervised(self, institution_id: str, chosen: Filter, *, limit: int) -> list[Supervised]:
        """Treated cases with all their marks, the latest first."""
        ...

    async def listed(
        self, institution_id: str, chosen: Filter, code: IndicatorCode, marks: Sequence[Mark], *, limit: int
    ) -> list[Listed]:
        """Cases that count so, the latest first."""
        ...

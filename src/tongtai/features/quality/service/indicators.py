"""Use cases: count an institution's cases by every indicator, and list who is counted how."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.quality.errors import IndicatorNotFoundError
from tongtai.features.quality.model import (
    INDICATORS,
    Count,
    Filter,
    IndicatorCode,
    Listed,
    Mark,
    Supervised,
    Tally,
    marks_of,
)
from tongtai.features.quality.ports import QualityStore

_BATCH = 500
_LISTED = 1000
_SUPERVISED = 10_000
Numbers = Mapping[str, Mapping[IndicatorCode, Count]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityService:
    """Quality indicators of one's own institution."""

    store: QualityStore
    audit: AuditLog
    clock: Clock

    async def counts(self, principal: Principal, chosen: Filter) -> Numbers:
        """Numbers of every indicator by month.

        Raises
        ------
        ForbiddenError
            If the person's roles may not.
        """
        await self._enter(principal)
        await self.refresh(principal.institution_id)
        return await self.store.counts(principal.institution_id, chosen)

    async def listed(self, principal: Principal, code: str, chosen: Filter, *, mark: str) -> list[Listed]:
        """Cases by how they count: ``hit``, ``miss`` or ``excluded``.

        Raises
        ------
        ForbiddenError
            If the person's roles may not.
        IndicatorNotFoundError
            If there is no such indicator.
        """
        await self._enter(principal)
        if code not in {one.value for one in INDICATORS}:
            raise IndicatorNotFoundError(code=code[:40])
        await self.refresh(principal.institution_id)
        marks = {"hit": [Mark.HIT], "miss": [Mark.MISS]}.get(mark, [one for one in Mark if one < 0])
        return await self.store.listed(
            principal.institution_id, chosen, IndicatorCode(code), marks, limit=_LISTED
        )

    async def tallies(self, principal: Principal, chosen: Filter) -> list[Tally]:
        """Treated cases counted by month, technique, service and other institution.

        Raises
        ------
        ForbiddenError
            If the person's roles may not.
        """
        await self._enter(principal)
        await self.refresh(principal.institution_id)
        return await self.store.tallies(principal.institution_id, chosen)

    async def supervised(self, principal: Principal, chosen: Filter) -> list[Supervised]:
        """Treated cases as a supervising authority reads them; that it was read stands in the audit log.

        Raises
        ------
        ForbiddenError
            If the person's roles may not.
        """
        await self._enter(principal, AuditAction.SUPERVISION_READ)
        await self.refresh(principal.institution_id)
        return await self.store.supervised(principal.institution_id, chosen, limit=_SUPERVISED)

    async def refresh(self, institution_id: str) -> int:
        """Bring the rows of an institution's cases up to date; return how many were not."""
        now, done = self.clock.now(), 0
        while stale := await self.store.stale(institution_id, now.date(), limit=_BATCH):
            figures = await self.store.figures(list(stale))
            rows = {
                case_id: (
                    stamp,
                    marks_of(
                        figures[case_id],
                        now.date(),
                        presumed_lost=figures[case_id].follow_up.presumed_lost(now),
                    ),
                )
                for case_id, stamp in stale.items()
            }
            await self.store.put(rows)
            done += len(rows)
        return done

    async def _enter(self, principal: Principal, action: AuditAction = AuditAction.INDICATORS_READ) -> None:
        if Permission.QUALITY_READ not in principal.permissions:
            await self.audit.record_denied(principal.actor, action)
            raise ForbiddenError(permission=Permission.QUALITY_READ.value)
        self.audit.record(principal.actor, action)

"""Use cases of the archive: make a bundle, receive it, hold, seal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal, Role, confirmation
from tongtai.features.archive.errors import (
    BundleNotFoundError,
    HoldNotFoundError,
    KeptError,
    ReceiptRefusedError,
    SealRefusedError,
)
from tongtai.features.archive.model import (
    UNSEAL_AFTER_YEARS,
    Bundle,
    Hold,
    Part,
    Receipt,
    RetentionClass,
    Seal,
    kept_until,
    lacks_to_delete,
)
from tongtai.features.archive.ports import ArchiveStore, ContentStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView
from tongtai.features.cases.service import CaseAccess
from tongtai.features.qualifications.model import years_later

_ARCHIVISTS = frozenset({Role.ATTENDING, Role.OPERATOR, Role.MEDICAL_AFFAIRS})
_RECEIVERS = frozenset({Role.MEDICAL_AFFAIRS, Role.ATTENDING, Role.COORDINATOR, Role.LEAD_GUIDE})
_LAWYERS = frozenset({Role.MEDICAL_AFFAIRS})


@dataclass(frozen=True, slots=True)
class Content:
    """A part with its bytes, before it is stored."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveService:
    """The archive of a case."""

    store: ArchiveStore
    content: ContentStore
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def listed(self, principal: Principal, case_id: str) -> list[Bundle]:
        """The bundles of a case, the newest first."""
        await self.access.require(principal, case_id, Permission.CASE_READ, action=AuditAction.ARCHIVE_READ)
        return await self.store.bundles(case_id)

    async def make(
        self,
        principal: Principal,
        case_id: str,
        contents: Sequence[Content],
        *,
        retention: RetentionClass,
        last_day: date,
        reason: str,
    ) -> Bundle:
        """Put the record together as it is now: the first version, or a later one with a reason.

        Raises
        ------
        SealRefusedError
            If the reason for a later version is missing.
        """
        await self.allow(principal, case_id, _ARCHIVISTS, AuditAction.ARCHIVE_MADE)
        known = await self.store.bundles(case_id)
        if known and not reason.strip():
            raise SealRefusedError(reason="later_version_needs_a_reason")
        parts = [
            Part(
                name=one.name,
                media_type=one.media_type,
                sha256=await self.content.put(one.content),
                size_bytes=len(one.content),
            )
            for one in contents
        ]
        bundle = Bundle(
            id=self.new_id("bun"),
            case_id=case_id,
            number=len(known) + 1,
            parts=tuple(parts),
            retention=retention,
            kept_until=kept_until(retention, last_day),
            made_at=self.clock.now(),
            made_by=principal.user_id,
            reason=reason.strip(),
            previous_sha256=known[0].sha256 if known else "",
        )
        await self.store.add_bundle(bundle)
        return bundle

    async def part(self, principal: Principal, case_id: str, bundle_id: str, name: str) -> Part:
        """One part of a bundle."""
        for bundle in await self.listed(principal, case_id):
            for one in bundle.parts:
                if bundle.id == bundle_id and one.name == name:
                    return one
        raise BundleNotFoundError(bundle_id=bundle_id[:64])

    async def receive(self, principal: Principal, case_id: str, bundle_id: str, *, sha256: str) -> Bundle:
        """Confirm for one's side that the bundle arrived, by the hash of what arrived.

        Raises
        ------
        ReceiptRefusedError
            If that is not the bundle's.
        """
        view = await self.allow(principal, case_id, _RECEIVERS, AuditAction.ARCHIVE_RECEIVED)
        bundle = next((one for one in await self.store.bundles(case_id) if one.id == bundle_id), None)
        if bundle is None:
            raise BundleNotFoundError(bundle_id=bundle_id[:64])
        if sha256 != bundle.sha256:
            raise ReceiptRefusedError(bundle_id=bundle.id)
        receipt = Receipt(
            institution_id=principal.institution_id,
            sha256=sha256,
            by=confirmation(principal, view.role, at=self.clock.now(), sha256=sha256, means="login"),
        )
        others = [one for one in bundle.receipts if one.institution_id != principal.institution_id]
        received = replace(bundle, receipts=(*others, receipt), version=bundle.version + 1)
        if not await self.store.replace_bundle(received, version=bundle.version):
            return await self.receive(principal, case_id, bundle_id, sha256=sha256)
        return received

    async def hold(self, principal: Principal, case_id: str, *, reason: str) -> list[Hold]:
        """Place a legal hold."""
        await self.allow(principal, case_id, _LAWYERS, AuditAction.HOLD_PLACED)
        await self.store.save_hold(
            Hold(
                id=self.new_id("hold"),
                case_id=case_id,
                reason=reason,
                placed_by=principal.user_id,
                placed_at=self.clock.now(),
            )
        )
        return await self.store.holds(case_id)

    async def release(self, principal: Principal, case_id: str, hold_id: str) -> list[Hold]:
        """Release a legal hold."""
        await self.allow(principal, case_id, _LAWYERS, AuditAction.HOLD_RELEASED)
        known = next((one for one in await self.store.holds(case_id) if one.id == hold_id), None)
        if known is None or known.released_at is not None:
            raise HoldNotFoundError(hold_id=hold_id[:64])
        released = replace(known, released_by=principal.user_id, released_at=self.clock.now())
        await self.store.save_hold(released)
        return await self.store.holds(case_id)

    async def holds(self, principal: Principal, case_id: str) -> tuple[list[Hold], list[Seal]]:
        """The legal holds and seals of a case."""
        await self.allow(principal, case_id, _LAWYERS, AuditAction.ARCHIVE_READ)
        return await self.store.holds(case_id), await self.store.seals(case_id)

    async def seal(
        self, principal: Principal, case_id: str, *, patient_side: str, relation: str, finished: bool
    ) -> Seal:
        """Seal the newest bundle with both sides present; the caller has just proved who they are.

        Raises
        ------
        SealRefusedError
            If nothing is archived yet, or a seal stands.
        """
        view = await self.allow(principal, case_id, _LAWYERS, AuditAction.RECORD_SEALED)
        bundles = await self.store.bundles(case_id)
        if not bundles:
            raise SealRefusedError(reason="bundle_missing")
        if any(one.unsealed_at is None for one in await self.store.seals(case_id)):
            raise SealRefusedError(reason="sealed_already")
        now, newest = self.clock.now(), bundles[0]
        seal = Seal(
            id=self.new_id("seal"),
            case_id=case_id,
            bundle_id=newest.id,
            bundle_sha256=newest.sha256,
            hospital=confirmation(principal, view.role, at=now, sha256=newest.sha256),
            patient_side=patient_side,
            relation=relation,
            finished_part=finished,
            sealed_at=now,
        )
        await self.store.save_seal(seal)
        return seal

    async def unseal(self, principal: Principal, case_id: str, *, settled: bool, reason: str) -> Seal:
        """Unseal after the dispute is settled, or three years later.

        Raises
        ------
        SealRefusedError
            If it is neither, or no seal stands.
        """
        await self.allow(principal, case_id, _LAWYERS, AuditAction.RECORD_UNSEALED)
        seals = [one for one in await self.store.seals(case_id) if one.unsealed_at is None]
        if not seals:
            raise SealRefusedError(reason="not_sealed")
        now = self.clock.now()
        free_on = years_later(seals[0].sealed_at.date(), UNSEAL_AFTER_YEARS)
        if not settled and now.date() < free_on:
            raise SealRefusedError(reason="dispute_not_settled", free_on=free_on.isoformat())
        opened = replace(seals[0], unsealed_at=now, unseal_reason=reason)
        await self.store.save_seal(opened)
        return opened

    async def check_deletable(self, case_id: str) -> None:
        """Refuse to delete what must be kept, whoever asks.

        Raises
        ------
        KeptError
            With every reason.
        """
        lacks = lacks_to_delete(
            await self.store.bundles(case_id),
            await self.store.holds(case_id),
            self.clock.now().date(),
        )
        if lacks:
            raise KeptError(case_id=case_id, lacks=[one.as_dict() for one in lacks])

    async def run_out(self, *, limit: int = 500) -> list[str]:
        """The cases that need no longer be kept and stand under no hold: candidates, nothing more."""
        today = self.clock.now().date()
        found = []
        for case_id in await self.store.run_out(today, limit=limit):
            holds = await self.store.holds(case_id)
            if not lacks_to_delete([], holds, today):
                found.append(case_id)
        return found

    async def allow(
        self, principal: Principal, case_id: str, roles: frozenset[Role], action: AuditAction
    ) -> CaseView:
        """The case, if one of the person's roles in it may do this."""
        view = await self.access.require(principal, case_id, Permission.CASE_READ, action=action)
        if not view.roles & roles:
            await self.audit.record_denied(principal.actor, action, case=view.case.reference)
            raise ForbiddenError(roles=sorted(roles))
        return view

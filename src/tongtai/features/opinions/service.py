"""Use cases of opinions and decisions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal, Role, confirmation
from tongtai.features.agreements.model import ServiceType
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView, Side
from tongtai.features.cases.service import CaseAccess
from tongtai.features.opinions.errors import (
    OpinionChangedError,
    OpinionIssuedError,
    OpinionNotFoundError,
    OpinionRefusedError,
)
from tongtai.features.opinions.model import (
    Decision,
    Opinion,
    Outcome,
    Part,
    lacks_of_opinion,
    lacks_of_text,
)
from tongtai.features.opinions.ports import OpinionStore

_WRITERS = frozenset({Role.LEAD_GUIDE, Role.BACKUP_GUIDE, Role.MDT_MEMBER})
_DECIDERS = frozenset({Role.ATTENDING, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionService:
    """Opinions of the invited side, decisions of the inviting side."""

    store: OpinionStore
    access: CaseAccess
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def listed(self, principal: Principal, case_id: str) -> tuple[list[Opinion], list[Decision]]:
        """Opinions and decisions of a case, the newest first."""
        await self.access.require(principal, case_id, Permission.CASE_READ, action=AuditAction.OPINION_READ)
        return await self.store.opinions(case_id), await self.store.decisions(case_id)

    async def write(
        self,
        principal: Principal,
        case_id: str,
        *,
        service_type: ServiceType,
        parts: Mapping[Part, str],
        experts: Sequence[str],
        plan_sha256: str,
    ) -> Opinion:
        """Write an opinion down: a draft until somebody signs.

        Raises
        ------
        ForbiddenError
            If the caller is no physician of the invited side.
        OpinionRefusedError
            If somebody who is named is not of the invited side's team.
        """
        view = await self._as(principal, case_id, _WRITERS, AuditAction.OPINION_WRITTEN)
        self._check_experts(view, experts)
        opinion = Opinion(
            id=self.new_id("opi"),
            case_id=case_id,
            number=len(await self.store.opinions(case_id)) + 1,
            service_type=service_type,
            parts={part: text for part, text in parts.items() if text.strip()},
            experts=tuple(dict.fromkeys(experts)),
            written_by=principal.user_id,
            written_at=self.clock.now(),
            plan_sha256=plan_sha256,
        )
        await self.store.add_opinion(opinion)
        return opinion

    async def change(
        self,
        principal: Principal,
        case_id: str,
        opinion_id: str,
        *,
        parts: Mapping[Part, str],
        experts: Sequence[str],
        version: int,
    ) -> Opinion:
        """Change a draft that nobody has signed."""
        view = await self._as(principal, case_id, _WRITERS, AuditAction.OPINION_WRITTEN)
        self._check_experts(view, experts)
        known = await self._found(case_id, opinion_id)
        if known.signatures:
            raise OpinionIssuedError(opinion_id=known.id)
        changed = replace(
            known,
            parts={part: text for part, text in parts.items() if text.strip()},
            experts=tuple(dict.fromkeys(experts)),
        )
        return await self._replace(changed, version)

    async def sign(self, principal: Principal, case_id: str, opinion_id: str) -> Opinion:
        """Sign: a named expert; for a diagnosis also a physician of the inviting side.

        The caller has just proved who they are.
        """
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.OPINION_SIGNED, changes=True
        )
        known = await self._found(case_id, opinion_id)
        by_inviting = (
            known.service_type is ServiceType.DIAGNOSIS
            and view.side is Side.SITE
            and bool(view.roles & _DECIDERS)
        )
        if principal.user_id not in known.experts and not by_inviting:
            await self._deny(principal, view, AuditAction.OPINION_SIGNED)
        lacks = lacks_of_text(known)
        if lacks:
            raise OpinionRefusedError(lacks=[lack.as_dict() for lack in lacks])
        others = tuple(one for one in known.signatures if one.user_id != principal.user_id)
        signature = confirmation(principal, view.role, at=self.clock.now(), sha256=known.sha256)
        return await self._replace(replace(known, signatures=(*others, signature)), known.version)

    async def decide(
        self,
        principal: Principal,
        case_id: str,
        *,
        opinion_id: str,
        outcome: Outcome,
        reason: str,
        operates: bool,
    ) -> Decision:
        """Decide, and sign the decision; the caller has just proved who they are.

        Raises
        ------
        ForbiddenError
            If the caller is no physician of the inviting side.
        OpinionRefusedError
            If the opinion is not issued, or what is not adopted has no reason.
        """
        view = await self._as(principal, case_id, _DECIDERS, AuditAction.DECISION_SIGNED)
        opinion = await self._found(case_id, opinion_id)
        lacks = [
            lack.as_dict()
            for lack in lacks_of_opinion(opinion, inviting_id=view.case.inviting_institution_id)
        ]
        if outcome is not Outcome.ADOPTED and not reason.strip():
            lacks.append({"code": "decision_reason_missing", "values": {}})
        if lacks:
            raise OpinionRefusedError(lacks=lacks)
        now = self.clock.now()
        decision = Decision(
            id=self.new_id("dec"),
            case_id=case_id,
            number=len(await self.store.decisions(case_id)) + 1,
            opinion_id=opinion.id,
            opinion_sha256=opinion.sha256,
            outcome=outcome,
            reason=reason.strip(),
            operates=operates,
            decided_at=now,
        )
        signature = confirmation(principal, view.role, at=now, sha256=decision.sha256)
        signed = replace(decision, signature=signature)
        await self.store.add_decision(signed)
        return signed

    async def _as(
        self, principal: Principal, case_id: str, roles: frozenset[Role], action: AuditAction
    ) -> CaseView:
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=action, changes=True
        )
        if not view.roles & roles:
            await self._deny(principal, view, action)
        return view

    async def _deny(self, principal: Principal, view: CaseView, action: AuditAction) -> None:
        await self.audit.record_denied(principal.actor, action, case=view.case.reference)
        raise ForbiddenError(reason="not_for_this_role")

    def _check_experts(self, view: CaseView, experts: Sequence[str]) -> None:
        known = {one.user_id for one in view.team if one.side is Side.CENTRE and one.role in _WRITERS}
        strangers = [one for one in experts if one not in known]
        if strangers:
            raise OpinionRefusedError(
                lacks=[{"code": "not_of_the_team", "values": {"user_id": one}} for one in strangers]
            )

    async def _found(self, case_id: str, opinion_id: str) -> Opinion:
        for opinion in await self.store.opinions(case_id):
            if opinion.id == opinion_id:
                return opinion
        raise OpinionNotFoundError(opinion_id=opinion_id[:64])

    async def _replace(self, opinion: Opinion, version: int) -> Opinion:
        newer = replace(opinion, version=version + 1)
        if not await self.store.replace_opinion(newer, version=version):
            raise OpinionChangedError(opinion_id=opinion.id)
        return newer

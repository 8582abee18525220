"""Use cases: begin, look at and move a case, and state things about it for the record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tongtai.core.clock import Clock
from tongtai.core.lacks import Lack
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import Permission, Principal, Role
from tongtai.features.audit.model import GENESIS, AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import CaseView, RecordState, Sharing, Side
from tongtai.features.cases.service import CaseAccess, CaseService
from tongtai.features.consents.model import ConsentKind
from tongtai.features.workflow.errors import (
    CaseSealedError,
    MoveRefusedError,
    NotInWorkflowError,
    ReasonMissingError,
    StatementRefusedError,
    WorkflowBegunError,
    WorkflowChangedError,
)
from tongtai.features.workflow.model import (
    MAY_STATE,
    NEEDS_WORDS,
    Act,
    ClinicalState,
    Dossier,
    Guard,
    LegalState,
    Move,
    Mover,
    MoveRequest,
    OpenWay,
    Overview,
    ReasonRule,
    ServiceType,
    Statement,
    StatementKind,
    Transition,
    WithdrawalEffect,
    effect_of_withdrawal,
    leaving,
    move_hash,
    next_due,
    transition_of,
)
from tongtai.features.workflow.ports import GuardReader, Scene, WorkflowStore

# A case is taken into the workflow only under an agreement: it would be in force for nobody else.
_TO_BEGIN = (Guard.AGREEMENT_IN_FORCE,)
# What the operator can decide when a consent is withdrawn while the patient is on the table.
_GO_ON, _STOP_SHARING = "go_on", "stop"


def mover(principal: Principal, role: Role) -> Mover:
    """Somebody who acts in this role, by the names that they have now."""
    return Mover(
        user_id=principal.user_id,
        name=principal.display_name,
        name_en=principal.display_name_en,
        role=role,
        institution_id=principal.institution_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowService:
    """The way of cases."""

    store: WorkflowStore
    guards: GuardReader
    access: CaseAccess
    cases: CaseService
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]

    async def begin(
        self, principal: Principal, case_id: str, *, service_type: ServiceType, urgent: bool
    ) -> Overview:
        """Take a case of one's own hospital into the workflow: a draft.

        Raises
        ------
        WorkflowBegunError
            If it is there already.
        MoveRefusedError
            If no agreement between the two institutions is in force.
        """
        view = await self.access.require(
            principal, case_id, Permission.CASE_WRITE, action=AuditAction.CASE_MOVED
        )
        if view.side is not Side.SITE:
            raise ForbiddenError(permission=Permission.CASE_WRITE.value)
        if await self.store.find(case_id) is not None:
            raise WorkflowBegunError(case_id=case_id)
        now = self.clock.now()
        dossier = Dossier(
            case_id=case_id,
            state=ClinicalState.DRAFT,
            entered_at=now,
            began_at=now,
            service_type=service_type,
            urgent=urgent,
        )
        scene = Scene(case=view.case, dossier=dossier, statements=(), now=now)
        missing = [lack for guard in _TO_BEGIN for lack in await self.guards.lacks(guard, scene)]
        if missing:
            raise MoveRefusedError(act="begin", lacks=[lack.as_dict() for lack in missing])
        await self.store.add(dossier)
        await self._record(dossier, "begin", None, mover(principal, Role.ATTENDING), reason="")
        if await self.guards.lacks(Guard.CONSENT_TO_SHARE, scene):
            await self.cases.share(case_id, Sharing.WITHHELD)
        return await self._overview(view, dossier)

    async def look(self, principal: Principal, case_id: str) -> Overview:
        """Where a case stands, every way on with what it lacks, and what has moved it."""
        view = await self.access.require(principal, case_id, Permission.CASE_READ)
        return await self._overview(view, await self._found(case_id))

    async def move(self, principal: Principal, case_id: str, request: MoveRequest) -> Overview:
        """Do a step.

        Raises
        ------
        ForbiddenError
            If the person's roles in the case do not do this step.
        MoveRefusedError
            If the state has no such way, or something is missing: the values hold the whole list.
        ReasonMissingError, CaseSealedError, WorkflowChangedError
            If the step needs a reason; the record is sealed; somebody was quicker.
        """
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.CASE_MOVED
        )
        dossier = await self._found(case_id)
        if dossier.version != request.version:
            raise WorkflowChangedError(case_id=case_id, version=dossier.version)
        if dossier.legal is LegalState.SEALED:
            raise CaseSealedError(case_id=case_id)
        way = transition_of(dossier.state, request.act, suspended_from=dossier.suspended_from)
        if way is None:
            raise MoveRefusedError(
                act=request.act.value,
                state=dossier.state.value,
                lacks=[{"code": "no_such_way", "values": {"possible": _possible(dossier)}}],
            )
        role = await self._acting_role(principal, view, way.roles)
        _check_reason(way, dossier, request.reason)
        scene = await self._scene(view, dossier)
        lacks = await self._lacks(way, scene)
        if lacks:
            await self.audit.record_denied(
                principal.actor,
                AuditAction.CASE_MOVED,
                case=view.case.reference,
                act=request.act.value,
                lacks=[lack.code for lack in lacks],
            )
            raise MoveRefusedError(
                act=request.act.value,
                state=dossier.state.value,
                lacks=[lack.as_dict() for lack in lacks],
            )
        values = await self.guards.recorded_with(request.act, scene)
        after = await self._go(dossier, way, mover(principal, role), request.reason, values)
        if way.act is Act.ARCHIVE:
            await self.cases.lock(case_id, RecordState.ARCHIVED)
        return await self._overview(view, after)

    async def state(
        self,
        principal: Principal,
        case_id: str,
        kind: StatementKind,
        *,
        subject: str = "",
        sha256: str = "",
        text: str = "",
    ) -> Overview:
        """State something for the record.

        Raises
        ------
        ForbiddenError
            If it is not for this person to state.
        StatementRefusedError
            If it says nothing without words or a subject.
        """
        view = await self.access.require(
            principal, case_id, Permission.CASE_READ, action=AuditAction.CASE_STATED
        )
        dossier = await self._found(case_id)
        if dossier.legal is LegalState.SEALED:
            raise CaseSealedError(case_id=case_id)
        role = await self._acting_role(principal, view, MAY_STATE[kind])
        if kind in NEEDS_WORDS and not text.strip():
            raise StatementRefusedError(kind=kind.value, reason="words_missing")
        if kind is StatementKind.PLAN_READ and not (subject and sha256):
            raise StatementRefusedError(kind=kind.value, reason="plan_missing")
        if kind is StatementKind.WITHDRAWAL_JUDGED and subject not in {_GO_ON, _STOP_SHARING}:
            raise StatementRefusedError(kind=kind.value, reason="judgement_missing")
        await self.store.add_statement(
            Statement(
                id=self.new_id("stmt"),
                case_id=case_id,
                kind=kind,
                at=self.clock.now(),
                by=mover(principal, role),
                subject=subject,
                sha256=sha256,
                text=text.strip(),
            )
        )
        if kind is StatementKind.WITHDRAWAL_JUDGED and subject == _STOP_SHARING:
            await self.cases.share(case_id, Sharing.WITHHELD)
        return await self._overview(view, dossier)

    async def consent_withdrawn(
        self, principal: Principal, view: CaseView, kind: ConsentKind
    ) -> WithdrawalEffect:
        """Do what a withdrawal means where the case stands; asked after it was written down."""
        dossier = await self.store.find(view.case.id)
        effect = effect_of_withdrawal(dossier.state if dossier else None, kind)
        if effect is WithdrawalEffect.ONLY_THIS:
            return effect
        if dossier is not None and effect is WithdrawalEffect.SUSPEND:
            way = transition_of(dossier.state, Act.SUSPEND)
            if way is not None:
                role = next(role for role in Role if role in view.roles)
                await self._go(dossier, way, mover(principal, role), "consent_withdrawn", {"consent": kind})
        if effect is not WithdrawalEffect.OPERATOR_DECIDES:
            await self.cases.share(view.case.id, Sharing.WITHHELD)
        return effect

    async def service_type(self, case_id: str) -> ServiceType:
        """What kind of service a case is: it decides who answers for its documents."""
        return (await self._found(case_id)).service_type

    async def set_legal(self, case_id: str, legal: LegalState) -> None:
        """Seal the record or open it again; asked when the seal was written down."""
        dossier = await self.store.find(case_id)
        archived = dossier is not None and dossier.state is ClinicalState.ARCHIVED
        opened = RecordState.ARCHIVED if archived else RecordState.OPEN
        await self.cases.lock(case_id, RecordState.SEALED if legal is LegalState.SEALED else opened)
        if dossier is not None:
            changed = replace(dossier, legal=legal, version=dossier.version + 1)
            if not await self.store.replace(changed, version=dossier.version):
                raise WorkflowChangedError(case_id=case_id, version=dossier.version)

    async def _go(
        self,
        dossier: Dossier,
        way: Transition,
        who: Mover,
        reason: str,
        values: Mapping[str, object],
    ) -> Dossier:
        after = replace(
            dossier,
            state=way.target,
            entered_at=self.clock.now(),
            returns=dossier.returns + (way.act is Act.RETURN),
            suspended_from=dossier.state if way.act is Act.SUSPEND else None,
            version=dossier.version + 1,
        )
        # The version is compared by the UPDATE itself: of two who move a case one is told.
        if not await self.store.replace(after, version=dossier.version):
            raise WorkflowChangedError(case_id=dossier.case_id, version=dossier.version)
        await self._record(after, way.act.value, dossier.state, who, reason=reason, values=values)
        return after

    async def _record(
        self,
        dossier: Dossier,
        act: str,
        before: ClinicalState | None,
        who: Mover,
        *,
        reason: str,
        values: Mapping[str, object] | None = None,
    ) -> None:
        past = await self.store.moves(dossier.case_id)
        move = Move(
            case_id=dossier.case_id,
            seq=len(past) + 1,
            at=dossier.entered_at,
            act=act,
            before=before,
            after=dossier.state,
            mover=who,
            reason=reason,
            values=dict(values or {}),
            prev_hash=past[-1].hash if past else GENESIS,
        )
        await self.store.add_move(replace(move, hash=move_hash(move)))

    async def _acting_role(self, principal: Principal, view: CaseView, wanted: frozenset[Role]) -> Role:
        role = next((role for role in Role if role in view.roles & wanted), None)
        if role is None:
            await self.audit.record_denied(principal.actor, AuditAction.CASE_MOVED, case=view.case.reference)
            raise ForbiddenError(roles=sorted(wanted))
        return role

    async def _found(self, case_id: str) -> Dossier:
        dossier = await self.store.find(case_id)
        if dossier is None:
            raise NotInWorkflowError(case_id=case_id)
        return dossier

    async def _scene(self, view: CaseView, dossier: Dossier) -> Scene:
        statements = tuple(await self.store.statements(dossier.case_id))
        return Scene(case=view.case, dossier=dossier, statements=statements, now=self.clock.now())

    async def _lacks(self, way: Transition, scene: Scene) -> tuple[Lack, ...]:
        return tuple([lack for guard in way.guards for lack in await self.guards.lacks(guard, scene)])

    async def _overview(self, view: CaseView, dossier: Dossier) -> Overview:
        scene = await self._scene(view, dossier)
        ways = [
            OpenWay(
                transition=way,
                allowed=bool(view.roles & way.roles),
                lacks=await self._lacks(way, scene),
            )
            for way in leaving(dossier.state)
            if way.act is not Act.RESUME or way.target is dossier.suspended_from
        ]
        return Overview(
            dossier=dossier,
            consent=await self.guards.consent(scene),
            media=await self.guards.media(scene),
            ways=tuple(ways),
            moves=tuple(await self.store.moves(dossier.case_id)),
            statements=scene.statements,
            may_state=tuple(kind for kind, roles in MAY_STATE.items() if view.roles & roles),
            due=next_due(dossier, view.case.scheduled_at, await self.guards.rules(scene)),
            dispute_authority=await self.guards.dispute_authority(scene),
        )


def _check_reason(way: Transition, dossier: Dossier, reason: str) -> None:
    repeated = way.reason is ReasonRule.WHEN_REPEATED and dossier.returns > 0
    if (way.reason is ReasonRule.ALWAYS or repeated) and not reason.strip():
        raise ReasonMissingError(act=way.act.value)


def _possible(dossier: Dossier) -> list[str]:
    return sorted({way.act.value for way in leaving(dossier.state)})

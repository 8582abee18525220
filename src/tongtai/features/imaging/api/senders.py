"""Who may send images into a case: a person of it, or a gateway of its operating room."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from tongtai.features.accounts.api import principal_of_request
from tongtai.features.accounts.model import Permission, Principal, Role
from tongtai.features.audit.api import AuditDep
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.api import CaseAccessDep, CasesDep
from tongtai.features.cases.errors import CaseNotFoundError, RecordLockedError
from tongtai.features.cases.model import Case, RecordState
from tongtai.features.cases.service import CaseAccess, CaseService
from tongtai.features.gateways.api import gateway_of
from tongtai.features.gateways.model import Gateway
from tongtai.features.imaging.model import Sender
from tongtai.infra.web import ContainerDep, DbSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A sender, and the case that they may send images of."""

    sender: Sender
    case: Case


async def _identified(request: Request, container: ContainerDep, session: DbSession) -> Principal | Gateway:
    """A gateway shows its token in ``Authorization: Bearer``; everybody else is a person who is signed in."""
    authorization = request.headers.get("authorization", "")
    if authorization:
        return await gateway_of(container, authorization)
    return await principal_of_request(request, container, session)


class SendingGate:
    """The gate of the routes that take images; every one of them has one."""

    def __init__(
        self, case_id: str, who: Principal | Gateway, access: CaseAccess, cases: CaseService, audit: AuditLog
    ) -> None:
        self._case_id = case_id
        self._who = who
        self._access = access
        self._cases = cases
        self._audit = audit

    async def admit(self, *, audited: bool = True) -> Admitted:
        """Let in or refuse.

        Parameters
        ----------
        audited : bool
            ``False`` for a part of a push, whose beginning was recorded.

        Raises
        ------
        CaseNotFoundError, ForbiddenError
            If the sender may not send images of this case, or not know of it.
        RecordLockedError
            If its record is archived or sealed.
        """
        if isinstance(self._who, Gateway):
            return await self._admit_gateway(self._who, audited)
        admitted = await self._access.admit(
            self._who, self._case_id, Permission.IMAGING_PUSH, audited=audited, changes=True
        )
        return Admitted(sender=person(self._who), case=admitted.case)

    async def _admit_gateway(self, gateway: Gateway, audited: bool) -> Admitted:
        try:
            case = await self._cases.get(self._case_id)
        except CaseNotFoundError:
            case = None
        if case is None or not _at_its_table(gateway, case):
            await self._audit.record_denied(
                gateway.actor,
                AuditAction.IMAGING_PUSHED,
                case=case.reference if case else None,
                subject=self._case_id[:64],
            )
            raise CaseNotFoundError(case_id=self._case_id)
        if case.record is not RecordState.OPEN:
            raise RecordLockedError(case_id=case.id, record=case.record.value)
        if audited:
            self._audit.record(gateway.actor, AuditAction.IMAGING_PUSHED, case=case.reference)
        return Admitted(sender=_machine(gateway), case=case)


async def _gate(
    case_id: str,
    who: Annotated[Principal | Gateway, Depends(_identified)],
    access: CaseAccessDep,
    cases: CasesDep,
    audit: AuditDep,
) -> SendingGate:
    return SendingGate(case_id, who, access, cases, audit)


SendingDep = Annotated[SendingGate, Depends(_gate)]


def person(principal: Principal) -> Sender:
    """Somebody who is signed in, as a sender."""
    return Sender(
        kind="user",
        id=principal.user_id,
        name=principal.display_name,
        name_en=principal.display_name_en,
        role=next((role.value for role in Role if role in principal.roles), ""),
        institution_id=principal.institution_id,
    )


def _machine(gateway: Gateway) -> Sender:
    return Sender(
        kind="gateway",
        id=gateway.id,
        name=gateway.name,
        name_en=gateway.name,
        role="gateway",
        institution_id=gateway.institution_id,
    )


def _at_its_table(gateway: Gateway, case: Case) -> bool:
    # The institution too: a room that has changed hands does not take its old gateway's rights along.
    return (case.operating_room_id, case.inviting_institution_id) == (
        gateway.operating_room_id,
        gateway.institution_id,
    )

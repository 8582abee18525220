"""HTTP: reading and verifying the audit log."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from tongtai.features.accounts.api.identity import require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.accounts.schemas import AuditEntryOut, AuditPage, VerificationOut
from tongtai.features.audit.api import AuditDep, audit_verifier
from tongtai.features.audit.model import AuditAction
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/audit", tags=["audit"])
Auditor = Annotated[Principal, Depends(require(Permission.AUDIT_READ))]
_MAX_SEQ = 2**62


@router.get("")
async def read_audit(
    auditor: Auditor,
    audit: AuditDep,
    before: Annotated[int | None, Query(ge=1, le=_MAX_SEQ)] = None,
    case_id: Annotated[str | None, Query(max_length=64)] = None,
    actor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditPage:
    """What the institution's people did, and what anybody did with its patients' data."""
    entries = await audit.page(
        institution_id=auditor.institution_id,
        before=before,
        case_id=case_id,
        actor_id=actor,
        limit=limit,
    )
    audit.record(auditor.actor, AuditAction.AUDIT_READ, entries=len(entries))
    return AuditPage(
        entries=[AuditEntryOut.of(entry) for entry in entries],
        next_before=entries[-1].seq if len(entries) == limit else None,
    )


@router.get("/verify")
async def verify_audit(
    auditor: Auditor, audit: AuditDep, container: ContainerDep, session: DbSession
) -> VerificationOut:
    """Read the whole chain; name each changed, deleted or re-ordered entry."""
    result = await audit_verifier(container, session).verify()
    audit.record(auditor.actor, AuditAction.AUDIT_VERIFIED, findings=len(result.findings))
    return VerificationOut.of(result)

"""HTTP: reading and verifying the audit log, cases by number and people by name."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from tongtai.features.accounts.api import require
from tongtai.features.accounts.model import Permission, Principal
from tongtai.features.accounts.schemas import AuditEntryOut, VerificationOut
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import AuditDep, audit_verifier
from tongtai.features.audit.model import AuditAction, AuditQuery
from tongtai.features.cases.schemas import Instant
from tongtai.features.cases.sql import SqlCases
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/audit", tags=["audit"])
Auditor = Annotated[Principal, Depends(require(Permission.AUDIT_READ))]
_MAX_SEQ = 2**62
_Text = Annotated[str, Query(max_length=100)]


class NamedEntryOut(AuditEntryOut):
    """An entry with the number of its case, and the name of the person that it was done to, where there is one."""

    case_number: str | None
    subject_name: str | None


class AuditPage(BaseModel):
    """Entries, newest first; ``next_before`` continues."""

    entries: list[NamedEntryOut]
    next_before: int | None


async def _query(
    auditor: Auditor,
    session: DbSession,
    before: Annotated[int | None, Query(ge=1, le=_MAX_SEQ)] = None,
    case: _Text = "",
    actor: _Text = "",
    feature: Annotated[str, Query(pattern="^[a-z_]{0,40}$")] = "",
    outcome: Literal["allowed", "denied"] | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AuditQuery:
    """``case`` is a number or an identifier, ``actor`` a part of a name or an identifier, ``feature`` as in the tags."""
    numbered = await SqlCases(session).find_numbered(case.strip()) if case.strip() else None
    return AuditQuery(
        institution_id=auditor.institution_id,
        before=before,
        case_id=numbered.id if numbered else case.strip(),
        actor=actor.strip(),
        feature=feature,
        outcome=outcome,
        since=since,
        until=until,
        limit=limit,
    )


@router.get("")
async def read_audit(
    auditor: Auditor, audit: AuditDep, session: DbSession, query: Annotated[AuditQuery, Depends(_query)]
) -> AuditPage:
    """What the institution's people did, and what anybody did with its patients' data."""
    entries = await audit.page(query)
    cases = await SqlCases(session).of_ids(sorted({entry.case_id for entry in entries if entry.case_id}))
    # An attempt upon another hospital's case is told; what that case is called is not ours to know.
    numbers = {case.id: case.number for case in cases if case.side_of(auditor.institution_id)}
    people = await SqlUsers(session).find_many({entry.subject for entry in entries})
    names = {user.id: user.display_name for user in people.values()}
    audit.record(auditor.actor, AuditAction.AUDIT_READ, entries=len(entries))
    return AuditPage(
        entries=[
            NamedEntryOut(
                **AuditEntryOut.of(entry).model_dump(),
                case_number=numbers.get(entry.case_id or ""),
                subject_name=names.get(entry.subject),
            )
            for entry in entries
        ],
        next_before=entries[-1].seq if len(entries) == query.limit else None,
    )


@router.get("/verify")
async def verify_audit(
    auditor: Auditor, audit: AuditDep, container: ContainerDep, session: DbSession
) -> VerificationOut:
    """Read the whole chain; name each changed, deleted or re-ordered entry."""
    result = await audit_verifier(container, session).verify()
    audit.record(auditor.actor, AuditAction.AUDIT_VERIFIED, findings=len(result.findings))
    return VerificationOut.of(result)

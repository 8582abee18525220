"""HTTP: who is away, in the calendar and when a case is scheduled."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission, Principal, Role, User
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.cases.model import CaseQuery
from tongtai.features.cases.schemas import Instant
from tongtai.features.experts.model import Leave, away_at
from tongtai.features.experts.sql import SqlExperts
from tongtai.infra.web import DbSession

router = APIRouter(prefix="/api", tags=["workflow"])
_CASES = 500
_GUIDES = (Role.LEAD_GUIDE, Role.BACKUP_GUIDE)


class LeaveSeenOut(BaseModel):
    """Somebody is away; ``reason`` is for their own institution, ``None`` for another."""

    user_id: str
    name: str
    name_en: str
    since: datetime
    until: datetime
    reason: str | None


class GuideAwayOut(BaseModel):
    """A guide of the case is away when it is to take place."""

    user_id: str
    role: Role
    name: str
    name_en: str
    until: datetime


@router.get("/workflow/leaves")
async def list_leaves(
    principal: Current,
    access: CaseAccessDep,
    session: DbSession,
    since: Annotated[Instant, Query()],
    until: Annotated[Instant, Query()],
) -> list[LeaveSeenOut]:
    """Leaves from ``since`` to before ``until``: of one's own institution, and of the people of one's cases then."""
    users = {one.id: one for one in await SqlUsers(session).of_institution(principal.institution_id)}
    query = CaseQuery(since=since, until=until, limit=_CASES)
    views = await access.page(principal, Permission.CASE_READ, query)
    partners = {member.user_id for view in views for member in view.case.team} - users.keys()
    users |= await SqlUsers(session).find_many(partners)
    leaves = await SqlExperts(session).leaves(users.keys(), after=since)
    return [_seen(users[one.user_id], one, principal) for one in leaves if one.since < until]


@router.get("/cases/{case_id}/away")
async def list_guides_away(
    case_id: str,
    principal: Current,
    access: CaseAccessDep,
    session: DbSession,
    at: Annotated[Instant, Query()],
) -> list[GuideAwayOut]:
    """The guides of a case who are away at an instant: asked before it is scheduled then."""
    view = await access.require(principal, case_id, Permission.CASE_READ, audited=False)
    guides = [member for member in view.case.team if member.role in _GUIDES]
    ids = {member.user_id for member in guides}
    users = await SqlUsers(session).find_many(ids)
    leaves = await SqlExperts(session).leaves(ids, after=at)
    found = []
    for member in guides:
        leave = away_at([one for one in leaves if one.user_id == member.user_id], at)
        user = users.get(member.user_id)
        if leave is not None and user is not None:
            found.append(
                GuideAwayOut(
                    user_id=user.id,
                    role=member.role,
                    name=user.display_name,
                    name_en=user.display_name_en,
                    until=leave.until,
                )
            )
    return found


def _seen(user: User, leave: Leave, principal: Principal) -> LeaveSeenOut:
    own = user.institution_id == principal.institution_id
    return LeaveSeenOut(
        user_id=user.id,
        name=user.display_name,
        name_en=user.display_name_en,
        since=leave.since,
        until=leave.until,
        reason=leave.reason if own else None,
    )

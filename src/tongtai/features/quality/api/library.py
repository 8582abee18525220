"""HTTP: the library of experts."""

from collections.abc import Iterable
from datetime import date, datetime

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission, Principal, Role, User
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.experts.model import ExpertProfile, away_at
from tongtai.features.experts.schemas import LeaveOut
from tongtai.features.experts.sql import SqlExperts
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.institutions.model import Institution, InstitutionKind
from tongtai.features.institutions.schemas import InstitutionOut
from tongtai.features.qualifications.model import HOLDER, Holder, Qualification
from tongtai.features.qualifications.sql import SqlQualifications
from tongtai.features.quality.model import ExpertWork
from tongtai.features.quality.schemas.evaluations import EvidenceOut, ExpertOut
from tongtai.features.quality.sql import work_of
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/experts", tags=["experts"])
# Who guides, decides in a team or plans.
_EXPERTS = frozenset({Role.LEAD_GUIDE, Role.BACKUP_GUIDE, Role.MDT_MEMBER, Role.PLANNER})


@router.get("")
async def list_experts(
    principal: Current, session: DbSession, container: ContainerDep, institutions: InstitutionsDep
) -> list[ExpertOut]:
    """The experts of the centres that the caller may know of, with what they are licensed and trained for.

    Why somebody is away is for their own institution.
    """
    now = container.clock.now()
    centres = await institutions.visible_to(principal.institution_id)
    return [
        one
        for centre in centres
        if centre.kind is InstitutionKind.INVITED
        for one in await _of_centre(session, principal, centre, now)
    ]


async def _of_centre(
    session: AsyncSession, principal: Principal, centre: Institution, now: datetime
) -> list[ExpertOut]:
    is_own = centre.id == principal.institution_id
    people = await SqlUsers(session).of_institution(centre.id)
    users = [one for one in people if one.active and one.roles & _EXPERTS]
    ids = [one.id for one in users]
    profiles, work = await SqlExperts(session).profiles(ids), await work_of(session, ids)
    leaves = await SqlExperts(session).leaves(ids, after=now)
    evidence = await SqlQualifications(session).of_institution(centre.id)
    return [
        _expert(
            user,
            centre,
            profiles.get(user.id, ExpertProfile(user_id=user.id)),
            _evidence(evidence, user.id, now.date()),
            work.get(user.id, ExpertWork()),
            [
                LeaveOut(id=one.id, since=one.since, until=one.until, reason=one.reason if is_own else "")
                for one in leaves
                if one.user_id == user.id
            ],
            away=away_at([one for one in leaves if one.user_id == user.id], now) is not None,
            may_edit=is_own
            and (user.id == principal.user_id or Permission.EXPERT_MANAGE in principal.permissions),
        )
        for user in users
    ]


def _expert(
    user: User,
    centre: Institution,
    profile: ExpertProfile,
    evidence: list[EvidenceOut],
    work: ExpertWork,
    leaves: list[LeaveOut],
    *,
    away: bool,
    may_edit: bool,
) -> ExpertOut:
    return ExpertOut(
        user_id=user.id,
        display_name=user.display_name,
        display_name_en=user.display_name_en,
        institution=InstitutionOut.model_validate(centre),
        roles=[role for role in Role if role in user.roles & _EXPERTS],
        title=profile.title,
        specialties=list(profile.specialties),
        languages=list(profile.languages),
        evidence=evidence,
        led=work.led,
        backed_up=work.backed_up,
        leaves=leaves,
        away=away,
        may_edit=may_edit,
    )


def _evidence(known: Iterable[Qualification], user_id: str, today: date) -> list[EvidenceOut]:
    return [
        EvidenceOut(
            kind=one.kind.value, code=one.code, valid_until=one.valid_until, valid=one.is_valid(today)
        )
        for one in known
        if one.user_id == user_id and one.revoked_at is None and HOLDER[one.kind] is Holder.PERSON
    ]

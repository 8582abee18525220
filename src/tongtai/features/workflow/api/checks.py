"""What is missing for each guard, asked of the part of the product that knows."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncSession

from tongtai.core.case_document import DocumentKind
from tongtai.core.lacks import lack, lacking
from tongtai.features.accounts.model import Role
from tongtai.features.consents.model import (
    TO_OPERATE,
    TO_SHARE,
    ConsentKind,
    ConsentState,
    lacks_of_kinds,
    lacks_to_share,
    state_of,
)
from tongtai.features.consents.sql import SqlConsents
from tongtai.features.documents.model import DocumentState
from tongtai.features.documents.sql import SqlDocuments
from tongtai.features.experts.sql import SqlExperts
from tongtai.features.followup.model import unacknowledged
from tongtai.features.followup.sql import SqlFollowUp
from tongtai.features.guidance.model import Phase
from tongtai.features.guidance.model.catalogue import MediaCondition
from tongtai.features.policies.model import PolicyKey, Values
from tongtai.features.qualifications.model import (
    lacks_of_expert,
    lacks_of_filing,
    lacks_of_licence,
    lacks_of_lines,
)
from tongtai.features.qualifications.sql import SqlQualifications
from tongtai.features.workflow.api.material import MATERIAL_CHECKS, gaps_of_request, recorded_with
from tongtai.features.workflow.api.records import Check, Lacks, Records
from tongtai.features.workflow.model import PHYSICIANS, Act, Guard, MediaState, StatementKind, latest, present
from tongtai.features.workflow.ports import Scene
from tongtai.infra.container import Container

_GUIDES = frozenset({Role.LEAD_GUIDE, Role.BACKUP_GUIDE})
_NEEDED = (Role.LEAD_GUIDE, Role.BACKUP_GUIDE, Role.OPERATOR)
# Who of the hospital is a physician of the case: one of them is in the room.
_MEDIA = MappingProxyType(
    {
        MediaCondition.OFF: MediaState.OFF,
        MediaCondition.LIVE: MediaState.LIVE,
        MediaCondition.DEGRADED: MediaState.DEGRADED,
        MediaCondition.LOST: MediaState.LOST,
    }
)


async def _agreement(records: Records, scene: Scene) -> Lacks:
    return (await records.coverage(scene)).lacks


async def _licence(records: Records, scene: Scene) -> Lacks:
    known = await records.of_site(scene)
    return lacks_of_licence(known, scene.case.technique.value, scene.now.date())


async def _filing(records: Records, scene: Scene) -> Lacks:
    known = await records.of_site(scene)
    return lacks_of_filing(known, scene.case.technique.value, scene.now.date())


async def _lines(records: Records, scene: Scene) -> Lacks:
    lasts = timedelta(hours=(await records.rules(scene))[PolicyKey.LINE_TEST_H])
    return lacks_of_lines(await records.of_site(scene), scene.now, lasts=lasts)


async def _experts(records: Records, scene: Scene) -> Lacks:
    guides = [member for member in scene.case.team if member.role in _GUIDES]
    if not any(member.role is Role.LEAD_GUIDE for member in guides):
        return (lack("lead_guide_missing"),)
    known = await SqlQualifications(records.session).of_institution(scene.case.invited_institution_id)
    # Three years count on the day on which they guide.
    day = max(scene.now, scene.case.scheduled_at).date()
    users = dict.fromkeys(member.user_id for member in guides)
    years = (await records.rules(scene))[PolicyKey.INDEPENDENT_YEARS]
    leaves = await SqlExperts(records.session).leaves(users, after=scene.case.scheduled_at)
    away = [
        lack("expert_on_leave", user_id=one.user_id, until=one.until.date().isoformat())
        for one in leaves
        if one.covers(scene.case.scheduled_at)
    ]
    unfit = [found for user_id in users for found in lacks_of_expert(known, user_id, day, years=years)]
    return (*unfit, *away)


async def _share(records: Records, scene: Scene) -> Lacks:
    consents = await SqlConsents(records.session).of_case(scene.case.id)
    return lacks_to_share(consents, scene.case.invited_institution_id, scene.now.date())


async def _surgery(records: Records, scene: Scene) -> Lacks:
    consents = await SqlConsents(records.session).of_case(scene.case.id)
    return lacks_of_kinds(consents, (ConsentKind.SURGERY,), scene.now.date())


async def _consents(records: Records, scene: Scene) -> Lacks:
    consents = await SqlConsents(records.session).of_case(scene.case.id)
    return lacks_of_kinds(consents, (*TO_SHARE, *TO_OPERATE), scene.now.date())


def _stated(kind: StatementKind) -> Check:
    async def check(_records: Records, scene: Scene) -> Lacks:
        said = latest(scene.statements, kind)
        return () if said else (lack("statement_missing", kind=kind.value),)

    return check


async def _request(records: Records, scene: Scene) -> Lacks:
    case = scene.case
    found = [*await gaps_of_request(records, scene)]
    if not case.lesion.strip():
        found.append(lack("field_missing", field="lesion"))
    if case.scheduled_at <= scene.now:
        found.append(lack("wanted_time_passed"))
    return tuple(found)


async def _plan(records: Records, scene: Scene) -> Lacks:
    return () if await records.plans(scene) else (lack("plan_not_approved"),)


async def _plan_read(records: Records, scene: Scene) -> Lacks:
    plans = {(plan.id, plan.plan_sha256) for plan in await records.plans(scene)}
    read = {(said.subject, said.sha256) for said in scene.statements if said.kind is StatementKind.PLAN_READ}
    # The hash freezes what was read: a plan that was made anew must be read anew.
    return () if plans & read else (lack("plan_not_read", plans=sorted(one for one, _ in plans)),)


async def _slot(_records: Records, scene: Scene) -> Lacks:
    case, found = scene.case, []
    if case.scheduled_at <= scene.now:
        found.append(lack("slot_passed"))
    held = {member.role for member in case.team}
    found += lacking("role_missing", [role for role in _NEEDED if role not in held], "role")
    guides = {member.role: member.user_id for member in case.team if member.role in _GUIDES}
    if len(guides) == len(_GUIDES) and len(set(guides.values())) == 1:
        found.append(lack("backup_is_lead"))
    return tuple(found)


async def _physician(_records: Records, scene: Scene) -> Lacks:
    if any(present(scene.statements, role) for role in PHYSICIANS):
        return ()
    return (lack("physician_absent"),)


async def _media(records: Records, scene: Scene) -> Lacks:
    since = scene.dossier.entered_at
    local = latest(scene.statements, StatementKind.LOCAL_ONLY)
    if local is not None and local.at >= since:
        return ()
    state = await media_of(records, scene)
    return () if state is MediaState.LIVE else (lack("media_not_live", media=state.value),)


async def media_of(records: Records, scene: Scene) -> MediaState:
    """The live pictures and sound, as the session has them."""
    live = await records.live(scene)
    return _MEDIA[live.media.state] if live.phase is Phase.OPEN else MediaState.OFF


async def consent_of(records: Records, scene: Scene) -> ConsentState:
    """The consents, taken together."""
    return state_of(await SqlConsents(records.session).of_case(scene.case.id), scene.now.date())


async def _written(records: Records, scene: Scene) -> Lacks:
    found = [*await _stated(StatementKind.RECORD_WRITTEN)(records, scene)]
    # Where a session was led, its events make the operation record: the operator signs that paper, words alone are not it.
    if (await records.live(scene)).phase is not Phase.PLANNED:
        papers = await SqlDocuments(records.session).of_case(scene.case.id)
        signed = {one.kind for one in papers if one.state is DocumentState.ISSUED}
        if DocumentKind.OPERATION_RECORD not in signed:
            found.append(lack("operation_record_unsigned"))
    return tuple(found)


async def _suspended(_records: Records, scene: Scene) -> Lacks:
    return () if scene.dossier.suspended_from else (lack("not_suspended"),)


async def _judged(records: Records, scene: Scene) -> Lacks:
    found = await SqlFollowUp(records.session).judgement(scene.case.id)
    return () if found else (lack("warnings_not_judged"),)


async def _acknowledged(records: Records, scene: Scene) -> Lacks:
    judgement = await SqlFollowUp(records.session).judgement(scene.case.id)
    if judgement is None:
        return (lack("warnings_not_judged"),)
    return lacking("warning_unacknowledged", unacknowledged(judgement), "rule")


CHECKS: Mapping[Guard, Check] = MappingProxyType(
    {
        **MATERIAL_CHECKS,
        Guard.AGREEMENT_IN_FORCE: _agreement,
        Guard.SITE_LICENSED: _licence,
        Guard.TECHNIQUE_FILED: _filing,
        Guard.REQUEST_COMPLETE: _request,
        Guard.REQUEST_APPROVED: _stated(StatementKind.REQUEST_APPROVED),
        Guard.CONSENT_TO_SHARE: _share,
        Guard.EXPERTS_QUALIFIED: _experts,
        Guard.PLAN_SIGNED_OFF: _plan,
        Guard.PLAN_READ_BY_OPERATOR: _plan_read,
        Guard.CONSENT_TO_SURGERY: _surgery,
        Guard.SLOT_AND_GUIDES: _slot,
        Guard.TWO_UPLINKS: _lines,
        Guard.CONSENTS_VALID: _consents,
        Guard.PHYSICIAN_PRESENT: _physician,
        Guard.MEDIA_LIVE_OR_LOCAL: _media,
        Guard.WARNINGS_RUN: _judged,
        Guard.WARNINGS_ACKNOWLEDGED: _acknowledged,
        Guard.RECORDS_WRITTEN: _written,
        Guard.DISCHARGED: _stated(StatementKind.DISCHARGED),
        Guard.FOLLOW_UP_DONE: _stated(StatementKind.FOLLOW_UP_ENDED),
        Guard.SUSPENDED_HERE: _suspended,
    }
)


class RecordedGuards:
    """The guards, as the records of this transaction answer them.

    A guard that nobody answers is not passed.
    """

    def __init__(self, container: Container, session: AsyncSession) -> None:
        self._records = Records(container, session)

    async def lacks(self, guard: Guard, scene: Scene) -> Lacks:
        """What is missing for this guard."""
        check = CHECKS.get(guard)
        if check is None:
            return (lack("not_recorded", guard=guard.value),)
        return await check(self._records, scene)

    async def consent(self, scene: Scene) -> ConsentState:
        """The patient's consents, taken together."""
        return await consent_of(self._records, scene)

    async def media(self, scene: Scene) -> MediaState:
        """The live pictures and sound."""
        return await media_of(self._records, scene)

    async def rules(self, scene: Scene) -> Values:
        """The house rules that hold for the case."""
        return await self._records.rules(scene)

    async def recorded_with(self, act: Act, scene: Scene) -> dict[str, object]:
        """What is written down with a move."""
        return await recorded_with(self._records, scene, act.value)

    async def dispute_authority(self, scene: Scene) -> str:
        """The health authority that the agreement names; empty without an agreement."""
        found = (await self._records.coverage(scene)).agreement
        return found.dispute_authority if found else ""

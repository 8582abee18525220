"""What is missing of the material, the meeting, the opinion, the sheets and the archive."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from tongtai.core.checklists import Sheet
from tongtai.core.intake.form import Gate
from tongtai.core.intake.imaging import check_imaging
from tongtai.core.lacks import Lack, lack
from tongtai.features.archive.model import lacks_of_receipts
from tongtai.features.archive.sql import SqlArchive
from tongtai.features.checklists.model import Filled
from tongtai.features.checklists.sql import SqlSheets
from tongtai.features.imaging.sql import SqlImages
from tongtai.features.intake.dicom import HeaderFacts
from tongtai.features.intake.model import JudgedMaterial
from tongtai.features.intake.service import judged
from tongtai.features.intake.sql import SqlIntake
from tongtai.features.mdt.model import ENDS, TREATS, Meeting, Verdict, lacks_of_minutes, lacks_of_panel
from tongtai.features.mdt.sql import SqlMeetings
from tongtai.features.opinions.model import lacks_of_decision, lacks_of_opinion
from tongtai.features.opinions.sql import SqlOpinions
from tongtai.features.policies.model import PolicyKey
from tongtai.features.workflow.api.records import Check, Lacks, Records
from tongtai.features.workflow.model import Guard
from tongtai.features.workflow.ports import Scene
from tongtai.formats.checklist_sheets import packaged_sheets
from tongtai.formats.intake_form import packaged_form

# Measures on telemedicine services of 2018, invitation: reason, purpose, record summary, specialty and
# title wanted; the wanted time is the case's own.
_REQUEST = frozenset({"reason", "purpose", "history", "specialty_wanted", "title_wanted"})


async def material_of(records: Records, scene: Scene) -> JudgedMaterial:
    """The case's material, judged."""
    intake = SqlIntake(records.session)
    return judged(
        packaged_form(),
        await intake.material(scene.case.id),
        await intake.attachments(scene.case.id),
        scene.case,
        scene.now.date(),
    )


async def gaps_of(records: Records, scene: Scene) -> list[Lack]:
    """Everything that is not in order now and would keep the centre from accepting."""
    return list((await material_of(records, scene)).today.blocking(Gate.ACCEPT))


async def gaps_of_request(records: Records, scene: Scene) -> list[Lack]:
    """What an invitation must hold and does not: it is not sent without."""
    gaps = (await material_of(records, scene)).today.gaps
    return [gap.lack for gap in gaps if gap.item.key in _REQUEST]


async def _complete(records: Records, scene: Scene) -> Lacks:
    return tuple(await gaps_of(records, scene))


async def _gaps(records: Records, scene: Scene) -> Lacks:
    return () if await gaps_of(records, scene) else (lack("no_gaps"),)


async def _for_schedule(records: Records, scene: Scene) -> Lacks:
    return (await material_of(records, scene)).today.blocking(Gate.SCHEDULE)


async def _fresh(records: Records, scene: Scene) -> Lacks:
    return (await material_of(records, scene)).at_operation.blocking(Gate.READY)


async def _imaging(records: Records, scene: Scene) -> Lacks:
    facts = await HeaderFacts(SqlImages(records.session)).facts(scene.case.id)
    return check_imaging(facts, max(scene.now, scene.case.scheduled_at).date()).lacks


async def _meeting(records: Records, scene: Scene) -> Meeting | None:
    meetings = await SqlMeetings(records.session).of_case(scene.case.id)
    return meetings[0] if meetings else None


async def _decided(records: Records, scene: Scene) -> Meeting | None:
    """The newest meeting that has concluded: one called later changes nothing until it has."""
    meetings = await SqlMeetings(records.session).of_case(scene.case.id)
    return next((one for one in meetings if one.conclusion is not None), meetings[0] if meetings else None)


async def _panel(records: Records, scene: Scene) -> Lacks:
    meeting = await _meeting(records, scene)
    if meeting is None:
        return (lack("mdt_missing"),)
    if meeting.conclusion is not None:
        # What an earlier round has decided does not stand for this one.
        return (lack("mdt_needs_new_meeting"),)
    return lacks_of_panel(meeting)


async def _minutes(records: Records, scene: Scene) -> Lacks:
    return lacks_of_minutes(await _meeting(records, scene))


async def _before_operation(records: Records, scene: Scene) -> Lacks:
    meeting = await _decided(records, scene)
    found = lacks_of_minutes(meeting)
    done = meeting.conclusion if meeting else None
    if done is not None and done.decided_at > scene.case.scheduled_at:
        found += (lack("mdt_after_operation"),)
    within_h = (await records.rules(scene))[PolicyKey.MDT_WITHIN_H]
    if (
        done is not None
        and within_h
        and scene.case.scheduled_at - done.decided_at > timedelta(hours=within_h)
    ):
        found += (lack("mdt_too_early", hours=within_h),)
    return found


def _verdict(wanted: frozenset[Verdict]) -> Check:
    async def check(records: Records, scene: Scene) -> Lacks:
        meeting = await _decided(records, scene)
        done = meeting.conclusion if meeting else None
        if done is None:
            return (lack("mdt_not_concluded"),)
        if done.verdict not in wanted:
            return (lack("mdt_verdict", verdict=done.verdict.value, wanted=sorted(wanted)),)
        technique = scene.case.technique.value
        if done.verdict in TREATS and done.verdict.value != technique:
            return (lack("technique_differs", verdict=done.verdict.value, technique=technique),)
        return ()

    return check


async def _opinion(records: Records, scene: Scene) -> Lacks:
    opinions = await SqlOpinions(records.session).opinions(scene.case.id)
    newest = opinions[0] if opinions else None
    found = lacks_of_opinion(newest, inviting_id=scene.case.inviting_institution_id)
    plans = {plan.plan_sha256 for plan in await records.plans(scene)}
    if newest is not None and newest.plan_sha256 and newest.plan_sha256 not in plans:
        found += (lack("opinion_about_another_plan"),)
    return found


async def _decision(records: Records, scene: Scene) -> Lacks:
    store = SqlOpinions(records.session)
    decisions = await store.decisions(scene.case.id)
    newest = decisions[0] if decisions else None
    return lacks_of_decision(newest, await store.opinions(scene.case.id))


def _operates(wanted: bool) -> Check:
    async def check(records: Records, scene: Scene) -> Lacks:
        found = await _decision(records, scene)
        if found:
            return found
        decisions = await SqlOpinions(records.session).decisions(scene.case.id)
        if decisions[0].operates is not wanted:
            return (lack("decision_operates" if decisions[0].operates else "decision_does_not_operate"),)
        return ()

    return check


def _sheet(sheet: Sheet) -> Check:
    async def check(records: Records, scene: Scene) -> Lacks:
        known = await SqlSheets(records.session).of_case(scene.case.id)
        filled = known.get(sheet) or Filled(case_id=scene.case.id, sheet=sheet, round=1)
        return filled.lacks(packaged_sheets()[sheet], scene.case.technique.value)

    return check


async def _receipts(records: Records, scene: Scene) -> Lacks:
    bundles = await SqlArchive(records.session).bundles(scene.case.id)
    case = scene.case
    both = (case.inviting_institution_id, case.invited_institution_id)
    return lacks_of_receipts(bundles[0] if bundles else None, both)


MATERIAL_CHECKS: Mapping[Guard, Check] = MappingProxyType(
    {
        Guard.MATERIAL_COMPLETE: _complete,
        Guard.GAPS_FOUND: _gaps,
        Guard.MATERIAL_FOR_SCHEDULE: _for_schedule,
        Guard.MATERIAL_FRESH: _fresh,
        Guard.IMAGING_READY: _imaging,
        Guard.PANEL_QUORATE: _panel,
        Guard.MDT_DECIDED: _minutes,
        Guard.MDT_WANTS_MORE: _verdict(frozenset({Verdict.MORE_DATA})),
        Guard.MDT_TREATS: _verdict(TREATS),
        Guard.MDT_DOES_NOT_TREAT: _verdict(ENDS),
        Guard.MDT_BEFORE_OPERATION: _before_operation,
        Guard.OPINION_SIGNED: _opinion,
        Guard.DECISION_SIGNED: _decision,
        Guard.DECISION_OPERATES: _operates(True),
        Guard.DECISION_DOES_NOT_OPERATE: _operates(False),
        Guard.READINESS_DONE: _sheet(Sheet.READINESS),
        Guard.SIGN_IN_DONE: _sheet(Sheet.SIGN_IN),
        Guard.TIME_OUT_DONE: _sheet(Sheet.TIME_OUT),
        Guard.SIGN_OUT_DONE: _sheet(Sheet.SIGN_OUT),
        Guard.RECEIPTS_EQUAL: _receipts,
    }
)


async def recorded_with(records: Records, scene: Scene, act: str) -> dict[str, object]:
    """What is written down with a move: the list of gaps, the hashes of what it rests on."""
    store = SqlOpinions(records.session)
    match act:
        case "return":
            return {"gaps": [found.as_dict() for found in await gaps_of(records, scene)]}
        case "approve_plan":
            return {"plans": [plan.plan_sha256 for plan in await records.plans(scene)]}
        case "decide_mdt":
            meeting = await _meeting(records, scene)
            return {"mdt_sha256": meeting.sha256 if meeting else ""}
        case "issue_opinion":
            return {"opinion_sha256": [one.sha256 for one in await store.opinions(scene.case.id)][:1]}
        case "decide":
            return {"decision_sha256": [one.sha256 for one in await store.decisions(scene.case.id)][:1]}
        case "report" | "archive":
            bundles = await SqlArchive(records.session).bundles(scene.case.id)
            return {"bundle_sha256": bundles[0].sha256 if bundles else ""}
        case _:
            return {}

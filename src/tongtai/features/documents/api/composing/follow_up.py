"""随访记录: tasks, assessments with the response by both criteria, complications, how the patient fares."""

from tongtai.core.case_document import Block, Fields, Listing, Paragraph, Section
from tongtai.core.risk.response import Assessed, Criteria
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.sources import Sources, team_signers
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.followup.model import FollowUp, responses
from tongtai.features.followup.sql import SqlFollowUp
from tongtai.formats.case_documents.words import Words

_ASSESSMENT_WIDTHS = (0.9, 0.8, 1.2, 1.2, 1.5, 1.5)
_TASK_WIDTHS = (1.0, 2.6, 0.9, 1.6)
_COMPLICATION_WIDTHS = (1.0, 0.6, 1.0, 0.7, 3.0)


async def compose_follow_up(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The follow-up as it stands now.

    Raises
    ------
    DocumentIncompleteError
        Before anything of it was written down.
    """
    found, words = await SqlFollowUp(sources.session).follow_up(view.case.id), sources.words(order.language)
    if not (found.assessments or found.statuses or found.complications):
        raise DocumentIncompleteError(kind=order.kind.value, missing=["follow_up_missing"])
    sections = (
        Section(heading=words("follow_up.patient"), blocks=(_patient(found, words),)),
        Section(heading=words("follow_up.assessments"), blocks=(_assessments(found, words),)),
        Section(heading=words("follow_up.complications"), blocks=(_complications(found, words),)),
        Section(heading=words("follow_up.tasks"), blocks=(_tasks(found, words),)),
    )
    return Composition(sections=sections, signers=team_signers(view, Role.ATTENDING))


def _patient(found: FollowUp, words: Words) -> Block:
    ended = words.moment(found.ended_at) if found.ended_at else "–"
    rows = [(words("follow_up.ended"), ended)]
    rows += [
        (one.on.isoformat(), f"{words(f'vital.{one.vital.value}')} {one.note}".rstrip())
        for one in found.statuses
    ]
    return Fields(rows=rows)


def _measured(values: dict[str, float]) -> str:
    return "; ".join(f"{lesion}: {value:g} mm" for lesion, value in values.items()) or "–"


def _assessments(found: FollowUp, words: Words) -> Block:
    if not found.assessments:
        return Paragraph(text=words("t.empty"))
    answers = {criteria: responses(criteria, found.assessments) for criteria in Criteria}

    def response(criteria: Criteria, place: int) -> str:
        # The first assessment is the baseline, which has no response.
        after: Assessed | None = answers[criteria][place - 1] if place else None
        return words.told("response", after.overall.value) if after else words("follow_up.baseline")

    rows = [
        [
            one.examined_on.isoformat(),
            words.told("modality", one.modality),
            _measured(dict(one.longest_mm)),
            _measured(dict(one.viable_mm)),
            response(Criteria.MRECIST, place),
            response(Criteria.RECIST_1_1, place),
        ]
        for place, one in enumerate(found.assessments)
    ]
    header = words("follow_up.assessments_header").split("|")
    return Listing(header=header, rows=rows, widths=_ASSESSMENT_WIDTHS)


def _complications(found: FollowUp, words: Words) -> Block:
    if not found.complications:
        return Paragraph(text=words("t.empty"))
    rows = [
        [
            words.told("complication", one.kind),
            str(one.grade),
            one.began_on.isoformat(),
            words("yes" if one.severe else "no"),
            one.note,
        ]
        for one in found.complications
    ]
    header = words("follow_up.complications_header").split("|")
    return Listing(header=header, rows=rows, widths=_COMPLICATION_WIDTHS)


def _tasks(found: FollowUp, words: Words) -> Block:
    if not found.tasks:
        return Paragraph(text=words("t.empty"))
    english = words.language == "en"
    rows = [
        [
            words.day(task.due_at),
            task.text_en if english else task.text_zh,
            words(f"task.{task.state.value}"),
            task.result or "–",
        ]
        for task in sorted(found.tasks, key=lambda one: one.due_at)
    ]
    return Listing(header=words("follow_up.tasks_header").split("|"), rows=rows, widths=_TASK_WIDTHS)

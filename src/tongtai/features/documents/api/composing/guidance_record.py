"""远程指导记录: the session's record, signed by who guided and who operated."""

from collections.abc import Sequence

from tongtai.core.case_document import Fields, Listing, Paragraph, Section
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.sources import Sources, team_signers
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.guidance.api.export import exported
from tongtai.features.guidance.schemas.report import report_of

_PEOPLE_WIDTHS = (1.0, 1.0, 1.0)
_STEP_WIDTHS = (0.7, 1.0, 1.0, 1.7)
_ADVICE_WIDTHS = (0.8, 0.7, 2.2, 0.8, 1.4)
_EVENT_WIDTHS = (0.5, 0.8, 1.2, 1.0, 2.4)


async def compose_guidance_record(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The record of a session that has ended.

    Raises
    ------
    DocumentIncompleteError
        If there was no session or it has not ended.
    """
    export = await exported(view, sources.container)
    if export.state.opened_ms is None or export.state.closed_ms is None:
        raise DocumentIncompleteError(kind=order.kind.value, missing=["session_ended"])
    words = sources.words(order.language)
    report = report_of(export, order.language, words.zone)
    labels = report["labels"]

    def listing(name: str, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Section:
        header = labels[f"{name}_header"].split("|")
        # The record's own headings: people, steps, advice, timeline.
        return Section(
            heading=labels[name],
            blocks=(Listing(header=header, rows=[list(row) for row in rows], widths=widths),),
        )

    sections = (
        Section(
            heading=words("guidance.summary"), blocks=(Fields(rows=[(n, v) for n, v in report["session"]]),)
        ),
        listing("people", report["people"], _PEOPLE_WIDTHS),
        listing("steps", report["steps"], _STEP_WIDTHS),
        listing("advice", report["advice"], _ADVICE_WIDTHS),
        listing("timeline", report["events"], _EVENT_WIDTHS),
        Section(heading=labels["seal"], blocks=(Paragraph(text=report["seal"]),)),
    )
    return Composition(sections=sections, signers=team_signers(view, Role.LEAD_GUIDE, Role.OPERATOR))

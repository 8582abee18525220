"""手术安全核查表: every sheet with its lines, who answered, and who confirmed it for which party."""

from tongtai.core.case_document import Fields, Section, Ticks
from tongtai.core.checklists import Line, Party, Sheet, SheetForm
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView, Side
from tongtai.features.checklists.model import Filled
from tongtai.features.checklists.sql import SqlSheets
from tongtai.features.documents.api.composing.sources import Sources, team_signers
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.formats.case_documents.words import Words
from tongtai.formats.checklist_sheets import packaged_sheets

_SAFETY = (Sheet.SIGN_IN, Sheet.TIME_OUT, Sheet.SIGN_OUT)


async def compose_safety_checklist(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The three sheets of the operation, as they were filled in.

    Raises
    ------
    DocumentIncompleteError
        If a sheet was not confirmed by every party.
    """
    filled, forms = await SqlSheets(sources.session).of_case(view.case.id), packaged_sheets()
    technique = view.case.technique.value
    open_sheets = [
        sheet.value
        for sheet in _SAFETY
        if sheet not in filled or filled[sheet].lacks(forms[sheet], technique)
    ]
    if open_sheets:
        raise DocumentIncompleteError(kind=order.kind.value, missing=open_sheets)
    words = Words(order.language)
    sections = tuple(_sheet(filled[sheet], forms[sheet], words) for sheet in _SAFETY)
    at_site = {member.role for member in view.team if member.side is Side.SITE}
    roles = [role for role in (Role.OPERATOR, Role.ANAESTHETIST, Role.NURSE) if role in at_site]
    return Composition(sections=sections, signers=team_signers(view, *roles))


def _sheet(filled: Filled, form: SheetForm, words: Words) -> Section:
    english = words.language == "en"
    lines = [_line(line, filled, english=english) for line in form.lines if line.key in filled.marks]
    confirmed = [
        (words(f"party.{party.value}"), f"{one.name_en if english else one.name} {one.at:%Y-%m-%d %H:%M} UTC")
        for party in Party
        if (one := filled.confirmations.get(party)) is not None
    ]
    return Section(
        heading=form.en if english else form.zh, blocks=(Ticks(rows=lines), Fields(rows=confirmed, columns=1))
    )


def _line(line: Line, filled: Filled, *, english: bool) -> tuple[bool, str, str]:
    mark = filled.marks[line.key]
    told = line.en if english else line.zh
    if not isinstance(mark.value, bool):
        told = f"{told}: {mark.value} {line.unit}".rstrip()
    return mark.value is not False, told, f"{mark.by_name} {mark.at:%H:%M}"

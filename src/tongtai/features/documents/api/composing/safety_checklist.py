"""手术安全核查表: every sheet with its lines, who answered, and who confirmed it for which party."""

from collections.abc import Mapping

from tongtai.core.case_document import Fields, Section, Ticks
from tongtai.core.checklists import Line, Party, Sheet, SheetForm
from tongtai.features.accounts.model import Principal, Role, User
from tongtai.features.accounts.sql import SqlUsers
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
    words = sources.words(order.language)
    markers = {mark.by for sheet in _SAFETY for mark in filled[sheet].marks.values()}
    names = await SqlUsers(sources.session).find_many(markers)
    sections = tuple(_sheet(filled[sheet], forms[sheet], words, names) for sheet in _SAFETY)
    at_site = {member.role for member in view.team if member.side is Side.SITE}
    roles = [role for role in (Role.OPERATOR, Role.ANAESTHETIST, Role.NURSE) if role in at_site]
    return Composition(sections=sections, signers=team_signers(view, *roles))


def _sheet(filled: Filled, form: SheetForm, words: Words, names: Mapping[str, User]) -> Section:
    english = words.language == "en"
    lines = [_line(line, filled, words, names) for line in form.lines if line.key in filled.marks]
    confirmed = [
        (words(f"party.{party.value}"), f"{one.name_en if english else one.name} {words.moment(one.at)}")
        for party in Party
        if (one := filled.confirmations.get(party)) is not None
    ]
    return Section(
        heading=form.en if english else form.zh, blocks=(Ticks(rows=lines), Fields(rows=confirmed, columns=1))
    )


def _line(line: Line, filled: Filled, words: Words, names: Mapping[str, User]) -> tuple[bool, str, str]:
    mark, english = filled.marks[line.key], words.language == "en"
    told = line.en if english else line.zh
    if not isinstance(mark.value, bool):
        value = mark.value if isinstance(mark.value, str) else f"{mark.value:g}"
        unit = "" if line.unit == "1" else line.unit
        told = words("check.value", told, f"{value} {unit}".rstrip())
    by = names.get(mark.by)
    # The line keeps the name of then; only its English form must be asked for.
    name = by.display_name_en if english and by is not None else mark.by_name
    return mark.value is not False, told, f"{name} {words.clock(mark.at)}"

"""手术安全核查表: every sheet with its lines, who answered, what was measured, and who confirmed it for which party."""

from collections.abc import Mapping

from tongtai.core.case_document import Fields, Section, Ticks
from tongtai.core.checklists import Line, Party, Sheet, SheetForm
from tongtai.core.measured_lines import Measurement, ReadingState
from tongtai.features.accounts.model import Principal, Role, User
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.cases.model import CaseView, Side
from tongtai.features.checklists.model import Filled, Mark
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
    """The three sheets of the operation as they were filled in, and the readiness before them.

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
    sheets = [sheet for sheet in Sheet if sheet in filled]
    markers = {mark.by for sheet in sheets for mark in filled[sheet].marks.values()}
    names = await SqlUsers(sources.session).find_many(markers)
    sections = tuple(_sheet(filled[sheet], forms[sheet], words, names) for sheet in sheets)
    at_site = {member.role for member in view.team if member.side is Side.SITE}
    roles = [role for role in (Role.OPERATOR, Role.ANAESTHETIST, Role.NURSE) if role in at_site]
    return Composition(sections=sections, signers=team_signers(view, *roles))


def _sheet(filled: Filled, form: SheetForm, words: Words, names: Mapping[str, User]) -> Section:
    english = words.language == "en"
    lines = [
        _line(line, filled.marks[line.key], words, names) for line in form.lines if line.key in filled.marks
    ]
    confirmed = [
        (words(f"party.{party.value}"), f"{one.name_en if english else one.name} {words.moment(one.at)}")
        for party in Party
        if (one := filled.confirmations.get(party)) is not None
    ]
    return Section(
        heading=form.en if english else form.zh, blocks=(Ticks(rows=lines), Fields(rows=confirmed, columns=1))
    )


def _line(line: Line, mark: Mark, words: Words, names: Mapping[str, User]) -> tuple[bool, str, str]:
    english = words.language == "en"
    told = line.en if english else line.zh
    if not isinstance(mark.value, bool):
        told = words("check.value", told, _valued(mark.value, line))
    if mark.reading is not None:
        told = words("check.measured", told, _measured(line, mark, mark.reading, words))
    by = names.get(mark.by)
    # The line keeps the name of then; only its English form must be asked for.
    name = by.display_name_en if english and by is not None else mark.by_name
    # A line that goes on against its measurement is not ticked.
    return mark.value is not False and not mark.reason, told, f"{name} {words.clock(mark.at)}"


def _measured(line: Line, mark: Mark, reading: ReadingState, words: Words) -> str:
    found = mark.measured
    if mark.taken and not mark.reason and found:
        return words("t.measured", words.clock(found.at), _by(found, words))
    said = [] if mark.taken else [words("t.by_hand")]
    if found is None or reading is ReadingState.NOT_MEASURED:
        said.append(words("t.not_measured"))
    else:
        yes_or_no = words("t.yes" if found.value else "t.no")
        value = yes_or_no if isinstance(found.value, bool) else _valued(found.value, line)
        said.append(words(f"t.measured_{reading.value}", value, words.clock(found.at), _by(found, words)))
    if mark.reason:
        said.append(words("t.override", mark.reason))
    return words("t.also").join(said)


def _by(found: Measurement, words: Words) -> str:
    return words(f"measured_by.{found.by.value}", found.by_name)


def _valued(value: float | str, line: Line) -> str:
    unit = "" if line.unit == "1" else line.unit
    return f"{value if isinstance(value, str) else f'{value:g}'} {unit}".rstrip()

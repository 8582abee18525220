"""远程会诊申请单: the request and the material of the intake form, signed by the attending physician."""

from collections.abc import Mapping

from tongtai.core.case_document import Fields, Section
from tongtai.core.intake.form import Answer, Item, ItemKind
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.sources import Sources, team_signers
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.intake.sql import SqlIntake
from tongtai.formats.case_documents.units import printed_unit
from tongtai.formats.case_documents.words import Words
from tongtai.formats.intake_form import packaged_form

# What an invitation must hold (Measures on telemedicine services of 2018), by keys of the form.
_NEEDED = ("reason", "purpose", "history", "specialty_wanted", "title_wanted")
# Stays at the hospital: the paper goes to both sides.
_OWN_SIDE = frozenset({"identity"})
_CHOSEN = frozenset({ItemKind.CHOICE, ItemKind.YES_NO})


async def compose_referral(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The request as it stands now.

    Raises
    ------
    DocumentIncompleteError
        If something is open that an invitation must hold.
    """
    words, form = sources.words(order.language), packaged_form()
    answers = (await SqlIntake(sources.session).material(view.case.id)).answers
    missing = [f"item_{key}" for key in _NEEDED if key not in answers]
    if missing:
        raise DocumentIncompleteError(kind=order.kind.value, missing=missing)
    asked = form.asked_of(view.case.technique.value)
    sections = [
        Section(
            heading=words("referral.case"),
            blocks=(
                Fields(
                    rows=[
                        (words("referral.lesion"), view.case.lesion),
                        (words("referral.wanted"), words.moment(view.case.scheduled_at)),
                    ]
                ),
            ),
        )
    ]
    english = words.language == "en"
    spoken = {one.code: one.en if english else one.zh for one in form.words}
    for group in form.groups:
        rows = [
            (item.en if english else item.zh, _told(item, answers[item.key], spoken, words))
            for item in asked
            if item.group == group.code and item.key in answers
        ]
        if rows and group.code not in _OWN_SIDE:
            sections.append(Section(heading=group.en if english else group.zh, blocks=(Fields(rows=rows),)))
    return Composition(sections=tuple(sections), signers=team_signers(view, Role.ATTENDING))


def _told(item: Item, answer: Answer, spoken: Mapping[str, str], words: Words) -> str:
    value = answer.value
    if isinstance(value, tuple):
        told = words("list").join(value)
    elif isinstance(value, float | int):
        told = f"{value:g} {printed_unit(item.unit)}".rstrip()
    else:
        told = spoken.get(value, value) if item.kind in _CHOSEN else value
    dated = answer.observed_on is not None and item.fresh_days is not None
    return words("referral.dated", told, answer.observed_on) if dated else told

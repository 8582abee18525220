"""远程会诊申请单: the request and the material of the intake form, signed by the attending physician."""

from collections.abc import Mapping

from tongtai.core.case_document import Fields, Section
from tongtai.core.intake.form import Answer, Item, ItemKind
from tongtai.core.intake.scores import scores_of
from tongtai.core.risk.gates import Gate
from tongtai.features.accounts.model import Principal, Role
from tongtai.features.cases.model import CaseView, Disclosure
from tongtai.features.documents.api.composing.sources import Sources, team_signers
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import Composition, DocumentOrder
from tongtai.features.intake.model import FEMALE
from tongtai.features.intake.sql import SqlIntake
from tongtai.formats.case_documents.units import printed_unit
from tongtai.formats.case_documents.words import Words
from tongtai.formats.intake_form import packaged_form
from tongtai.formats.score_words import score_words

# What an invitation must hold (Measures on telemedicine services of 2018), by keys of the form.
_NEEDED = ("reason", "purpose", "history", "specialty_wanted", "title_wanted")
# Stays at the hospital: the paper goes to both sides.
_OWN_SIDE = frozenset({"identity"})
_GATES: Mapping[str, Mapping[str, str]] = {
    Gate.OPEN.value: {"zh": "放行", "en": "open"},
    Gate.BLOCKED.value: {"zh": "不放行", "en": "blocked"},
}
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
    sections += _scores(view, {key: answer.value for key, answer in answers.items()}, words)
    return Composition(sections=tuple(sections), signers=team_signers(view, Role.ATTENDING))


def _scores(view: CaseView, answers: Mapping[str, object], words: Words) -> list[Section]:
    """What follows from the answers: each score that is complete, with its formula and source."""
    english, patient = words.language == "en", view.case.patient
    found = scores_of(answers, female=FEMALE.get(patient.sex))
    rows = []
    for score in found:
        # The paper goes to both sides, and MELD 3.0 says the patient's sex.
        if not score.complete or (score.name == "meld_3" and view.case.disclosure is Disclosure.NONE):
            continue
        told = score_words(score)
        value = "" if score.value is None else f"{score.value:.2f}".rstrip("0").rstrip(".")
        grade = score.grade or ""
        result = " · ".join(one for one in (value, _GATES.get(grade, {}).get(words.language, grade)) if one)
        formula = told.formula_en if english else told.formula_zh
        source = told.source_en if english else told.source_zh
        name = told.name_en if english else told.name_zh
        rows.append((name, words("referral.score", result, formula, source)))
    return [Section(heading=words("referral.scores"), blocks=(Fields(rows=rows, columns=1),))] if rows else []


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

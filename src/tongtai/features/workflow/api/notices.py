"""HTTP: calls to oneself, and the words of the workflow."""

from fastapi import APIRouter, status

from tongtai.features.accounts.api import Current
from tongtai.features.workflow.api.wiring import NoticesDep
from tongtai.features.workflow.schemas import CatalogueOut, NoticeOut, RecordFormKey, RecordFormOut, WordOut
from tongtai.formats.checklist_sheets import packaged_sheets
from tongtai.formats.intake_form import packaged_form
from tongtai.formats.record_forms import FORMS, packaged_record_form
from tongtai.formats.review_points import packaged_points
from tongtai.formats.workflow_words import Section, value_words, words

router = APIRouter(prefix="/api/workflow", tags=["workflow"])


@router.get("/notices")
async def list_notices(principal: Current, notices: NoticesDep) -> list[NoticeOut]:
    """What the caller's roles are called for, the newest first."""
    return [NoticeOut.of(notice) for notice in await notices.mine(principal)]


@router.post("/notices/{notice_id}/read", status_code=status.HTTP_204_NO_CONTENT)
async def read_notice(notice_id: str, principal: Current, notices: NoticesDep) -> None:
    """Say that one sees to it: it is no longer shown to the others."""
    await notices.read(principal, notice_id)


@router.get("/catalogue")
async def get_catalogue(_principal: Current) -> CatalogueOut:
    """The words, in both languages, of everything that the workflow says by code."""
    return CatalogueOut(
        values=_values(),
        **{
            section.value: [WordOut(code=code, zh=word.zh, en=word.en) for code, word in words(section)]
            for section in Section
        },
    )


@router.get("/forms/{form_key}")
async def get_record_form(form_key: RecordFormKey, _principal: Current) -> RecordFormOut:
    """A form: its fields in both languages, and for which steps each is needed."""
    return RecordFormOut.of(packaged_record_form(form_key))


def _values() -> dict[str, list[WordOut]]:
    """What the values in those sentences are called: also lines of sheets and items of the form."""
    found = {
        name: [WordOut(code=code, zh=word.zh, en=word.en) for code, word in codes.items()]
        for name, codes in value_words().items()
    }
    sheets = packaged_sheets().values()
    found["sheet"] = [WordOut(code=form.sheet, zh=form.zh, en=form.en) for form in sheets]
    lines = {line.key: line for form in sheets for line in form.lines}
    found["line"] = [WordOut(code=line.key, zh=line.zh, en=line.en) for line in lines.values()]
    found["item"] = [WordOut(code=one.key, zh=one.zh, en=one.en) for one in packaged_form().items.values()]
    found["record_field"] = [
        WordOut(code=f"{form.key}.{one.key}", zh=one.zh, en=one.en)
        for form in map(packaged_record_form, FORMS)
        for one in form.fields
    ]
    found["review_point"] = [WordOut(code=one.key, zh=one.zh, en=one.en) for one in packaged_points()]
    return found

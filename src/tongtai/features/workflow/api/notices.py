"""HTTP: calls to oneself, and the words of the workflow."""

from fastapi import APIRouter, status

from tongtai.features.accounts.api import Current
from tongtai.features.workflow.api.wiring import NoticesDep
from tongtai.features.workflow.schemas import CatalogueOut, NoticeOut, WordOut
from tongtai.formats.workflow_words import Section, words

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
        **{
            section.value: [WordOut(code=code, zh=word.zh, en=word.en) for code, word in words(section)]
            for section in Section
        }
    )

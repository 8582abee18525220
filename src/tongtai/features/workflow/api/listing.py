"""HTTP: the list of cases, each with the place that it has reached on its way."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from tongtai.features.accounts.api import Current
from tongtai.features.accounts.model import Permission
from tongtai.features.cases.api import CaseAccessDep
from tongtai.features.cases.model import CaseQuery, CaseState, Technique
from tongtai.features.cases.schemas import CaseSummary, Instant
from tongtai.features.workflow.model import ClinicalState
from tongtai.features.workflow.sql import SqlWorkflows
from tongtai.infra.web import DbSession

router = APIRouter(prefix="/api/cases", tags=["cases"])


class ListedCaseOut(CaseSummary):
    """A case in a list; ``clinical_state`` is null for one that is not in the workflow."""

    clinical_state: ClinicalState | None


async def _query(
    state: CaseState | None = None,
    technique: Technique | None = None,
    q: Annotated[str, Query(max_length=100)] = "",
    since: Instant | None = None,
    until: Instant | None = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> CaseQuery:
    """Which cases, scheduled from when to before when, which page."""
    return CaseQuery(
        text=q.strip(),
        state=state,
        technique=technique,
        since=since,
        until=until,
        offset=offset,
        limit=limit,
    )


@router.get("")
async def list_cases(
    principal: Current,
    access: CaseAccessDep,
    session: DbSession,
    query: Annotated[CaseQuery, Depends(_query)],
) -> list[ListedCaseOut]:
    """The cases that the caller may see, the latest scheduled first, a page at a time.

    ``q`` looks into what the caller may see only, so that nobody can probe for a hidden name.
    """
    views = await access.page(principal, Permission.CASE_READ, query)
    reached = await SqlWorkflows(session).reached([view.case.id for view in views])
    return [
        ListedCaseOut(**CaseSummary.of(view).model_dump(), clinical_state=reached.get(view.case.id))
        for view in views
    ]

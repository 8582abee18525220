"""HTTP: quality indicators of one's own institution."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from tongtai.core.deidentification import Disguise
from tongtai.features.accounts.api import Current
from tongtai.features.audit.api import AuditDep
from tongtai.features.cases.model import Technique
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.quality.model import Filter
from tongtai.features.quality.schemas.indicators import (
    IndicatorsOut,
    ListedOut,
    SupervisedCaseOut,
    SupervisionOut,
    csv_text,
)
from tongtai.features.quality.service import QualityService
from tongtai.features.quality.sql import SqlQuality
from tongtai.infra.web import ContainerDep, DbSession

router = APIRouter(prefix="/api/quality", tags=["quality"])


async def _service(container: ContainerDep, session: DbSession, audit: AuditDep) -> QualityService:
    return QualityService(store=SqlQuality(session), audit=audit, clock=container.clock)


async def _filter(
    since: Annotated[date | None, Query()] = None,
    until: Annotated[date | None, Query()] = None,
    technique: Technique | None = None,
) -> Filter:
    return Filter(since=since, until=until, technique=technique)


QualityDep = Annotated[QualityService, Depends(_service)]
FilterDep = Annotated[Filter, Depends(_filter)]


@router.get("/indicators")
async def list_indicators(principal: Current, quality: QualityDep, chosen: FilterDep) -> IndicatorsOut:
    """Every indicator with definition, numerator, denominator and excluded cases, in all and by month."""
    return IndicatorsOut.of(await quality.counts(principal, chosen))


@router.get("/indicators.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def indicators_csv(principal: Current, quality: QualityDep, chosen: FilterDep) -> Response:
    """The same as a table."""
    found = IndicatorsOut.of(await quality.counts(principal, chosen))
    headers = {"Content-Disposition": 'attachment; filename="indicators.csv"'}
    return Response(csv_text(found), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/supervision")
async def read_supervision(
    principal: Current,
    quality: QualityDep,
    chosen: FilterDep,
    container: ContainerDep,
    institutions: InstitutionsDep,
) -> SupervisionOut:
    """For a supervising authority: indicators and the cases behind them, with nothing of a patient."""
    cases = await quality.supervised(principal, chosen)
    numbers = await quality.counts(principal, chosen)
    own = await institutions.get(principal.institution_id)
    secret = container.settings.secret("deidentification").encode()
    return SupervisionOut(
        institution=own.name,
        made_at=container.clock.now(),
        indicators=IndicatorsOut.of(numbers).indicators,
        cases=[
            SupervisedCaseOut(
                number=Disguise(secret, one.case_id).number,
                technique=one.technique,
                month=one.month,
                marks={code: mark.name.lower() for code, mark in one.marks.items()},
            )
            for one in cases
        ],
    )


@router.get("/indicators/{code}/cases")
async def list_counted_cases(
    code: Annotated[str, Path(max_length=40)],
    principal: Current,
    quality: QualityDep,
    chosen: FilterDep,
    mark: Literal["hit", "miss", "excluded"] = "excluded",
) -> list[ListedOut]:
    """Cases by how they count in an indicator, the latest first."""
    found = await quality.listed(principal, code, chosen, mark=mark)
    return [ListedOut.named(one.case_number, one.ended_on, one.mark) for one in found]

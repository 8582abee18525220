"""HTTP: how many treated cases, by month, technique, service and institution."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from tongtai.features.accounts.api import Current
from tongtai.features.institutions.api import InstitutionsDep
from tongtai.features.quality.api.indicators import FilterDep, QualityDep
from tongtai.features.quality.schemas.evaluations import TallyOut, tallies_csv

router = APIRouter(prefix="/api/quality", tags=["quality"])


async def _tallies(
    principal: Current, quality: QualityDep, chosen: FilterDep, institutions: InstitutionsDep
) -> list[TallyOut]:
    found = await quality.tallies(principal, chosen)
    names = {one.id: one for one in await institutions.visible_to(principal.institution_id)}
    return [TallyOut.of(one, names) for one in found]


Tallies = Annotated[list[TallyOut], Depends(_tallies)]


@router.get("/statistics")
async def list_statistics(tallies: Tallies) -> list[TallyOut]:
    """Treated cases of the caller's institution, counted."""
    return tallies


@router.get("/statistics.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def statistics_csv(tallies: Tallies) -> Response:
    """The same as a table."""
    headers = {"Content-Disposition": 'attachment; filename="statistics.csv"'}
    return Response(tallies_csv(tallies), media_type="text/csv; charset=utf-8", headers=headers)

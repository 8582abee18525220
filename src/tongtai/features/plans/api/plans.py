"""HTTP: plans, their files, review and approval."""

import json
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Path, Query
from fastapi.responses import Response, StreamingResponse

from tongtai.features.accounts.api import Current
from tongtai.features.plans.api.wiring import PlansDep
from tongtai.features.plans.model import PlanFile
from tongtai.features.plans.schemas import ComparisonOut, PlanOut, PlansOut, PlanSummary, ReviewIn
from tongtai.infra.web import ContainerDep

router = APIRouter(prefix="/api/cases/{case_id}/plans", tags=["plans"])


@router.get("")
async def list_plans(case_id: str, principal: Current, plans: PlansDep) -> PlansOut:
    """The case's plans, newest first."""
    return PlansOut(plans=[PlanSummary.of(plan) for plan in await plans.listed(principal, case_id)])


@router.get("/compare")
async def compare_plans(
    case_id: str,
    principal: Current,
    plans: PlansDep,
    a: Annotated[str, Query(max_length=64)],
    b: Annotated[str, Query(max_length=64)],
) -> ComparisonOut:
    """The numbers of two plans side by side."""
    return ComparisonOut.of(await plans.compare(principal, case_id, a, b))


@router.get("/{plan_id}")
async def get_plan(
    case_id: str, plan_id: str, principal: Current, plans: PlansDep, container: ContainerDep
) -> PlanOut:
    """A plan, whole, and the list of its files."""
    record, files = await plans.opened(principal, case_id, plan_id)
    content = await container.blobs.get(record.plan_sha256)
    return PlanOut.of(record, json.loads(content), files)


@router.get("/{plan_id}/files/{name:path}", response_class=Response)
async def get_plan_file(
    case_id: str,
    plan_id: str,
    name: Annotated[str, Path(max_length=200)],
    principal: Current,
    plans: PlansDep,
    container: ContainerDep,
    *,
    download: bool = False,
    if_none_match: Annotated[str, Header(alias="if-none-match")] = "",
) -> Response:
    """A file of a plan. Its ETag is its SHA-256; ``download`` asks for an attachment."""
    file = await plans.file(principal, case_id, plan_id, name)
    headers = {"ETag": f'"{file.sha256}"', "Cache-Control": "private, no-cache"}
    if f'"{file.sha256}"' in if_none_match:
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(file.size_bytes)
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{_download_name(plan_id, file)}"'
    return StreamingResponse(container.blobs.stream(file.sha256), media_type=file.media_type, headers=headers)


def _download_name(plan_id: str, file: PlanFile) -> str:
    """A name that tells the plan and the file, and nothing of the patient."""
    return quote(f"{plan_id}-{file.name.replace('/', '-')}")


@router.post("/{plan_id}/review")
async def review_plan(
    case_id: str, plan_id: str, body: ReviewIn, principal: Current, plans: PlansDep
) -> PlanSummary:
    """Say that one has looked a colleague's plan through."""
    return PlanSummary.of(await plans.review(principal, case_id, plan_id, note=body.note))


@router.post("/{plan_id}/approve")
async def approve_plan(case_id: str, plan_id: str, principal: Current, plans: PlansDep) -> PlanSummary:
    """Approve a colleague's reviewed plan; the other plans of the same tumour are then superseded."""
    return PlanSummary.of(await plans.approve(principal, case_id, plan_id))

"""手术计划书: the book of the case's approved plan, signed by who made, reviewed and approved it."""

import hashlib

from tongtai.features.accounts.model import Principal, Role
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.cases.model import CaseView
from tongtai.features.documents.api.composing.sources import Sources
from tongtai.features.documents.errors import DocumentIncompleteError
from tongtai.features.documents.ports import BoundFile, Composition, DocumentOrder
from tongtai.features.plans.model import PlanRecord, PlanState, Shown, seen_by
from tongtai.features.plans.sql import SqlPlans

_BOOK = "plan-book.pdf"


async def compose_plan_book(
    _: Principal, view: CaseView, order: DocumentOrder, sources: Sources
) -> Composition:
    """The book of the approved plan, in the copy that the case discloses to both sides.

    Raises
    ------
    DocumentIncompleteError
        If no plan is approved, or somebody who made it has left.
    """
    plans = SqlPlans(sources.session)
    approved = [plan for plan in await plans.of_case(view.case.id) if plan.state is PlanState.APPROVED]
    wanted = next((plan for plan in approved if order.subject in {"", plan.id}), None)
    if wanted is None:
        raise DocumentIncompleteError(kind=order.kind.value, missing=["approved_plan"])
    shown = seen_by(await plans.files(wanted.id), Shown(view.case.disclosure.value))
    book = next(file for file in shown if file.name == _BOOK)
    return Composition(
        sections=(),
        signers=await _signers(wanted, view, sources),
        bound=BoundFile(
            pdf_sha256=book.sha256,
            # Two books of one plan, in two languages, are two records.
            record_sha256=hashlib.sha256(f"{wanted.plan_sha256} {book.sha256}".encode()).hexdigest(),
        ),
    )


async def _signers(plan: PlanRecord, view: CaseView, sources: Sources) -> tuple[tuple[str, Role], ...]:
    places = {member.user_id: member.role for member in view.team}
    people = [person.user_id for person in (plan.made_by, plan.approved_by) if person is not None]
    there = await SqlUsers(sources.session).find_many(set(people))
    gone = [user_id for user_id in people if user_id not in places or user_id not in there]
    if gone:
        raise DocumentIncompleteError(kind="plan_book", missing=["planner_in_team"])
    return tuple((user_id, places[user_id]) for user_id in people)

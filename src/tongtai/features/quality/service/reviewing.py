"""Use cases: draw closed cases, review them, follow what is done about findings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from tongtai.core.case_review import Grade, Point, PointVerdict, lacks_of_review, sampled
from tongtai.core.clock import Clock
from tongtai.features.accounts.errors import ForbiddenError
from tongtai.features.accounts.model import By, Permission, Principal, Role, User
from tongtai.features.accounts.ports import UserStore
from tongtai.features.audit.model import AuditAction
from tongtai.features.audit.service import AuditLog
from tongtai.features.cases.model import Case
from tongtai.features.cases.ports import CaseStore
from tongtai.features.quality.errors import (
    FindingActRefusedError,
    FindingNotFoundError,
    NothingToDrawError,
    ReviewChangedError,
    ReviewNotFoundError,
    ReviewRefusedError,
)
from tongtai.features.quality.model import Draw, Finding, FindingAct, FindingState, Review, Step
from tongtai.features.quality.ports import Closed, ReviewStore

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """What a reviewer found at a point."""

    point: str
    grade: Grade
    text: str


async def admit(audit: AuditLog, principal: Principal, permission: Permission, action: AuditAction) -> None:
    """Let somebody through who holds this permission; refusals are recorded.

    Raises
    ------
    ForbiddenError
        If they do not.
    """
    if permission not in principal.permissions:
        await audit.record_denied(principal.actor, action)
        raise ForbiddenError(permission=permission.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewService:
    """Review of the closed cases of one's own institution.

    Attributes
    ----------
    points
        What a case is checked against.
    new_seed
        Makes the seed of a draw; nobody chooses it.
    """

    store: ReviewStore
    cases: CaseStore
    audit: AuditLog
    clock: Clock
    new_id: Callable[[str], str]
    new_seed: Callable[[], str]
    points: Sequence[Point]

    async def draws(self, principal: Principal) -> list[Draw]:
        """The draws, the newest first."""
        await self._read(principal)
        return await self.store.draws(principal.institution_id)

    async def draw(self, principal: Principal, *, percent: int) -> Draw:
        """Draw from all cases that were closed since the last draw.

        Raises
        ------
        NothingToDrawError
            If there is none.
        ReviewChangedError
            If somebody draws at the same time.
        """
        await admit(self.audit, principal, Permission.QUALITY_REVIEW, AuditAction.REVIEW_DRAWN)
        known, now = await self.store.draws(principal.institution_id), self.clock.now()
        since = known[0].until if known else _BEGINNING
        closed = {
            one.case_id: one
            for one in await self.store.closed(principal.institution_id, after=since, until=now)
        }
        if not closed:
            raise NothingToDrawError
        draw, reviews = self._drawn(
            principal, closed, number=len(known) + 1, since=since, until=now, percent=percent
        )
        if not await self.store.add_draw(draw, reviews):
            raise ReviewChangedError
        self.audit.record(
            principal.actor,
            AuditAction.REVIEW_DRAWN,
            subject=draw.id,
            seed=draw.seed,
            percent=percent,
            population=draw.population,
            drawn=draw.drawn,
        )
        return draw

    def _drawn(
        self,
        principal: Principal,
        closed: Mapping[str, Closed],
        *,
        number: int,
        since: datetime,
        until: datetime,
        percent: int,
    ) -> tuple[Draw, list[Review]]:
        seed = self.new_seed()
        chosen = sampled(closed, seed=seed, percent=percent)
        draw = Draw(
            id=self.new_id("draw"),
            institution_id=principal.institution_id,
            number=number,
            seed=seed,
            percent=percent,
            since=since,
            until=until,
            population=len(closed),
            drawn=len(chosen),
            by=principal.by,
        )
        reviews = [
            Review(
                id=self.new_id("rev"),
                draw_id=draw.id,
                institution_id=draw.institution_id,
                case_id=case_id,
                case_number=closed[case_id].number,
                drawn_at=until,
                verdicts={},
            )
            for case_id in chosen
        ]
        return draw, reviews

    async def queue(self, principal: Principal) -> list[Review]:
        """The drawn cases, those that wait first."""
        await self._read(principal)
        return await self.store.reviews(principal.institution_id)

    async def finish(
        self,
        principal: Principal,
        review_id: str,
        verdicts: Mapping[str, PointVerdict],
        found: Sequence[NewFinding],
        *,
        version: int,
    ) -> Review:
        """Answer every point, with a finding where one is not met.

        Raises
        ------
        ReviewRefusedError
            If a point is open, a finding lacks its words, or it is a case that one has treated oneself.
        """
        await admit(self.audit, principal, Permission.QUALITY_REVIEW, AuditAction.REVIEW_FINISHED)
        review, case = await self._to_review(principal, review_id)
        written = [one for one in found if one.text.strip()]
        lacks = lacks_of_review(self.points, verdicts, {one.point for one in written})
        if lacks:
            raise ReviewRefusedError(reason="incomplete", lacks=[one.as_dict() for one in lacks])
        now = self.clock.now()
        done = replace(review, verdicts=dict(verdicts), by=principal.by, reviewed_at=now, version=version + 1)
        findings = [self._finding(done, one, by=principal.by, at=now) for one in written]
        if not await self.store.replace_review(done, findings, version=version):
            raise ReviewChangedError
        self.audit.record(
            principal.actor,
            AuditAction.REVIEW_FINISHED,
            case=case.reference,
            subject=review.id,
            findings=len(findings),
        )
        return done

    async def _to_review(self, principal: Principal, review_id: str) -> tuple[Review, Case]:
        """A drawn case that waits, and that one has not treated oneself."""
        review = await self.store.review(principal.institution_id, review_id)
        case = await self.cases.find(review.case_id) if review else None
        if review is None or case is None:
            raise ReviewNotFoundError(review_id=review_id[:64])
        if review.reviewed_at is not None:
            raise ReviewRefusedError(reason="reviewed_already")
        mine = {one.role for one in case.team if one.user_id == principal.user_id}
        if mine - {Role.QUALITY_CONTROL, Role.OBSERVER}:
            raise ReviewRefusedError(reason="own_case")
        return review, case

    def _finding(self, review: Review, new: NewFinding, *, by: By, at: datetime) -> Finding:
        return Finding(
            id=self.new_id("find"),
            review_id=review.id,
            institution_id=review.institution_id,
            case_id=review.case_id,
            case_number=review.case_number,
            point=new.point,
            grade=new.grade,
            text=new.text.strip(),
            found_by=by,
            found_at=at,
        )

    async def _read(self, principal: Principal) -> None:
        await admit(self.audit, principal, Permission.QUALITY_READ, AuditAction.REVIEW_READ)
        self.audit.record(principal.actor, AuditAction.REVIEW_READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingService:
    """What is done about findings: by quality control, and by who was asked to mend one."""

    store: ReviewStore
    users: UserStore
    audit: AuditLog
    clock: Clock

    async def listed(self, principal: Principal) -> list[Finding]:
        """All findings of one's institution, the newest first."""
        await admit(self.audit, principal, Permission.QUALITY_READ, AuditAction.REVIEW_READ)
        self.audit.record(principal.actor, AuditAction.REVIEW_READ)
        return await self.store.findings(principal.institution_id)

    async def mine(self, principal: Principal) -> list[Finding]:
        """What one is asked to mend, the earliest due first."""
        found = await self.store.findings(principal.institution_id)
        waiting = [
            one
            for one in found
            if one.state is FindingState.ASSIGNED
            and one.responsible is not None
            and one.responsible.user_id == principal.user_id
        ]
        return sorted(waiting, key=lambda one: (one.due_on or date.max, one.id))

    async def people(self, principal: Principal) -> list[User]:
        """Who may be asked to mend something: the active people of one's institution."""
        await admit(self.audit, principal, Permission.QUALITY_REVIEW, AuditAction.REVIEW_READ)
        return [one for one in await self.users.of_institution(principal.institution_id) if one.active]

    async def act(
        self,
        principal: Principal,
        finding_id: str,
        act: FindingAct,
        *,
        version: int,
        text: str,
        responsible_id: str | None = None,
        due_on: date | None = None,
    ) -> Finding:
        """Assign a finding, report that it is mended, send that back, or confirm it.

        Reporting is for who was asked to mend it and for quality control; the rest for quality control alone, and
        confirming for another person than who mended it.

        Raises
        ------
        FindingNotFoundError
            If one's institution has no such finding.
        FindingActRefusedError
            If that cannot be done now, or not by this person.
        """
        known = await self.store.finding(principal.institution_id, finding_id)
        is_mender = known and known.responsible and known.responsible.user_id == principal.user_id
        if not (act is FindingAct.FINISH and is_mender):
            await admit(self.audit, principal, Permission.QUALITY_REVIEW, AuditAction.FINDING_CHANGED)
        if known is None:
            raise FindingNotFoundError(finding_id=finding_id[:64])
        step = Step(act=act, by=principal.by, at=self.clock.now(), text=text.strip())
        asked = await self._asked(principal, act, responsible_id, due_on)
        changed = known.after(step, responsible=asked, due_on=due_on)
        if known.version != version or not await self.store.replace_finding(changed, version=version):
            raise ReviewChangedError
        self.audit.record(
            principal.actor,
            AuditAction.FINDING_CHANGED,
            subject=known.id,
            act=act.value,
            before=known.state.value,
            after=changed.state.value,
        )
        return changed

    async def _asked(
        self, principal: Principal, act: FindingAct, responsible_id: str | None, due_on: date | None
    ) -> By | None:
        if act is not FindingAct.ASSIGN or responsible_id is None:
            return None
        if due_on is not None and due_on < self.clock.now().date():
            raise FindingActRefusedError(reason="due_in_the_past", act=act.value)
        user = await self.users.find(responsible_id)
        if user is None or user.institution_id != principal.institution_id or not user.active:
            raise FindingActRefusedError(reason="not_of_your_institution", act=act.value)
        return user.by

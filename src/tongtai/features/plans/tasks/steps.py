"""The steps of a planning job, as the worker's child process does them.

``read`` → ``segment`` → ``plan`` → ``book`` → ``store``: the way of ``tongtai plan`` and ``tongtai seeds plan``, with the
case's images instead of a folder and the case's plans instead of a folder. What a step gives is where its work lies;
the work itself stays in memory for the next step, and is read back only after a restart.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tongtai.core.segmentation.masks import Segmentation
from tongtai.features.accounts.sql import SqlUsers
from tongtai.features.audit.api import audit_log
from tongtai.features.audit.model import Actor, AuditAction
from tongtai.features.cases.api import case_service
from tongtai.features.imaging.errors import ImageNotFoundError
from tongtai.features.imaging.model import ImageQuery
from tongtai.features.imaging.sql import SqlImages
from tongtai.features.institutions.api import institution_service
from tongtai.features.plans.dicom import DicomBookbinder, stored_copies
from tongtai.features.plans.errors import JobNotFoundError
from tongtai.features.plans.model import (
    SEEDS,
    BookedCase,
    JobRecord,
    PlanFile,
    PlanOrder,
    PlanRecord,
    PlanState,
    Shown,
    numbers_from,
    order_from,
)
from tongtai.features.plans.sql import SqlPlans
from tongtai.features.plans.tasks.ablation import AblationPlanning
from tongtai.features.plans.tasks.implant import SeedPlanning
from tongtai.features.plans.tasks.planning import MadePlan, Planning
from tongtai.formats.image_reading import ReadImage, read_image
from tongtai.formats.model_pack import PackStore
from tongtai.formats.plan_book import book_fonts
from tongtai.formats.plan_folder import pages_bytes
from tongtai.formats.plan_knowledge import software_name
from tongtai.formats.segmentation_engines import engine_named
from tongtai.infra.container import Container
from tongtai.infra.identifiers import new_id
from tongtai.infra.jobs.computing import Progress, StepAsked
from tongtai.infra.jobs.work import Work


class PlanSteps:
    """Does the steps of planning jobs, one after the other.

    Parameters
    ----------
    container : Container
        The installation's parts.
    """

    def __init__(self, container: Container) -> None:
        self._container = container
        self._blobs = container.blobs
        self._work = Work(container.blobs, secret=container.settings.secret("jobs"), version=software_name())
        self._runner = asyncio.Runner()
        self._memory: dict[str, Any] = {}
        self._ablation = AblationPlanning(container.settings.data)
        self._steps: Mapping[str, Callable[[StepAsked, PlanOrder, Progress], Mapping[str, Any]]] = (
            MappingProxyType(
                {
                    "read": self._read,
                    "segment": self._segment,
                    "plan": self._plan,
                    "book": self._book,
                    "store": self._store,
                }
            )
        )

    def do(self, asked: StepAsked, progress: Progress) -> Mapping[str, Any]:
        """Do one step."""
        order = order_from(asked.payload["order"])
        return self._steps[asked.step](asked, order, progress)

    def _read(self, asked: StepAsked, order: PlanOrder, progress: Progress) -> Mapping[str, Any]:
        # What can be refused without any work is refused first.
        self._planning(order).check(order)
        book_fonts(self._container.settings.web_dist)
        with tempfile.TemporaryDirectory(prefix="tongtai-series-") as folder:
            count = self._runner.run(self._fetched(asked.payload["case_id"], order, Path(folder)))
            progress(0.3, "read images")
            image = read_image(Path(folder), order.series_uid)
        return {"images": count, "work": self._keep(asked, image)}

    async def _fetched(self, case_id: str, order: PlanOrder, folder: Path) -> int:
        """The series' images as files of a folder; the number of them."""
        async with self._container.database.transaction() as session:
            found = await SqlImages(session).instances(
                ImageQuery(case_id=case_id, series_uid=order.series_uid)
            )
        if not found:
            raise ImageNotFoundError(series_uid=order.series_uid)
        for number, (_, file) in enumerate(found, start=1):
            (folder / f"image-{number:04}.dcm").write_bytes(await self._blobs.get(file.sha256))
        return len(found)

    def _segment(self, asked: StepAsked, order: PlanOrder, progress: Progress) -> Mapping[str, Any]:
        image: ReadImage = self._kept(asked, "read")
        engine = engine_named(order.engine, PackStore(self._container.settings.data / "models"))
        return {"work": self._keep(asked, engine.segment(image.volume, progress))}

    def _planning(self, order: PlanOrder) -> Planning[Any]:
        return SeedPlanning() if order.technique == SEEDS else self._ablation

    def _plan(self, asked: StepAsked, order: PlanOrder, progress: Progress) -> Mapping[str, Any]:
        image: ReadImage = self._kept(asked, "read")
        segmentation: Segmentation = self._kept(asked, "segment")
        result = self._planning(order).plan(segmentation, order, image, progress)
        return {"work": self._keep(asked, result)}

    def _book(self, asked: StepAsked, order: PlanOrder, progress: Progress) -> Mapping[str, Any]:
        image: ReadImage = self._kept(asked, "read")
        now = self._container.clock.now()
        made = self._planning(order).made(self._kept(asked, "plan"), order, image, now, progress)
        progress(0.9, "put away")
        return self._runner.run(self._put_away(asked, made))

    async def _put_away(self, asked: StepAsked, made: MadePlan) -> Mapping[str, Any]:
        case = await self._booked(asked.payload["case_id"])
        kept = [copy for file in made.files for copy in await stored_copies(self._blobs, file, case)]
        return {
            "plan_id": new_id("plan"),
            "plan_sha256": await self._blobs.put(made.content),
            "pages_sha256": await self._blobs.put(pages_bytes(made.pages)),
            "numbers": asdict(made.numbers),
            "files": [asdict(file) for file in kept],
        }

    def _store(self, asked: StepAsked, _order: PlanOrder, _progress: Progress) -> Mapping[str, Any]:
        return self._runner.run(self._stored(asked))

    async def _stored(self, asked: StepAsked) -> Mapping[str, Any]:
        """The plan among the case's plans, once: a step that was cut off may have stored it already."""
        case_id = asked.payload["case_id"]
        async with self._container.database.transaction() as session:
            plans = SqlPlans(session)
            known = (await plans.by_job(case_id)).get(asked.job_id)
            job = await plans.find_job(case_id, asked.job_id)
            if job is None:
                raise JobNotFoundError(job_id=asked.job_id)
            draft = self._draft(asked, job, await _described(SqlImages(session), job))
        if known is None:
            # Typeset between the transactions: neither is open for as long as that takes.
            books = DicomBookbinder(
                self._blobs,
                self._container.clock,
                self._container.settings.web_dist,
                self._container.settings.zone,
            )
            copies = await books.bind(draft, await self._booked(case_id))
            files = [_file(file) for file in asked.before["book"]["files"]]
            await self._added(draft, [*files, *copies])
        await self._work.forget(asked.job_id)
        return {"plan_id": known or draft.id}

    async def _added(self, draft: PlanRecord, files: list[PlanFile]) -> None:
        async with self._container.database.transaction() as session:
            plans = SqlPlans(session)
            earlier = await plans.of_case(draft.case_id)
            plan = replace(draft, version=1 + max((plan.version for plan in earlier), default=0))
            await plans.add(plan, files)
            case = await case_service(self._container, session).get(draft.case_id)
            maker = await SqlUsers(session).find(plan.made_by.user_id)
            audit_log(self._container, session).record(
                Actor(
                    kind="user",
                    id=plan.made_by.user_id,
                    name=plan.made_by.name,
                    institution_id=None if maker is None else maker.institution_id,
                ),
                AuditAction.PLAN_MADE,
                case=case.reference,
                subject=plan.id,
                plan_sha256=plan.plan_sha256,
                job_id=plan.job_id,
            )

    def _draft(self, asked: StepAsked, job: JobRecord, description: str) -> PlanRecord:
        """The plan as it will be stored, but for its place among the case's plans."""
        made = asked.before["book"]
        return PlanRecord(
            id=made["plan_id"],
            case_id=job.case_id,
            job_id=job.id,
            version=1,
            state=PlanState.DRAFT,
            numbers=numbers_from(made["numbers"]),
            series_uid=job.order.series_uid,
            series_description=description,
            plan_sha256=made["plan_sha256"],
            pages_sha256=made["pages_sha256"],
            language=job.order.language,
            made_by=job.requested_by,
            made_at=self._container.clock.now(),
        )

    async def _booked(self, case_id: str) -> BookedCase:
        async with self._container.database.transaction() as session:
            case = await case_service(self._container, session).get(case_id)
            institutions = institution_service(session)
            return BookedCase(
                number=case.number,
                patient=case.patient,
                inviting=await institutions.get(case.inviting_institution_id),
                invited=await institutions.get(case.invited_institution_id),
            )

    def _keep(self, asked: StepAsked, value: object) -> str:
        key = self._runner.run(self._work.save(asked.job_id, asked.step, value))
        self._memory[key] = value
        return key

    def _kept(self, asked: StepAsked, step: str) -> Any:
        key = asked.before[step]["work"]
        if key not in self._memory:
            self._memory[key] = self._runner.run(self._work.load(key))
        return self._memory[key]


async def _described(images: SqlImages, job: JobRecord) -> str:
    found = await images.series(ImageQuery(case_id=job.case_id, series_uid=job.order.series_uid))
    return found[0][0].description if found else ""


def _file(told: Mapping[str, Any]) -> PlanFile:
    shown = told["shown"]
    return PlanFile(**{**told, "shown": None if shown is None else Shown(shown)})

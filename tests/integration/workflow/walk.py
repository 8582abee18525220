"""A case on its whole way: each station brought about as people do it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import httpx2
from tests.integration.workflow.steps import case_url, consented, lacks, moved, stated, submitted
from tests.support.server import Server
from tests.support.world import PASSWORD, Person, World

from tongtai.core.checklists import LineKind, Sheet
from tongtai.core.intake.form import ItemKind
from tongtai.core.planning.plan import Outcome
from tongtai.features.accounts.model import Role
from tongtai.features.imaging.sql import InstanceRow, PushRow, SeriesRow
from tongtai.features.plans.model import JobRecord, PlanNumbers, PlanOrder, PlanPerson, PlanRecord, PlanState
from tongtai.features.plans.sql import SqlPlans
from tongtai.formats.checklist_sheets import packaged_sheets
from tongtai.formats.intake_form import packaged_form

FORM, SHEETS = packaged_form(), packaged_sheets()
_PIXELS = b"%PDF-1.4\nreport\n%%EOF\n"


def answers(on: date, technique: str = "rfa") -> dict[str, dict[str, object]]:
    """A plausible answer to everything but the files, as it is sent."""
    found: dict[str, dict[str, object]] = {}
    for item in FORM.asked_of(technique):
        match item.kind:
            case ItemKind.FILE:
                continue
            case ItemKind.NUMBER:
                low = item.low or 0.0
                value: object = min(low * 1.5 + 1.0, item.high or 1e9)
            case ItemKind.CHOICE | ItemKind.YES_NO:
                value = (item.choices or ("no",))[0]
            case ItemKind.LIST:
                value = ["无"]
            case _:
                value = "无"
        found[item.key] = {"value": value, "observed_on": on.isoformat()}
    found["platelets"]["value"], found["inr"]["value"] = 150, 1.1
    return found


@dataclass
class Walker:
    """Takes the case of hospital 1 along its way."""

    server: Server
    world: World
    technique: str = "rfa"
    plan_content: bytes = b""

    async def post(self, who: Person, part: str, body: Mapping[str, object], *, method: str = "POST"):
        """Somebody sends something about the case; it must be taken."""
        async with self.server.sign_in(who) as browser:
            answer = await browser.request(method, case_url(self.world, part), json=dict(body))
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def move(self, who: Person, act: str) -> str:
        """A step that must be taken; returns the state."""
        answer = await moved(self.server, self.world, who, act, reason="走通流程")
        assert answer.status_code == 200, answer.text
        return answer.json()["state"]

    async def refused(self, who: Person, act: str) -> set[str]:
        """A step that must be refused; returns what is missing."""
        return lacks(await moved(self.server, self.world, who, act, reason="走通流程"))

    async def fill_in(self) -> None:
        """The whole form and its files."""
        today = self.server.container.clock.now().date()
        async with self.server.sign_in(self.world.attending) as browser:
            known = (await browser.get(case_url(self.world, "/intake"))).json()
            body = {"version": known["version"], "answers": answers(today, self.technique)}
            saved = await browser.patch(case_url(self.world, "/intake"), json=body)
            assert saved.status_code == 200, saved.text
            for item in ("ecg", "chest_imaging", "pathology_report"):
                made = await attach(browser, self.world, item, _PIXELS)
                assert made.status_code == 201, made.text

    async def send_images(self, **changes: object) -> None:
        """Three phases of a CT, as headers."""
        now = self.server.container.clock.now()
        async with self.server.container.database.transaction() as session:
            session.add(
                PushRow(id="push_1", case_id=self.world.case.id, sender_id="u", source="t", started_at=now)
            )
            await session.flush()
            for number, phase in enumerate(("arterial phase", "portal venous phase", "delayed phase")):
                uid = f"1.2.3.{number}"
                session.add(
                    SeriesRow(case_id=self.world.case.id, series_uid=uid, study_uid="1.2.3", modality="CT")
                )
                await session.flush()
                session.add(_instance(self.world.case.id, uid, phase, now, changes))

    async def meet(self) -> None:
        """A meeting of three that decides and signs; the case is at the meeting's station already."""
        verdict = self.technique
        members = await self.convene()
        (meeting,) = [
            one for one in await self.listed(self.world.coordinator, "/mdt") if one["conclusion"] is None
        ]
        url = f"/mdt/{meeting['id']}"
        discussion = {
            "version": meeting["version"],
            "lesions": [{"label": "1", "segment": "S8", "size_mm": 23, "distances_mm": {"vessel": 6}}],
            "options": [{"treatment": verdict, "note": "单发"}],
        }
        await self.post(self.world.coordinator, url + "/discussion", discussion, method="PUT")
        voted = meeting
        for member in members:
            voted = await self.post(member, url + "/votes", {"verdict": verdict, "reason": "23 mm"})
        body = {"version": voted["version"], "verdict": verdict, "details": {"guidance": "CT"}}
        await self.post(self.world.coordinator, url + "/conclusion", body)
        for member in members:
            await self.post(member, url + "/sign", {"password": PASSWORD})

    async def convene(self) -> list[Person]:
        """Ask three specialties to a meeting, unless one waits."""
        roles = (Role.LEAD_GUIDE, Role.BACKUP_GUIDE, Role.MDT_MEMBER)
        members = [self.world.person(role, "centre") for role in roles]
        open_ones = [
            one for one in await self.listed(self.world.coordinator, "/mdt") if not one["conclusion"]
        ]
        if not open_ones:
            specialties = ("interventional", "hepatic_surgery", "radiology")
            panel = [
                {"user_id": member.id, "specialty": specialty, "title": "主任医师"}
                for member, specialty in zip(members, specialties, strict=True)
            ]
            soon = self.server.container.clock.now() + timedelta(minutes=5)
            await self.post(
                self.world.coordinator, "/mdt", {"scheduled_at": soon.isoformat(), "panel": panel}
            )
        return members

    async def listed(self, who: Person, part: str):
        """What somebody sees."""
        async with self.server.sign_in(who) as browser:
            return (await browser.get(case_url(self.world, part))).json()

    async def plan(self) -> tuple[str, str]:
        """An approved plan, made by the planner and approved by the guide; its id and hash."""
        now = self.server.container.clock.now()
        sha256 = await self.server.container.blobs.put(self.plan_content) if self.plan_content else "a" * 64
        planner, guide = self.world.person(Role.PLANNER, "centre"), self.world.lead_guide
        async with self.server.container.database.transaction() as session:
            store = SqlPlans(session)
            by = PlanPerson(user_id=planner.id, name="计划", name_en="Planner")
            order = PlanOrder(series_uid="1.2.3.1", technique=self.technique)
            await store.add_job(
                JobRecord(
                    id="job_1",
                    case_id=self.world.case.id,
                    order=order,
                    requested_by=by,
                    requested_at=now,
                )
            )
            plan = PlanRecord(
                id="plan_1",
                case_id=self.world.case.id,
                job_id="job_1",
                version=1,
                state=PlanState.APPROVED,
                numbers=replace(_NUMBERS, technique=self.technique),
                series_uid="1.2.3.1",
                series_description="",
                plan_sha256=sha256,
                pages_sha256="b" * 64,
                language="zh",
                made_by=by,
                made_at=now,
                approved_by=PlanPerson(user_id=guide.id, name="专家", name_en="Guide"),
                approved_at=now,
            )
            await store.add(plan, [])
        return plan.id, plan.plan_sha256

    async def opine_and_decide(self, plan_sha256: str, outcome: str = "adopted") -> None:
        """An opinion that its expert signs."""
        guide = self.world.lead_guide
        parts = {"findings": "S8 单发", "diagnosis": "肝细胞癌", "recommendation": "射频消融"}
        body = {"parts": parts, "experts": [guide.id], "plan_sha256": plan_sha256}
        opinion = await self.post(guide, "/opinions", body)
        assert not opinion["issued"]
        signed = await self.post(guide, f"/opinions/{opinion['id']}/sign", {"password": PASSWORD})
        assert signed["issued"]
        assert await self.move(guide, "issue_opinion") == "opinion_issued"
        decision = {
            "opinion_id": opinion["id"],
            "outcome": outcome,
            "reason": "同意",
            "operates": True,
            "password": PASSWORD,
        }
        await self.post(self.world.attending, "/decisions", decision)

    async def check(self, sheet: Sheet, *, without: str = "") -> None:
        """Fill a sheet in; each line by a party that may, then each party confirms it."""
        people = {
            "surgeon": self.world.operator,
            "anaesthesia": self.world.person(Role.ANAESTHETIST),
            "nurse": self.world.person(Role.NURSE),
            "guide": self.world.lead_guide,
        }
        form = SHEETS[sheet]
        for party in sorted(form.parties):
            mine = {
                line.key: value_of(line)
                for line in form.asked_of(self.technique)
                if line.key != without and (party in line.parties or (not line.parties and party == "nurse"))
            }
            if mine:
                version = await self._version(sheet)
                body = {"version": version, "values": mine}
                await self.post(people[party], f"/checklists/{sheet.value}", body, method="PATCH")
        if without:
            return
        for party in sorted(form.parties):
            await self.post(people[party], f"/checklists/{sheet.value}/confirm", {"party": party})

    async def _version(self, sheet: Sheet) -> int:
        sheets = await self.listed(self.world.operator, "/checklists")
        return next(one["version"] for one in sheets if one["sheet"] == sheet.value)

    async def to_ready(self) -> None:
        """From nothing to where the patient may come in."""
        world = self.world
        await self.fill_in()
        await submitted(self.server, world)
        await self.move(world.coordinator, "accept")
        await self.convene()
        await self.move(world.coordinator, "schedule_mdt")
        await self.meet()
        await self.move(world.coordinator, "decide_mdt")
        await self.send_images()
        await self.move(world.lead_guide, "begin_planning")
        plan_id, sha256 = await self.plan()
        await stated(self.server, world, world.operator, "plan_read", subject=plan_id, sha256=sha256)
        await self.move(world.lead_guide, "approve_plan")
        await self.opine_and_decide(sha256)
        await self.move(world.attending, "decide")
        await consented(self.server, world, "surgery", "anaesthesia")
        await self.move(world.coordinator, "schedule")
        await self.check(Sheet.READINESS)
        assert await self.move(world.person(Role.NURSE), "make_ready") == "ready"

    async def operate(self) -> None:
        """From ready to the sign-out: three sheets, a physician there, without a network."""
        world = self.world
        await self.check(Sheet.SIGN_IN)
        await self.move(world.person(Role.NURSE), "sign_in")
        await self.check(Sheet.TIME_OUT)
        await self.move(world.operator, "time_out")
        await stated(self.server, world, world.operator, "present")
        await stated(self.server, world, world.operator, "local_only", text="链路维护")
        await self.move(world.operator, "begin_procedure")
        await self.check(Sheet.SIGN_OUT)
        assert await self.move(world.operator, "sign_out") == "signed_out"

    async def receive(self) -> dict:
        """Both sides confirm the newest bundle by its hash."""
        (newest, *_) = await self.listed(self.world.attending, "/archive")
        for who in (self.world.attending, self.world.coordinator):
            body = {"sha256": newest["sha256"]}
            await self.post(who, f"/archive/bundles/{newest['id']}/receipts", body)
        return newest


def value_of(line):
    """An answer within the line's range."""
    match line.kind:
        case LineKind.CHECK:
            return True
        case LineKind.NUMBER:
            return line.low if line.low is not None else 1.0
        case LineKind.TEXT:
            return "无"


async def attach(browser: httpx2.AsyncClient, world: World, item: str, content: bytes) -> httpx2.Response:
    """Send a file to an item of the form."""
    return await browser.post(
        case_url(world, "/intake/attachments"),
        params={"item": item, "name": "报告.pdf"},
        content=content,
        headers={"content-type": "application/octet-stream"},
    )


_NUMBERS = PlanNumbers(
    outcome=next(iter(Outcome)),
    technique="rfa",
    device="",
    by_hand=False,
    tumour_number=1,
    tumour_ml=6.0,
    margin_mm=5.0,
    needles=1,
    positions=1,
    energy_time_min=12.0,
    tumour_coverage=1.0,
    target_coverage=1.0,
    minimum_margin_mm=5.0,
    probability=None,
    warnings=0,
)


def _instance(case_id: str, uid: str, phase: str, now, changes: Mapping[str, object]) -> InstanceRow:
    attributes = (
        '{"0008103E": {"vr": "LO", "Value": ["%s"]}, "00180050": {"vr": "DS", "Value": [1.5]}}' % phase  # noqa: UP031
    )
    columns: dict[str, object] = {
        "case_id": case_id, "sop_instance_uid": uid + ".1", "push_id": "push_1", "quarantined": False,
        "identity": "x", "sha256": "c" * 64, "size_bytes": 1, "received_at": now,
        "sop_class_uid": "1.2.840.10008.5.1.4.1.1.2", "study_uid": "1.2.3", "series_uid": uid,
        "transfer_syntax_uid": "1.2.840.10008.1.2.1", "modality": "CT", "study_description": "",
        "study_date": f"{now:%Y%m%d}", "series_description": phase, "series_number": 1,
        "instance_number": 1, "position_mm": 0.0, "rows": 8, "columns": 8, "frames": 1,
        "patient_json": '{"names": [], "birth_date": "", "patient_id": ""}', "attributes_json": attributes,
    }  # fmt: skip
    return InstanceRow(**columns | dict(changes))

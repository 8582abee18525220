"""The demonstration's cases in the workflow, brought along their way as a hospital's people and the centre's do it."""

import asyncio
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from tongtai.entrypoints.demo.dress import push_simulated_ct
from tongtai.entrypoints.demo.papers import record_qualifications, sign_agreements
from tongtai.entrypoints.demo.people import CENTRE_KEY
from tongtai.entrypoints.demo.seed import Account, Demonstration, Table
from tongtai.entrypoints.demo.visit import Visit
from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import TEAM_ROLES, Patient, Sex

# In this order; a case goes on until its station is reached.
STATIONS = ("submitted", "returned", "mdt_scheduled")
_ATTACHED = {"ecg": "心电图.png", "chest_imaging": "胸部影像报告.png", "pathology_report": "病理报告.png"}
_CONSENTED = ("telemedicine", "data_sharing", "recording")
_PANEL = {
    Role.LEAD_GUIDE: "interventional",
    Role.BACKUP_GUIDE: "hepatic_surgery",
    Role.MDT_MEMBER: "radiology",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One case of ``referrals.toml``."""

    hospital: str
    station: str
    technique: str
    lesion: str
    days_ahead: int
    patient: Mapping[str, str]
    answers: Mapping[str, object]
    without: tuple[str, ...] = field(default=())


def referrals() -> tuple[Referral, ...]:
    """The cases, each with the answers that all share."""
    table = tomllib.loads((files(__package__) / "referrals.toml").read_text(encoding="utf-8"))
    found = []
    for entry in table["referral"]:
        without = tuple(entry.pop("without", ()))
        answers = {**table["answers"], **entry.pop("answers")}
        kept = {key: value for key, value in answers.items() if key not in without}
        found.append(Referral(**entry, without=without, answers=kept))
    return tuple(found)


async def refer_cases(url: str, demonstration: Demonstration, now: datetime) -> None:
    """Agreements, qualifications, and every case of the file brought to its station."""
    await sign_agreements(url, demonstration, now.date())
    await record_qualifications(url, demonstration, now.date())
    tables = {table.hospital.key: table for table in demonstration.tables}
    ways = [_Way(url, demonstration, tables[one.hospital], one, now) for one in referrals()]
    await asyncio.gather(*(way.go() for way in ways))


class _Way:
    """One case on its way."""

    def __init__(
        self, url: str, demonstration: Demonstration, table: Table, referral: Referral, now: datetime
    ) -> None:
        self._url = url
        self._demonstration = demonstration
        self._table = table
        self._referral = referral
        self._now = now
        self._case = ""

    async def go(self) -> None:
        """As far as the station."""
        await self._open()
        await self._fill_in()
        await self._consent()
        async with self._at_site(Role.MEDICAL_AFFAIRS) as visit:
            await visit.post(f"{self._case}/workflow/statements", {"kind": "request_approved"})
        await self._move(self._at_site(Role.ATTENDING), "submit")
        match self._referral.station:
            case "returned":
                await self._move(self._at_centre(Role.COORDINATOR), "return")
            case "mdt_scheduled":
                await self._accept_and_convene()
            case _:
                pass

    def _at_site(self, role: Role) -> Visit:
        return Visit(self._url, self._account(self._table.hospital.key, role))

    def _at_centre(self, role: Role) -> Visit:
        return Visit(self._url, self._account(CENTRE_KEY, role))

    def _account(self, key: str, role: Role) -> Account:
        return self._demonstration.account(f"{key}.{role}")

    def _team(self, key: str) -> list[dict[str, str]]:
        people = [one for one in self._demonstration.accounts if one.login.startswith(f"{key}.")]
        return [{"user_id": one.user_id, "role": one.role} for one in people if one.role in TEAM_ROLES]

    async def _open(self) -> None:
        when = self._now + timedelta(days=self._referral.days_ahead)
        async with self._at_site(Role.ATTENDING) as visit:
            made = await visit.post(
                "/api/cases",
                {
                    "technique": self._referral.technique,
                    "lesion": self._referral.lesion,
                    "patient": dict(self._referral.patient),
                    "invited_institution_id": self._table.case.invited_institution_id,
                    "operating_room_id": self._table.case.operating_room_id,
                    "scheduled_at": when.isoformat(),
                    "team": self._team(self._table.hospital.key),
                },
            )
            self._case = f"/api/cases/{made['id']}"
            await visit.post(f"{self._case}/workflow", {"service_type": "consultation"})

    async def _fill_in(self) -> None:
        day = self._now.date().isoformat()
        async with self._at_site(Role.ATTENDING) as visit:
            form = await visit.get(f"{self._case}/intake")
            answers = {
                key: {"value": value, "observed_on": day} for key, value in self._referral.answers.items()
            }
            await visit.send(
                "PATCH", f"{self._case}/intake", {"version": form["version"], "answers": answers}
            )
            for item, name in _ATTACHED.items():
                if item not in self._referral.without:
                    await visit.attach(f"{self._case}/intake/attachments", name, item, _simulated_paper(item))

    async def _consent(self) -> None:
        centre = self._table.case.invited_institution_id
        async with self._at_site(Role.ATTENDING) as visit:
            for kind in _CONSENTED:
                await visit.post(
                    f"{self._case}/consents",
                    {
                        "kind": kind,
                        "template": "demo-2026-11",
                        "text": "已告知内容、目的、方式、可能的影响和撤回的权利（演示）。",
                        "signer_name": self._referral.patient["name"],
                        "relation": "patient",
                        "signed_at": self._now.isoformat(),
                        "fee_line": "远程指导每例 800 元（演示）" if kind == "telemedicine" else "",
                        "recipients": [centre] if kind == "data_sharing" else [],
                    },
                )

    async def _accept_and_convene(self) -> None:
        async with self._at_centre(Role.COORDINATOR) as visit:
            await visit.send("PUT", f"{self._case}/team", {"team": self._team(CENTRE_KEY)})
        await self._move(self._at_centre(Role.COORDINATOR), "accept")
        await push_simulated_ct(self._url, self._demonstration, self._own_table(), acquired_at=self._now)
        panel = [
            {"user_id": self._account(CENTRE_KEY, role).user_id, "specialty": specialty, "title": "主任医师"}
            for role, specialty in _PANEL.items()
        ]
        async with self._at_centre(Role.COORDINATOR) as visit:
            tomorrow = (self._now + timedelta(days=1)).isoformat()
            await visit.post(f"{self._case}/mdt", {"scheduled_at": tomorrow, "panel": panel})
        await self._move(self._at_centre(Role.COORDINATOR), "schedule_mdt")
        async with self._at_centre(Role.LEAD_GUIDE) as visit:
            # The history alone is enough for the rules on history: this is where the abscess is foreseen.
            await visit.post(f"{self._case}/warnings", {})

    def _own_table(self) -> Table:
        """The hospital's table with this case and its patient on it."""
        given = self._referral.patient
        patient = Patient(
            name=given["name"],
            sex=Sex(given["sex"]),
            birth_date=date.fromisoformat(given["birth_date"]),
            hospital_number=given["hospital_number"],
        )
        case_id = self._case.rsplit("/", 1)[-1]
        return Table(
            hospital=replace(self._table.hospital, patient=patient),
            case=replace(self._table.case, id=case_id),
        )

    async def _move(self, person: Visit, act: str) -> None:
        async with person as visit:
            seen: dict[str, Any] = await visit.get(f"{self._case}/workflow")
            await visit.post(f"{self._case}/workflow/moves", {"act": act, "version": seen["version"]})


def _simulated_paper(item: str) -> bytes:
    """A picture that says that it is simulated; the electrocardiogram has a trace."""
    picture = Image.new("L", (1000, 400), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((16, 12), f"SIMULATED {item} - demonstration, nobody's record", fill=0)
    if item == "ecg":
        time_s = np.linspace(0.0, 8.0, 1000)
        beat = time_s % 0.85
        waves = (
            (0.16, 0.025, 12.0),
            (0.27, 0.008, -10.0),
            (0.30, 0.010, 120.0),
            (0.33, 0.010, -25.0),
            (0.52, 0.04, 25.0),
        )
        trace = sum(height * np.exp(-0.5 * ((beat - centre) / width) ** 2) for centre, width, height in waves)
        draw.line([(x, 240.0 - float(y)) for x, y in enumerate(np.asarray(trace))], fill=0, width=2)
    content = io.BytesIO()
    picture.save(content, format="PNG")
    return content.getvalue()

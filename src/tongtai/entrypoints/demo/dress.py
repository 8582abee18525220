"""Bring the demonstration's tables to life over HTTP, as a hospital's own people would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import httpx2
import numpy as np

from tongtai.core.phantom.abdomen import abdomen_phantom
from tongtai.entrypoints.demo.people import CENTRE_KEY
from tongtai.entrypoints.demo.seed import Account, Demonstration, Table
from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import Sex, Technique
from tongtai.formats.dicom.writing import CtPatient, write_ct_series

_TIMEOUT_S = 60.0
_DICOM_SEX = {Sex.MALE: "M", Sex.FEMALE: "F"}
_PARALLEL = 4
# What a person would type for a plan of seeds; an ablation needs nothing beyond its images.
_SEEDS = {"prescription_gy": 110.0, "activity_mci": 0.6}


async def enrolment_code(url: str, demonstration: Demonstration, table: Table) -> str:
    """Announce a gateway for the table as the hospital's engineer; return its one-time code."""
    engineer = _account(demonstration, table, Role.ENGINEER)
    async with _signed_in(url, engineer) as http:
        answer = await http.post(
            "/api/gateways",
            json={
                "name": f"{table.hospital.name_en} OR 1",
                "operating_room_id": table.case.operating_room_id,
            },
        )
        answer.raise_for_status()
        code: str = answer.json()["code"]
        return code


async def push_simulated_ct(
    url: str, demonstration: Demonstration, table: Table, *, acquired_at: datetime
) -> None:
    """Simulate a CT of the table's patient and send it as the hospital's technician."""
    files = await asyncio.to_thread(_simulate, table, acquired_at)
    technician = _account(demonstration, table, Role.TECHNICIAN)
    async with _signed_in(url, technician) as http:
        pushes = f"/api/cases/{table.case.id}/imaging/pushes"
        started = await http.post(pushes, json={"source": "demonstration", "declared_files": len(files)})
        started.raise_for_status()
        push = f"{pushes}/{started.json()['push_id']}"
        lanes = asyncio.Semaphore(_PARALLEL)

        async def send(index: int, content: bytes) -> None:
            async with lanes:
                answer = await http.put(f"{push}/files/slice-{index:03}.dcm", content=content)
                answer.raise_for_status()

        await asyncio.gather(*(send(index, content) for index, content in enumerate(files)))
        (await http.post(f"{push}/finish")).raise_for_status()


async def ask_for_plan(url: str, demonstration: Demonstration, table: Table) -> None:
    """Have the table's case planned on its CT, as the centre's planner; the worker does it meanwhile."""
    seeds = _SEEDS if table.hospital.technique is Technique.SEEDS else None
    async with _signed_in(url, demonstration.account(f"{CENTRE_KEY}.{Role.PLANNER}")) as http:
        case = f"/api/cases/{table.case.id}"
        series = await http.get(f"{case}/imaging/series")
        series.raise_for_status()
        for found in series.json():
            asked = await http.post(
                f"{case}/plans/jobs", json={"series_uid": found["series_uid"], "seeds": seeds}
            )
            asked.raise_for_status()


def _simulate(table: Table, acquired_at: datetime) -> list[bytes]:
    patient = table.hospital.patient
    seed = int.from_bytes(table.hospital.key.encode())
    return write_ct_series(
        abdomen_phantom(np.random.default_rng(seed)),
        CtPatient(
            name=patient.name,
            patient_id=patient.hospital_number,
            birth_date=patient.birth_date,
            sex=_DICOM_SEX.get(patient.sex, "O"),
        ),
        acquired_at=acquired_at,
    )


def _account(demonstration: Demonstration, table: Table, role: Role) -> Account:
    return demonstration.account(f"{table.hospital.key}.{role}")


@asynccontextmanager
async def _signed_in(url: str, account: Account) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Origin": url}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=_TIMEOUT_S) as http:
        answer = await http.post(
            "/api/auth/login", json={"login": account.login, "password": account.password}
        )
        answer.raise_for_status()
        http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield http
        (await http.post("/api/auth/logout")).raise_for_status()

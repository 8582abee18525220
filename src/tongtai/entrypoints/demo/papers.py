"""What two institutions need on paper before a case may go between them, written down as their own people do."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from tongtai.entrypoints.demo.people import CENTRE_KEY
from tongtai.entrypoints.demo.seed import Account, Demonstration
from tongtai.entrypoints.demo.visit import Visit
from tongtai.features.accounts.model import Role
from tongtai.features.agreements.model import Clause

_VALID = timedelta(days=730)
_CLAUSES: Mapping[Clause, str] = {
    Clause.PURPOSE: "由受邀方专家通过远程方式指导邀请方实施肝肿瘤消融与粒子植入。",
    Clause.CONDITIONS: "双方具备相应诊疗科目；邀请方已备案限制类技术；患者已分别签署同意。",
    Clause.CONTENT: "病例讨论、三维规划、会诊意见、术中实时指导、术后随访建议。",
    Clause.PROCESS: "申请、接收、多学科讨论、计划、意见、决定、核查、手术、报告、随访、归档。",
    Clause.RIGHTS_AND_DUTIES: "受邀方提出意见；邀请方决定、实施并保管病历；双方各存一份归档包。",
    Clause.RISK_AND_LIABILITY: "会诊由邀请方对患者负责；争议提交邀请方所在地卫生健康主管部门。",
    Clause.FEES: "远程指导每例 800 元，邀请方收取并与受邀方结算（演示）。",
}


async def sign_agreements(url: str, demonstration: Demonstration, today: date) -> None:
    """An agreement with each hospital: its medical affairs draw it up and sign, then the centre signs."""
    centre = demonstration.account(f"{CENTRE_KEY}.{Role.ADMINISTRATOR}")
    for table in demonstration.tables:
        office = demonstration.account(f"{table.hospital.key}.{Role.MEDICAL_AFFAIRS}")
        async with Visit(url, office) as visit:
            drawn = await visit.post(
                "/api/agreements",
                {
                    "title": f"{table.hospital.name}与{centre.institution.name}远程会诊合作协议",
                    "services": ["consultation"],
                    "parties": [
                        {"institution_id": office.institution.id, "role": "inviting"},
                        {"institution_id": centre.institution.id, "role": "invited"},
                    ],
                    "clauses": {clause.value: text for clause, text in _CLAUSES.items()},
                    "dispute_authority": f"{table.hospital.name}所在地卫生健康委员会（演示）",
                    "valid_from": today.isoformat(),
                    "valid_until": (today + _VALID).isoformat(),
                },
            )
            sign = f"/api/agreements/{drawn['id']}/sign"
            signed = await visit.post(sign, {"version": drawn["version"], "password": office.password})
        async with Visit(url, centre) as visit:
            await visit.post(sign, {"version": signed["version"], "password": centre.password})


async def record_qualifications(url: str, demonstration: Demonstration, today: date) -> None:
    """Licences and filings of each hospital; registration, practice and training of the centre's guides."""
    centre = demonstration.account(f"{CENTRE_KEY}.{Role.ADMINISTRATOR}")
    guides = [demonstration.account(f"{CENTRE_KEY}.{role}") for role in (Role.LEAD_GUIDE, Role.BACKUP_GUIDE)]
    async with Visit(url, centre) as visit:
        for guide in guides:
            for body in _of_guide(guide):
                await visit.post("/api/qualifications", body)
    for table in demonstration.tables:
        async with Visit(url, demonstration.account(f"{table.hospital.key}.{Role.MEDICAL_AFFAIRS}")) as visit:
            for body in _of_site(today):
                await visit.post("/api/qualifications", body)


async def consent_to_recording(url: str, demonstration: Demonstration, now: datetime) -> None:
    """The patients of today's tables let their operations be recorded; without that a gateway records nothing."""
    for table in demonstration.tables:
        attending = demonstration.account(f"{table.hospital.key}.{Role.ATTENDING}")
        async with Visit(url, attending) as visit:
            await visit.post(
                f"/api/cases/{table.case.id}/consents",
                {
                    "kind": "recording",
                    "template": "demo-2026-12",
                    "text": "已告知录像的内容、目的、保存期限和撤回的权利（演示）。",
                    "signer_name": table.hospital.patient.name,
                    "relation": "patient",
                    "signed_at": now.isoformat(),
                },
            )


def _of_guide(guide: Account) -> Iterator[dict[str, object]]:
    for kind, code in (
        ("physician_registration", "surgery"),
        ("independent_practice", "surgery"),
        ("training", "guided_ablation"),
    ):
        yield {
            "kind": kind,
            "code": code,
            "user_id": guide.user_id,
            "number": "DEMO-0001",
            "since": "2012-07-01",
        }


def _of_site(today: date) -> Iterator[dict[str, object]]:
    for kind, code in (
        ("licence_subject", "oncology"),
        ("technique_filing", "tumour_ablation"),
        ("technique_filing", "seed_implantation"),
        ("radiation_licence", "brachytherapy"),
    ):
        until = (today + _VALID).isoformat()
        yield {"kind": kind, "code": code, "number": "DEMO-0002", "since": "2020-01-01", "valid_until": until}

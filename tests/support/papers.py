"""What a case needs on paper: an agreement, licences and filings, experts, consents. All invented."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.support.world import World

from tongtai.features.accounts.model import Confirmation, Role
from tongtai.features.agreements.model import (
    Agreement,
    AgreementKind,
    Clause,
    Party,
    PartyRole,
    ServiceType,
)
from tongtai.features.agreements.sql import SqlAgreements
from tongtai.features.audit.model import content_sha256
from tongtai.features.consents.model import Consent, ConsentKind, Relation
from tongtai.features.qualifications.model import Qualification, QualificationKind
from tongtai.features.qualifications.sql import SqlQualifications
from tongtai.infra.container import Container

K = QualificationKind


def agreement(
    inviting_id: str, invited_id: str, now: datetime, *, services: frozenset[ServiceType] | None = None
) -> Agreement:
    """A whole agreement that nobody has signed."""
    return Agreement(
        id="agr_1",
        title="远程会诊协议",
        kind=AgreementKind.DIRECT,
        services=services or frozenset({ServiceType.CONSULTATION}),
        parties=(
            Party(institution_id=inviting_id, role=PartyRole.INVITING),
            Party(institution_id=invited_id, role=PartyRole.INVITED),
        ),
        clauses={clause: f"{clause} 条款" for clause in Clause},
        dispute_authority="山城市卫生健康委员会",
        valid_from=now.date() - timedelta(days=30),
        valid_until=now.date() + timedelta(days=335),
        created_at=now,
    )


def signed(draft: Agreement, now: datetime) -> Agreement:
    """The same agreement, signed by every party."""
    signatures = tuple(
        Confirmation(
            user_id=f"user_{number}",
            name="负责人",
            name_en="Head",
            role=Role.ADMINISTRATOR,
            institution_id=party.institution_id,
            at=now,
            sha256=draft.sha256,
            means="password",
        )
        for number, party in enumerate(draft.parties)
    )
    return replace(draft, signatures=signatures)


def qualification(
    kind: QualificationKind,
    code: str,
    institution_id: str,
    *,
    user_id: str | None = None,
    since: date = date(2010, 1, 1),
    valid_until: date | None = None,
    tested_at: datetime | None = None,
) -> Qualification:
    """One piece of evidence."""
    return Qualification(
        # Short enough for the column, which PostgreSQL checks.
        id="qual_" + content_sha256([kind, code, user_id or institution_id])[:24],
        kind=kind,
        institution_id=institution_id,
        user_id=user_id,
        code=code,
        number="1",
        since=since,
        valid_until=valid_until,
        detail="",
        recorded_by="user_1",
        recorded_at=datetime(2020, 1, 1).astimezone(),
        tested_at=tested_at,
    )


def of_site(institution_id: str, now: datetime) -> list[Qualification]:
    """What a hospital needs for any technique."""
    return [
        qualification(K.LICENCE_SUBJECT, "oncology", institution_id),
        qualification(K.TECHNIQUE_FILING, "tumour_ablation", institution_id),
        qualification(K.TECHNIQUE_FILING, "seed_implantation", institution_id),
        qualification(K.RADIATION_LICENCE, "brachytherapy", institution_id),
        qualification(K.LINE_TEST, "provider_a", institution_id, tested_at=now),
        qualification(K.LINE_TEST, "provider_b", institution_id, tested_at=now),
    ]


def of_expert(user_id: str, institution_id: str, *, since: date = date(2010, 1, 1)) -> list[Qualification]:
    """What a guide needs."""
    return [
        qualification(K.PHYSICIAN_REGISTRATION, "surgery", institution_id, user_id=user_id),
        qualification(K.INDEPENDENT_PRACTICE, "surgery", institution_id, user_id=user_id, since=since),
        qualification(K.TRAINING, "guided_ablation", institution_id, user_id=user_id),
    ]


def consent(kind: ConsentKind, recipients: tuple[str, ...], now: datetime) -> Consent:
    """A whole consent, signed by the patient."""
    return Consent(
        id=f"cons_{kind}",
        case_id="case_1",
        kind=kind,
        number=1,
        template="v1",
        text="已告知内容、目的与影响",
        signer_name="王小明",
        relation=Relation.PATIENT,
        signed_at=now,
        explained_by="user_1",
        explained_by_name="医师",
        fee_line="每次 500 元",
        recipients=recipients,
        risks="出血、感染",
        alternatives="手术切除",
    )


def consent_body(kind: str, now: datetime, **changes: object) -> dict[str, object]:
    """A whole consent, as it is sent."""
    return {
        "kind": kind,
        "template": "v1",
        "text": "已告知内容、目的与影响",
        "signer_name": "王小明",
        "relation": "patient",
        "signed_at": now.isoformat(),
        "fee_line": "每次 500 元",
        "risks": "出血、感染",
        "alternatives": "手术切除",
    } | changes


async def furnish(container: Container, world: World) -> None:
    """Give both sides of the first hospital's case their papers; the patient has signed nothing yet."""
    now = container.clock.now()
    async with container.database.transaction() as session:
        draft = agreement(world.hospitals[0].id, world.centre.id, now)
        await SqlAgreements(session).add(signed(draft, now))
        papers = of_site(world.hospitals[0].id, now)
        for role in (Role.LEAD_GUIDE, Role.BACKUP_GUIDE):
            papers += of_expert(world.person(role, "centre").id, world.centre.id)
        for paper in papers:
            await SqlQualifications(session).save(paper)

"""The table of roles and permissions, and what follows from it in a case."""

from datetime import UTC, date, datetime

import pytest

from tongtai.features.accounts.model import (
    PERMISSIONS,
    ROLES_OF,
    Permission,
    Principal,
    Role,
    password_weakness,
    permissions_of,
)
from tongtai.features.cases.model import (
    Case,
    CaseState,
    Disclosure,
    Patient,
    Sex,
    Side,
    TeamMember,
    Technique,
    patient_seen,
)
from tongtai.features.institutions.model import InstitutionKind

CENTRE_ONLY = ROLES_OF[InstitutionKind.INVITED] - ROLES_OF[InstitutionKind.INVITING]
SITE_ONLY = ROLES_OF[InstitutionKind.INVITING] - ROLES_OF[InstitutionKind.INVITED]


def _case(*team: TeamMember) -> Case:
    return Case(
        id="case_1",
        number="2026-0001",
        technique=Technique.RFA,
        lesion="S8",
        patient=Patient(name="王小明", sex=Sex.MALE, birth_date=date(1957, 3, 2), hospital_number="1"),
        disclosure=Disclosure.MASKED,
        inviting_institution_id="inst_site",
        invited_institution_id="inst_centre",
        operating_room_id="room_1",
        team=team,
        scheduled_at=datetime(2026, 1, 1, tzinfo=UTC),
        state=CaseState.SCHEDULED,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        version=1,
    )


def _principal(institution_id: str, *roles: Role) -> Principal:
    return Principal(
        user_id="user_1",
        institution_id=institution_id,
        roles=frozenset(roles),
        display_name="",
        display_name_en="",
        session_id="",
    )


def test_every_role_has_permissions_and_every_permission_a_role():
    assert PERMISSIONS.keys() == set(Role)
    assert permissions_of(frozenset(Role)) == set(Permission)


def test_every_role_belongs_to_a_side():
    assert ROLES_OF[InstitutionKind.INVITING] | ROLES_OF[InstitutionKind.INVITED] == set(Role)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (Permission.SESSION_ANSWER, {Role.OPERATOR}),
        (Permission.SESSION_ADVISE, {Role.LEAD_GUIDE, Role.BACKUP_GUIDE}),
        (Permission.SESSION_HANDOVER, {Role.LEAD_GUIDE, Role.BACKUP_GUIDE}),
        (Permission.USER_MANAGE, {Role.ADMINISTRATOR}),
        (Permission.AUDIT_READ, {Role.AUDITOR}),
        (Permission.IMAGING_PUSH, {Role.ATTENDING, Role.OPERATOR, Role.NURSE, Role.TECHNICIAN}),
    ],
)
def test_who_alone_may(permission: Permission, roles: set[Role]):
    assert {role for role in Role if permission in PERMISSIONS[role]} == roles


@pytest.mark.parametrize("role", sorted(CENTRE_ONLY))
def test_no_expert_starts_stops_or_answers_at_the_site(role: Role):
    at_table = {
        Permission.SESSION_STEP,
        Permission.SESSION_ANSWER,
        Permission.MEDIA_PUBLISH_OR,
        Permission.IMAGING_PUSH,
    }
    assert not PERMISSIONS[role] & at_table


@pytest.mark.parametrize("role", sorted(SITE_ONLY))
def test_nobody_at_a_site_is_in_the_experts_room(role: Role):
    assert not PERMISSIONS[role] & {Permission.EXPERT_ROOM, Permission.SESSION_ADVISE}


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_runs_the_system_sees_no_patient(role: Role):
    clinical = {Permission.CASE_READ, Permission.PATIENT_READ, Permission.SESSION_VIEW}
    assert not PERMISSIONS[role] & clinical


def test_observer_watches_and_nothing_else():
    assert PERMISSIONS[Role.OBSERVER] == {Permission.TEACHING_VIEW}


@pytest.mark.parametrize("role", sorted(Role))
def test_role_without_a_place_in_the_team(role: Role):
    standing = {
        "inst_site": {Role.MEDICAL_AFFAIRS, Role.QUALITY_CONTROL},
        "inst_centre": {Role.COORDINATOR, Role.QUALITY_CONTROL},
        "inst_other": set(),
    }
    for institution, roles in standing.items():
        seen = _case().roles_of(_principal(institution, role))
        assert seen == ({role} if role in roles else set())


def test_place_in_the_team_counts_only_with_the_role_itself():
    case = _case(TeamMember(user_id="user_1", role=Role.OPERATOR))
    assert case.roles_of(_principal("inst_site", Role.OPERATOR, Role.NURSE)) == {Role.OPERATOR}
    assert case.roles_of(_principal("inst_site", Role.NURSE)) == set()


def test_place_in_the_team_does_not_count_from_another_institution():
    case = _case(TeamMember(user_id="user_1", role=Role.OPERATOR))
    assert case.roles_of(_principal("inst_other", Role.OPERATOR)) == set()


def test_observer_of_the_own_hospital_sees_no_patient():
    assert patient_seen(_case(), Side.SITE, frozenset({Role.OBSERVER})).name is None


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("a" * 11, "too_short"),
        ("abababababab", "too_few_different_characters"),
        ("Wang.Lei-2026!", "contains_login"),
        ("正确的马电池钉书针与月亮", None),
    ],
)
def test_weak_passwords(password: str, weakness: str | None):
    assert password_weakness(password, "wang.lei") == weakness

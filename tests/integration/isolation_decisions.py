"""Who may call what: the decisions, written out, independently of the program's own tables.

Everything is asked about hospital ``own``: its case, its users, its rooms, its gateway. ``other`` is
another hospital, ``centre`` the expert centre that is invited to the case.
"""

from dataclasses import dataclass, field

KNOWS_AT_SITE = "attending operator anaesthetist nurse technician medical_affairs quality_control observer"
KNOWS_AT_CENTRE = "coordinator lead_guide backup_guide mdt_member planner quality_control observer"
READERS = "attending operator anaesthetist nurse technician medical_affairs quality_control"
READERS_CENTRE = "coordinator lead_guide backup_guide mdt_member planner quality_control"


@dataclass(frozen=True)
class Public:
    """Anybody, signed in or not."""


@dataclass(frozen=True)
class Machine:
    """A gateway with its token, or the media server with its signature; no person."""


@dataclass(frozen=True)
class SignedIn:
    """Everybody who is signed in."""


@dataclass(frozen=True)
class Rights:
    """These roles by place; for ``hidden`` the thing does not exist (404); others: 403."""

    own: str = ""
    other: str = ""
    centre: str = ""
    hidden_other: str = ""
    hidden_centre: str = ""


@dataclass(frozen=True)
class InCase:
    """These roles of the case. Who knows the case gets 403, everybody else 404."""

    site: str
    centre: str


@dataclass(frozen=True)
class Endpoint:
    """A decision, and a request that is valid enough to reach it.

    ``by_gateway``: a gateway may call it too, for cases of its own operating room.
    """

    decision: Public | Machine | SignedIn | Rights | InCase
    by_gateway: bool = False
    json: dict[str, object] | None = None
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


_ADMINISTRATOR = Rights(own="administrator", hidden_other="administrator", hidden_centre="administrator")
_MANAGER = Rights(
    own="administrator engineer",
    hidden_other="administrator engineer",
    hidden_centre="administrator engineer",
)
_EVERY_MANAGER = Rights(
    own="administrator engineer", other="administrator engineer", centre="administrator engineer"
)
_AUDITOR = Rights(own="auditor", other="auditor", centre="auditor")
_CASE_READ = InCase(READERS, READERS_CENTRE)
_IMAGES = InCase("attending operator anaesthetist nurse technician quality_control", READERS_CENTRE)
_PLAN_MAKE = InCase("", "lead_guide backup_guide planner")
_PLAN_REVIEW = InCase("", "lead_guide backup_guide mdt_member")
_PLAN_APPROVE = InCase("", "lead_guide backup_guide")
_SEEDS_CHANGED: dict[str, object] = {
    "needles": [{"entry_lps_mm": [0, 0, 0], "tip_lps_mm": [0, 0, 50], "seed_depths_mm": [40]}]
}
_PUSH = InCase("attending operator nurse technician", "")
_WATCH = InCase(READERS, READERS_CENTRE)
_REPLAY = InCase(
    "attending operator medical_affairs quality_control",
    "lead_guide backup_guide mdt_member quality_control",
)
_EXPORT = InCase(
    "attending operator medical_affairs quality_control", "lead_guide backup_guide quality_control"
)
_TEAM = InCase("attending", "coordinator")
_CHANGE = InCase("attending", "coordinator")
_CONSENT_WRITE = InCase("attending operator medical_affairs", "")
_INTAKE_WRITE = InCase("attending operator anaesthetist nurse technician", "")
_CHAIR = InCase("", "coordinator lead_guide backup_guide")
_PARTIES = InCase("attending operator anaesthetist nurse technician", "lead_guide backup_guide")
_LAWYER = InCase("medical_affairs", "")
_OCTETS = {"content-type": "application/octet-stream"}
_ADVISE = InCase("", "lead_guide backup_guide")
_STORE = Endpoint(
    _PUSH,
    by_gateway=True,
    content=b"--b--\r\n",
    headers={"content-type": 'multipart/related; type="application/dicom"; boundary=b'},
)
_DOCUMENTS = InCase(
    "attending operator anaesthetist nurse technician medical_affairs quality_control", READERS_CENTRE
)
_DOCUMENT = "/api/cases/{case_id}/documents/{document_id}"
_QUALITY = Rights(
    own="medical_affairs quality_control",
    other="medical_affairs quality_control",
    centre="coordinator quality_control",
)
_PRIVACY = Rights(
    own="administrator medical_affairs quality_control",
    other="administrator medical_affairs quality_control",
    centre="administrator quality_control",
)
_EXPERTS = Rights(
    own="administrator observer",
    hidden_other="administrator",
    hidden_centre="administrator coordinator",
)
_RATE = InCase("attending operator", "")
_REVIEWER = Rights(own="quality_control", other="quality_control", centre="quality_control")
_CARE_READ = InCase(READERS, READERS_CENTRE)
_CARE = InCase("attending operator nurse", "")
_WARN = InCase("attending operator", "lead_guide backup_guide planner")
_ACKNOWLEDGE = InCase("attending operator", "")
_CASE = "GET /api/cases/{case_id}"
_PLANS = "GET /api/cases/{case_id}/plans"
_STUDIES = "GET /api/cases/{case_id}/dicomweb/studies"
_SERIES = _STUDIES + "/{study_uid}/series/{series_uid}"
_INSTANCE = _SERIES + "/instances/{sop_uid}"

_AGREEMENTS = Rights(
    own="administrator medical_affairs", other="administrator medical_affairs", centre="administrator"
)
_AGREEMENT: dict[str, object] = {
    "title": "协议",
    "parties": [{"institution_id": "{institution_id}", "role": "inviting"}],
    "valid_from": "2030-01-01",
    "valid_until": "2031-01-01",
}
_CONSENT: dict[str, object] = {
    "kind": "surgery",
    "template": "v1",
    "text": "x",
    "signer_name": "x",
    "relation": "patient",
    "signed_at": "2020-01-01T08:00:00Z",
}

DECISIONS: dict[str, Endpoint] = {
    "GET /healthz": Endpoint(Public()),
    "GET /readyz": Endpoint(Public()),
    "GET /deploymentz": Endpoint(Public()),
    "GET /api/time": Endpoint(Public()),
    "POST /api/auth/login": Endpoint(Public(), json={"login": "nobody", "password": "x"}),
    "GET /api/auth/me": Endpoint(SignedIn()),
    "POST /api/auth/logout": Endpoint(SignedIn()),
    "POST /api/auth/password": Endpoint(SignedIn(), json={"current": "x", "new": "y"}),
    "POST /api/auth/totp/start": Endpoint(SignedIn()),
    "POST /api/auth/totp/confirm": Endpoint(SignedIn(), json={"code": "123456"}),
    "DELETE /api/auth/totp": Endpoint(SignedIn(), json={"password": "x"}),
    "POST /api/documents/check": Endpoint(
        SignedIn(), content=b"%PDF-1.7", headers={"content-type": "application/pdf"}
    ),
    "GET /api/documents/waiting": Endpoint(SignedIn()),
    "GET /api/documents/authority.pem": Endpoint(SignedIn()),
    "GET /api/documents/authority.crl": Endpoint(SignedIn()),
    "GET /api/cases/{case_id}/documents": Endpoint(_DOCUMENTS),
    # Only who makes this kind gets further: the others of the case are refused, 403.
    "POST /api/cases/{case_id}/documents": Endpoint(
        InCase("", "lead_guide backup_guide"), json={"kind": "guidance_record"}
    ),
    f"GET {_DOCUMENT}/pdf": Endpoint(_DOCUMENTS),
    f"POST {_DOCUMENT}/sign": Endpoint(_DOCUMENTS, json={"password": "x"}),
    f"POST {_DOCUMENT}/withdraw": Endpoint(_DOCUMENTS),
    "GET /api/users": Endpoint(
        Rights(
            own="administrator attending medical_affairs",
            other="administrator attending medical_affairs",
            centre="administrator coordinator",
        )
    ),
    "POST /api/users": Endpoint(
        Rights(own="administrator"),
        json={
            "login": "someone.new",
            "display_name": "新人",
            "display_name_en": "Newcomer",
            "institution_id": "{institution_id}",
            "roles": ["nurse"],
        },
    ),
    "PATCH /api/users/{user_id}": Endpoint(_ADMINISTRATOR, json={"language": "en"}),
    "POST /api/users/{user_id}/revoke": Endpoint(_ADMINISTRATOR),
    "POST /api/users/{user_id}/reset-password": Endpoint(_ADMINISTRATOR),
    "GET /api/institutions": Endpoint(SignedIn()),
    "POST /api/institutions": Endpoint(
        Rights(centre="administrator"),
        json={"name": "河口医院", "name_en": "Hekou Hospital", "kind": "inviting"},
    ),
    "PATCH /api/institutions/{institution_id}": Endpoint(_ADMINISTRATOR, json={"name_en": "New"}),
    "GET /api/operating-rooms": Endpoint(SignedIn()),
    "POST /api/operating-rooms": Endpoint(
        _ADMINISTRATOR,
        json={"institution_id": "{institution_id}", "name": "手术间 9", "name_en": "OR 9"},
    ),
    "GET /api/audit": Endpoint(_AUDITOR),
    "GET /api/audit/verify": Endpoint(_AUDITOR),
    "GET /api/agreements": Endpoint(SignedIn()),
    # The other two are no parties to this text: for them, and for the centre, it is refused.
    "POST /api/agreements": Endpoint(Rights(own="administrator medical_affairs"), json=_AGREEMENT),
    "GET /api/agreements/{agreement_id}": Endpoint(SignedIn()),
    "PUT /api/agreements/{agreement_id}": Endpoint(_AGREEMENTS, json=_AGREEMENT | {"version": 1}),
    "POST /api/agreements/{agreement_id}/sign": Endpoint(
        _AGREEMENTS, json={"version": 1, "password": "wrong"}
    ),
    "POST /api/agreements/{agreement_id}/end": Endpoint(_AGREEMENTS, json={"version": 1, "reason": "x"}),
    "GET /api/policies": Endpoint(_AGREEMENTS),
    "PUT /api/policies/{key}": Endpoint(_AGREEMENTS, json={"value": 24, "reason": "x", "number": 9}),
    "GET /api/qualifications": Endpoint(_AGREEMENTS),
    "POST /api/qualifications": Endpoint(
        _AGREEMENTS, json={"kind": "power_backup", "code": "ups", "since": "2020-01-01"}
    ),
    "POST /api/qualifications/{qualification_id}/revoke": Endpoint(_AGREEMENTS),
    "GET /api/workflow/notices": Endpoint(SignedIn()),
    "POST /api/workflow/notices/{notice_id}/read": Endpoint(SignedIn()),
    "GET /api/workflow/catalogue": Endpoint(SignedIn()),
    "GET /api/cases/{case_id}/workflow": Endpoint(_CASE_READ),
    "POST /api/cases/{case_id}/workflow": Endpoint(InCase("attending", ""), json={}),
    "POST /api/cases/{case_id}/workflow/moves": Endpoint(_CASE_READ, json={"act": "submit", "version": 1}),
    "POST /api/cases/{case_id}/workflow/statements": Endpoint(_CASE_READ, json={"kind": "present"}),
    "GET /api/cases/{case_id}/consents": Endpoint(_CASE_READ),
    "POST /api/cases/{case_id}/consents": Endpoint(_CONSENT_WRITE, json=_CONSENT),
    "POST /api/cases/{case_id}/consents/{consent_id}/withdraw": Endpoint(_CONSENT_WRITE, json={}),
    "GET /api/workflow/queue": Endpoint(SignedIn()),
    "GET /api/workflow/tasks": Endpoint(SignedIn()),
    "GET /api/workflow/calendar": Endpoint(
        SignedIn(), query={"since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}
    ),
    # One's own institution, and the people of the cases that one sees, without a reason.
    "GET /api/workflow/leaves": Endpoint(
        SignedIn(), query={"since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}
    ),
    "GET /api/cases/{case_id}/away": Endpoint(_CASE_READ, query={"at": "2026-01-01T00:00:00Z"}),
    "GET /api/workflow/views": Endpoint(SignedIn()),
    "PUT /api/workflow/views/{view}": Endpoint(SignedIn(), json={"query": {}}),
    "DELETE /api/workflow/views/{view}": Endpoint(SignedIn()),
    "GET /api/intake/form": Endpoint(SignedIn()),
    "GET /api/cases/{case_id}/intake": Endpoint(_CASE_READ),
    "PATCH /api/cases/{case_id}/intake": Endpoint(_INTAKE_WRITE, json={"version": 0, "answers": {}}),
    "POST /api/cases/{case_id}/intake/results": Endpoint(
        _INTAKE_WRITE, content=b"item,value", headers=_OCTETS, query={"kind": "csv", "version": "0"}
    ),
    "POST /api/cases/{case_id}/intake/attachments": Endpoint(
        _INTAKE_WRITE, content=b"x", headers=_OCTETS, query={"item": "ecg", "name": "a.pdf"}
    ),
    "GET /api/cases/{case_id}/intake/attachments/{attachment_id}": Endpoint(_CASE_READ),
    "GET /api/cases/{case_id}/intake/imaging": Endpoint(_IMAGES),
    "GET /api/cases/{case_id}/mdt": Endpoint(_CASE_READ),
    "POST /api/cases/{case_id}/mdt": Endpoint(
        _CHAIR, json={"scheduled_at": "2030-01-01T08:00:00Z", "panel": []}
    ),
    "PUT /api/cases/{case_id}/mdt/{meeting_id}/discussion": Endpoint(
        _CHAIR, json={"version": 1, "lesions": [], "options": []}
    ),
    "POST /api/cases/{case_id}/mdt/{meeting_id}/attendance": Endpoint(_CASE_READ, json={"here": True}),
    "POST /api/cases/{case_id}/mdt/{meeting_id}/votes": Endpoint(
        _CASE_READ, json={"verdict": "rfa", "reason": "x"}
    ),
    "POST /api/cases/{case_id}/mdt/{meeting_id}/conclusion": Endpoint(
        _CHAIR, json={"version": 1, "verdict": "rfa"}
    ),
    # The password is wrong: whoever knows the case is told that, before anything else.
    "POST /api/cases/{case_id}/mdt/{meeting_id}/sign": Endpoint(_CASE_READ, json={"password": "wrong"}),
    "GET /api/cases/{case_id}/opinions": Endpoint(_CASE_READ),
    "POST /api/cases/{case_id}/opinions": Endpoint(_CASE_READ, json={"parts": {}, "experts": []}),
    "PUT /api/cases/{case_id}/opinions/{opinion_id}": Endpoint(
        InCase("", "lead_guide backup_guide mdt_member"), json={"version": 1, "parts": {}, "experts": []}
    ),
    "POST /api/cases/{case_id}/opinions/{opinion_id}/sign": Endpoint(_CASE_READ, json={"password": "wrong"}),
    "POST /api/cases/{case_id}/decisions": Endpoint(
        _CASE_READ,
        json={"opinion_id": "opi_1", "outcome": "adopted", "operates": True, "password": "wrong"},
    ),
    "GET /api/cases/{case_id}/checklists": Endpoint(_CASE_READ),
    "PATCH /api/cases/{case_id}/checklists/{sheet}": Endpoint(_PARTIES, json={"version": 0, "values": {}}),
    "POST /api/cases/{case_id}/checklists/{sheet}/measured": Endpoint(
        InCase("nurse technician", "lead_guide backup_guide"),
        json={"version": 0, "lines": ["clock_offset_ms"]},
    ),
    "POST /api/cases/{case_id}/checklists/measurements": Endpoint(_PARTIES),
    "POST /api/cases/{case_id}/checklists/{sheet}/confirm": Endpoint(
        InCase("nurse technician", ""), json={"party": "nurse"}
    ),
    "POST /api/cases/{case_id}/checklists/{sheet}/reopen": Endpoint(_PARTIES, json={"reason": "x"}),
    "PUT /api/checklists/pin": Endpoint(SignedIn(), json={"password": "wrong", "pin": "482915"}),
    "GET /api/cases/{case_id}/archive": Endpoint(_CASE_READ),
    "POST /api/cases/{case_id}/archive": Endpoint(InCase("attending operator medical_affairs", ""), json={}),
    "GET /api/cases/{case_id}/archive/bundles/{bundle_id}/parts/{name}": Endpoint(_CASE_READ),
    "POST /api/cases/{case_id}/archive/bundles/{bundle_id}/receipts": Endpoint(
        InCase("attending medical_affairs", "coordinator lead_guide"), json={"sha256": "0" * 64}
    ),
    "GET /api/cases/{case_id}/archive/legal": Endpoint(_LAWYER),
    # Everything of a patient, and the case without its patient: the hospital's to give away, never the centre's.
    "POST /api/cases/{case_id}/archive/copy": Endpoint(
        InCase("medical_affairs attending", ""), json={"recipient": "patient"}
    ),
    "POST /api/cases/{case_id}/archive/deidentified": Endpoint(_LAWYER),
    "POST /api/cases/{case_id}/archive/holds": Endpoint(_LAWYER, json={"reason": "x"}),
    "POST /api/cases/{case_id}/archive/holds/{hold_id}/release": Endpoint(_LAWYER),
    "POST /api/cases/{case_id}/archive/seal": Endpoint(
        _CASE_READ, json={"patient_side": "x", "relation": "x", "password": "wrong"}
    ),
    "POST /api/cases/{case_id}/archive/unseal": Endpoint(_LAWYER, json={"settled": True, "reason": "x"}),
    "GET /api/cases": Endpoint(SignedIn()),
    "POST /api/cases": Endpoint(
        # The other hospital's doctor opens a case of their own hospital: the room is refused.
        Rights(own="attending", other="attending"),
        json={
            "technique": "rfa",
            "lesion": "S4",
            "patient": {
                "name": "赵大伟",
                "sex": "M",
                "birth_date": "1960-05-04",
                "hospital_number": "N-9",
            },
            "invited_institution_id": "{centre_id}",
            "operating_room_id": "{operating_room_id}",
            "scheduled_at": "2030-01-01T08:00:00Z",
        },
    ),
    "GET /api/cases/{case_id}": Endpoint(_CASE_READ),
    "PATCH /api/cases/{case_id}": Endpoint(
        _CHANGE, json={"version": 1, "scheduled_at": "2030-01-01T08:00:00Z"}
    ),
    "PUT /api/cases/{case_id}/team": Endpoint(_TEAM, json={"team": []}),
    "GET /api/gateways": Endpoint(_EVERY_MANAGER),
    "POST /api/gateways": Endpoint(
        _MANAGER, json={"name": "Table", "operating_room_id": "{operating_room_id}"}
    ),
    "POST /api/gateways/{gateway_id}/code": Endpoint(_MANAGER),
    "DELETE /api/gateways/{gateway_id}": Endpoint(_MANAGER),
    "POST /api/gateway/enrol": Endpoint(Machine(), json={"code": "WRONG-CODE"}),
    "GET /api/gateway/cases/{number}": Endpoint(Machine()),
    "POST /api/gateway/media-token": Endpoint(Machine()),
    "POST /api/gateway/status": Endpoint(
        Machine(), json={"feeds": [], "clock_offset_ms": 0, "disk_free_bytes": 1}
    ),
    "PUT /api/gateway/links": Endpoint(
        Machine(), json={"links": [{"name": "a", "up_mbit_s": 1, "down_mbit_s": 1}]}
    ),
    "POST /api/gateway/link-test": Endpoint(Machine(), content=b"x"),
    "GET /api/gateway/link-test": Endpoint(Machine(), query={"size": "1"}),
    "POST /api/gateway/recordings": Endpoint(
        Machine(),
        json={
            "case_id": "{case_id}",
            "feed": "ct",
            "segment": "0",
            "size": 1,
            "sha256": "0" * 64,
            "started_at": "2030-01-01T08:00:00Z",
            "duration_s": 1,
            "clock_offset_ms": 0,
        },
    ),
    "PATCH /api/gateway/recordings/{recording_id}": Endpoint(Machine(), content=b"x", query={"offset": "0"}),
    "POST /api/gateway/recordings/{recording_id}/complete": Endpoint(Machine()),
    "GET /api/cases/{case_id}/recordings": Endpoint(_WATCH),
    "POST /api/cases/{case_id}/replays": Endpoint(_REPLAY, json={"view": "full"}),
    # A replay is that of who began it, and asks for the right in its case again.
    "GET /api/replays/{play_id}": Endpoint(SignedIn()),
    "GET /api/replays/{play_id}/clips/{recording_id}": Endpoint(SignedIn()),
    # One's own cases alone, and of these what was approved.
    "GET /api/teaching": Endpoint(SignedIn()),
    "GET /api/cases/{case_id}/teaching": Endpoint(_REPLAY),
    "POST /api/cases/{case_id}/teaching": Endpoint(
        InCase("medical_affairs", ""),
        json={
            "purpose": "x",
            "feeds": [{"feed": "ultrasound", "masks": []}],
            "number": 0,
            "password": "quiet lantern 77",
        },
    ),
    "POST /api/cases/{case_id}/teaching/end": Endpoint(InCase("medical_affairs", ""), json={"reason": "x"}),
    "GET /api/cases/{case_id}/recordings/{recording_id}/content": Endpoint(_EXPORT),
    "POST /api/cases/{case_id}/imaging/pushes": Endpoint(_PUSH, by_gateway=True, json={"source": "test"}),
    "GET /api/cases/{case_id}/imaging/pushes/{push_id}": Endpoint(_PUSH, by_gateway=True),
    "PUT /api/cases/{case_id}/imaging/pushes/{push_id}/files/{name}": Endpoint(
        _PUSH, by_gateway=True, content=b"x"
    ),
    "POST /api/cases/{case_id}/imaging/pushes/{push_id}/finish": Endpoint(_PUSH, by_gateway=True),
    "POST /api/cases/{case_id}/imaging/pushes/{push_id}/confirm-patient": Endpoint(
        _PUSH, json={"typed_name": "x"}
    ),
    "GET /api/cases/{case_id}/imaging/series": Endpoint(_IMAGES),
    "POST /api/cases/{case_id}/dicomweb/studies": _STORE,
    "POST /api/cases/{case_id}/dicomweb/studies/{study_uid}": _STORE,
    _STUDIES: Endpoint(_IMAGES),
    _STUDIES + "/{study_uid}": Endpoint(_IMAGES),
    _STUDIES + "/{study_uid}/metadata": Endpoint(_IMAGES),
    _STUDIES + "/{study_uid}/series": Endpoint(_IMAGES),
    _STUDIES + "/{study_uid}/instances": Endpoint(_IMAGES),
    "GET /api/cases/{case_id}/dicomweb/series": Endpoint(_IMAGES),
    "GET /api/cases/{case_id}/dicomweb/instances": Endpoint(_IMAGES),
    _SERIES: Endpoint(_IMAGES),
    _SERIES + "/metadata": Endpoint(_IMAGES),
    _SERIES + "/instances": Endpoint(_IMAGES),
    _INSTANCE: Endpoint(_IMAGES),
    _INSTANCE + "/metadata": Endpoint(_IMAGES),
    _INSTANCE + "/frames/{numbers}": Endpoint(_IMAGES),
    _INSTANCE + "/rendered": Endpoint(_IMAGES),
    _INSTANCE + "/frames/{numbers}/rendered": Endpoint(_IMAGES),
    _PLANS: Endpoint(_IMAGES),
    _PLANS + "/options": Endpoint(_IMAGES),
    _PLANS + "/compare": Endpoint(_IMAGES, query={"a": "plan_1", "b": "plan_2"}),
    _PLANS + "/jobs": Endpoint(_IMAGES),
    _PLANS + "/jobs/{job_id}": Endpoint(_IMAGES),
    "POST /api/cases/{case_id}/plans/jobs": Endpoint(_PLAN_MAKE, json={"series_uid": "1.2.3"}),
    "POST /api/cases/{case_id}/plans/jobs/{job_id}/cancel": Endpoint(_PLAN_MAKE),
    "POST /api/cases/{case_id}/plans/jobs/{job_id}/retry": Endpoint(_PLAN_MAKE),
    _PLANS + "/{plan_id}": Endpoint(_IMAGES),
    _PLANS + "/{plan_id}/files/{name}": Endpoint(_IMAGES),
    "POST /api/cases/{case_id}/plans/{plan_id}/review": Endpoint(_PLAN_REVIEW, json={}),
    "POST /api/cases/{case_id}/plans/{plan_id}/approve": Endpoint(_PLAN_APPROVE),
    "POST /api/cases/{case_id}/plans/{plan_id}/changed-seeds": Endpoint(_PLAN_MAKE, json=_SEEDS_CHANGED),
    "POST /api/cases/{case_id}/plans/{plan_id}/changed-seeds/jobs": Endpoint(_PLAN_MAKE, json=_SEEDS_CHANGED),
    _CASE + "/warnings": Endpoint(_CARE_READ),
    "POST /api/cases/{case_id}/warnings": Endpoint(_WARN, json={"facts": {}}),
    "POST /api/cases/{case_id}/warnings/{rule_id}/acknowledge": Endpoint(_ACKNOWLEDGE, json={}),
    _CASE + "/follow-up": Endpoint(_CARE_READ),
    "POST /api/cases/{case_id}/follow-up/orders": Endpoint(_CARE, json={"ended_at": "2026-01-02T03:04:05Z"}),
    "POST /api/cases/{case_id}/follow-up/tasks/{task_id}/finish": Endpoint(
        _CARE, json={"state": "done", "result": "x"}
    ),
    "POST /api/cases/{case_id}/follow-up/assessments": Endpoint(
        _CARE, json={"examined_on": "2026-01-02", "modality": "ct"}
    ),
    "POST /api/cases/{case_id}/follow-up/complications": Endpoint(
        _CARE, json={"kind": "bleeding", "grade": 2, "began_on": "2026-01-02"}
    ),
    "POST /api/cases/{case_id}/follow-up/status": Endpoint(
        _CARE, json={"vital": "alive", "on": "2026-01-02"}
    ),
    "GET /api/reminders": Endpoint(SignedIn()),
    "GET /api/quality/indicators": Endpoint(_QUALITY),
    "GET /api/quality/supervision": Endpoint(_QUALITY),
    "GET /api/quality/indicators.csv": Endpoint(_QUALITY),
    "GET /api/workflow/forms/{form_key}": Endpoint(SignedIn()),
    # Everybody reports, and sees what they reported; who handles incidents sees all of their institution's.
    # One's own entry in the library of experts; everybody's for who manages it. Hospital "own" has this person.
    "GET /api/experts": Endpoint(SignedIn()),
    "PUT /api/experts/{user_id}": Endpoint(_EXPERTS, json={}),
    "POST /api/experts/{user_id}/leaves": Endpoint(
        _EXPERTS, json={"since": "2031-05-04T00:00:00Z", "until": "2031-05-05T00:00:00Z"}
    ),
    "DELETE /api/experts/{user_id}/leaves/{leave_id}": Endpoint(_EXPERTS),
    "GET /api/cases/{case_id}/evaluation": Endpoint(_RATE),
    "POST /api/cases/{case_id}/evaluation": Endpoint(_RATE, json={"values": {}}),
    "GET /api/quality/evaluations": Endpoint(_QUALITY),
    "GET /api/quality/statistics": Endpoint(_QUALITY),
    "GET /api/quality/statistics.csv": Endpoint(_QUALITY),
    "GET /api/privacy": Endpoint(_PRIVACY),
    "POST /api/privacy/purposes": Endpoint(_PRIVACY, json={"changed_on": "2031-05-04", "text": "x"}),
    "POST /api/privacy/assessments": Endpoint(_PRIVACY, json={"values": {}}),
    "PUT /api/privacy/assessments/{assessment_id}": Endpoint(_PRIVACY, json={"values": {}, "version": 1}),
    "POST /api/privacy/assessments/{assessment_id}/approve": Endpoint(_PRIVACY, json={"version": 1}),
    "DELETE /api/privacy/assessments/{assessment_id}": Endpoint(_PRIVACY),
    "GET /api/incidents": Endpoint(SignedIn()),
    "POST /api/incidents": Endpoint(SignedIn(), json={"values": {}}),
    "GET /api/incidents/{incident_id}": Endpoint(SignedIn()),
    "POST /api/incidents/{incident_id}/acts": Endpoint(
        _PRIVACY, json={"act": "contain", "version": 1, "text": "x"}
    ),
    "GET /api/quality/reviews/points": Endpoint(SignedIn()),
    "GET /api/quality/reviews/draws": Endpoint(_QUALITY),
    "POST /api/quality/reviews/draws": Endpoint(_REVIEWER),
    "GET /api/quality/reviews": Endpoint(_QUALITY),
    "POST /api/quality/reviews/{review_id}": Endpoint(_REVIEWER, json={"version": 1, "verdicts": {}}),
    "GET /api/quality/findings": Endpoint(_QUALITY),
    "GET /api/quality/findings.csv": Endpoint(_QUALITY),
    # What oneself is asked to mend.
    "GET /api/quality/findings/mine": Endpoint(SignedIn()),
    "GET /api/quality/findings/people": Endpoint(_REVIEWER),
    "POST /api/quality/findings/{finding_id}/acts": Endpoint(
        _REVIEWER, json={"act": "finish", "version": 1, "text": "x"}
    ),
    "GET /api/quality/indicators/{code}/cases": Endpoint(_QUALITY),
    "GET /api/sessions": Endpoint(SignedIn()),
    "POST /api/sessions/media-reports": Endpoint(
        Rights(centre="coordinator lead_guide backup_guide"), json={"reports": {}}
    ),
    "GET /api/sessions/{case_id}": Endpoint(_WATCH),
    "GET /api/sessions/{case_id}/events": Endpoint(_WATCH),
    "POST /api/sessions/{case_id}/commands": Endpoint(
        _ADVISE,
        json={
            "id": "00000000-0000-4000-8000-000000000001",
            "type": "advice.given",
            "payload": {"advice_id": "a1", "level": "info", "text": "退 5 mm"},
        },
    ),
    "GET /api/sessions/{case_id}/operation.json": Endpoint(_EXPORT),
    "GET /api/sessions/{case_id}/export.json": Endpoint(_EXPORT),
    "GET /api/sessions/{case_id}/export.pdf": Endpoint(_EXPORT),
    "POST /api/sessions/{case_id}/join": Endpoint(_WATCH),
    # Of the cases that are named it answers for those alone that may be watched: test_isolation_matrix and test_media_join.
    "POST /api/sessions/join": Endpoint(SignedIn(), json={"case_ids": []}),
    "POST /api/expert-room/join": Endpoint(
        Rights(centre="coordinator lead_guide backup_guide mdt_member planner")
    ),
    "POST /api/livekit/webhook": Endpoint(Machine(), content=b"{}"),
}

"""The invented institutions, people and patients of the demonstration. Nobody here exists."""

from dataclasses import dataclass
from datetime import date

from tongtai.features.accounts.model import Role
from tongtai.features.cases.model import Patient, Sex, Technique


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoHospital:
    """A hospital with one operating room and one case."""

    key: str
    name: str
    name_en: str
    technique: Technique
    lesion: str
    patient: Patient


CENTRE_KEY = "yunling"
CENTRE_NAME = "云岭肿瘤中心"
CENTRE_NAME_EN = "Yunling Cancer Centre"

HOSPITALS = (
    DemoHospital(
        key="shancheng",
        name="山城医院",
        name_en="Shancheng Hospital",
        technique=Technique.RFA,
        lesion="S7 · 28 mm",
        patient=Patient(name="王示例", sex=Sex.MALE, birth_date=date(1968, 4, 12), hospital_number="SC-0147"),
    ),
    DemoHospital(
        key="haibin",
        name="海滨医院",
        name_en="Haibin Hospital",
        technique=Technique.SEEDS,
        lesion="S4 · 35 mm",
        patient=Patient(
            name="李示例", sex=Sex.FEMALE, birth_date=date(1959, 11, 3), hospital_number="HB-2093"
        ),
    ),
    DemoHospital(
        key="hekou",
        name="河口医院",
        name_en="Hekou Hospital",
        technique=Technique.MWA,
        lesion="S6 · 22 mm",
        patient=Patient(name="赵示例", sex=Sex.MALE, birth_date=date(1974, 7, 25), hospital_number="HK-0311"),
    ),
)

# Chinese and English display name of the one person who has this role at each place.
NAMES = {
    Role.LEAD_GUIDE: ("陈敏", "Chen Min"),
    Role.BACKUP_GUIDE: ("吴岭", "Wu Ling"),
    Role.MDT_MEMBER: ("周映", "Zhou Ying"),
    Role.COORDINATOR: ("何序", "He Xu"),
    Role.PLANNER: ("沈量", "Shen Liang"),
    Role.OBSERVER: ("见习", "Observer"),
    Role.ATTENDING: ("主管医师", "Attending"),
    Role.OPERATOR: ("术者", "Operator"),
    Role.ANAESTHETIST: ("麻醉医师", "Anaesthetist"),
    Role.NURSE: ("护士", "Nurse"),
    Role.TECHNICIAN: ("技师", "Technician"),
    Role.MEDICAL_AFFAIRS: ("医务科", "Medical affairs"),
    Role.QUALITY_CONTROL: ("质控", "Quality control"),
    Role.ENGINEER: ("工程师", "Engineer"),
    Role.AUDITOR: ("审计", "Auditor"),
    Role.ADMINISTRATOR: ("管理员", "Administrator"),
}

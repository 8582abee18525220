"""Cases and their teams in the database, and who may find which."""

from tongtai.features.cases.sql.knowing import found_by, may_know
from tongtai.features.cases.sql.records import SqlCases, case_stands, cases_standing
from tongtai.features.cases.sql.rows import CaseNumberRow, CaseRow, CaseTeamRow

__all__ = [
    "CaseNumberRow",
    "CaseRow",
    "CaseTeamRow",
    "SqlCases",
    "case_stands",
    "cases_standing",
    "found_by",
    "may_know",
]

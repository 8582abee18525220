"""Who may know of which cases, and find them by which words: as conditions of a query over many cases."""

from sqlalchemy import Boolean, ColumnElement, String, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from tongtai.features.accounts.model import PERMISSIONS, Permission, Principal, Role
from tongtai.features.cases.model import STANDING_ROLES, Disclosure, Sharing, Side
from tongtai.features.cases.sql.rows import CaseRow, CaseTeamRow
from tongtai.features.institutions.sql import InstitutionRow

_COLUMNS = {Side.SITE: CaseRow.inviting_institution_id, Side.CENTRE: CaseRow.invited_institution_id}


def may_know(
    principal: Principal, permission: Permission, *, side: Side | None = None, indexed: bool = True
) -> ColumnElement[bool]:
    """The same rule as ``Case.roles_of`` and the permissions of those roles, for many cases at once.

    Parameters
    ----------
    side
        Only the cases in which the person's institution takes this side: of one side a database can go through an
        index in the order of time, of either it cannot.
    indexed
        ``False`` keeps SQLite from going by an institution's index where most of the institution's cases have to
        be read anyway: row by row through an index takes three times as long as one pass over the table.
    """
    roles = _roles(principal, permission)
    mine = exists().where(
        CaseTeamRow.case_id == CaseRow.id,
        CaseTeamRow.user_id == principal.user_id,
        CaseTeamRow.role.in_([role.value for role in roles]),
    )
    sides = []
    for each in Side if side is None else (side,):
        column = _COLUMNS[each]
        institution: ColumnElement[str] = column.expression if indexed else func.coalesce(column, "")
        terms = [institution == principal.institution_id]
        if not roles & STANDING_ROLES[each]:
            terms.append(mine)
        if each is Side.CENTRE:
            terms.append(CaseRow.sharing == Sharing.OPEN.value)
        sides.append(and_(*terms))
    return or_(*sides)


def found_by(principal: Principal, permission: Permission, text: str) -> ColumnElement[bool]:
    """Whether a case is found by a word: of its number, lesion, inviting hospital, or of what is shown of the patient.

    A hidden name is not found by guessing either: of a masked one the first character alone is shown.
    """
    pattern = f"%{_plain(text)}%"
    named = select(InstitutionRow.id).where(
        or_(_like(InstitutionRow.name, pattern), _like(InstitutionRow.name_en, pattern))
    )
    return or_(
        _like(CaseRow.number, pattern),
        _like(CaseRow.lesion, pattern),
        CaseRow.inviting_institution_id.in_(named),
        _patient(principal, permission, text, pattern),
    )


def _patient(principal: Principal, permission: Permission, text: str, pattern: str) -> ColumnElement[bool]:
    if not all(Permission.PATIENT_READ in PERMISSIONS[role] for role in _roles(principal, permission)):
        return false()
    shown = or_(
        CaseRow.inviting_institution_id == principal.institution_id,
        CaseRow.disclosure == Disclosure.FULL.value,
    )
    whole = and_(
        shown, or_(_like(CaseRow.patient_name, pattern), _like(CaseRow.patient_hospital_number, pattern))
    )
    if len(text) > 1:
        return whole
    first = and_(
        CaseRow.disclosure == Disclosure.MASKED.value, _like(CaseRow.patient_name, f"{_plain(text)}%")
    )
    return or_(whole, first)


def _roles(principal: Principal, permission: Permission) -> frozenset[Role]:
    return frozenset(role for role in principal.roles if permission in PERMISSIONS[role])


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


class _Like(ColumnElement[bool]):
    """``LIKE`` that takes capital letters for small ones, without ``lower()`` on every row.

    SQLite's own does so for ASCII; PostgreSQL has ``ILIKE``.
    """

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012  (SQLAlchemy's own declaration of it is this)
        ("column", InternalTraversal.dp_clauseelement),
        ("pattern", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[str], pattern: str) -> None:
        self.column, self.pattern = column, bindparam(None, pattern, type_=String())


@compiles(_Like)
def _like_sql(element: _Like, compiler: SQLCompiler, **named: object) -> str:
    word = "ILIKE" if compiler.dialect.name == "postgresql" else "LIKE"
    column, pattern = compiler.process(element.column, **named), compiler.process(element.pattern, **named)
    return f"({column} {word} {pattern} ESCAPE '\\')"


def _like(column: InstrumentedAttribute[str], pattern: str) -> ColumnElement[bool]:
    return _Like(column.expression, pattern)

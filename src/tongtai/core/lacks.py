"""What is missing before something may happen: said by code and values, worded by pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One thing that is missing.

    Attributes
    ----------
    code
        Stable name, such as ``consent_missing``; texts in both languages belong to it.
    values
        The facts, by name: codes, numbers, dates. Never a patient's name or number.

    Examples
    --------
    >>> Lack(code="consent_missing", values={"kind": "surgery"}).as_dict()
    {'code': 'consent_missing', 'values': {'kind': 'surgery'}}
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """As it stands in an answer."""
        return {"code": self.code, "values": dict(self.values)}


def lack(code: str, /, **values: object) -> Lack:
    """A lack, written shortly.

    Examples
    --------
    >>> lack("clause_missing", clause="liability").values["clause"]
    'liability'
    """
    return Lack(code=code, values=values)


def lacking(code: str, missing: Iterable[str], name: str) -> tuple[Lack, ...]:
    """One lack of the same code for each missing thing.

    Examples
    --------
    >>> [found.values for found in lacking("clause_missing", ["fees", "process"], "clause")]
    [{'clause': 'fees'}, {'clause': 'process'}]
    """
    return tuple(Lack(code=code, values={name: thing}) for thing in missing)

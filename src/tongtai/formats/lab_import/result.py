"""One result of a laboratory, as another system wrote it."""

from dataclasses import dataclass
from datetime import date

from tongtai.core.errors import TongtaiError


class LabFileError(TongtaiError):
    """The file of laboratory results cannot be read; the values say where."""

    code = "lab_file_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabResult:
    """A result.

    Attributes
    ----------
    system, code
        ``loinc`` and its code, or ``item`` and the form's own key.
    """

    system: str
    code: str
    value: str
    unit: str
    observed_on: date | None

"""Corrections of found seeds as CSV: what a person adds, removes or moves, with the reason."""

from collections.abc import Mapping

from tongtai.core.brachytherapy.errors import SeedFileError
from tongtai.core.seed_detection.corrections import Action, Correction
from tongtai.formats.seed_files import AXIS_COLUMNS, POINT_COLUMNS, csv_number, csv_rows

CORRECTION_COLUMNS = ("action", "number", *POINT_COLUMNS, *AXIS_COLUMNS, "reason")


def read_corrections(text: str) -> tuple[Correction, ...]:
    r"""Corrections from CSV with the columns ``CORRECTION_COLUMNS``; what does not apply stays empty.

    Raises
    ------
    SeedFileError
        With the line, if a column is missing, a number is unreadable, or an action is none of the three.
    SeedCorrectionError
        If a row lacks what its action needs, or says more.

    Examples
    --------
    >>> text = ",".join(CORRECTION_COLUMNS) + "\nremove,3,,,,,,,a surgical clip\n"
    >>> read_corrections(text)[0].number
    3
    """
    found = []
    for line, row in csv_rows(text, CORRECTION_COLUMNS, "corrections"):
        word = row["action"].strip().lower()
        if word not in set(Action):
            raise SeedFileError(
                f"Line {line} of the corrections: {row['action']!r} is none of {', '.join(Action)}.",
                line=line,
            )
        number = row["number"].strip()
        if number and not number.isdigit():
            raise SeedFileError(
                f"Line {line} of the corrections: {number!r} is no number of a seed.", line=line
            )
        found.append(
            Correction(
                line=line,
                action=Action(word),
                number=int(number) if number else None,
                centre_lps_mm=_three(line, row, POINT_COLUMNS),
                axis_lps=_three(line, row, AXIS_COLUMNS),
                reason=row["reason"].strip(),
            )
        )
    return tuple(found)


def _three(line: int, row: Mapping[str, str], columns: tuple[str, ...]) -> tuple[float, float, float] | None:
    """Three numbers, or None where all three cells are empty."""
    if not any(row[column].strip() for column in columns):
        return None
    x, y, z = (csv_number(line, row, column) for column in columns)
    return x, y, z

"""Seeds and points as CSV, one a row, units in the columns' names."""

import csv
import io
import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from tongtai.core.brachytherapy.errors import BrachytherapyError, SeedFileError
from tongtai.core.brachytherapy.implant import Implant, Seed
from tongtai.formats.seed_models import seed_model

POINT_COLUMNS = ("x_mm", "y_mm", "z_mm")
AXIS_COLUMNS = ("axis_x", "axis_y", "axis_z")
STRENGTH_COLUMN, MODEL_COLUMN = "air_kerma_strength_u", "model"
SEED_COLUMNS = (*POINT_COLUMNS, *AXIS_COLUMNS, STRENGTH_COLUMN, MODEL_COLUMN)


def read_seeds(text: str) -> Implant:
    r"""Seeds from CSV with the columns ``SEED_COLUMNS`` in any order; LPS millimetres, U at the implant.

    Raises
    ------
    SeedFileError
        With the line, if a column is missing or comes twice, a number is unreadable or not finite, an
        axis is zero, a strength is not above zero, the model is unknown, or there are no seeds.

    Examples
    --------
    >>> text = ",".join(SEED_COLUMNS) + "\n1,2,3,0,0,1,0.635,6711"
    >>> read_seeds(text).seeds[0].centre_lps_mm
    (1.0, 2.0, 3.0)
    """
    seeds = []
    for line, row in csv_rows(text, SEED_COLUMNS, "seeds"):
        x, y, z = (csv_number(line, row, column) for column in POINT_COLUMNS)
        ax, ay, az = (csv_number(line, row, column) for column in AXIS_COLUMNS)
        try:
            seeds.append(
                Seed(
                    centre_lps_mm=(x, y, z),
                    axis_lps=(ax, ay, az),
                    strength_u=csv_number(line, row, STRENGTH_COLUMN),
                    model=seed_model(row[MODEL_COLUMN].strip()),
                )
            )
        except SeedFileError:
            raise
        except BrachytherapyError as reason:
            raise SeedFileError(
                f"Line {line} of the seeds: {reason}", line=line, reason=reason.code
            ) from None
    return Implant(tuple(seeds))


def read_points(text: str) -> NDArray[np.float64]:
    r"""Points ``(N, 3)`` from CSV with the columns ``POINT_COLUMNS``, LPS millimetres.

    Raises
    ------
    SeedFileError
        With the line, if a column is missing or comes twice, or a number is unreadable or not finite;
        or if there are no points.

    Examples
    --------
    >>> read_points("x_mm,y_mm,z_mm\n1,2,3\n").tolist()
    [[1.0, 2.0, 3.0]]
    """
    rows = [
        [csv_number(line, row, column) for column in POINT_COLUMNS]
        for line, row in csv_rows(text, POINT_COLUMNS, "points")
    ]
    return np.array(rows, np.float64)


def csv_rows(text: str, columns: tuple[str, ...], what: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows with their line, every wanted column filled in (perhaps with nothing).

    Raises
    ------
    SeedFileError
        If it is not CSV, lacks a column or has one twice, has no rows, or a row of another length.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), skipinitialspace=True, strict=True)
    try:
        found = [(name or "").strip() for name in reader.fieldnames or ()]
        reader.fieldnames = found
        missing = [column for column in columns if column not in found]
        if missing:
            raise SeedFileError(
                f"The file of {what} lacks the columns {', '.join(missing)}; it needs {', '.join(columns)}."
            )
        if len(set(found)) < len(found):
            raise SeedFileError(f"The file of {what} has a column twice.")
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as reason:
        raise SeedFileError(f"The file of {what} is not CSV: {reason}.") from None
    if not rows:
        raise SeedFileError(f"The file of {what} has no rows.")
    for line, row in rows:
        if None in row or any(row[column] is None for column in columns):
            raise SeedFileError(
                f"Line {line} of the {what} has more or fewer cells than the heading.", line=line
            )
        yield line, row


def csv_number(line: int, row: Mapping[str, str], column: str) -> float:
    """A finite number of a row.

    Raises
    ------
    SeedFileError
        With the line and the column.
    """
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SeedFileError(
            f"Line {line}: {column} must be a finite number, got {row[column]!r}.", line=line, column=column
        )
    return value

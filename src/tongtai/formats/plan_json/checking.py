"""Whether data follow a JSON Schema, and where they do not."""

from typing import Any, cast

import jsonschema


def check_schema(data: Any, schema: dict[str, Any]) -> tuple[str, str] | None:
    """Place and sentence of the first thing that is wrong; None if nothing is.

    Examples
    --------
    >>> check_schema({"a": "text"}, {"properties": {"a": {"type": "number"}}})
    ('$.a', "'text' is not of type 'number'")
    """
    validator = cast("Any", jsonschema.Draft202012Validator(schema))
    problems = sorted(validator.iter_errors(data), key=lambda one: (one.json_path, one.message))
    return (problems[0].json_path, problems[0].message) if problems else None

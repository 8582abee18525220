"""From bytes to a plan: checked against the schema, then built."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from tongtai.core.planning.plan import SCHEMA_VERSION, Plan
from tongtai.formats.plan_json.checking import check_schema
from tongtai.formats.plan_json.errors import PlanFileError
from tongtai.formats.plan_json.schema import plan_schema


def read_plan(content: bytes) -> Plan:
    """The plan in a file's content.

    Raises
    ------
    PlanFileError
        If it is not JSON, of another schema version, or does not follow the schema.
    """
    return cast("Plan", read_document(Plan, content, plan_schema(), version=SCHEMA_VERSION))


def read_document(kind: type, content: bytes, schema: dict[str, Any], *, version: int) -> Any:
    """A value of a type from canonical JSON, checked against the type's schema.

    Raises
    ------
    PlanFileError
        If it is not JSON, of another schema version, or does not follow the schema.
    """
    try:
        data = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as reason:
        raise PlanFileError(f"The plan is not JSON: {reason}.") from None
    found = data.get("schema_version") if isinstance(data, dict) else None
    if found != version:
        raise PlanFileError(
            f"The plan is of schema version {found}; this program reads version {version}.",
            version=found,
        )
    if problem := check_schema(data, schema):
        raise PlanFileError(": ".join(problem), place=problem[0])
    return decoded(kind, data)


def decoded(kind: Any, data: Any) -> Any:
    """Data that follows the schema, as values of a type: dataclasses, tuples, enumerations."""
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        if data is None:
            return None
        return decoded(next(one for one in get_args(kind) if one is not NoneType), data)
    if origin is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(data) if inner[-1] is Ellipsis else inner
        return tuple(decoded(one, item) for one, item in zip(kinds, data, strict=True))
    if is_dataclass(kind) and isinstance(data, Mapping):
        hints = get_type_hints(kind)
        return cast("Any", kind)(
            **{
                field.name: decoded(hints[field.name], data[field.name])
                for field in fields(kind)
                # Left out in files from before the field was there: it has a default then.
                if field.name in data
            }
        )
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return float(data) if kind is float else data

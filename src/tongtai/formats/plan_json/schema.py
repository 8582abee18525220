"""The JSON Schema of ``plan.json``, made from the plan's own types and their docstrings.

``docs/reference/plan.schema.json`` is this schema written down; a test keeps both the same.
"""

import inspect
import json
import re
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tongtai.core.planning.plan import SCHEMA_VERSION, Plan

SCHEMA_ID = f"urn:tongtai:plan:{SCHEMA_VERSION}"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ATTRIBUTES = re.compile(r"^Attributes\n-+\n", re.MULTILINE)


def plan_schema() -> dict[str, Any]:
    """The schema, JSON Schema draft 2020-12."""
    return document_schema(Plan, version=SCHEMA_VERSION, schema_id=SCHEMA_ID, title="Tongtai plan")


def schema_text() -> str:
    """The schema as it stands in the documents."""
    return written_down(plan_schema())


def document_schema(kind: type, *, version: int, schema_id: str, title: str) -> dict[str, Any]:
    """The schema of a frozen dataclass with a ``schema_version``.

    Parameters
    ----------
    kind
        Made of dataclasses, tuples, enumerations, text, numbers and None.
    version
        The only value of ``schema_version``.
    schema_id, title
        Its name for programs and for people.
    """
    definitions: dict[str, Any] = {}
    _define(kind, definitions)
    whole = definitions.pop(kind.__name__)
    whole["properties"]["schema_version"] = {"const": version}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id,
        "title": title,
        **whole,
        "$defs": dict(sorted(definitions.items())),
    }


def written_down(schema: dict[str, Any]) -> str:
    """A schema as text."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _define(kind: type, definitions: dict[str, Any]) -> None:
    """Add a dataclass, and what it is made of, to the definitions."""
    if kind.__name__ in definitions:
        return
    definitions[kind.__name__] = {}
    hints, told = get_type_hints(kind), attribute_texts(kind)
    properties = {}
    for field in fields(kind):
        properties[field.name] = _schema_of(hints[field.name], definitions)
        if field.name in told:
            properties[field.name]["description"] = told[field.name]
    definitions[kind.__name__] = {
        "type": "object",
        "description": (inspect.getdoc(kind) or "").split("\n\n", 1)[0].replace("\n", " "),
        "properties": properties,
        "required": sorted(field.name for field in fields(kind) if field.default is MISSING),
        "additionalProperties": False,
    }


def _schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        inner = next(one for one in get_args(kind) if one is not NoneType)
        return {"anyOf": [_schema_of(inner, definitions), {"type": "null"}]}
    if origin is tuple:
        inner = get_args(kind)
        items = _schema_of(inner[0], definitions)
        if inner[-1] is Ellipsis:
            return {"type": "array", "items": items}
        return {"type": "array", "items": items, "minItems": len(inner), "maxItems": len(inner)}
    if is_dataclass(kind) and isinstance(kind, type):
        _define(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return {"type": _PLAIN[kind]}


def attribute_texts(kind: type) -> dict[str, str]:
    """The texts of a docstring's section ``Attributes``, by the attribute's name.

    Examples
    --------
    >>> class Box:
    ...     '''A box.
    ...
    ...     Attributes
    ...     ----------
    ...     wide, high
    ...         Millimetres.
    ...     '''
    >>> attribute_texts(Box)
    {'wide': 'Millimetres.', 'high': 'Millimetres.'}
    """
    parts = _ATTRIBUTES.split(inspect.getdoc(kind) or "", maxsplit=1)
    texts: dict[str, list[str]] = {}
    names: list[str] = []
    for line in parts[1].splitlines() if len(parts) > 1 else []:
        if line.startswith(" "):
            for name in names:
                texts.setdefault(name, []).append(line.strip())
        elif line.strip():
            names = [name.strip() for name in line.split(",")]
    return {name: " ".join(words).replace("None", "null") for name, words in texts.items()}

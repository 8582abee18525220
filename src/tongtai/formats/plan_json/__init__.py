"""``plan.json``: a plan as canonical JSON, its hash, its JSON Schema, and back."""

from tongtai.formats.plan_json.errors import PlanFileError
from tongtai.formats.plan_json.hand_placed import HAND_PLACED_EXAMPLE, read_hand_placed
from tongtai.formats.plan_json.reading import read_plan
from tongtai.formats.plan_json.schema import SCHEMA_ID, plan_schema, schema_text
from tongtai.formats.plan_json.writing import plan_bytes, plan_sha256

__all__ = [
    "HAND_PLACED_EXAMPLE",
    "SCHEMA_ID",
    "PlanFileError",
    "plan_bytes",
    "plan_schema",
    "plan_sha256",
    "read_hand_placed",
    "read_plan",
    "schema_text",
]

"""``seed-plan.json``: a plan of seeds as canonical JSON, its hash, its JSON Schema, and back.

The form is that of ``plan.json`` (``formats.plan_json``): keys sorted, six decimals, every field needed, none added.
``docs/reference/seed-plan.schema.json`` is the schema written down; a test keeps both the same.
"""

import hashlib
from typing import Any, cast

from tongtai.core.planning.plan import Plan
from tongtai.core.seed_planning.plan import SEED_SCHEMA_VERSION, TECHNIQUE, SeedPlan
from tongtai.formats.plan_json.reading import read_document, read_plan
from tongtai.formats.plan_json.schema import document_schema, written_down
from tongtai.formats.plan_json.writing import canonical_bytes

SEED_SCHEMA_ID = f"urn:tongtai:seed-plan:{SEED_SCHEMA_VERSION}"
SEED_PLAN_FILE = "seed-plan.json"


def seed_plan_schema() -> dict[str, Any]:
    """The schema, JSON Schema draft 2020-12."""
    return document_schema(
        SeedPlan, version=SEED_SCHEMA_VERSION, schema_id=SEED_SCHEMA_ID, title="Tongtai seed plan"
    )


def seed_schema_text() -> str:
    """The schema as it stands in the documents."""
    return written_down(seed_plan_schema())


def seed_plan_bytes(plan: SeedPlan) -> bytes:
    """Canonical JSON; the same plan always gives the same bytes.

    Raises
    ------
    PlanFileError
        If a number is infinite or missing (NaN).
    """
    return canonical_bytes(plan)


def seed_plan_sha256(plan: SeedPlan) -> str:
    """SHA-256 of the plan's bytes, in hexadecimal; what a plan book and signatures are bound to."""
    return hashlib.sha256(seed_plan_bytes(plan)).hexdigest()


def read_seed_plan(content: bytes) -> SeedPlan:
    """The plan in a file's content.

    Raises
    ------
    PlanFileError
        If it is not JSON, of another schema version, or does not follow the schema.
    """
    return cast("SeedPlan", read_document(SeedPlan, content, seed_plan_schema(), version=SEED_SCHEMA_VERSION))


def read_plan_of(technique: str, content: bytes) -> Plan | SeedPlan:
    """The plan in a file's content: of seeds for that technique, of an ablation for every other.

    Raises
    ------
    PlanFileError
        If it is not a plan of that kind.
    """
    return read_seed_plan(content) if technique == TECHNIQUE else read_plan(content)

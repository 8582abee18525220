"""Quality indicators are counted from indices: which cases have changed, and every mark by month."""

from alembic import op

revision = "0016_counting"
down_revision = "0015_case_state"
branch_labels = None
depends_on = None

_SIDES = ("inviting", "invited")
_COUNTED = (
    "month",
    "ended_on",
    "technique",
    "mdt_before",
    "plan_before",
    "margin_reached",
    "warnings_acknowledged",
    "local_control",
    "severe_30d",
    "mortality_30d",
    "follow_up_1m",
    "lost",
    "survival_1y",
    "seed_dose_verified",
)


def upgrade() -> None:
    """Towards this version."""
    for side in _SIDES:
        institution = f"{side}_institution_id"
        op.create_index(f"ix_cases_{side}_version", "cases", [institution, "id", "version"])
        op.create_index(f"ix_quality_rows_{side}_counted", "quality_rows", [institution, *_COUNTED])


def downgrade() -> None:
    """Back to the version before."""
    for side in _SIDES:
        op.drop_index(f"ix_quality_rows_{side}_counted", "quality_rows")
        op.drop_index(f"ix_cases_{side}_version", "cases")

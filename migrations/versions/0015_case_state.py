"""How far the operating room is with a case stands once: with the case, written by its session's log."""

import sqlalchemy as sa
from alembic import op

revision = "0015_case_state"
down_revision = "0014_quality"
branch_labels = None
depends_on = None

_STATES = {"planned": "scheduled", "open": "in_procedure", "closed": "closed"}


def upgrade() -> None:
    """Towards this version."""
    for phase, state in _STATES.items():
        op.execute(
            f"UPDATE cases SET state = '{state}' WHERE id IN "  # noqa: S608  (our own words)
            f"(SELECT case_id FROM guidance_sessions WHERE phase = '{phase}')"
        )
    op.drop_index("ix_guidance_sessions_phase", "guidance_sessions")
    op.drop_column("guidance_sessions", "phase")
    op.create_index("ix_cases_state", "cases", ["state"])


def downgrade() -> None:
    """Back to the version before."""
    op.drop_index("ix_cases_state", "cases")
    op.add_column(
        "guidance_sessions", sa.Column("phase", sa.String(16), nullable=False, server_default="planned")
    )
    for phase, state in _STATES.items():
        op.execute(
            f"UPDATE guidance_sessions SET phase = '{phase}' WHERE case_id IN "  # noqa: S608  (our own words)
            f"(SELECT id FROM cases WHERE state = '{state}')"
        )
    op.create_index("ix_guidance_sessions_phase", "guidance_sessions", ["phase"])

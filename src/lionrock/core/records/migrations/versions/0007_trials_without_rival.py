"""A trial of something that has no naive rival has no baseline's score."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the column be empty; every outcome stays."""
    with op.batch_alter_table("trials") as table:
        table.alter_column("baseline_score", existing_type=sa.Float, nullable=True)


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

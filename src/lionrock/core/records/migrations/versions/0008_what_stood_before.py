"""The journal tells what stood before in the fields that were changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of entries of the time before it is not told."""
    op.add_column("journal", sa.Column("was", sa.LargeBinary))


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

"""When each feed last brought something new: the same answer for hours is no good one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was there begins unknown."""
    op.add_column("feed_states", sa.Column("last_change_us", sa.BigInteger))


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

"""Why a feed failed and why a download was set aside, in Chinese beside the English."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was told before stays in English."""
    op.add_column("feed_states", sa.Column("error_tc", sa.String))
    op.add_column("set_aside", sa.Column("reason_tc", sa.String))
    op.add_column("set_aside", sa.Column("remedy_tc", sa.String))


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

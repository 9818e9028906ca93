"""What closed long ago is passed over: of an event's data set most of the records are, after some years."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the records of a data set by when they closed."""
    op.create_index("records_by_closing", "records", ["dataset", "closed_us"])


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

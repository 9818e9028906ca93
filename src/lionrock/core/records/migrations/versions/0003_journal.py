"""The journal: who did what, when and why, and which versions of which records it made."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the journal's two tables."""
    text, moment, whole, flag = sa.String, sa.BigInteger, sa.Integer, sa.Boolean
    op.create_table(
        "journal",
        sa.Column("number", whole, primary_key=True, autoincrement=True),
        sa.Column("at_us", moment, nullable=False),
        sa.Column("actor", text, nullable=False),
        sa.Column("service", text, nullable=False),
        sa.Column("action", text, nullable=False),
        sa.Column("command", sa.LargeBinary, nullable=False),
        sa.Column("why", text, nullable=False),
        sa.Column("says", sa.LargeBinary, nullable=False),
        sa.Column("undoable", flag, nullable=False),
        sa.Column("undoes", whole),
        sa.Column("undone_by", whole),
    )
    op.create_table(
        "journal_touched",
        sa.Column("number", whole, primary_key=True),
        sa.Column("dataset", text, primary_key=True),
        sa.Column("id", text, primary_key=True),
        sa.Column("version", whole, nullable=False),
    )
    op.create_index("journal_touched_record", "journal_touched", ["dataset", "id"])


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

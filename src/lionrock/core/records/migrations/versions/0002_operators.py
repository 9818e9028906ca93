"""Local operators: who may change things, their sessions, the tries to guess a password, and who signed in when."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of people."""
    text, moment, whole = sa.String, sa.BigInteger, sa.Integer
    op.create_table(
        "operators",
        sa.Column("name", text, primary_key=True),
        sa.Column("password", text, nullable=False),
        sa.Column("roles", text, nullable=False),
        sa.Column("added_us", moment, nullable=False),
        sa.Column("password_us", moment, nullable=False),
        sa.Column("disabled_us", moment),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("operator", text, sa.ForeignKey("operators.name"), nullable=False),
        sa.Column("began_us", moment, nullable=False),
        sa.Column("seen_us", moment, nullable=False),
        sa.Column("client", text, nullable=False),
    )
    op.create_index("sessions_of", "sessions", ["operator"])
    op.create_table(
        "guesses",
        sa.Column("guessed", text, primary_key=True),
        sa.Column("failures", whole, nullable=False),
        sa.Column("last_us", moment, nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", whole, primary_key=True, autoincrement=True),
        sa.Column("at_us", moment, nullable=False),
        sa.Column("operator", text),
        sa.Column("what", text, nullable=False),
        sa.Column("client", text, nullable=False),
    )
    op.create_index("sign_ins_at", "sign_ins", ["at_us"])


def downgrade() -> None:
    """Refuse: going back would lose who may sign in, and who did."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

"""The first tables: records and their versions, feed states, what was set aside, trials, model versions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("core",)
depends_on = None


def upgrade() -> None:
    """Make the tables as they stood at first; later migrations change them."""
    text, moment, whole, flag = sa.String, sa.BigInteger, sa.Integer, sa.Boolean
    op.create_table("belongs_to", sa.Column("source", text, primary_key=True))
    op.create_table(
        "records",
        sa.Column("dataset", text, primary_key=True),
        sa.Column("id", text, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("version", whole, nullable=False),
        sa.Column("first_seen_us", moment, nullable=False),
        sa.Column("changed_us", moment, nullable=False),
        sa.Column("closed_us", moment),
    )
    op.create_table(
        "record_versions",
        sa.Column("dataset", text, primary_key=True),
        sa.Column("id", text, primary_key=True),
        sa.Column("version", whole, primary_key=True),
        sa.Column("at_us", moment, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("closed", flag, nullable=False),
    )
    op.create_index("record_versions_at", "record_versions", ["dataset", "at_us"])
    op.create_table(
        "feed_states",
        sa.Column("feed", text, primary_key=True),
        sa.Column("last_try_us", moment),
        sa.Column("last_success_us", moment),
        sa.Column("failures", whole, nullable=False),
        sa.Column("error", text),
        sa.Column("records", whole, nullable=False),
        sa.Column("set_aside", whole, nullable=False),
    )
    op.create_table(
        "pages_seen",
        sa.Column("url", text, primary_key=True),
        sa.Column("etag", text),
        sa.Column("last_modified", text),
        sa.Column("digest", text, nullable=False),
        sa.Column("seen_us", moment, nullable=False),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", whole, primary_key=True, autoincrement=True),
        sa.Column("feed", text, nullable=False),
        sa.Column("url", text, nullable=False),
        sa.Column("at_us", moment, nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("place", text, nullable=False),
        sa.Column("remedy", text, nullable=False),
        sa.Column("bytes", whole, nullable=False),
        sa.Column("file", text, nullable=False),
    )
    op.create_index("set_aside_at", "set_aside", ["at_us"])
    op.create_table(
        "trials",
        sa.Column("id", whole, primary_key=True, autoincrement=True),
        sa.Column("service", text, nullable=False),
        sa.Column("model", text, nullable=False),
        sa.Column("data", text, nullable=False),
        sa.Column("real", flag, nullable=False),
        sa.Column("metric", text, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("baseline_score", sa.Float, nullable=False),
        sa.Column("detail", sa.LargeBinary, nullable=False),
        sa.Column("at_us", moment, nullable=False),
        sa.Column("code", text, nullable=False),
    )
    op.create_table(
        "model_versions",
        sa.Column("service", text, primary_key=True),
        sa.Column("model", text, primary_key=True),
        sa.Column("version", text, primary_key=True),
        sa.Column("trained_us", moment, nullable=False),
        sa.Column("from_us", moment, nullable=False),
        sa.Column("until_us", moment, nullable=False),
        sa.Column("seed", whole, nullable=False),
        sa.Column("code", text, nullable=False),
        sa.Column("file", text, nullable=False),
    )


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")

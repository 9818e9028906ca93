"""Models' lives: facts of a version, decisions about who stands, scores of what was forecast.

The newest version of each model stood until now, whatever it was worth: it goes on standing until one beats it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT, MOMENT, WHOLE, FLAG, BODY = sa.String, sa.BigInteger, sa.Integer, sa.Boolean, sa.LargeBinary

NEWEST_STANDS = """
INSERT INTO model_decisions (service, model, version, what, stands, held, by_whom, why, scores, at_us)
SELECT service, model, version, 'promoted', version, 0, 'lionrock', :why, 'null', trained_us FROM model_versions AS own
WHERE trained_us = (SELECT max(trained_us) FROM model_versions WHERE service = own.service AND model = own.model)
"""
WHY = '{"en":"it stood before models were judged","tc":"於設立評審前已在使用","sc":"于设立评审前已在使用"}'.encode()


def upgrade() -> None:
    """Make the tables, and let each model's newest version stand."""
    op.create_table("model_facts", *_of_a_version(), sa.Column("body", BODY, nullable=False))
    op.create_table(
        "model_decisions",
        sa.Column("id", WHOLE, primary_key=True, autoincrement=True),
        sa.Column("service", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("stands", TEXT),
        sa.Column("held", FLAG, nullable=False),
        sa.Column("by_whom", TEXT, nullable=False),
        sa.Column("why", BODY, nullable=False),
        sa.Column("scores", BODY, nullable=False),
        sa.Column("at_us", MOMENT, nullable=False),
    )
    op.create_index("model_decisions_of", "model_decisions", ["service", "model", "id"])
    op.create_table(
        "model_scores",
        *_of_an_hour(),
        sa.Column("version", TEXT, primary_key=True),
        sa.Column("horizon_s", WHOLE, primary_key=True),
        sa.Column("issued", WHOLE, nullable=False),
        sa.Column("scored", WHOLE, nullable=False),
        sa.Column("absolute", sa.Float, nullable=False),
        sa.Column("inside", WHOLE, nullable=False),
        sa.Column("rivals", BODY, nullable=False),
    )
    op.create_table(
        "model_sensor_scores",
        *_of_an_hour(),
        sa.Column("version", TEXT, primary_key=True),
        sa.Column("body", BODY, nullable=False),
    )
    op.create_table(
        "model_inputs",
        *_of_an_hour(),
        sa.Column("cells", WHOLE, nullable=False),
        sa.Column("measured", WHOLE, nullable=False),
        sa.Column("histogram", BODY, nullable=False),
    )
    op.execute(sa.text(NEWEST_STANDS).bindparams(why=WHY))


def downgrade() -> None:
    """Refuse: going back would lose what was stored."""
    raise NotImplementedError("Lionrock migrates forward only; restore a copy of records.sqlite instead")


def _of_a_version() -> list[sa.Column[Any]]:
    return [sa.Column(name, TEXT, primary_key=True) for name in ("service", "model", "version")]


def _of_an_hour() -> list[sa.Column[Any]]:
    names = [sa.Column(name, TEXT, primary_key=True) for name in ("service", "model")]
    return [*names, sa.Column("hour_us", MOMENT, primary_key=True)]

"""The tables of models' lives: what is known of a version, who stands and why, and how the forecasts came true."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table

from lionrock.core.records.tables import METADATA

MODEL_FACTS = Table(
    "model_facts",  # of a row of model_versions; JSON
    METADATA,
    Column("service", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

MODEL_DECISIONS = Table(
    "model_decisions",  # only ever added to: the newest row with a "stands" says which version is in use
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("service", String, nullable=False),
    Column("model", String, nullable=False),
    Column("version", String, nullable=False),
    Column("what", String, nullable=False),
    Column("stands", String),  # NULL where the decision leaves the champion as it was, "" where none stands after it
    Column("held", Boolean, nullable=False),
    Column("by_whom", String, nullable=False),
    Column("why", LargeBinary, nullable=False),
    Column("scores", LargeBinary, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Index("model_decisions_of", "service", "model", "id"),
)

MODEL_SCORES = Table(
    "model_scores",  # forecasts of one hour, by horizon and version, beside what came true
    METADATA,
    Column("service", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("hour_us", BigInteger, primary_key=True),
    Column("version", String, primary_key=True),
    Column("horizon_s", Integer, primary_key=True),
    Column("issued", Integer, nullable=False),
    Column("scored", Integer, nullable=False),
    Column("absolute", Float, nullable=False),
    Column("inside", Integer, nullable=False),
    Column("rivals", LargeBinary, nullable=False),
)

MODEL_SENSOR_SCORES = Table(
    "model_sensor_scores",  # the same hour by sensor, all horizons together; zstd of JSON
    METADATA,
    Column("service", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("hour_us", BigInteger, primary_key=True),
    Column("version", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

MODEL_INPUTS = Table(
    "model_inputs",  # what came in during an hour; its row says that the hour was looked at
    METADATA,
    Column("service", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("hour_us", BigInteger, primary_key=True),
    Column("cells", Integer, nullable=False),
    Column("measured", Integer, nullable=False),
    Column("histogram", LargeBinary, nullable=False),
)

"""The tables of the operational records; migrations/versions brings a database to them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()

# Moments are whole microseconds since 1970-01-01 UTC: SQLite has no time type that keeps a zone.

RECORDS = Table(
    "records",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("first_seen_us", BigInteger, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
    Column("closed_us", BigInteger),
)

RECORD_VERSIONS = Table(
    "record_versions",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("closed", Boolean, nullable=False),
    Index("record_versions_at", "dataset", "at_us"),
)

FEED_STATES = Table(
    "feed_states",
    METADATA,
    Column("feed", String, primary_key=True),
    Column("last_try_us", BigInteger),
    Column("last_success_us", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("error", String),
    Column("records", Integer, nullable=False),
    Column("set_aside", Integer, nullable=False),
)

PAGES_SEEN = Table(
    "pages_seen",
    METADATA,
    Column("url", String, primary_key=True),
    Column("etag", String),
    Column("last_modified", String),
    Column("digest", String, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
)

SET_ASIDE = Table(
    "set_aside",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("feed", String, nullable=False),
    Column("url", String, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("reason", String, nullable=False),
    Column("place", String, nullable=False),
    Column("remedy", String, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("file", String, nullable=False),
    Index("set_aside_at", "at_us"),
)

TRIALS = Table(
    "trials",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("service", String, nullable=False),
    Column("model", String, nullable=False),
    Column("data", String, nullable=False),
    Column("real", Boolean, nullable=False),
    Column("metric", String, nullable=False),
    Column("score", Float, nullable=False),
    Column("baseline_score", Float, nullable=False),
    Column("detail", LargeBinary, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("code", String, nullable=False),
)

MODEL_VERSIONS = Table(
    "model_versions",
    METADATA,
    Column("service", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("trained_us", BigInteger, nullable=False),
    Column("from_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("code", String, nullable=False),
    Column("file", String, nullable=False),
)

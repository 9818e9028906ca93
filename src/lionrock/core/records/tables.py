"""The tables of the operational records; migrations/versions brings a database to them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

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
    Index("records_by_closing", "dataset", "closed_us"),
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
    Column("last_change_us", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("error", String),
    Column("error_tc", String),
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
    Column("reason_tc", String),
    Column("place", String, nullable=False),
    Column("remedy", String, nullable=False),
    Column("remedy_tc", String),
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
    Column("baseline_score", Float),
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

OPERATORS = Table(
    "operators",
    METADATA,
    Column("name", String, primary_key=True),
    Column("password", String, nullable=False),  # argon2id in its own encoding: parameters, salt and hash
    Column("roles", String, nullable=False),  # by a space between them
    Column("added_us", BigInteger, nullable=False),
    Column("password_us", BigInteger, nullable=False),
    Column("disabled_us", BigInteger),
)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),  # of the token; the token itself only its holder has
    Column("operator", String, ForeignKey("operators.name"), nullable=False),
    Column("began_us", BigInteger, nullable=False),
    Column("seen_us", BigInteger, nullable=False),
    Column("client", String, nullable=False),
    Index("sessions_of", "operator"),
)

GUESSES = Table(
    "guesses",
    METADATA,
    Column("guessed", String, primary_key=True),  # the digest of a name that was given, or a client's address
    Column("failures", Integer, nullable=False),
    Column("last_us", BigInteger, nullable=False),
)

SIGN_INS = Table(
    "sign_ins",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("operator", String),  # none where the name that was given is nobody's: it may be a mistyped password
    Column("what", String, nullable=False),
    Column("client", String, nullable=False),
    Index("sign_ins_at", "at_us"),
)

JOURNAL = Table(
    "journal",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at_us", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    Column("service", String, nullable=False),
    Column("action", String, nullable=False),
    Column("command", LargeBinary, nullable=False),
    Column("why", String, nullable=False),
    Column("says", LargeBinary, nullable=False),
    Column("was", LargeBinary),
    Column("undoable", Boolean, nullable=False),
    Column("undoes", Integer),
    Column("undone_by", Integer),
)

JOURNAL_TOUCHED = Table(
    "journal_touched",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Index("journal_touched_record", "dataset", "id"),
)

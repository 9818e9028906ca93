"""Opening the operational database: SQLite in WAL mode, migrated to today's tables, one source's only."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from lionrock.core.vocabulary import BadInput, Source, WrongSource

MIGRATIONS = Path(__file__).parent / "migrations"
OWNER_ONLY = 0o600


def open_database(folder: Path, source: Source) -> Engine:
    """Open (or make) ``records.sqlite`` in ``folder``, apply every migration, and check whose data it keeps.

    Raises WrongSource when the database belongs to another source, and BadInput when a newer Lionrock wrote it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "records.sqlite"
    _keep_to_owner(file)
    address = URL.create("sqlite", database=str(file))
    _migrate(address)
    engine = create_engine(address, connect_args={"timeout": 30}, hide_parameters=True)  # errors are logged
    event.listen(engine, "connect", _prepare)
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT source FROM belongs_to")).scalar_one_or_none()
        if kept is None:
            connection.execute(text("INSERT INTO belongs_to (source) VALUES (:source)"), {"source": str(source)})
        elif kept != source:
            engine.dispose()
            raise WrongSource(f"{folder} keeps data of the {kept}; it was opened for the {source}")
    return engine


def _keep_to_owner(file: Path) -> None:
    """Let nobody else read the database: operators' password hashes are in it. SQLite's own files beside it follow."""
    file.touch(mode=OWNER_ONLY)
    for each in file.parent.glob(f"{file.name}*"):
        with suppress(FileNotFoundError):  # a write-ahead log goes when its last user does
            if each.stat().st_uid == os.getuid():
                each.chmod(OWNER_ONLY)


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _migrate(address: URL) -> None:
    """Bring the database to today's tables, all or nothing: sqlite3 would commit every statement by itself."""
    engine = create_engine(address, connect_args={"timeout": 30, "isolation_level": None})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            _refuse_newer(connection, ScriptDirectory.from_config(config), address)
            config.attributes["connection"] = connection
            command.upgrade(config, "heads")
    finally:
        engine.dispose()


def _refuse_newer(connection: Connection, script: ScriptDirectory, address: URL) -> None:
    known = {revision.revision for revision in script.walk_revisions()}
    strange = set(MigrationContext.configure(connection).get_current_heads()) - known
    if strange:
        raise BadInput(
            f"its tables are of version {min(strange)}, which this Lionrock does not know",
            where=str(address.database),
            remedy="run the newer Lionrock that wrote it",
        )

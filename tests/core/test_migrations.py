"""A kill at any moment of a migration leaves a database that the next start brings to today's tables."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lionrock.core.records.database import open_database
from lionrock.core.records.feed_states import FeedStates
from lionrock.core.vocabulary import BadInput, Source

KILLED = 9
OPEN_AND_DIE = """
import os, sys
from pathlib import Path
from sqlalchemy import Engine, event
from lionrock.core.records.database import open_database
from lionrock.core.vocabulary import BadInput, Source

left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, parameters, context, many):
    global left
    left -= statement.startswith(("CREATE", "\\nCREATE", "INSERT", "DROP"))
    if left < 0:
        os._exit(9)

open_database(Path(sys.argv[1]), Source.TWIN)
"""


@pytest.mark.parametrize("statements", [0, 1, 2, 5, 9, 13])
def test_a_kill_during_the_first_migration_is_mended_by_the_next_start(tmp_path: Path, statements: int) -> None:
    killed = subprocess.run([sys.executable, "-c", OPEN_AND_DIE, str(tmp_path), str(statements)], check=False)
    assert killed.returncode == KILLED
    engine = open_database(tmp_path, Source.TWIN)
    assert FeedStates(engine).list_all() == {}
    engine.dispose()


def test_a_database_of_a_newer_lionrock_is_refused_with_what_to_do(tmp_path: Path) -> None:
    open_database(tmp_path, Source.TWIN).dispose()
    with closing(sqlite3.connect(tmp_path / "records.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(BadInput, match=r"version 9999.*run the newer Lionrock"):
        open_database(tmp_path, Source.TWIN)


@pytest.mark.parametrize("name", ["a?b=c", "a%20b", "a#b", "a b", "車位"])
def test_a_folder_of_any_name_holds_its_database_and_nobody_else_reads_it(tmp_path: Path, name: str) -> None:
    open_database(tmp_path / name, Source.TWIN).dispose()
    file = tmp_path / name / "records.sqlite"
    assert (file.stat().st_size > 0, file.stat().st_mode & 0o777) == (True, 0o600)
    assert list(tmp_path.iterdir()) == [tmp_path / name]

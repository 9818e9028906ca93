"""A kill at any moment of a migration leaves a database that the next start brings to today's tables."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lionrock.core.records import Scored, Trials
from lionrock.core.records.database import open_database
from lionrock.core.records.feed_states import FeedStates
from lionrock.core.vocabulary import BadInput, Source

KILLED = 9
OUTCOME = Scored(
    service="traffic",
    model="speeds_ahead",
    data="scats",
    real=True,
    metric="mean absolute error",
    score=1.0,
    baseline_score=2.0,
    detail={"a": 1},
    at=datetime(2026, 11, 22, tzinfo=UTC),
    code="0",
)
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


def test_outcomes_of_the_time_before_stay_and_new_ones_need_no_rival(tmp_path: Path) -> None:
    trials = Trials(open_database(tmp_path, Source.TWIN))
    trials.keep(OUTCOME)
    with closing(sqlite3.connect(tmp_path / "records.sqlite")) as connection:  # back to the tables of 0006
        (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'trials'").fetchone()
        strict = made.replace("baseline_score FLOAT", "baseline_score FLOAT NOT NULL").replace("trials", "old", 1)
        assert "NOT NULL" in strict.split("baseline_score")[1].split(",")[0]
        connection.execute(strict)
        connection.executescript(
            "INSERT INTO old SELECT * FROM trials; DROP TABLE trials; ALTER TABLE old RENAME TO trials;"
            "ALTER TABLE journal DROP COLUMN was; DROP INDEX records_by_closing;"
            "UPDATE alembic_version SET version_num = '0006'"
        )
    trials = Trials(open_database(tmp_path, Source.TWIN))
    assert trials.list_for("traffic") == [OUTCOME]
    alone = replace(OUTCOME, baseline_score=None)
    trials.keep(alone)
    assert trials.list_for("traffic") == [alone, OUTCOME]
    assert (OUTCOME.beats_baseline, alone.beats_baseline) == (True, False)


@pytest.mark.parametrize("name", ["a?b=c", "a%20b", "a#b", "a b", "車位"])
def test_a_folder_of_any_name_holds_its_database_and_nobody_else_reads_it(tmp_path: Path, name: str) -> None:
    open_database(tmp_path / name, Source.TWIN).dispose()
    file = tmp_path / name / "records.sqlite"
    assert (file.stat().st_size > 0, file.stat().st_mode & 0o777) == (True, 0o600)
    assert list(tmp_path.iterdir()) == [tmp_path / name]

"""A kill at any moment of a migration leaves a database that the next start brings to today's tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lionrock.core.records.database import open_database
from lionrock.core.records.feed_states import FeedStates
from lionrock.core.vocabulary import Source

KILLED = 9
OPEN_AND_DIE = """
import os, sys
from pathlib import Path
from sqlalchemy import Engine, event
from lionrock.core.records.database import open_database
from lionrock.core.vocabulary import Source

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

"""The days of one book: which have an open table, which a sealed file, and the SQL that reads both as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import duckdb

from lionrock.core.readings.database import Database
from lionrock.core.readings.layout import Layout, day_date
from lionrock.core.readings.shelf import sums_of

# How a book's stored column is found again in its sealed file, where it differs.
_SEALED_AS = {
    "at_us": 'epoch_us("at")',
    "value": "coalesce(value, 'nan'::DOUBLE)",
    "issued_us": "epoch_us(issued_at)",
    "model": "model_number",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its open table holds rows that are not in ``file`` (its name within ``sealed``), if that exists."""

    open: bool
    file: str | None
    sealed_rows: int


class Days:
    """The writer's own picture of the table ``days``, for one book. Change it with ``writing`` held."""

    def __init__(self, database: Database, layout: Layout) -> None:
        self._database, self.layout = database, layout
        self._days = {
            day: Day(is_open, file, rows)
            for day, is_open, file, rows in database.writer.execute(
                "SELECT day, open, file, rows FROM days WHERE book = ? ORDER BY day", [layout.book]
            ).fetchall()
        }
        self._sealed_spans: dict[str, dict[int, tuple[int, int]]] = {}  # by file, which never changes

    def known(self) -> dict[int, Day]:
        """Every day that has rows or had them."""
        return dict(self._days)

    def sealed(self, day: int) -> bool:
        """Whether some of the day's rows lie in a file."""
        known = self._days.get(day)
        return known is not None and known.file is not None

    def open_table(self, day: int) -> str:
        """The day's table, made first where it is not there; a transaction of its own (an empty day does no harm)."""
        known = self._days.get(day, Day(open=False, file=None, sealed_rows=0))
        if not known.open:
            opened = replace(known, open=True)
            with self._database.transaction() as connection:
                connection.execute(f"CREATE TABLE {self.layout.table(day)} ({self.layout.definition()})")
                self._record(connection, day, opened)
            self._days[day] = opened
        return self.layout.table(day)

    def replace(self, connection: duckdb.DuckDBPyConnection, day: int, state: Day | None) -> None:
        """Within a transaction: the day's table goes, and its rows are what ``state`` says (None: nowhere)."""
        connection.execute(f"DROP TABLE IF EXISTS {self.layout.table(day)}")
        if state is None:
            connection.execute("DELETE FROM days WHERE book = ? AND day = ?", [self.layout.book, day])
        else:
            self._record(connection, day, state)

    def remember(self, day: int, state: Day | None) -> None:
        """Take over what was committed."""
        if state is None:
            del self._days[day]
        else:
            self._days[day] = state

    def files(self, since: int = 0) -> dict[str, str]:
        """The sealed files by date, from day ``since`` on."""
        known = self.known().items()
        return {day_date(day).isoformat(): state.file for day, state in known if state.file and day >= since}

    def list_days(self, connection: duckdb.DuckDBPyConnection, days: range) -> list[int]:
        """Those of ``days`` that may have rows, as ``connection`` sees them."""
        found = connection.execute(
            "SELECT day FROM days WHERE book = ? AND day BETWEEN ? AND ? ORDER BY day",
            [self.layout.book, days.start, days.stop - 1],
        ).fetchall()
        return [day for (day,) in found]

    def ask(
        self,
        connection: duckdb.DuckDBPyConnection,
        days: range,
        question: str,
        parameters: dict[str, int | None] | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Run SQL that reads FROM rows: every row of ``days``, open and sealed, as ``connection`` sees them."""
        return connection.execute(self.question(connection, days, question), parameters)

    def count(self, connection: duckdb.DuckDBPyConnection) -> int:
        """Every row of the book, open and sealed."""
        found = connection.execute("SELECT day, open, rows FROM days WHERE book = ?", [self.layout.book]).fetchall()
        tables = [self.layout.table(day) for day, is_open, _ in found if is_open]
        answer = self.ask_tables(connection, tables, "SELECT count(*) AS counted FROM rows").fetchnumpy()
        return int(answer["counted"][0]) + sum(int(rows) for _, _, rows in found)

    def question(self, connection: duckdb.DuckDBPyConnection, days: range, question: str) -> str:
        """The SQL that :meth:`ask` runs."""
        found = connection.execute(
            "SELECT day, open, file FROM days WHERE book = ? AND day BETWEEN ? AND ?",
            [self.layout.book, days.start, days.stop - 1],
        ).fetchall()
        tables = [self.layout.table(day) for day, is_open, _ in found if is_open]
        return self._with_rows(tables, [file for _, _, file in found if file]) + question

    def ask_tables(
        self,
        connection: duckdb.DuckDBPyConnection,
        tables: Iterable[str],
        question: str,
        asked: Mapping[str, object] | None = None,
    ) -> duckdb.DuckDBPyConnection:
        """Run SQL that reads FROM rows: every row of tables that have this book's columns."""
        return connection.execute(self.of_tables(tables, question), asked)

    def of_tables(self, tables: Iterable[str], question: str) -> str:
        """The SQL that :meth:`ask_tables` runs."""
        return self._with_rows(tables, []) + question

    def spans(self, connection: duckdb.DuckDBPyConnection) -> Iterator[dict[int, tuple[int, int]]]:
        """Yield, for each day that ``connection`` sees, the first and last moment of every channel in it."""
        seen: dict[str, dict[int, tuple[int, int]]] = {}
        found = connection.execute(
            "SELECT day, open, file FROM days WHERE book = ? ORDER BY day", [self.layout.book]
        ).fetchall()
        for day, is_open, file in found:
            sealed = self._sealed_spans.get(file) or self._spans_of(connection, [], [file]) if file else {}
            late = self._spans_of(connection, [self.layout.table(day)], []) if is_open else {}
            if file:
                seen[file] = sealed
            yield {
                channel: (
                    min(span[channel][0] for span in (sealed, late) if channel in span),
                    max(span[channel][1] for span in (sealed, late) if channel in span),
                )
                for channel in sealed | late
            }
        self._sealed_spans = seen

    def _spans_of(
        self, connection: duckdb.DuckDBPyConnection, tables: list[str], files: list[str]
    ) -> dict[int, tuple[int, int]]:
        moment = self.layout.moment
        asked = f"SELECT channel, min({moment}), max({moment}) FROM rows GROUP BY ALL"  # noqa: S608 -- Layout's own name
        answer = connection.execute(self._with_rows(tables, files) + asked)
        return {channel: (first, last) for channel, first, last in answer.fetchall()}

    def find_sums(self, file: str) -> str | None:
        """The path of the sums beside a sealed file, quoted for SQL; None where an older version left none."""
        found = self._database.shelf.folder / sums_of(file)
        return str(found).replace("'", "''") if found.exists() else None

    def _with_rows(self, tables: Iterable[str], files: list[str]) -> str:
        columns = ", ".join(self.layout.names())
        parts = [f"SELECT {columns} FROM {table}" for table in tables]  # noqa: S608 -- Layout made the names
        if files:
            paths = ", ".join("'" + str(self._database.shelf.folder / file).replace("'", "''") + "'" for file in files)
            parts.append(f"SELECT {self._sealed_columns()} FROM read_parquet([{paths}])")  # noqa: S608 -- quoted above
        if not parts:
            typed = ", ".join(f"NULL::{kind} AS {name}" for name, kind in self.layout.columns)
            parts.append(f"SELECT {typed} WHERE false")
        return f"WITH rows AS ({' UNION ALL '.join(parts)}) "

    def _sealed_columns(self) -> str:
        return ", ".join(f"{_SEALED_AS.get(name, name)} AS {name}" for name in self.layout.names())

    def _record(self, connection: duckdb.DuckDBPyConnection, day: int, state: Day) -> None:
        connection.execute("DELETE FROM days WHERE book = ? AND day = ?", [self.layout.book, day])
        connection.execute(
            "INSERT INTO days VALUES (?, ?, ?, ?, ?)",
            [self.layout.book, day, state.open, state.file, state.sealed_rows],
        )

"""Forecasts: every issue is kept, so that yesterday's can be scored; the newest is in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lionrock.core.readings.answers import Appended
from lionrock.core.readings.database import Database
from lionrock.core.readings.days import Days
from lionrock.core.readings.forecast_columns import MICROSECOND, ForecastColumns
from lionrock.core.readings.labels import SEALED_FORECASTS, Labels
from lionrock.core.readings.layout import DAY_US, FORECASTS, NEVER_US, days_between, present_us
from lionrock.core.readings.register import Channel, Models, Register
from lionrock.core.readings.sealing import Press

NEWEST_ISSUES = """
    SELECT rows.* FROM rows JOIN (
        SELECT channel, series, arg_max(issued_us, {'present': issued_us <= $present, 'at': issued_us}) AS issued_us
        FROM rows GROUP BY ALL
    ) USING (channel, series, issued_us)
"""
LAST_ISSUES = "SELECT channel, max(issued_us) FROM rows GROUP BY channel"
SORTED_ROWS = "SELECT * FROM rows ORDER BY channel, series, issued_us, horizon_us"
FIND_STORED = """
    SELECT s.row, rows.low, rows.middle, rows.high, rows.model
    FROM suspects AS s JOIN rows USING (channel, series, issued_us, horizon_us)
"""
WINDOW = """
    SELECT * FROM rows
    WHERE channel = $channel AND issued_us >= $start AND issued_us < $end
      AND ($series IS NULL OR series = $series) AND ($horizon IS NULL OR horizon_us = $horizon)
    ORDER BY issued_us, series, horizon_us
"""


@dataclass(frozen=True, slots=True, eq=False)
class Issues:
    """Forecasts in the store's own numbers, sorted by channel, series, issue, horizon; equal keys keep their order."""

    channel: NDArray[np.uint16]
    series: NDArray[np.int64]
    issued_us: NDArray[np.int64]
    horizon_us: NDArray[np.int64]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]
    model: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.issued_us)

    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns by name, in the order of the layout."""
        return {column.name: getattr(self, column.name) for column in fields(self)}

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> Issues:
        """Some of the rows, in their order."""
        return Issues(**{name: column[which] for name, column in self.columns().items()})

    def joined(self, more: Issues) -> Issues:
        """These rows and then ``more``."""
        others = more.columns()
        return Issues(**{name: np.concatenate([column, others[name]]) for name, column in self.columns().items()})

    def agrees(self, other: Issues) -> NDArray[np.bool_]:
        """Whether each row says the same as that of ``other``, by the same model."""
        quantiles = (self.low == other.low) & (self.middle == other.middle) & (self.high == other.high)
        same: NDArray[np.bool_] = quantiles & (self.model == other.model)
        return same

    def to_arrow(self) -> pa.RecordBatch:
        """The rows as DuckDB's ``forecasts`` tables want them."""
        columns = self.columns() | {"series": self.series.astype(np.uint32)}
        return pa.RecordBatch.from_pydict({name: pa.array(column) for name, column in columns.items()})


class ForecastBook:
    """Everything the store knows of forecasts. Each series' newest issue is in memory, unless its day was sealed."""

    def __init__(self, database: Database, register: Register, clock_now: Callable[[], datetime]) -> None:
        self._database, self._register, self._clock_now = database, register, clock_now
        self.days = Days(database, FORECASTS)
        self._models = Models(database.writer)
        self._reading = threading.Lock()
        self._newest: dict[int, Issues] = {}
        self._last_us: dict[int, int] = {}  # each channel's last issue in the open days, be it in the future
        self._in_doubt = False
        self._load_newest()

    def _load_newest(self) -> None:
        tables = [FORECASTS.table(day) for day, state in self.days.known().items() if state.open]
        asked = {"present": present_us(self._clock_now)}
        found = _issues(self.days.ask_tables(self._database.writer, tables, NEWEST_ISSUES, asked))
        self._last_us = dict(self.days.ask_tables(self._database.writer, tables, LAST_ISSUES).fetchall())
        with self._reading:
            self._newest = {
                channel: found.take(found.channel == channel) for channel in np.unique(found.channel).tolist()
            }

    def append(self, dataset_id: str, columns: ForecastColumns) -> Appended:
        """Store what is new; see :meth:`ReadingStore.append_forecasts`."""
        with self._database.writing:
            self._database.require_open()
            if self._in_doubt:  # a commit raised, and its rows may be there or not: believe the database
                self._load_newest()
                self._in_doubt = False
            rows = self._number(dataset_id, columns)
            starts = np.ones(len(rows), bool)
            starts[1:] = np.any(
                [column[1:] != column[:-1] for column in (rows.channel, rows.series, rows.issued_us, rows.horizon_us)],
                axis=0,
            )
            key = np.cumsum(starts) - 1
            kept = rows.take(starts)
            held = self._lay_over_held(kept)
            agreeing = rows.agrees(kept.take(key))
            self._write(kept.take(~held))
            self._know(kept.take(held & ~self._sealed(kept)))  # newest again, where a clock was set back
            self._database.checkpoint_when_due()
        new, conflicting = int(np.count_nonzero(~held)), int(np.count_nonzero(~agreeing))
        return Appended(new=new, duplicate=len(rows) - new - conflicting, conflicting=conflicting)

    def _number(self, dataset_id: str, columns: ForecastColumns) -> Issues:
        writer = self._database.writer
        channel, series = self._register.number(
            writer, dataset_id, columns.properties, columns.property, columns.sensors, columns.sensor
        )
        models = np.array([self._models.enrol(writer, *model) for model in columns.models], np.uint16)
        order = np.lexsort((columns.horizon_us, columns.issued_at_us, series, channel))
        return Issues(
            channel=channel,
            series=series,
            issued_us=columns.issued_at_us,
            horizon_us=columns.horizon_us,
            low=columns.low,
            middle=columns.middle,
            high=columns.high,
            model=models[columns.model],
        ).take(order)

    def _lay_over_held(self, kept: Issues) -> NDArray[np.bool_]:
        """Which keys the store has already; the rest of their rows in ``kept`` becomes what is stored."""
        held = np.zeros(len(kept), bool)
        day = kept.issued_us // DAY_US
        for this_day in np.unique(day).tolist():
            here = np.flatnonzero(day == this_day)
            if not self.days.sealed(this_day):  # a sealed day's newest issues are not in memory: ask for all
                last = [self._last_us.get(channel, NEVER_US) for channel in kept.channel[here].tolist()]
                here = here[kept.issued_us[here] <= np.array(last)]
            if len(here):
                found = self._find_stored(this_day, kept.take(here))
                row = here[found["row"]]
                held[row] = True
                for name in ("low", "middle", "high", "model"):
                    getattr(kept, name)[row] = found[name]
        return held

    def _find_stored(self, day: int, suspects: Issues) -> dict[str, NDArray[Any]]:
        writer = self._database.writer
        writer.register("suspects", suspects.to_arrow().append_column("row", pa.array(np.arange(len(suspects)))))
        try:
            return self.days.ask(writer, range(day, day + 1), FIND_STORED).fetchnumpy()
        finally:
            writer.unregister("suspects")

    def _write(self, new: Issues) -> None:
        """Make new rows durable in one transaction, then known in memory."""
        day = new.issued_us // DAY_US
        tables = {this_day: self.days.open_table(this_day) for this_day in np.unique(day).tolist()}
        if not tables:
            return
        self._in_doubt = True
        with self._database.transaction() as connection:
            for this_day, table in tables.items():
                connection.register("fresh", new.take(day == this_day).to_arrow())
                connection.execute(f"INSERT INTO {table} FROM fresh")
                connection.unregister("fresh")
        self._know(new)
        for channel in np.unique(new.channel).tolist():
            last = int(new.issued_us[new.channel == channel].max())
            self._last_us[channel] = max(self._last_us.get(channel, NEVER_US), last)
        self._in_doubt = False

    def _know(self, stored: Issues) -> None:
        """Let stored rows be their series' newest issue where they are."""
        for channel in np.unique(stored.channel).tolist():
            arrived = stored.take(stored.channel == channel)
            with self._reading:
                known = self._newest.get(channel)
                every = arrived if known is None else _each_once(known.joined(arrived))
                self._newest[channel] = _newest_of(every, present_us(self._clock_now))

    def _sealed(self, rows: Issues) -> NDArray[np.bool_]:
        day = rows.issued_us // DAY_US
        return np.isin(day, [this_day for this_day in np.unique(day).tolist() if self.days.sealed(this_day)])

    def latest(self, dataset_id: str, property_id: str) -> ForecastColumns:
        """See :meth:`ReadingStore.latest_forecasts`."""
        self._database.require_open()
        channel = self._register.find(dataset_id, property_id)
        with self._reading:
            issues = self._newest.get(channel.number) if channel else None
        if channel is None or issues is None:
            return ForecastColumns.from_forecasts(())
        issues = issues.take(issues.issued_us <= present_us(self._clock_now))  # later ones are of a clock set back
        return self._named(channel, issues.take(np.lexsort((issues.horizon_us, issues.series))))

    def window(
        self,
        dataset_id: str,
        property_id: str,
        start_us: int,
        end_us: int,
        sensor: str | None,
        horizon: timedelta | None,
    ) -> ForecastColumns:
        """See :meth:`ReadingStore.forecasts`."""
        self._database.require_open()
        channel = self._register.get(dataset_id, property_id)
        asked = {
            "channel": channel.number,
            "start": start_us,
            "end": end_us,
            "series": None if sensor is None else int(channel.get_series([sensor])[0]),
            "horizon": None if horizon is None else horizon // MICROSECOND,
        }
        with self._database.snapshot() as cursor:
            found = _issues(self.days.ask(cursor, days_between(start_us, end_us), WINDOW, asked))
        return self._named(channel, found)

    def _named(self, channel: Channel, issues: Issues) -> ForecastColumns:
        return ForecastColumns(
            sensors=tuple(channel.sensors),
            properties=(channel.property,),
            models=self._models.known(),
            sensor=issues.series.astype(np.int32),
            property=np.zeros(len(issues), np.int32),
            model=issues.model.astype(np.int32),
            issued_at_us=issues.issued_us,
            horizon_us=issues.horizon_us,
            low=issues.low,
            middle=issues.middle,
            high=issues.high,
        )

    def press(self) -> Press:
        """How a day of forecasts is sealed."""
        return Press(
            question=SORTED_ROWS,
            schema=SEALED_FORECASTS,
            namer=lambda: Labels(self._register, self._models.known()).named_forecasts,
        )

    def forget(self, day: int) -> None:
        """Let go, in memory, of issues up to the end of ``day``."""
        with self._reading:
            self._newest = {
                channel: issues.take(issues.issued_us >= (day + 1) * DAY_US) for channel, issues in self._newest.items()
            }


def _each_once(issues: Issues) -> Issues:
    """The rows of one channel without those that stand there twice."""
    keys = np.stack([issues.series, issues.issued_us, issues.horizon_us])
    _, first = np.unique(keys, axis=1, return_index=True)
    return issues.take(first)


def _newest_of(issues: Issues, present: int) -> Issues:
    """Only the rows of each series' newest issue; one after ``present`` only where there is no other."""
    newest = np.full(int(issues.series.max(initial=-1)) + 1, NEVER_US)
    rows = issues.issued_us <= present
    np.maximum.at(newest, issues.series[rows], issues.issued_us[rows])
    rows = newest[issues.series] == NEVER_US
    np.maximum.at(newest, issues.series[rows], issues.issued_us[rows])
    return issues.take(issues.issued_us == newest[issues.series])


def _issues(answer: duckdb.DuckDBPyConnection) -> Issues:
    found = answer.fetchnumpy()
    return Issues(**{name: found[name] for name in FORECASTS.names()} | {"series": found["series"].astype(np.int64)})

"""The readings themselves: appended once, kept for good, answered from memory where that is possible."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lionrock.core.readings.answers import Aggregates, Appended, Latest
from lionrock.core.readings.columns import READING_SCHEMA, ReadingColumns
from lionrock.core.readings.conflicts import note_conflicts
from lionrock.core.readings.database import MIB, Database
from lionrock.core.readings.days import Days
from lionrock.core.readings.labels import SEALED_READINGS, Labels
from lionrock.core.readings.layout import DAY_US, READINGS, days_between, present_us
from lionrock.core.readings.newest import Newest
from lionrock.core.readings.numbered import IS_GOOD, Rows, agrees, are_good, first_of_each, number_rows
from lionrock.core.readings.register import Channel, Register
from lionrock.core.readings.rollups import SLOT_US, SLOTS, SUMS_OF_ROWS, Rollups
from lionrock.core.readings.sealing import Press
from lionrock.core.readings.spans import Spans
from lionrock.core.vocabulary import microseconds

SCAN_ROWS = 65_536
SORTED_ROWS = """
    SELECT channel, series, at_us, nullif(value, 'nan'::DOUBLE) AS value, quality
    FROM rows ORDER BY channel, series, at_us
"""
NEWEST_ROWS = f"""
    , ranked AS (SELECT *, {{'present': at_us <= $present, 'at': at_us}} AS rank FROM rows)
    SELECT channel, series, arg_max(at_us, rank) AS at_us, arg_max(value, rank) AS value,
           arg_max(quality, rank) AS quality
    FROM ranked GROUP BY ALL
    UNION ALL
    SELECT channel, series, arg_max(at_us, rank), arg_max(value, rank), arg_max(quality, rank)
    FROM ranked WHERE {IS_GOOD} GROUP BY ALL
"""  # noqa: S608 -- numbers of this house alone; goes on after WITH rows: each series' newest row, and its newest good one; of the future only where it is alone
SUMS_BY_BUCKET = f"""
    SELECT (at_us - $start) // $bucket AS slot, series, sum(value) AS total, count(*) AS count FROM rows
    WHERE channel = $channel AND {IS_GOOD} AND at_us >= $start AND at_us < $end GROUP BY ALL
"""  # noqa: S608 -- numbers of this house alone


class ReadingBook:
    """Everything the store knows of readings. Locks: ``writing`` for rows, one of its own for the newest."""

    def __init__(
        self, database: Database, register: Register, clock_now: Callable[[], datetime], rollup_mib: int
    ) -> None:
        self._database, self._register, self._clock_now = database, register, clock_now
        self.days = Days(database, READINGS)
        self._spans = Spans(self.days)
        self._rollups = Rollups(self.days, rollup_mib * MIB)
        self._newest: dict[int, Newest] = {}
        self._reading = threading.Lock()  # guards the newest values, and is never held for long
        self._in_doubt = False
        self._load_newest()

    def append(self, dataset_id: str, columns: ReadingColumns) -> Appended:
        """Store what is new; see :meth:`ReadingStore.append`."""
        with self._database.writing:
            self._database.require_open()
            self._recall_when_in_doubt()
            rows = number_rows(self._register, self._database.writer, dataset_id, columns)
            starts, key = first_of_each(rows)
            kept = rows.take(starts)
            held = self._lay_over_held(kept)
            agreeing = agrees(rows, kept.value[key], kept.quality[key])
            self._write(kept.take(~held), rows.take(~agreeing), kept.take(key[~agreeing]))
            self._make_newest(kept)
            self._database.checkpoint_when_due()
        new, conflicting = int(np.count_nonzero(~held)), int(np.count_nonzero(~agreeing))
        return Appended(new=new, duplicate=len(rows) - new - conflicting, conflicting=conflicting)

    def _lay_over_held(self, kept: Rows) -> NDArray[np.bool_]:
        """Which keys the store has already; their value and quality in ``kept`` become the stored ones."""
        held = np.zeros(len(kept), bool)
        writer = self._database.writer
        for channel, day, here in kept.by_channel_and_day():
            within = self._spans.within(writer, day, channel, kept.series[here], kept.at_us[here])
            if within.any():
                suspects = here[within]
                found = self._find_stored(day, kept.take(suspects))
                row = suspects[found["row"]]
                held[row] = True
                kept.value[row], kept.quality[row] = found["value"], found["quality"]
        return held

    def _find_stored(self, day: int, suspects: Rows) -> dict[str, NDArray[np.int64]]:
        """The stored rows of one day under the suspects' keys: ``row`` (position in suspects), value, quality."""
        writer = self._database.writer
        asked = suspects.to_arrow().append_column("row", pa.array(np.arange(len(suspects))))
        writer.register("suspects", asked)
        try:
            return self.days.ask(
                writer,
                range(day, day + 1),
                "SELECT s.row, rows.value, rows.quality FROM suspects AS s JOIN rows USING (channel, series, at_us)"
                " WHERE rows.at_us BETWEEN $first AND $last",
                {"first": int(suspects.at_us.min()), "last": int(suspects.at_us.max())},
            ).fetchnumpy()
        finally:
            writer.unregister("suspects")

    def _write(self, new: Rows, offered: Rows, kept: Rows) -> None:
        """Make new rows and contradictions durable in one transaction, then known in memory."""
        parts = [(channel, day, new.take(here)) for channel, day, here in new.by_channel_and_day()]
        tables = {day: self.days.open_table(day) for _, day, _ in parts}
        if not parts and not len(offered):
            return
        self._in_doubt = True
        with self._database.transaction() as connection:
            for day, table in tables.items():
                whole = new if len(tables) == 1 else new.take(new.at_us // DAY_US == day)
                connection.register("fresh", whole.to_arrow())
                connection.execute(f"INSERT INTO {table} FROM fresh")
                connection.unregister("fresh")
            if len(offered):
                note_conflicts(connection, offered, kept, microseconds(self._clock_now()))
        for channel, day, part in parts:
            if self._spans.empty(day, channel):
                self._rollups.begin(channel, day)
            self._spans.widen(self._database.writer, day, channel, part.series, part.at_us)
            good = part.take(are_good(part.quality))
            self._rollups.add(channel, day, good.series, good.at_us, good.value)
        self._in_doubt = False

    def _make_newest(self, kept: Rows) -> None:
        """Make rows the newest where they are, those too that were stored before: the newest may be of the future."""
        present = present_us(self._clock_now)
        for channel, _, here in kept.by_channel_and_day():
            with self._reading:
                self._newest.setdefault(channel, Newest()).take(kept.take(here), present)

    def _recall_when_in_doubt(self) -> None:
        """After a commit that raised, whose rows may be there or not: believe the database, not the memory."""
        if self._in_doubt:
            self._spans.clear()
            self._rollups.clear()
            self._load_newest()
            self._in_doubt = False

    def latest(self, dataset_id: str, property_id: str, sensors: Sequence[str] | None) -> Latest:
        """See :meth:`ReadingStore.latest`."""
        self._database.require_open()
        if sensors is None and self._register.find(dataset_id, property_id) is None:
            return Newest().answer((), np.empty(0, np.int64))
        channel = self._register.get(dataset_id, property_id)
        with self._reading:
            newest = self._newest.setdefault(channel.number, Newest())
            if sensors is not None:
                return newest.answer(tuple(sensors), channel.get_series(sensors))
            heard = newest.heard()
            return newest.answer(tuple(channel.sensors[number] for number in heard.tolist()), heard)

    def window(self, dataset_id: str, sensor: str, property_id: str, start_us: int, end_us: int) -> ReadingColumns:
        """See :meth:`ReadingStore.window`."""
        self._database.require_open()
        channel = self._register.get(dataset_id, property_id)
        (series,) = channel.get_series([sensor]).tolist()
        with self._database.snapshot() as cursor:
            found = self.days.ask(
                cursor,
                days_between(start_us, end_us),
                "SELECT at_us, value, quality FROM rows"
                " WHERE channel = $channel AND series = $series AND at_us >= $start AND at_us < $end ORDER BY at_us",
                {"channel": channel.number, "series": series, "start": start_us, "end": end_us},
            ).fetchnumpy()
        return ReadingColumns.of_property(
            property_id, [sensor] * len(found["at_us"]), found["at_us"], found["value"], found["quality"]
        )

    def aggregate(
        self,
        dataset_id: str,
        property_id: str,
        start_us: int,
        end_us: int,
        bucket_us: int,
        sensors: Sequence[str] | None,
    ) -> Aggregates:
        """See :meth:`ReadingStore.aggregate`."""
        self._database.require_open()
        channel = self._register.find(dataset_id, property_id)
        heard = tuple(channel.sensors) if channel else ()
        names = heard if sensors is None else tuple(sensors)
        whole_slots = bucket_us % SLOT_US == 0
        if whole_slots:
            start_us, end_us = start_us // SLOT_US * SLOT_US, -(-end_us // SLOT_US) * SLOT_US
        starts = np.arange(start_us, end_us, bucket_us)
        if channel is None:
            total, count = np.zeros((len(starts), len(names))), np.zeros((len(starts), len(names)), np.uint32)
        elif whole_slots:
            total, count = self._sum_slots(channel.number, channel.series(names), start_us, end_us)
            if bucket_us > SLOT_US:
                edges = np.arange(0, len(total), bucket_us // SLOT_US)
                total, count = np.add.reduceat(total, edges), np.add.reduceat(count, edges, dtype=np.uint32)
        else:
            total, count = self._sum_rows(channel, channel.series(names), start_us, end_us, bucket_us)
        with np.errstate(invalid="ignore"):  # nothing measured: 0 / 0 is the NaN that is promised
            return Aggregates(names, starts, np.divide(total, count, out=total), count)

    def _sum_slots(
        self, channel: int, series: NDArray[np.int64], start_us: int, end_us: int
    ) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
        """Five-minute totals and counts [slots, series], from the days' sums in memory."""
        first, last = start_us // SLOT_US, end_us // SLOT_US
        total, count = np.zeros((last - first, len(series))), np.zeros((last - first, len(series)), np.uint32)
        days = range(first // SLOTS, (last - 1) // SLOTS + 1)
        for day in (day for day in self.days.known() if day in days):
            begin, finish = max(first, day * SLOTS), min(last, (day + 1) * SLOTS)
            slots = slice(begin - day * SLOTS, finish - day * SLOTS)
            while (sums := self._rollups.copy(channel, day, slots, series)) is None:
                with self._database.writing:
                    self._database.require_open()
                    self._rollups.read(self._database.writer, channel, day)
            total[begin - first : finish - first], count[begin - first : finish - first] = sums
        return total, count

    def _sum_rows(
        self, channel: Channel, series: NDArray[np.int64], start_us: int, end_us: int, bucket_us: int
    ) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
        """Totals and counts [buckets, series] of buckets that are no multiple of five minutes, from the rows."""
        with self._database.snapshot() as cursor:
            found = self.days.ask(
                cursor,
                days_between(start_us, end_us),
                SUMS_BY_BUCKET,
                {"start": start_us, "end": end_us, "bucket": bucket_us, "channel": channel.number},
            ).fetchnumpy()
        shape = (-(-(end_us - start_us) // bucket_us), len(channel.sensors) + 1)  # the last column: sensors never heard
        total, count = np.zeros(shape), np.zeros(shape, np.uint32)
        total[found["slot"], found["series"]], count[found["slot"], found["series"]] = found["total"], found["count"]
        return total[:, series], count[:, series]

    def scan(
        self, dataset_id: str, start_us: int, end_us: int, property_id: str | None, sensors: Sequence[str] | None
    ) -> Iterator[pa.RecordBatch]:
        """See :meth:`ReadingStore.scan`."""
        wanted = self._register.list_series(dataset_id, property_id, sensors)
        labels = Labels(self._register)
        with self._database.snapshot() as cursor:
            cursor.register("wanted", wanted)
            for day in self.days.list_days(cursor, days_between(start_us, end_us)):
                question = self.days.question(
                    cursor,
                    range(day, day + 1),
                    "SELECT channel, series, at_us, nullif(value, 'nan'::DOUBLE) AS value, quality"
                    " FROM rows SEMI JOIN wanted USING (channel, series)"
                    " WHERE at_us >= $start AND at_us < $end ORDER BY channel, series, at_us",
                )
                relation = cursor.sql(question, params={"start": start_us, "end": end_us})
                for batch in relation.to_arrow_reader(SCAN_ROWS):
                    yield labels.named_readings(batch).select(READING_SCHEMA.names)

    def press(self) -> Press:
        """How a day of readings is sealed."""
        return Press(
            question=SORTED_ROWS,
            schema=SEALED_READINGS,
            namer=lambda: Labels(self._register).named_readings,
            sums=f"{SUMS_OF_ROWS} ORDER BY channel",
            digest="newest_sealed",
            digest_question=NEWEST_ROWS,
            digest_asked={"present": present_us(self._clock_now)},
        )

    def forget(self, day: int) -> None:
        """Let go, in memory, of a day that the store forgot, and of newest readings up to its end."""
        self._spans.forget(day)
        self._rollups.forget(day)
        with self._reading:
            for newest in self._newest.values():
                newest.forget((day + 1) * DAY_US)

    def _load_newest(self) -> None:
        """Every sensor's newest reading, from the open days' rows and from those that sealing set aside."""
        tables = [self.days.layout.table(day) for day, state in self.days.known().items() if state.open]
        present = present_us(self._clock_now)
        columns = self.days.ask_tables(
            self._database.writer, ["newest_sealed", *tables], NEWEST_ROWS, {"present": present}
        ).fetchnumpy()
        rows = Rows(**{name: columns[name] for name in READINGS.names()})
        rows = rows.take(np.lexsort((rows.at_us, rows.series, rows.channel)))
        with self._reading:
            self._newest = {channel: Newest() for channel in np.unique(rows.channel).tolist()}
            for channel, newest in self._newest.items():
                newest.take(rows.take(rows.channel == channel), present)

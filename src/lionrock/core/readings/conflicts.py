"""Contradictions: values offered for a moment that had another one already. The first stands, both are shown."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from lionrock.core.readings.answers import Conflict
from lionrock.core.readings.numbered import Rows
from lionrock.core.readings.register import Register
from lionrock.core.vocabulary import Quality, moment_of

NOTE = """
    INSERT INTO conflicts
    SELECT DISTINCT channel, series, at_us, kept, kept_quality, value, quality, $seen FROM contradictions AS c
    WHERE NOT EXISTS (
        FROM conflicts AS known
        WHERE known.channel = c.channel AND known.series = c.series AND known.at_us = c.at_us
          AND known.offered = c.value AND known.offered_quality = c.quality
    )
"""
NEWEST_FIRST = """
    SELECT c.channel, c.series, c.at_us, nullif(c.kept, 'nan'::DOUBLE), c.kept_quality,
           nullif(c.offered, 'nan'::DOUBLE), c.offered_quality, c.seen_us
    FROM conflicts AS c JOIN channels USING (channel) WHERE channels.dataset = ?
    ORDER BY c.seen_us DESC, c.at_us DESC, c.channel, c.series LIMIT ?
"""


def note_conflicts(connection: duckdb.DuckDBPyConnection, offered: Rows, kept: Rows, seen_us: int) -> None:
    """Within a transaction: record what was offered against what is kept, once however often it is repeated."""
    contradictions = (
        offered.to_arrow()
        .append_column("kept", pa.array(kept.value))
        .append_column("kept_quality", pa.array(kept.quality))
    )
    connection.register("contradictions", contradictions)
    connection.execute(NOTE, {"seen": seen_us})
    connection.unregister("contradictions")


def list_conflicts(
    connection: duckdb.DuckDBPyConnection, register: Register, dataset_id: str, limit: int
) -> list[Conflict]:
    """A data set's contradictions, newest first."""
    channels = {channel.number: channel for channel in register.channels_of(dataset_id)}
    return [
        Conflict(
            sensor=channels[channel].sensors[series],
            property=channels[channel].property,
            at=moment_of(at_us),
            kept=kept,
            kept_quality=Quality(kept_quality),
            offered=offered,
            offered_quality=Quality(offered_quality) | Quality.CONFLICT,
            seen_at=moment_of(seen_us),
        )
        for channel, series, at_us, kept, kept_quality, offered, offered_quality, seen_us in connection.execute(
            NEWEST_FIRST, [dataset_id, limit]
        ).fetchall()
    ]

"""The store's numbers for names: a channel is one property of one data set, a series one sensor in it."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lionrock.core.readings.database import all_or_nothing
from lionrock.core.vocabulary import NotFound


class Channel:
    """One property of one data set; its sensors are numbered from 0 in order of first appearance.

    Names are only ever added, so that a reader needs no lock: what it saw stays true.
    """

    __slots__ = ("_position", "dataset", "number", "property", "sensors")

    def __init__(self, number: int, dataset: str, property_id: str) -> None:
        self.number, self.dataset, self.property = number, dataset, property_id
        self.sensors: list[str] = []
        self._position: dict[str, int] = {}

    def add(self, sensor: str) -> None:
        """Give ``sensor`` the next number."""
        self.sensors.append(sensor)
        self._position[sensor] = len(self.sensors) - 1

    def series(self, sensors: Sequence[str]) -> NDArray[np.int64]:
        """The sensors' numbers; -1 for one never heard of."""
        find = self._position.get
        return np.fromiter((find(sensor, -1) for sensor in sensors), np.int64, len(sensors))

    def get_series(self, sensors: Sequence[str]) -> NDArray[np.int64]:
        """The sensors' numbers; raises :class:`NotFound` for one never heard of."""
        series = self.series(sensors)
        if (series < 0).any():
            stranger = sensors[int((series < 0).argmax())]
            raise NotFound(f"{self.dataset} has never had a reading of {self.property} from sensor {stranger!r}")
        return series


class Models:
    """The forecast models that the store has heard of, by number; kept in the table ``models``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._known: list[tuple[str, str]] = connection.execute(
            "SELECT name, version FROM models ORDER BY model"
        ).fetchall()

    def known(self) -> tuple[tuple[str, str], ...]:
        """(name, version) of every model, by number."""
        return tuple(self._known)

    def enrol(self, connection: duckdb.DuckDBPyConnection, name: str, version: str) -> int:
        """The model's number, given and made durable where it has none yet."""
        if (name, version) not in self._known:
            connection.execute("INSERT INTO models VALUES (?, ?, ?)", [len(self._known), name, version])
            self._known.append((name, version))
        return self._known.index((name, version))


class Register:
    """Every channel of the store, by name and by number; kept in the tables ``channels`` and ``series``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._by_name: dict[tuple[str, str], Channel] = {}
        self._by_number: list[Channel] = []
        for number, dataset, property_id in connection.execute(
            "SELECT channel, dataset, property FROM channels ORDER BY channel"
        ).fetchall():
            self._remember(Channel(number, dataset, property_id))
        for number, sensor in connection.execute(
            "SELECT channel, sensor FROM series ORDER BY channel, series"
        ).fetchall():
            self._by_number[number].add(sensor)

    def __len__(self) -> int:
        return sum(len(channel.sensors) for channel in self._by_number)

    def channels(self) -> tuple[Channel, ...]:
        """Every channel, by number."""
        return tuple(self._by_number)

    def channels_of(self, dataset_id: str) -> tuple[Channel, ...]:
        """The channels of one data set; none when nothing was ever appended to it."""
        return tuple(channel for channel in self._by_number if channel.dataset == dataset_id)

    def find(self, dataset_id: str, property_id: str) -> Channel | None:
        """The channel, or None when nothing was ever appended to it."""
        return self._by_name.get((dataset_id, property_id))

    def get(self, dataset_id: str, property_id: str) -> Channel:
        """The channel; raises :class:`NotFound` when nothing was ever appended to it."""
        channel = self.find(dataset_id, property_id)
        if channel is None:
            raise NotFound(f"the store has never had a {property_id!r} of data set {dataset_id}")
        return channel

    def list_series(self, dataset_id: str, property_id: str | None, sensors: Sequence[str] | None) -> pa.Table:
        """The series asked for, as an Arrow table of ``channel`` and ``series``; None asks for all."""
        numbers = [
            (channel.number, channel.series(channel.sensors if sensors is None else sensors))
            for channel in self.channels_of(dataset_id)
            if property_id in (None, channel.property)
        ]
        known = [(number, series[series >= 0]) for number, series in numbers]
        channel = np.concatenate([np.empty(0), *(np.full(len(series), number) for number, series in known)])
        series = np.concatenate([np.empty(0), *(series for _, series in known)])
        return pa.table({"channel": channel.astype(np.uint16), "series": series.astype(np.uint32)})

    def number(
        self,
        connection: duckdb.DuckDBPyConnection,
        dataset_id: str,
        properties: Sequence[str],
        property_codes: NDArray[np.int32],
        sensors: Sequence[str],
        sensor_codes: NDArray[np.int32],
    ) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
        """Channel and series of every row; names that are new are enrolled first."""
        channel, series = np.empty(len(sensor_codes), np.uint16), np.empty(len(sensor_codes), np.int64)
        names = np.array(sensors, dtype=object)
        for code, property_id in enumerate(properties):
            here = np.flatnonzero(property_codes == code)
            if len(here):
                spoken = np.bincount(sensor_codes[here], minlength=len(names)) > 0
                enrolled = self.enrol(connection, dataset_id, property_id, names[spoken].tolist())
                channel[here] = enrolled.number
                series[here] = enrolled.series(sensors)[sensor_codes[here]]
        return channel, series

    def enrol(
        self, connection: duckdb.DuckDBPyConnection, dataset_id: str, property_id: str, sensors: Sequence[str]
    ) -> Channel:
        """The channel with all of ``sensors`` in it; new names are durable when this returns.

        A transaction of its own: a name without readings does no harm, and batches of known sensors
        (all but a few) pay for one fsync only.
        """
        channel = self.find(dataset_id, property_id)
        if channel is not None and (channel.series(sensors) >= 0).all():
            return channel
        known = channel or Channel(len(self._by_number), dataset_id, property_id)
        newcomers = [name for name in dict.fromkeys(sensors) if known.series([name])[0] < 0]
        with all_or_nothing(connection):
            if channel is None:
                connection.execute("INSERT INTO channels VALUES (?, ?, ?)", [known.number, dataset_id, property_id])
            connection.execute(
                "INSERT INTO series SELECT ?, unnest(range(?, ?)), unnest(?)",
                [known.number, len(known.sensors), len(known.sensors) + len(newcomers), newcomers],
            )
        for name in newcomers:
            known.add(name)
        if channel is None:
            self._remember(known)
        return known

    def _remember(self, channel: Channel) -> None:
        self._by_name[channel.dataset, channel.property] = channel
        self._by_number.append(channel)

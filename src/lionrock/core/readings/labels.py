"""From the store's numbers back to names, as Arrow dictionaries."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lionrock.core.readings.columns import MOMENT, NAME, READING_SCHEMA, number_names
from lionrock.core.readings.register import Register

SEALED_READINGS = pa.schema([("dataset", NAME), *READING_SCHEMA, ("channel", pa.uint16()), ("series", pa.uint32())])


class Labels:
    """The names of every series that the register knows now."""

    def __init__(self, register: Register) -> None:
        channels = register.channels()
        self._offset = np.cumsum([0, *(len(channel.sensors) for channel in channels)])
        self._sensors, self._sensor = _dictionary([name for channel in channels for name in channel.sensors])
        self._properties, self._property = _dictionary([channel.property for channel in channels])
        self._datasets, self._dataset = _dictionary([channel.dataset for channel in channels])

    def named_readings(self, numbered: pa.RecordBatch) -> pa.RecordBatch:
        """A batch of the ``readings`` layout in ``SEALED_READINGS``."""
        channel, series = (numbered[name].to_numpy() for name in ("channel", "series"))
        return pa.RecordBatch.from_arrays(
            [
                *self._names(channel, series),
                numbered["at_us"].cast(MOMENT),
                numbered["value"],
                numbered["quality"],
                numbered["channel"],
                numbered["series"],
            ],
            schema=SEALED_READINGS,
        )

    def _names(self, channel: NDArray[np.uint16], series: NDArray[np.uint32]) -> list[pa.Array]:
        return [
            pa.DictionaryArray.from_arrays(self._dataset[channel], self._datasets),
            pa.DictionaryArray.from_arrays(self._sensor[self._offset[channel] + series], self._sensors),
            pa.DictionaryArray.from_arrays(self._property[channel], self._properties),
        ]


def _dictionary(names: list[str]) -> tuple[pa.Array, NDArray[np.int32]]:
    distinct, codes = number_names(names)
    return pa.array(distinct, pa.string()), codes

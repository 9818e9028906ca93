"""From the store's numbers back to names, as Arrow dictionaries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lionrock.core.readings.columns import MOMENT, NAME, READING_SCHEMA, number_names
from lionrock.core.readings.forecast_columns import FORECAST_SCHEMA
from lionrock.core.readings.register import Register

SEALED_READINGS = pa.schema([("dataset", NAME), *READING_SCHEMA, ("channel", pa.uint16()), ("series", pa.uint32())])
SEALED_FORECASTS = pa.schema(
    [
        ("dataset", NAME),
        *FORECAST_SCHEMA,
        ("channel", pa.uint16()),
        ("series", pa.uint32()),
        ("model_number", pa.uint16()),
    ]
)


class Labels:
    """The names of every series, and of the models, that are known when it is made."""

    def __init__(self, register: Register, models: Sequence[tuple[str, str]] = ()) -> None:
        channels = register.channels()
        sensors = [tuple(channel.sensors) for channel in channels]  # once: a writer may be adding names
        self._offset = np.cumsum([0, *map(len, sensors)])
        self._sensors, self._sensor = _dictionary([name for names in sensors for name in names])
        self._properties, self._property = _dictionary([channel.property for channel in channels])
        self._datasets, self._dataset = _dictionary([channel.dataset for channel in channels])
        self._models, self._model = _dictionary([name for name, _ in models])
        self._versions, self._version = _dictionary([version for _, version in models])

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

    def named_forecasts(self, numbered: pa.RecordBatch) -> pa.RecordBatch:
        """A batch of the ``forecasts`` layout in ``SEALED_FORECASTS``."""
        channel, series, model = (numbered[name].to_numpy() for name in ("channel", "series", "model"))
        return pa.RecordBatch.from_arrays(
            [
                *self._names(channel, series),
                numbered["issued_us"].cast(MOMENT),
                *(numbered[name] for name in ("horizon_us", "low", "middle", "high")),
                pa.DictionaryArray.from_arrays(self._model[model], self._models),
                pa.DictionaryArray.from_arrays(self._version[model], self._versions),
                *(numbered[name] for name in ("channel", "series", "model")),
            ],
            schema=SEALED_FORECASTS,
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

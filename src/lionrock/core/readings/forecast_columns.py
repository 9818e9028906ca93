"""Forecasts as columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from lionrock.core.readings.columns import MOMENT, NAME, moments_us, number_names, require_named
from lionrock.core.vocabulary import BadInput, Forecast, moment_of

MICROSECOND = timedelta(microseconds=1)
FORECAST_SCHEMA = pa.schema(
    [
        ("sensor", NAME),
        ("property", NAME),
        ("issued_at", MOMENT),
        ("horizon_us", pa.int64()),
        ("low", pa.float64()),
        ("middle", pa.float64()),
        ("high", pa.float64()),
        ("model", NAME),
        ("version", NAME),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class ForecastColumns:
    """Forecasts of one data set, column by column; row ``i`` is one :class:`Forecast`.

    ``sensor``, ``property`` and ``model`` hold positions in ``sensors``, ``properties`` and ``models``
    (name, version), all int32; ``issued_at_us`` and ``horizon_us`` are microseconds (int64); ``low``, ``middle``
    and ``high`` are float64. Raises :class:`BadInput` for a quantile that is no number or infinite, for
    quantiles that cross, for a horizon in the past, and for columns that do not fit each other.
    """

    sensors: tuple[str, ...]
    properties: tuple[str, ...]
    models: tuple[tuple[str, str], ...]
    sensor: NDArray[np.int32]
    property: NDArray[np.int32]
    model: NDArray[np.int32]
    issued_at_us: NDArray[np.int64]
    horizon_us: NDArray[np.int64]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]

    def __post_init__(self) -> None:
        rows = len(self.issued_at_us)
        others = (self.sensor, self.property, self.model, self.horizon_us, self.low, self.middle, self.high)
        if any(len(column) != rows for column in others):
            raise BadInput("the columns are not of one length", where="forecasts")
        require_named(self.sensor, self.sensors, "sensor")
        require_named(self.property, self.properties, "property")
        require_named(self.model, self.models, "model")
        numbers = np.isfinite(self.low) & np.isfinite(self.middle) & np.isfinite(self.high)
        self._refuse(~numbers, "a quantile is no finite number")
        self._refuse((self.low > self.middle) | (self.middle > self.high), "the quantiles cross")
        self._refuse(self.horizon_us < 0, "the horizon lies before the issue")

    def _refuse(self, wrong: NDArray[np.bool_], problem: str) -> None:
        if wrong.any():
            row = int(wrong.argmax())
            sensor, of = self.sensors[self.sensor[row]], self.properties[self.property[row]]
            quantiles = f"{self.low[row]}, {self.middle[row]}, {self.high[row]}"
            raise BadInput(problem, where=f"forecast {row} ({of} of {sensor}: {quantiles})")

    def __len__(self) -> int:
        return len(self.issued_at_us)

    @classmethod
    def from_forecasts(cls, forecasts: Iterable[Forecast]) -> ForecastColumns:
        """The same forecasts as columns; raises :class:`BadInput`."""
        rows = list(forecasts)
        columns = zip(*rows, strict=True) if rows else ((),) * 9
        sensor, of, issued_at, horizon, low, middle, high, model, version = columns
        sensors, sensor_codes = number_names(sensor)
        properties, property_codes = number_names(of)
        models, model_codes = number_names(list(zip(model, version, strict=True)))
        return cls(
            sensors=sensors,
            properties=properties,
            models=models,
            sensor=sensor_codes,
            property=property_codes,
            model=model_codes,
            issued_at_us=moments_us(issued_at),
            horizon_us=np.fromiter((ahead // MICROSECOND for ahead in horizon), np.int64, len(rows)),
            low=np.array(low, np.float64),
            middle=np.array(middle, np.float64),
            high=np.array(high, np.float64),
        )

    @classmethod
    def of_issue(
        cls,
        property_id: str,
        issued_at: datetime,
        sensors: Sequence[str],
        horizons: Sequence[timedelta],
        quantiles: tuple[ArrayLike, ArrayLike, ArrayLike],
        model: tuple[str, str],
    ) -> ForecastColumns:
        """One issue of one property: ``quantiles`` are (low, middle, high), each [sensors, horizons].

        ``model`` is (name, version). Raises :class:`BadInput` for another shape, and for a naive ``issued_at``.
        """
        shape = len(sensors), len(horizons)
        cubes = [np.asarray(quantile, np.float64) for quantile in quantiles]
        if any(cube.shape != shape for cube in cubes):
            given = ", ".join(str(cube.shape) for cube in cubes)
            raise BadInput(f"the quantiles have shapes {given}", where="forecasts", remedy=f"{shape}: a row a sensor")
        low, middle, high = (cube.reshape(-1) for cube in cubes)
        names, codes = number_names(sensors)
        rows = len(sensors) * len(horizons)
        return cls(
            sensors=names,
            properties=(property_id,),
            models=(model,),
            sensor=np.repeat(codes, len(horizons)),
            property=np.zeros(rows, np.int32),
            model=np.zeros(rows, np.int32),
            issued_at_us=np.repeat(moments_us([issued_at]), rows),
            horizon_us=np.tile(np.array([ahead // MICROSECOND for ahead in horizons], np.int64), len(sensors)),
            low=low,
            middle=middle,
            high=high,
        )

    def to_arrow(self) -> pa.RecordBatch:
        """One record batch in ``FORECAST_SCHEMA``."""
        models, versions = (pa.array([model[part] for model in self.models], pa.string()) for part in (0, 1))
        return pa.RecordBatch.from_arrays(
            [
                pa.DictionaryArray.from_arrays(self.sensor, pa.array(self.sensors, pa.string())),
                pa.DictionaryArray.from_arrays(self.property, pa.array(self.properties, pa.string())),
                pa.array(self.issued_at_us).cast(MOMENT),
                *(pa.array(column) for column in (self.horizon_us, self.low, self.middle, self.high)),
                pa.DictionaryArray.from_arrays(self.model, models),
                pa.DictionaryArray.from_arrays(self.model, versions),
            ],
            schema=FORECAST_SCHEMA,
        )

    def forecasts(self) -> Iterator[Forecast]:
        """The same forecasts one by one, in order."""
        columns = (
            self.sensor,
            self.property,
            self.model,
            self.issued_at_us,
            self.horizon_us,
            self.low,
            self.middle,
            self.high,
        )
        for sensor, of, model, issued_at_us, horizon_us, *quantiles in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            yield Forecast(
                self.sensors[sensor],
                self.properties[of],
                moment_of(issued_at_us),
                timedelta(microseconds=horizon_us),
                *quantiles,
                *self.models[model],
            )

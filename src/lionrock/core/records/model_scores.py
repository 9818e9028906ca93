"""How forecasts came true, hour by hour: sums by version and horizon, by sensor, and what came in meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import zstandard
from sqlalchemy import ColumnElement, Engine, Table, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from lionrock.core.records.model_tables import MODEL_INPUTS, MODEL_SCORES, MODEL_SENSOR_SCORES
from lionrock.core.vocabulary import microseconds, moment_of


@dataclass(frozen=True, slots=True)
class Against:
    """A naive rival on the cells where it had something to say: its absolute errors and the model's, summed."""

    scored: int
    absolute: float
    own_absolute: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HourScore:
    """Forecasts for the hour from ``hour`` on, of one version at one horizon.

    ``issued`` were made, ``scored`` of them met a measurement; ``absolute`` is the sum of their absolute errors, and
    ``inside`` fell into the 80% band.
    """

    hour: datetime
    version: str
    horizon_s: int
    issued: int
    scored: int
    absolute: float
    inside: int
    rivals: dict[str, Against]


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorScores:
    """The same hour by sensor, over all horizons: lists as long as ``sensors``."""

    version: str
    sensors: list[str]
    scored: list[int]
    absolute: list[float]
    inside: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputHour:
    """What came in during an hour: ``measured`` of the ``cells`` that were to be expected, and where they lay."""

    hour: datetime
    cells: int
    measured: int
    histogram: list[int]


class ModelScores:
    """The scores of every model, in the operational database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep_hour(
        self,
        service: str,
        model: str,
        inputs: InputHour,
        scores: Iterable[HourScore],
        sensors: Iterable[SensorScores],
    ) -> None:
        """Keep all that is known of one hour; what was kept of it before is replaced."""
        hour_us = microseconds(inputs.hour)
        key = {"service": service, "model": model, "hour_us": hour_us}
        rows = [
            key
            | {"version": one.version, "horizon_s": one.horizon_s, "issued": one.issued, "scored": one.scored}
            | {"absolute": one.absolute, "inside": one.inside, "rivals": msgspec.json.encode(one.rivals)}
            for one in scores
        ]
        by_sensor = [
            key | {"version": one.version, "body": zstandard.compress(msgspec.json.encode(one))} for one in sensors
        ]
        came = {"cells": inputs.cells, "measured": inputs.measured, "histogram": msgspec.json.encode(inputs.histogram)}
        with self._engine.begin() as connection:
            for table, new in ((MODEL_SCORES, rows), (MODEL_SENSOR_SCORES, by_sensor), (MODEL_INPUTS, [key | came])):
                connection.execute(delete(table).where(*_of(table, service, model), table.c.hour_us == hour_us))
                if new:
                    connection.execute(upsert(table), new)

    def forget_future(self, service: str, model: str, after: datetime) -> None:
        """Forget the hours from ``after`` on, which a clock that ran ahead left: they are looked at when they come."""
        with self._engine.begin() as connection:
            for table in (MODEL_SCORES, MODEL_SENSOR_SCORES, MODEL_INPUTS):
                connection.execute(
                    delete(table).where(*_of(table, service, model), table.c.hour_us >= microseconds(after))
                )

    def last_hour(self, service: str, model: str, before: datetime) -> datetime | None:
        """The last hour before ``before`` that was looked at; None where there is none."""
        table = MODEL_INPUTS
        wanted = select(func.max(table.c.hour_us)).where(*_of(table, service, model))
        wanted = wanted.where(table.c.hour_us < microseconds(before))
        with self._engine.connect() as connection:
            newest = connection.execute(wanted).scalar_one()
        return None if newest is None else moment_of(newest)

    def list_hours(self, service: str, model: str, since: datetime) -> list[HourScore]:
        """The scores of every hour from ``since`` on, oldest first."""
        table = MODEL_SCORES
        wanted = select(table).where(*_of(table, service, model), table.c.hour_us >= microseconds(since))
        with self._engine.connect() as connection:
            return [
                HourScore(
                    hour=moment_of(row.hour_us),
                    version=row.version,
                    horizon_s=row.horizon_s,
                    issued=row.issued,
                    scored=row.scored,
                    absolute=row.absolute,
                    inside=row.inside,
                    rivals=msgspec.json.decode(row.rivals, type=dict[str, Against]),
                )
                for row in connection.execute(wanted.order_by(table.c.hour_us, table.c.horizon_s))
            ]

    def list_sensors(self, service: str, model: str, since: datetime) -> list[SensorScores]:
        """The scores by sensor of every hour from ``since`` on, oldest first."""
        table = MODEL_SENSOR_SCORES
        wanted = select(table.c.body).where(*_of(table, service, model), table.c.hour_us >= microseconds(since))
        with self._engine.connect() as connection:
            return [
                msgspec.json.decode(zstandard.decompress(body), type=SensorScores)
                for body in connection.execute(wanted.order_by(table.c.hour_us)).scalars()
            ]

    def list_inputs(self, service: str, model: str, since: datetime) -> list[InputHour]:
        """What came in during every hour from ``since`` on, oldest first."""
        table = MODEL_INPUTS
        wanted = select(table).where(*_of(table, service, model), table.c.hour_us >= microseconds(since))
        with self._engine.connect() as connection:
            return [
                InputHour(
                    hour=moment_of(row.hour_us),
                    cells=row.cells,
                    measured=row.measured,
                    histogram=msgspec.json.decode(row.histogram, type=list[int]),
                )
                for row in connection.execute(wanted.order_by(table.c.hour_us))
            ]

    def forget(self, service: str, model: str, before: datetime) -> None:
        """Let go of the scores by sensor of hours before ``before``; the others are small and stay."""
        table = MODEL_SENSOR_SCORES
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(*_of(table, service, model), table.c.hour_us < microseconds(before)))


def _of(table: Table, service: str, model: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.service == service, table.c.model == model

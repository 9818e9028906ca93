"""The rows of a data set: its present state, or one sensor's window, page by page.

Pages follow keys, not counts: ``after`` is the key of the last row that was had. Rows are plain
mappings, the same for every form of download; a moment is ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np

from lionrock.app.house import House
from lionrock.app.open_data.versions import within_years
from lionrock.core.records import Kept
from lionrock.core.vocabulary import BadInput, Dataset, Kind, NotFound, Quality, Text, moment_of

Row = dict[str, Any]
MOST_ROWS, USUAL_ROWS = 20_000, 1_000
LONGEST_WINDOW = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a data set is asked: a page of its state, or with ``sensor`` one property's readings of a span."""

    limit: int = USUAL_ROWS
    after: str = ""
    sensor: str = ""
    property: str = ""
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """One page; ``after`` is the key for the next one, empty after the last."""

    rows: list[Row]
    after: str


def list_rows(house: House, dataset: Dataset, asked: Asked) -> Rows:
    """The page of ``dataset`` that is asked; raises BadInput, and NotFound for a sensor never heard of."""
    if not 1 <= asked.limit <= MOST_ROWS:
        raise BadInput(f"{asked.limit} rows", where="limit", remedy=f"1 to {MOST_ROWS}")
    if asked.sensor:
        return _window(house, dataset, asked)
    if asked.property or asked.start or asked.end:
        raise BadInput("a window is of one sensor", where="sensor", remedy="name the sensor, or leave out the rest")
    if asked.after:
        _check_key(house, dataset, asked.after)
    keyed = (pair for pair in STATES[dataset.kind](house, dataset) if pair[0] > asked.after)
    page = list(islice(keyed, asked.limit + 1))
    return Rows([row for _, row in page[: asked.limit]], page[asked.limit - 1][0] if len(page) > asked.limit else "")


def _check_key(house: House, dataset: Dataset, after: str) -> None:
    """Raise BadInput for a key that no row has, from which on there would seem to be no rows."""
    if dataset.properties:
        known = after.partition("/")[0] in {what.id for what in dataset.properties}
    else:
        try:
            known = bool(house.records.get(dataset.id, after))
        except NotFound:
            known = False
    if not known:
        raise BadInput(f"no page ends at {after!r}", where="after", remedy="take it from the page before")


def _readings(house: House, dataset: Dataset) -> Iterator[tuple[str, Row]]:
    """The newest reading of every sensor, by property and sensor."""
    for what in sorted(dataset.properties, key=lambda what: what.id):
        latest = house.readings.latest(dataset.id, what.id)
        for place in np.argsort(np.array(latest.sensors, dtype=object), kind="stable").tolist():
            sensor = latest.sensors[place]
            flags = int(latest.quality[place])
            value = None if flags & Quality.MISSING else float(latest.value[place])
            yield f"{what.id}/{sensor}", _reading(sensor, what.id, int(latest.at_us[place]), value, flags, what.unit)


def _forecasts(house: House, dataset: Dataset) -> Iterator[tuple[str, Row]]:
    """The newest issue of every sensor, by property, sensor and horizon."""
    for what in sorted(dataset.properties, key=lambda what: what.id):
        columns = house.readings.latest_forecasts(dataset.id, what.id)
        for place in np.lexsort((columns.horizon_us, _ranks(columns.sensors)[columns.sensor])).tolist():
            sensor, horizon_min = columns.sensors[columns.sensor[place]], int(columns.horizon_us[place]) / 60_000_000
            model, version = columns.models[columns.model[place]]
            issued_us = int(columns.issued_at_us[place])
            yield (
                f"{what.id}/{sensor}\t{horizon_min:09.1f}",  # a tab comes before all that a sensor's name may hold
                {
                    "sensor": sensor,
                    "property": what.id,
                    "issued_at": _iso(moment_of(issued_us)),
                    "at": _iso(moment_of(issued_us + int(columns.horizon_us[place]))),
                    "horizon_min": horizon_min,
                    "low": float(columns.low[place]),
                    "middle": float(columns.middle[place]),
                    "high": float(columns.high[place]),
                    "unit": what.unit,
                    "model": model,
                    "version": version,
                },
            )


def _ranks(sensors: tuple[str, ...]) -> Any:
    order = sorted(range(len(sensors)), key=lambda number: sensors[number])
    ranks = np.empty(len(sensors), np.int64)
    ranks[order] = np.arange(len(sensors))
    return ranks


def _records(house: House, dataset: Dataset) -> Iterator[tuple[str, Row]]:
    """Every open feature, event or alert, by id."""
    for kept in sorted(house.records.list_open(dataset.id), key=lambda kept: kept.id):
        yield kept.id, version_row(dataset.kind, kept)


def cell_of(row: Mapping[str, Any], column: str) -> Any:
    """A row's value in one of its schema's columns; ``properties.x`` is the record's own x, None where it has none."""
    head, _, own = column.partition(".")
    return row["properties"].get(own) if own else row[head]


def version_row(kind: Kind, kept: Kept) -> Row:
    """One version of a feature, event or alert."""
    form = {Kind.FEATURES: _feature, Kind.EVENTS: _event, Kind.ALERTS: _alert}[kind]
    life = {
        "first_seen": _iso(kept.first_seen),
        "changed_at": _iso(kept.changed_at),
        "record_version": kept.version,
    }
    return {"id": kept.id, **form(kept), **life, "properties": dict(kept.record.properties)}


STATES: Mapping[Kind, Callable[[House, Dataset], Iterator[tuple[str, Row]]]] = {
    Kind.READINGS: _readings,
    Kind.FORECASTS: _forecasts,
    Kind.FEATURES: _records,
    Kind.EVENTS: _records,
    Kind.ALERTS: _records,
}


def _window(house: House, dataset: Dataset, asked: Asked) -> Rows:
    """One sensor's readings of one property in [start, end): by default of the last day."""
    if dataset.kind is not Kind.READINGS:
        raise BadInput(f"{dataset.id} holds {dataset.kind}: only readings have windows", where="sensor")
    known = {what.id: what for what in dataset.properties}
    name = asked.property or (next(iter(known)) if len(known) == 1 else "")
    if name not in known:
        raise BadInput(f"{name!r} is not measured here", where="property", remedy=f"one of {', '.join(known)}")
    end = asked.end or house.clock.now()
    start = asked.start or end - timedelta(days=1)
    if start >= end:
        raise BadInput(
            f"from {start.isoformat()} to {end.isoformat()} holds no time", where="from", remedy="to lies after from"
        )
    if end - start > LONGEST_WINDOW:
        raise BadInput("the window is too long", where="from", remedy=f"at most {LONGEST_WINDOW.days} days at once")
    begin = max(start, _moment_after(asked.after)) if asked.after else start
    if begin >= end:
        return Rows([], "")
    found = house.readings.window(dataset.id, asked.sensor, name, begin, end)
    several = zip(found.at_us.tolist(), found.value.tolist(), found.quality.tolist(), strict=True)
    rows = [
        _reading(asked.sensor, name, at_us, None if flags & Quality.MISSING else value, flags, known[name].unit)
        for at_us, value, flags in islice(several, asked.limit)
    ]
    return Rows(rows, rows[-1]["at"] if len(found) > asked.limit else "")


def _moment_after(after: str) -> datetime:
    try:
        moment = within_years(datetime.fromisoformat(after))
    except ValueError as error:
        raise BadInput(f"{after!r} is no moment", where="after", remedy="take it from the page before") from error
    if moment.tzinfo is None:
        raise BadInput(f"{after!r} has no offset", where="after", remedy="take it from the page before")
    return moment + timedelta(microseconds=1)


def _reading(sensor: str, of: str, at_us: int, value: float | None, flags: int, unit: str) -> Row:
    return {
        "sensor": sensor,
        "property": of,
        "at": _iso(moment_of(at_us)),
        "value": value,
        "unit": unit,
        "quality": quality_words(flags).split("|"),
    }


def quality_words(flags: int) -> str:
    """The names of a reading's quality flags with | between them; GOOD where there is none."""
    return "|".join(str(flag.name) for flag in Quality if flag & flags) or "GOOD"


def _feature(kept: Kept) -> Row:
    return {**_three("title", kept.record.title), "geometry": kept.record.geometry}


def _event(kept: Kept) -> Row:
    event = kept.record
    return {
        "kind": event.kind,
        "at": _iso(event.at),
        "status": str(event.status),
        **_three("title", event.title),
        **_three("detail", event.detail),
        **_three("place", event.place),
        "lon": event.lon,
        "lat": event.lat,
    }


def _alert(kept: Kept) -> Row:
    alert = kept.record
    return {
        "event": alert.event,
        "severity": str(alert.severity),
        **_three("headline", alert.headline),
        **_three("description", alert.description),
        "onset": _iso(alert.onset),
        "expires": None if alert.expires is None else _iso(alert.expires),
        **_three("area", alert.area),
    }


def _three(name: str, words: Text) -> Row:
    return {f"{name}_en": words.en, f"{name}_tc": words.tc, f"{name}_sc": words.sc}


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")

"""What the parking service answers: where there is room, now, on arrival and at a past moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.city.moments import PastMoment, past_moment
from lionrock.core.manifest import Caller
from lionrock.core.records import Kept
from lionrock.core.vocabulary import BadInput, NotFound, Quality, Text, moment_of
from lionrock.services.mobility.parking.datasets import CAR_PARKS, HAS_VACANCY, VACANCY, VACANT_SPACES
from lionrock.services.mobility.parking.model import Expected, list_expected

PRIVATE_CAR = "P"
BY_THE_HOUR = "HOURLY"
RECALLED = timedelta(hours=6)  # of a past moment an older word is not told
INSTANT = timedelta(microseconds=1)

Word = tuple[float | None, Quality, datetime]  # value (None where not known), what is known against it, since when
Newest = dict[str, Word]


@dataclass(frozen=True, slots=True)
class VacancyQuery:
    """Every car park, for an arrival so many minutes from now, or ``at`` a past moment; not both."""

    arriving: Annotated[int, msgspec.Meta(ge=0, le=90, multiple_of=15)] = 0
    at: PastMoment | None = None


@dataclass(frozen=True, slots=True)
class CarParkQuery:
    """One car park, by the publisher's id."""

    car_park: Annotated[str, msgspec.Meta(max_length=40)]


@dataclass(frozen=True, slots=True)
class CarParkRoom:
    """Room for private cars by the hour, by the newest word of the car park, of the moment ``at``.

    ``vacancy`` is None where it does not count; both are None where it is closed or does not know. ``lon`` and
    ``lat`` (degrees) are None where the publisher's place is not in the city. ``expected`` is what is forecast for
    the arrival: None for one that is now, and where nothing can be said.
    """

    id: str
    name: Text
    address: Text
    lon: float | None
    lat: float | None
    vacancy: int | None
    has_vacancy: bool | None
    at: datetime | None
    age_s: float | None
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class Room:
    """Every car park that is listed now, as of ``at``; ``arriving`` is in minutes from then."""

    at: datetime
    simulated: bool
    arriving: int
    car_parks: list[CarParkRoom]


@dataclass(frozen=True, slots=True)
class TariffRoom:
    """The newest word of one vehicle type and tariff, of the moment ``at``.

    ``value`` is in ``property``'s unit, and None where it is not known. Only what ``quality.is_good`` can be
    believed; the other bits say what is known against the value.
    """

    vehicle_type: str
    category: str
    property: str
    value: float | None
    quality: Quality
    at: datetime
    age_s: float


@dataclass(frozen=True, slots=True)
class CarParkDetail:
    """One car park with every tariff it reports; ``left_list_at`` is None while the publisher lists it."""

    at: datetime
    simulated: bool
    id: str
    name: Text
    address: Text
    height_limit_m: float | None
    left_list_at: datetime | None
    tariffs: list[TariffRoom]


@dataclass(frozen=True, slots=True)
class VacancyAhead:
    """What is expected of each counted tariff of a car park (``type/category``), the nearest moment first.

    Nothing of one that does not count its spaces, has not for long enough, or says that it knows none now (closed).
    """

    at: datetime
    simulated: bool
    id: str
    name: Text
    expected: dict[str, list[Expected]]


def list_vacancy(city: City, query: VacancyQuery, _caller: Caller) -> Room:
    """Answer where there is room for a private car by the hour: now, on arrival or then.

    Raises BadInput for a moment that has not been, or that comes with an arrival.
    """
    if query.at is not None and query.arriving:
        raise BadInput(
            Text(en="nobody arrives at a past moment", tc="過去的時間沒有到達時間可言"),
            where="arriving",
            remedy=Text(en="ask for one of the two", tc="請只選其一"),
        )
    at = city.now() if query.at is None else past_moment(city, query.at)
    ahead = list_expected(city) if query.arriving else {}
    arrival = at + timedelta(minutes=query.arriving)
    counts, flags = _newest_words(city) if query.at is None else _words_then(city, at)
    return Room(
        at=at,
        simulated=city.simulated,
        arriving=query.arriving,
        car_parks=[
            _room(kept, counts, flags, at, _nearest(ahead.get(_by_the_hour(kept.id), []), arrival))
            for kept in city.records(CAR_PARKS)
        ],
    )


def forecast_vacancy(city: City, query: CarParkQuery, _caller: Caller) -> VacancyAhead:
    """Answer what is expected of one car park; raises NotFound for one unknown."""
    kept, counts = city.record(CAR_PARKS, query.car_park), _newest(city, VACANT_SPACES.id)
    expected = {
        sensor.removeprefix(f"{kept.id}/"): said
        for sensor, said in list_expected(city).items()
        if sensor.startswith(f"{kept.id}/") and _is_known(counts.get(sensor))
    }
    return VacancyAhead(city.now(), city.simulated, kept.id, kept.record.title, expected)


def describe_car_park(city: City, query: CarParkQuery, _caller: Caller) -> CarParkDetail:
    """Answer everything that one car park last said; raises NotFound for one unknown, or that never spoke."""
    now, kept = city.now(), city.record(CAR_PARKS, query.car_park)
    tariffs = list(_list_tariffs(city, kept.id, now))
    if not tariffs:
        raise NotFound(
            Text(en=f"car park {kept.id} has not reported any vacancy yet", tc=f"停車場 {kept.id} 尚未匯報空位")
        )
    return CarParkDetail(
        at=now,
        simulated=city.simulated,
        id=kept.id,
        name=kept.record.title,
        address=_address(kept),
        height_limit_m=kept.record.properties["height_limit_m"],
        left_list_at=kept.closed_at,
        tariffs=tariffs,
    )


def _list_tariffs(city: City, car_park: str, now: datetime) -> Iterator[TariffRoom]:
    for property_id in (VACANT_SPACES.id, HAS_VACANCY.id):
        for sensor, (value, quality, at) in _newest(city, property_id).items():
            park, vehicle_type, category = sensor.split("/")
            if park == car_park:
                age_s = (now - at).total_seconds()
                yield TariffRoom(vehicle_type, category, property_id, value, quality, at, age_s)


def _newest(city: City, property_id: str) -> Newest:
    """The newest word of every sensor (park/type/category)."""
    latest = city.latest(VACANCY, property_id)
    rows = zip(latest.sensors, latest.value.tolist(), latest.quality.tolist(), latest.at_us.tolist(), strict=True)
    return {
        sensor: (None if Quality.MISSING & quality else value, Quality(quality), moment_of(at_us))
        for sensor, value, quality, at_us in rows
    }


def _newest_words(city: City) -> tuple[Newest, Newest]:
    """The newest word of every sensor on how many spaces are vacant, and on whether any are."""
    return _newest(city, VACANT_SPACES.id), _newest(city, HAS_VACANCY.id)


def _words_then(city: City, then: datetime) -> tuple[Newest, Newest]:
    """The same as it stood ``then``, of what had been said in the RECALLED before."""
    said: dict[str, Newest] = {VACANT_SPACES.id: {}, HAS_VACANCY.id: {}}
    for batch in city.scan(VACANCY, then - RECALLED, then + INSTANT):
        for row in batch.take(_last_rows(batch)).to_pylist():
            said[row["property"]][row["sensor"]] = (row["value"], Quality(row["quality"]), row["at"])
    return said[VACANT_SPACES.id], said[HAS_VACANCY.id]


def _last_rows(batch: pa.RecordBatch) -> NDArray[np.int64]:
    """Where the newest reading of each property and sensor stands: a batch is sorted by them, and then by time."""
    ends = [np.diff(batch[name].indices, append=-1) != 0 for name in ("property", "sensor")]
    return np.flatnonzero(np.logical_or(*ends))


def _by_the_hour(car_park: str) -> str:
    """The sensor that says how much room there is for a private car by the hour."""
    return f"{car_park}/{PRIVATE_CAR}/{BY_THE_HOUR}"


def _nearest(expected: list[Expected], arrival: datetime) -> Expected | None:
    return min(expected, key=lambda one: abs(one.at - arrival), default=None)


def _room(kept: Kept, counts: Newest, flags: Newest, now: datetime, expected: Expected | None) -> CarParkRoom:
    sensor = _by_the_hour(kept.id)
    vacancy, has_vacancy, at = _last_word(counts.get(sensor), flags.get(sensor))
    lon, lat = kept.record.geometry["coordinates"] if kept.record.geometry is not None else (None, None)
    return CarParkRoom(
        id=kept.id,
        name=kept.record.title,
        address=_address(kept),
        lon=lon,
        lat=lat,
        vacancy=vacancy,
        has_vacancy=has_vacancy,
        at=at,
        age_s=None if at is None else (now - at).total_seconds(),
        expected=expected if _is_known(counts.get(sensor)) else None,
    )


def _is_known(count: Word | None) -> bool:
    """Whether a car park says how much room it has; of one that has closed nothing is expected."""
    return count is not None and count[1].is_good


def _last_word(count: Word | None, flag: Word | None) -> tuple[int | None, bool | None, datetime | None]:
    """(vacant spaces, whether there are any, since when) by the newer of the two words.

    A newer word that is not good (not known, closed, impossible) leaves nothing known: an older one
    no longer holds. Of two words of one moment the good one counts.
    """
    said = [(word, word is count) for word in (count, flag) if word is not None]
    if not said:
        return None, None, None
    (value, quality, at), counted = max(said, key=lambda one: (one[0][2], one[0][1].is_good))
    if value is None or not quality.is_good:
        return None, None, at
    return int(value) if counted else None, value > 0, at


def _address(kept: Kept) -> Text:
    words = kept.record.properties
    return Text(en=words["address_en"], tc=words["address_tc"], sc=words["address_sc"])

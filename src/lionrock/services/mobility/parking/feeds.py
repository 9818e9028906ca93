"""Car park and parking meter downloads of the Transport Department, read strictly.

Formats: the "Parking Vacancy Data" and "Metered parking spaces occupancy status" data sets of
DATA.GOV.HK; the "Parking Vacancy Data Specification" 1.2 of the former. A vacancy of -1 means that
the car park does not know; vacancy_type A counts spaces, B only says whether there are any, C marks
a car park as closed, whatever number it sends along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lionrock.city.place import ZONE, in_city
from lionrock.core.feeds.formats import FORMAT_CHANGED, csv_rows, filled, json_as, local_moment, number, one_of
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Feature, MalformedDownload, Property, Quality, Reading, Text, said
from lionrock.services.mobility.parking.datasets import HAS_VACANCY, OCCUPIED, VACANT_SPACES

NOT_KNOWN = -1
CLOSED = "C"
LAST_POLE = 90000  # poles of a higher number are the publisher's test data

PROPERTY_OF_VACANCY_TYPE = {"A": VACANT_SPACES, "B": HAS_VACANCY, CLOSED: VACANT_SPACES}

SPACE_COLUMNS = (
    "PoleId", "ParkingSpaceId", "Region", "Region_tc", "Region_sc", "District", "District_tc", "District_sc",
    "SubDistrict", "SubDistrict_tc", "SubDistrict_sc", "Street", "Street_tc", "Street_sc",
    "SectionOfStreet", "SectionOfStreet_tc", "SectionOfStreet_sc", "Latitude", "Longitude",
    "VehicleType", "LPP", "OperatingPeriod", "TimeUnit", "PaymentUnit",
)  # fmt: skip
STATUS_COLUMNS = ("ParkingSpaceId", "ParkingMeterStatus", "OccupancyStatus", "OccupancyDateChanged")


@dataclass(frozen=True)
class CarPark:
    """One car park of basic_info_all.json; other fields are let go."""

    park_id: str
    name_en: str
    name_tc: str
    name_sc: str
    displayAddress_en: str  # noqa: N815 - the publisher's name
    displayAddress_tc: str  # noqa: N815 - the publisher's name
    displayAddress_sc: str  # noqa: N815 - the publisher's name
    latitude: float
    longitude: float
    height: float | None = None
    opening_status: str | None = None


@dataclass(frozen=True)
class BasicInfo:
    """basic_info_all.json."""

    car_park: list[CarPark]


@dataclass(frozen=True)
class ServiceCategory:
    """One tariff of one vehicle type, with its vacancy."""

    category: str
    vacancy_type: str
    vacancy: int
    lastupdate: str


@dataclass(frozen=True)
class VehicleType:
    """One vehicle type of a car park."""

    type: str
    service_category: list[ServiceCategory]


@dataclass(frozen=True)
class ParkVacancy:
    """One car park of vacancy_all.json."""

    park_id: str
    vehicle_type: list[VehicleType]


@dataclass(frozen=True)
class Vacancies:
    """vacancy_all.json."""

    car_park: list[ParkVacancy]


def parse_car_parks(download: Download) -> Iterator[Feature]:
    """Yield a Feature for every car park of basic_info_all.json."""
    yield from _somewhere(_car_parks(download))


def _car_parks(download: Download) -> Iterator[Feature]:
    for park in json_as(download, BasicInfo).car_park:
        park_id = _id_part(park.park_id, "park_id")
        yield Feature(
            id=park_id,
            geometry=_point(park.longitude, park.latitude),
            title=Text(en=park.name_en.strip(), tc=park.name_tc.strip(), sc=park.name_sc.strip()),
            properties={
                "address_en": park.displayAddress_en.strip(),
                "address_tc": park.displayAddress_tc.strip(),
                "address_sc": park.displayAddress_sc.strip(),
                "height_limit_m": park.height or None,  # the publisher writes 0 where it does not know
                "opening_status": park.opening_status,
                "stated_place": [park.longitude, park.latitude],
            },
        )


def parse_vacancy(download: Download) -> Iterator[Reading]:
    """Yield one Reading for every car park, vehicle type and tariff; the sensor is ``park/type/category``.

    A tariff that is not known, or of a closed car park, is MISSING.
    """
    for park in json_as(download, Vacancies).car_park:
        park_id = _id_part(park.park_id, "park_id")
        for vehicle in park.vehicle_type:
            vehicle_type = _id_part(vehicle.type, f"{park_id} vehicle_type")
            for tariff in vehicle.service_category:
                category = _id_part(tariff.category, f"{park_id}/{vehicle_type} category")
                yield _vacancy_of(tariff, f"{park_id}/{vehicle_type}/{category}", download)


def _vacancy_of(tariff: ServiceCategory, sensor: str, download: Download) -> Reading:
    what = _property_of(tariff.vacancy_type, sensor)
    where = f"{sensor} lastupdate"
    stated = local_moment(tariff.lastupdate, "%Y-%m-%d %H:%M:%S", ZONE, where)
    at = moment_in_time(stated, download.received_at, where)
    if tariff.vacancy == NOT_KNOWN or tariff.vacancy_type == CLOSED:
        return Reading(sensor, what.id, at, None, Quality.MISSING)
    return Reading(sensor, what.id, at, tariff.vacancy, what.judge(tariff.vacancy))


def parse_meter_spaces(download: Download) -> Iterator[Feature]:
    """Yield a Feature for every metered space of parkingspaces.csv, without the publisher's test poles."""
    yield from _somewhere(_meter_spaces(download))


def _meter_spaces(download: Download) -> Iterator[Feature]:
    for line, row in csv_rows(download, SPACE_COLUMNS, header_line=3):
        if number(row["PoleId"], f"line {line}, PoleId") > LAST_POLE:
            continue
        lon, lat = (number(row[name], f"line {line}, {name}") for name in ("Longitude", "Latitude"))
        yield Feature(
            id=filled(row["ParkingSpaceId"], f"line {line}, ParkingSpaceId"),
            geometry=_point(lon, lat),
            title=Text(en=row["Street"], tc=row["Street_tc"], sc=row["Street_sc"]),
            properties={
                "section_en": row["SectionOfStreet"],
                "section_tc": row["SectionOfStreet_tc"],
                "vehicle_type": row["VehicleType"],
                "longest_stay_min": row["LPP"],
                "operating_period": row["OperatingPeriod"],
                "stated_place": [lon, lat],
            },
        )


def parse_meter_occupancy(download: Download) -> Iterator[Reading]:
    """Yield one Reading a metered space: 1 occupied, 0 vacant; INVALID where the meter is out of order."""
    for line, row in csv_rows(download, STATUS_COLUMNS):
        where = f"line {line}"
        occupied = one_of(row["OccupancyStatus"], {"O": 1.0, "V": 0.0}, f"{where}, OccupancyStatus")
        quality = one_of(
            row["ParkingMeterStatus"], {"N": Quality.GOOD, "NU": Quality.INVALID}, f"{where}, ParkingMeterStatus"
        )
        stated = local_moment(row["OccupancyDateChanged"], "%m/%d/%Y %I:%M:%S %p", ZONE, where)
        at = moment_in_time(stated, download.received_at, where)
        yield Reading(filled(row["ParkingSpaceId"], f"{where}, ParkingSpaceId"), OCCUPIED.id, at, occupied, quality)


def _property_of(vacancy_type: str, sensor: str) -> Property:
    return one_of(vacancy_type, PROPERTY_OF_VACANCY_TYPE, f"{sensor} vacancy_type")


def _point(lon: float, lat: float) -> dict[str, Any] | None:
    """A GeoJSON point, None for one outside the city: an entry is known without its place too."""
    return {"type": "Point", "coordinates": [lon, lat]} if in_city(lon, lat) else None


def _somewhere(features: Iterable[Feature]) -> list[Feature]:
    """A list as it is; one that lies wholly outside the city (another order, another grid) is a changed format."""
    listed = list(features)
    if listed and all(feature.geometry is None for feature in listed):
        raise MalformedDownload(
            said(
                f"all {len(listed)} places lie outside the city, the first at {listed[0].properties['stated_place']}",
                f"全部 {len(listed)} 個地點均在本市以外，第一個在 {listed[0].properties['stated_place']}",
            ),
            where=listed[0].id,
            remedy=FORMAT_CHANGED,
        )
    return listed


def _id_part(text: str, where: str) -> str:
    """One of the three parts that "/" joins to a sensor's id: filled, and without that sign."""
    part = filled(text.strip(), where)
    if "/" in part:
        raise MalformedDownload(
            said(f"{part!r} has a /, which joins the parts of an id", f"{part!r} 含有用作連接編號的 /"),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    return part

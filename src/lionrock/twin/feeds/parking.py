"""Car parks (``vacancy_all.json``, ``basic_info_all.json``) and parking meters (two CSV files)."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

from lionrock.core.vocabulary import Text
from lionrock.twin.calendar import HONG_KONG, local_day
from lionrock.twin.carparks import CAR_PARKS, CarPark, list_metered_spaces, meter_state, vacant_spaces
from lionrock.twin.chance import number_for, share_for
from lionrock.twin.city import TwinCity

BOM = b"\xef\xbb\xbf"
UNKNOWN = -1
UNKNOWN_SHARE = 0.04  # of car parks and hours: the operator sends nothing
SPACE_COLUMNS = (
    "PoleId,ParkingSpaceId,Region,Region_tc,Region_sc,District,District_tc,District_sc,SubDistrict,SubDistrict_tc,"
    "SubDistrict_sc,Street,Street_tc,Street_sc,SectionOfStreet,SectionOfStreet_tc,SectionOfStreet_sc,Latitude,Longitude,"
    "VehicleType,LPP,OperatingPeriod,TimeUnit,PaymentUnit"
)
OCCUPANCY_COLUMNS = "ParkingSpaceId,ParkingMeterStatus,OccupancyStatus,OccupancyDateChanged"


def vacancy_of(seed: int, park: CarPark, vehicle: str, published: datetime) -> tuple[str, int, datetime]:
    """vacancy_type, vacancy and lastupdate of one car park: A counts, B says 1 (room) or 0, -1 is not known."""
    since = published - timedelta(seconds=number_for(seed, park.id, int(published.timestamp() // 60), "lag") % 170)
    kind = "B" if park.flagged else "A"
    if share_for(seed, park.id, int(published.timestamp() // 3600), "silent") < UNKNOWN_SHARE:
        return kind, UNKNOWN, since
    free = vacant_spaces(seed, park, vehicle, since)
    return kind, (int(free > 0) if park.flagged else free), since


def render_vacancy(city: TwinCity, published: datetime) -> bytes:
    """``vacancy_all.json``, with a byte-order mark and the slashes escaped as the publisher does."""
    parks = []
    for park in CAR_PARKS:
        kinds = []
        for vehicle, _ in park.spaces:
            kind, vacancy, since = vacancy_of(city.seed, park, vehicle, published)
            category = {
                "category": "HOURLY",
                "vacancy_type": kind,
                "vacancy": vacancy,
                "lastupdate": f"{since.astimezone(HONG_KONG):%Y-%m-%d %H:%M:%S}",
            }
            kinds.append({"type": vehicle, "service_category": [category]})
        parks.append({"park_id": park.id, "vehicle_type": kinds})
    return _dump({"car_park": parks})


def render_basic_info(_city: TwinCity, _published: datetime) -> bytes:
    """``basic_info_all.json``: names and places of the car parks."""
    return _dump({"car_park": [_basic(park) for park in CAR_PARKS]})


def render_spaces(city: TwinCity, published: datetime) -> bytes:
    """``parkingspaces.csv``: the date, a line of commas, then the header."""
    out = io.StringIO(newline="")
    out.write(f"{local_day(published):%Y-%m-%d}\r\n{',' * SPACE_COLUMNS.count(',')}\r\n{SPACE_COLUMNS}\r\n")
    writer = csv.writer(out)
    for space in list_metered_spaces():
        words = [
            form
            for text in (space.region, space.district, space.place, space.street, space.section)
            for form in _three(text)
        ]
        period = "ADQ"[number_for(city.seed, space.street.en, "period") % 3]
        writer.writerow((space.pole, space.id, *words, space.lat, space.lon, space.vehicle, 120, period, 15, "4.00"))
    return BOM + out.getvalue().encode()


def render_occupancy(city: TwinCity, published: datetime) -> bytes:
    """``occupancystatus.csv``: meters that do not work say NU and still something about the space."""
    lines = [OCCUPANCY_COLUMNS]
    for space in list_metered_spaces():
        works, taken, since = meter_state(city.seed, space, published)
        changed = f"{since:%m/%d/%Y %I:%M:%S %p}"
        lines.append(f"{space.id},{'N' if works else 'NU'},{'O' if taken else 'V'},{changed}")
    return BOM + ("\r\n".join(lines) + "\r\n").encode()


def _basic(park: CarPark) -> dict[str, Any]:
    body: dict[str, Any] = {"park_id": park.id}
    for key, text in (("name", park.name), ("displayAddress", park.address)):
        body |= dict(zip((f"{key}_en", f"{key}_tc", f"{key}_sc"), _three(text), strict=True))
    body |= {"latitude": park.lat, "longitude": park.lon}
    body |= dict(zip(("district_en", "district_tc", "district_sc"), _three(park.district), strict=True))
    limit = Text(en=f"Height Limit: Height limit:{park.height_m}(M)\n", tc=f"高度限制: 高度限制{park.height_m}米\n")
    body |= {"contactNo": "", "opening_status": "OPEN", "height": park.height_m}
    body |= dict(zip(("remark_en", "remark_tc", "remark_sc"), _three(limit), strict=True))
    body |= {"website_en": None, "website_tc": None, "website_sc": None}
    return body | {"carpark_photo": f"http://resource.data.one.gov.hk/td/carpark/{park.id}.jpg"}


def _three(text: Text) -> tuple[str, str, str]:
    return text.en, text.tc, text.sc


def _dump(body: dict[str, Any]) -> bytes:
    return BOM + json.dumps(body, ensure_ascii=False, separators=(",", ":")).replace("/", "\\/").encode()

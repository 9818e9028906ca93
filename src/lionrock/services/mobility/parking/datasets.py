"""What the parking service publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days, minutes
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Property, Text

VACANT_SPACES = Property(
    id="vacant_spaces", title=Text(en="Vacant spaces", tc="空置車位"), unit="{space}", low=0, high=5000
)
HAS_VACANCY = Property(
    id="has_vacancy", title=Text(en="Has vacant spaces", tc="有空置車位"), unit="{boolean}", low=0, high=1
)
OCCUPIED = Property(id="occupied", title=Text(en="Occupied", tc="已佔用"), unit="{boolean}", low=0, high=1)

CAR_PARKS = Dataset(
    id="parking.car_parks",
    title=Text(en="Car parks", tc="停車場"),
    description=Text(
        en="Name, address and place of every public car park that reports.", tc="匯報資料的公眾停車場名稱、地址及位置。"
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("address_en", Json.STRING, Text(en="address in English", tc="英文地址")),
        Field("address_tc", Json.STRING, Text(en="address in Traditional Chinese", tc="繁體中文地址")),
        Field("address_sc", Json.STRING, Text(en="address in Simplified Chinese", tc="簡體中文地址")),
        Field(
            "height_limit_m",
            Json.NUMBER,
            Text(en="highest vehicle, in metres; null where not known", tc="高度限制（米），不詳則為 null"),
            unknown=True,
        ),
        Field(
            "opening_status",
            Json.STRING,
            Text(en="OPEN or CLOSED, as published", tc="開放狀況（OPEN 或 CLOSED），與來源相同"),
            unknown=True,
        ),
        Field(
            "stated_place",
            Json.ARRAY,
            Text(
                en="longitude and latitude as published, also where they lie outside the city",
                tc="來源所載經緯度，即使在本市以外",
            ),
        ),
    ),
)

VACANCY = Dataset(
    id="parking.vacancy",
    title=Text(en="Car park vacancy", tc="停車場空位"),
    description=Text(
        en="Vacant spaces by car park, vehicle type and tariff; some car parks only say whether there are any.",
        tc="按停車場、車輛種類及收費方式列出的空置車位；部分停車場只表示有沒有空位。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    properties=(VACANT_SPACES, HAS_VACANCY),
)

VACANCY_AHEAD = Dataset(
    id="parking.vacancy_ahead",
    title=Text(en="Car park vacancy 15 to 90 minutes ahead", tc="未來十五至九十分鐘停車場空位"),
    description=Text(
        en="Vacant spaces that are expected by car park, vehicle type and tariff, with the 10% and 90% quantiles.",
        tc="按停車場、車輛種類及收費方式預計的空置車位，附 10% 及 90% 分位數。",
    ),
    kind=Kind.FORECASTS,
    rhythm=minutes(15),
    licence=DATA_GOV_HK,
    properties=(VACANT_SPACES,),
)

METER_SPACES = Dataset(
    id="parking.meter_spaces",
    title=Text(en="Metered parking spaces", tc="路旁咪錶車位"),
    description=Text(
        en="Street and place of every metered space, for which vehicles, for how many minutes at most and when.",
        tc="每個咪錶車位的街道及位置、適用車輛、最長泊車時間（分鐘）及收費時段。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("section_en", Json.STRING, Text(en="section of the street in English", tc="路段（英文）")),
        Field(
            "section_tc", Json.STRING, Text(en="section of the street in Traditional Chinese", tc="路段（繁體中文）")
        ),
        Field(
            "vehicle_type",
            Json.STRING,
            Text(en="kind of vehicle, by the publisher's letter", tc="車輛種類（來源代號）"),
        ),
        Field(
            "longest_stay_min",
            Json.STRING,
            Text(en="longest parking time in minutes, as published", tc="最長泊車時間（分鐘），與來源相同"),
        ),
        Field(
            "operating_period",
            Json.STRING,
            Text(en="hours of operation, by the publisher's letter", tc="操作時間（來源代號）"),
        ),
        Field(
            "stated_place",
            Json.ARRAY,
            Text(
                en="longitude and latitude as published, also where they lie outside the city",
                tc="來源所載經緯度，即使在本市以外",
            ),
        ),
    ),
)

METER_OCCUPANCY = Dataset(
    id="parking.meter_occupancy",
    title=Text(en="Parking meter occupancy", tc="咪錶車位使用情況"),
    description=Text(
        en="Whether each metered space is taken, at the moment when that last changed.",
        tc="每個咪錶車位是否已被佔用，以最近一次轉變的時間為準。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(5),
    licence=DATA_GOV_HK,
    properties=(OCCUPIED,),
)

"""What the parking service publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days, minutes
from lionrock.core.vocabulary import Dataset, Kind, Property, Text

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

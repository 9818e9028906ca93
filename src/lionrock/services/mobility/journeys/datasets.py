"""What the journeys service publishes: the tolls. Roads, speeds and forecasts are the traffic service's."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Text

TOLLS = Dataset(
    id="journeys.tolls",
    title=Text(en="Tolls of tunnels and bridges", tc="隧道及大橋收費"),
    description=Text(
        en="What each class of vehicle pays, in Hong Kong dollars: the gazetted toll and the one that is charged.",
        tc="各類車輛的法定收費及實際收費（港元）。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("vehicle_class", Json.STRING, Text(en="class of vehicle", tc="車輛類別")),
        Field("gazetted_hkd", Json.NUMBER, Text(en="toll by law, in Hong Kong dollars", tc="法定收費（港元）")),
        Field("charged_hkd", Json.NUMBER, Text(en="toll that is charged, in Hong Kong dollars", tc="實際收費（港元）")),
        Field("effective_from", Json.STRING, Text(en="since when, as published", tc="生效日期，與來源相同")),
    ),
)

TIMED_TOLLS = Dataset(
    id="journeys.timed_tolls",
    title=Text(en="Tolls that change with the hour", tc="分時段隧道收費"),
    description=Text(
        en="What each class of vehicle pays at which hours of which days, in Hong Kong dollars.",
        tc="各類車輛在不同日子及時段的收費（港元）。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("vehicle_class", Json.STRING, Text(en="class of vehicle", tc="車輛類別")),
        Field("days", Json.STRING, Text(en="days on which it is charged", tc="適用日子")),
        Field("from_s", Json.INTEGER, Text(en="first second of the day", tc="開始（當日第幾秒）")),
        Field("to_s", Json.INTEGER, Text(en="last second of the day", tc="結束（當日第幾秒）")),
        Field("charged_hkd", Json.NUMBER, Text(en="toll, in Hong Kong dollars", tc="收費（港元）")),
    ),
)

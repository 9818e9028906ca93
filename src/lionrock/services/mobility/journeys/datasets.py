"""What the journeys service publishes: the tolls. Roads, speeds and forecasts are the traffic service's."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days
from lionrock.core.vocabulary import Dataset, Kind, Text

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
)

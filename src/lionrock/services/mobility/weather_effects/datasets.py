"""What the service of weather effects publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import hours
from lionrock.core.vocabulary import Dataset, Kind, Text

EFFECTS = Dataset(
    id="weather_effects.effects",
    title=Text(en="What weather does to traffic", tc="天氣對交通的影響"),
    description=Text(
        en="Effects of rain, rainstorm warnings and typhoon signals on speed, flow and capacity in percent, with 95% "
        "intervals and the number of days and hours behind each; how single roads differ from the city; and the "
        "usual speeds they are measured against. A level of weather not seen on enough days has no effect, not zero.",
        tc="降雨、暴雨警告及熱帶氣旋警告信號對車速、車流量及容量的影響（百分比），附 95% 區間及所依據的日數和時數；"
        "各道路與全市的差別；以及作為比較的平常車速。日數不足的天氣級別不會給出影響數值，亦不會以零代替。",
    ),
    kind=Kind.FEATURES,
    rhythm=hours(6),
    licence=DATA_GOV_HK,
)

"""What the service of weather effects publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import hours
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Text

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
    fields=(
        Field(
            "measure", Json.STRING, Text(en="what changes: speed, flow or capacity", tc="所受影響：車速、流量或容量")
        ),
        Field(
            "level", Json.STRING, Text(en="weather: class of rain, warning or signal", tc="天氣：雨勢級別、警告或信號")
        ),
        Field("grade", Json.STRING, Text(en="how much the estimate rests on", tc="估算依據的充分程度")),
        Field("independent_days", Json.NUMBER, Text(en="independent days of such weather", tc="此類天氣的獨立日數")),
        Field("days", Json.INTEGER, Text(en="days of such weather", tc="此類天氣的日數")),
        Field(
            "calm_days",
            Json.OBJECT,
            Text(en="dry days behind the usual day, by kind of day", tc="平常日所依據的無雨日數，按日子種類"),
        ),
        Field("hours", Json.NUMBER, Text(en="hours of such weather", tc="此類天氣的時數")),
        Field(
            "effect_pct",
            Json.NUMBER,
            Text(en="change in percent; null where too little was seen", tc="變化百分比，數據不足則為 null"),
            unknown=True,
        ),
        Field("low_pct", Json.NUMBER, Text(en="lower end of its 95% interval", tc="95% 區間下限"), unknown=True),
        Field("high_pct", Json.NUMBER, Text(en="upper end of its 95% interval", tc="95% 區間上限"), unknown=True),
        Field(
            "seen",
            Json.OBJECT,
            Text(en="what was seen where that is too little to be told", tc="數據不足時所見的變化"),
            unknown=True,
        ),
        Field("by_hours", Json.OBJECT, Text(en="the same by group of hours", tc="按時段的變化")),
        Field(
            "usual_kmh",
            Json.OBJECT,
            Text(en="usual speed of each hour, by kind of day", tc="各小時的平常車速，按日子種類"),
        ),
        Field(
            "day_spread_pct",
            Json.NUMBER,
            Text(en="spread of whole days, in percent", tc="每日差異（百分比）"),
            unknown=True,
        ),
        Field("learned_from", Json.STRING, Text(en="first day of the data", tc="數據首日")),
        Field("learned_until", Json.STRING, Text(en="last day of the data", tc="數據末日")),
        Field("roads", Json.INTEGER, Text(en="roads with a usual day", tc="有平常日的道路數目")),
        Field("road", Json.STRING, Text(en="the road that it is of", tc="所屬道路")),
        Field(
            "deviation",
            Json.OBJECT,
            Text(
                en="by measure and level: percent apart from the city, standard error, days",
                tc="按項目及級別：與全市相差百分比、標準誤差、日數",
            ),
        ),
    ),
)

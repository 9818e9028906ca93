"""What the weather service publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import hours, minutes
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Property, Text

TEMPERATURE = Property(id="temperature_c", title=Text(en="Air temperature", tc="氣溫"), unit="Cel", low=-15, high=50)
HUMIDITY = Property(id="humidity_pct", title=Text(en="Relative humidity", tc="相對濕度"), unit="%", low=0, high=100)
UV_INDEX = Property(id="uv_index", title=Text(en="UV index", tc="紫外線指數"), unit="1", low=0, high=25)
WIND = Property(
    id="wind_kmh", title=Text(en="Mean wind speed of ten minutes", tc="十分鐘平均風速"), unit="km/h", low=0, high=320
)
GUST = Property(
    id="gust_kmh", title=Text(en="Highest gust of ten minutes", tc="十分鐘最高陣風"), unit="km/h", low=0, high=450
)
WIND_FROM = Property(
    id="wind_from_deg",
    title=Text(en="Direction that the wind blows from", tc="風向"),
    unit="deg",
    low=0,
    high=360,
)
# The wettest hour on the city's record had 158 mm; the range leaves room for worse.
RAIN = Property(
    id="rain_mm", title=Text(en="Highest rainfall of the hour", tc="一小時最高雨量"), unit="mm", low=0, high=300
)
RAIN_AHEAD = tuple(
    Property(
        id=f"rain_{ahead}min_mm",
        title=Text(
            en=f"Rainfall of the half hour that ends {ahead} minutes after the issue",
            tc=f"發出後 {ahead} 分鐘止的半小時雨量",
        ),
        unit="mm",
        low=0,
        high=200,
    )
    for ahead in (30, 60, 90, 120)
)

CURRENT = Dataset(
    id="weather.current",
    title=Text(en="Current weather", tc="現時天氣"),
    description=Text(
        en="Temperature of about 25 places, humidity and UV index as the hourly report gives them.",
        tc="每小時天氣報告中各區氣溫、濕度及紫外線指數。",
    ),
    kind=Kind.READINGS,
    rhythm=hours(1),
    licence=DATA_GOV_HK,
    properties=(TEMPERATURE, HUMIDITY, UV_INDEX),
)
RAINFALL = Dataset(
    id="weather.rainfall",
    title=Text(en="Rainfall by district", tc="各區雨量"),
    description=Text(en="The highest rainfall of the past hour in each district.", tc="各區過去一小時的最高雨量。"),
    kind=Kind.READINGS,
    rhythm=hours(1),
    licence=DATA_GOV_HK,
    properties=(RAIN,),
)
STATION_TEMPERATURE = Dataset(
    id="weather.station_temperature",
    title=Text(en="Regional temperature", tc="分區氣溫"),
    description=Text(en="One-minute mean temperature of each automatic station.", tc="各自動氣象站的一分鐘平均氣溫。"),
    kind=Kind.READINGS,
    rhythm=minutes(10),
    licence=DATA_GOV_HK,
    properties=(TEMPERATURE,),
)
STATION_WIND = Dataset(
    id="weather.wind",
    title=Text(en="Regional wind", tc="分區風速及風向"),
    description=Text(
        en="Ten-minute mean wind, its direction and the highest gust.", tc="十分鐘平均風速、風向及最高陣風。"
    ),
    kind=Kind.READINGS,
    rhythm=minutes(10),
    licence=DATA_GOV_HK,
    properties=(WIND, GUST, WIND_FROM),
)
WARNINGS = Dataset(
    id="weather.warnings",
    title=Text(en="Weather warnings in force", tc="生效中的天氣警告"),
    description=Text(
        en="Rainstorm and tropical cyclone signals and every other warning of the Observatory.",
        tc="暴雨警告信號、熱帶氣旋警告信號及天文台的其他警告。",
    ),
    kind=Kind.ALERTS,
    rhythm=minutes(5),
    licence=DATA_GOV_HK,
    fields=(
        Field("code", Json.STRING, Text(en="the Observatory's code", tc="天文台代號")),
        Field(
            "action",
            Json.STRING,
            Text(en="what was done: ISSUE, REISSUE, EXTEND, UPDATE", tc="所採取行動：ISSUE、REISSUE、EXTEND、UPDATE"),
        ),
        Field("updated_at", Json.STRING, Text(en="when it was last changed, ISO 8601", tc="最近更改時間")),
    ),
)
RAIN_NOWCAST = Dataset(
    id="weather.rain_nowcast",
    title=Text(en="Rainfall nowcast, gridded", tc="網格降雨臨近預報"),
    description=Text(
        en="Rain of the next four half hours on a grid of about 2 km. The moment is the issue, the sensor the middle "
        "of a cell (lat,lon). Dry cells and those outside the city are not stored; the sensor 'city', the mean over "
        "the city's cells, is there at every issue, so that a dry issue is told from a missing one.",
        tc="未來四個半小時的網格雨量，網格約兩公里。只儲存本市範圍內有雨的網格；「city」為全市平均值。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(12),
    licence=DATA_GOV_HK,
    properties=RAIN_AHEAD,
)

"""The weather service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.core.manifest import Feed, Link, Page, Question, Request, Service, hours, minutes
from lionrock.core.vocabulary import Text
from lionrock.services.environment.weather.answers import WeatherQuery, tell_weather
from lionrock.services.environment.weather.datasets import (
    CURRENT,
    RAIN_NOWCAST,
    RAINFALL,
    STATION_TEMPERATURE,
    STATION_WIND,
    WARNINGS,
)
from lionrock.services.environment.weather.feeds.current import parse_current
from lionrock.services.environment.weather.feeds.nowcast import parse_nowcast
from lionrock.services.environment.weather.feeds.regional import parse_temperature, parse_wind
from lionrock.services.environment.weather.feeds.warnings import parse_warnings
from lionrock.services.environment.weather.words import WORDS

SERVICE: Service[City] = Service(
    id="weather",
    title=Text(en="Weather", tc="天氣"),
    owner=Text(en="Hong Kong Observatory", tc="香港天文台"),
    area="environment",
    summary=Text(
        en="Temperature, wind and rain now, rain of the next two hours, and the warnings in force.",
        tc="現時氣溫、風及雨量、未來兩小時降雨，以及生效中的警告。",
    ),
    feeds=(
        Feed(
            name="current",
            title=Text(en="Current weather report", tc="本港地區天氣報告"),
            writes=(CURRENT, RAINFALL),
            requests=("hko/opendata/weather.php?dataType=rhrread&lang=en",),  # numbers are the same in every language
            every=minutes(10),
            changes_within=hours(2),
            parse=parse_current,
            sample="rhrread.json",
            backfill=minutes(60),
        ),
        Feed(
            name="warnings",
            title=Text(en="Warnings in force", tc="生效中的警告"),
            writes=(WARNINGS,),
            requests=(
                Request(
                    url="hko/opendata/weather.php?dataType=warnsum&lang={lang}", each=({"lang": "en"}, {"lang": "tc"})
                ),
            ),
            every=minutes(1),
            parse=parse_warnings,
            sample="warnsum.json",
            may_be_empty=True,
            snapshot=True,
        ),
        Feed(
            name="wind",
            title=Text(en="Regional wind", tc="分區風速及風向"),
            writes=(STATION_WIND,),
            requests=("hko/hko_data/regional-weather/latest_10min_wind.csv",),
            every=minutes(10),
            changes_within=minutes(30),
            parse=parse_wind,
            sample="latest_10min_wind.csv",
        ),
        Feed(
            name="station_temperature",
            title=Text(en="Regional temperature", tc="分區氣溫"),
            writes=(STATION_TEMPERATURE,),
            requests=("hko/hko_data/regional-weather/latest_1min_temperature.csv",),
            every=minutes(10),
            changes_within=minutes(30),
            parse=parse_temperature,
            sample="latest_1min_temperature.csv",
        ),
        Feed(
            name="rain_nowcast",
            title=Text(en="Gridded rainfall nowcast", tc="網格降雨臨近預報"),
            writes=(RAIN_NOWCAST,),
            requests=("hko/hko_data/F3/Gridded_rainfall_nowcast.csv",),
            every=minutes(6),
            changes_within=minutes(30),
            parse=parse_nowcast,
            sample="Gridded_rainfall_nowcast.csv",
        ),
    ),
    questions=(
        Question(
            path="weather/now",
            title=Text(en="What is the weather?", tc="現在天氣如何？"),
            asks=WeatherQuery,
            answer=tell_weather,
            example=WeatherQuery(),
        ),
    ),
    pages=(
        Page(
            path="weather",
            title=Text(en="Weather", tc="天氣"),
            shows="weather/now",
            template="weather.html",
            link=Link(place=30),
        ),
    ),
    words=WORDS,
)

"""The declaration of the service of weather effects."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.city.departments import TRANSPORT_DEPARTMENT
from lionrock.core.manifest import Job, Page, Question, Service, hours, minutes
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.weather_effects.ai import WEATHER_EFFECTS
from lionrock.services.mobility.weather_effects.answers import PredictQuery, predict
from lionrock.services.mobility.weather_effects.by_road import RoadsQuery, list_road_effects
from lionrock.services.mobility.weather_effects.chart import draw_effects
from lionrock.services.mobility.weather_effects.datasets import EFFECTS
from lionrock.services.mobility.weather_effects.effects import learn_effects
from lionrock.services.mobility.weather_effects.words import WORDS

SERVICE: Service[City] = Service(
    id="weather_effects",
    title=Text(en="Weather and traffic", tc="天氣與交通"),
    owner=TRANSPORT_DEPARTMENT,
    area="mobility",
    summary=Text(
        en="What rain, rainstorm warnings and typhoon signals do to speed, flow and capacity, and how sure that is.",
        tc="降雨、暴雨警告及熱帶氣旋警告信號對車速、車流量及容量的影響，以及估算的可靠程度。",
    ),
    reads=(
        "traffic.lanes",
        "traffic.segment_speeds",
        "traffic.detectors",
        "traffic.road_network",
        "weather.rainfall",
        "weather.rain_nowcast",
        "weather.warnings",
        "holidays.days",
    ),
    ai_uses=(WEATHER_EFFECTS,),
    jobs=(
        Job(
            name="learn_effects",
            title=Text(en="Learn what weather does to traffic", tc="估算天氣對交通的影響"),
            writes=(EFFECTS,),
            every=hours(6),
            does=learn_effects,
        ),
    ),
    questions=(
        Question(
            path="weather_effects/predict",
            title=Text(en="What will this weather do to traffic?", tc="這種天氣對交通有甚麼影響？"),
            asks=PredictQuery,
            answer=predict,
            example=PredictQuery(),
            fresh=minutes(10),
        ),
        Question(
            path="weather_effects/roads",
            title=Text(en="What will this weather do to each road?", tc="這種天氣對每條道路有甚麼影響？"),
            asks=RoadsQuery,
            answer=list_road_effects,
            example=RoadsQuery(),
            fresh=minutes(10),
        ),
    ),
    pages=(
        Page(
            path="weather-effects",
            title=Text(en="Weather and traffic", tc="天氣與交通"),
            shows="weather_effects/predict",
            template="weather_effects.html",
            draws=(draw_effects,),
        ),
    ),
    words=WORDS,
)

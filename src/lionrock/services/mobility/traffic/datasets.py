"""What the traffic service publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days, minutes
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Property, Text

# The fastest car ever timed in the city stayed below 180 km/h; loops are known to say 300.
SPEED = Property(id="speed_kmh", title=Text(en="Speed", tc="車速"), unit="km/h", low=0, high=180)
OCCUPANCY = Property(id="occupancy_pct", title=Text(en="Occupancy", tc="佔有率"), unit="%", low=0, high=100)
# Archived files say up to 61; a lane carries some 20.
VOLUME = Property(
    id="volume", title=Text(en="Vehicles in 30 seconds", tc="三十秒車流量"), unit="{vehicle}", low=0, high=65
)
SPEED_SPREAD = Property(
    id="speed_sd_kmh", title=Text(en="Standard deviation of speed", tc="車速標準差"), unit="km/h", low=0, high=120
)
JOURNEY = Property(id="journey_min", title=Text(en="Journey time", tc="行車時間"), unit="min", low=1, high=180)
JOURNEY_COLOUR = Property(
    id="journey_colour",
    title=Text(en="Traffic condition (1 congested, 2 slow, 3 smooth)", tc="交通情況（1 擠塞、2 緩慢、3 暢順）"),
    unit="1",
    low=1,
    high=3,
)
JOURNEY_SIGN = Property(
    id="journey_sign",
    title=Text(en="Pictogram shown in place of a time (1 congestion, 3 closed)", tc="代替時間的圖示（1 擠塞、3 封閉）"),
    unit="1",
    low=1,
    high=9,
)

LANES = Dataset(
    id="traffic.lanes",
    title=Text(en="Traffic detectors, lane by lane", tc="交通探測器（逐條行車線）"),
    description=Text(
        en="Speed, occupancy, volume and spread of speed of every lane in periods of 30 seconds. The sensor is the "
        "detector and the lane (AID01101/Fast Lane); the moment is the beginning of the period.",
        tc="每條行車線每三十秒的車速、佔有率、車流量及車速標準差。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    properties=(SPEED, OCCUPANCY, VOLUME, SPEED_SPREAD),
)

DETECTORS = Dataset(
    id="traffic.detectors",
    title=Text(en="Places of traffic detectors", tc="交通探測器位置"),
    description=Text(
        en="Where each detector stands and which way it looks.", tc="每個探測器的位置及其量度的行車方向。"
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("district", Json.STRING, Text(en="district", tc="地區")),
        Field("direction", Json.STRING, Text(en="direction", tc="方向")),
        Field(
            "rotation_deg", Json.NUMBER, Text(en="bearing of the arrow on a map, in degrees", tc="地圖箭嘴角度（度）")
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

SEGMENT_SPEEDS = Dataset(
    id="traffic.segment_speeds",
    title=Text(en="Average speeds of road segments", tc="路段平均車速"),
    description=Text(
        en="The Transport Department's processed speed of each strategic road segment; the sensor is the ROUTE_ID of "
        "the road network.",
        tc="運輸署處理後的主要道路路段平均車速；感應器編號為道路網絡的 ROUTE_ID。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(2),
    licence=DATA_GOV_HK,
    properties=(SPEED,),
)

JOURNEY_TIMES = Dataset(
    id="traffic.journey_times",
    title=Text(en="Journey times shown to drivers", tc="行車時間顯示"),
    description=Text(
        en="Minutes from each journey time indicator to each tunnel or road; the sensor is indicator/destination.",
        tc="由各行車時間顯示器至各隧道或道路所需的分鐘數。",
    ),
    kind=Kind.READINGS,
    rhythm=minutes(2),
    licence=DATA_GOV_HK,
    properties=(JOURNEY, JOURNEY_COLOUR, JOURNEY_SIGN),
)

NEWS = Dataset(
    id="traffic.news",
    title=Text(en="Special traffic news", tc="特別交通消息"),
    description=Text(
        en="Incidents announced by the Transport Department (second generation).", tc="運輸署公布的交通事故（第二代）。"
    ),
    kind=Kind.EVENTS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("message_id", Json.STRING, Text(en="number of the message", tc="消息編號")),
        Field("heading_en", Json.STRING, Text(en="heading in English", tc="英文標題")),
        Field("heading_tc", Json.STRING, Text(en="heading in Traditional Chinese", tc="繁體中文標題")),
        Field(
            "heading_sc",
            Json.STRING,
            Text(
                en="heading in Simplified Chinese, where a recording has only that", tc="簡體中文標題（只見於部分記錄）"
            ),
        ),
        Field("stated_longitude", Json.STRING, Text(en="longitude as published", tc="來源所載經度")),
        Field("stated_latitude", Json.STRING, Text(en="latitude as published", tc="來源所載緯度")),
        Field(
            "closed_by",
            Json.STRING,
            Text(en="silence, where a recording never says that it ended", tc="記錄沒有結束消息時為 silence"),
        ),
    ),
)

NEWS_V1 = Dataset(
    id="traffic.news_v1",
    title=Text(en="Special traffic news (first generation)", tc="特別交通消息（第一代）"),
    description=Text(
        en="The same announcements as plain sentences, in the older format.", tc="以舊格式發放的交通消息。"
    ),
    kind=Kind.EVENTS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    fields=(Field("incident_number", Json.STRING, Text(en="number of the incident", tc="事故編號")),),
)

ROAD_NETWORK = Dataset(
    id="traffic.road_network",
    title=Text(en="Road network centre lines", tc="道路網絡中線"),
    description=Text(en="The line and the name of each road segment.", tc="每個路段的走線及名稱。"),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field(
            "speed_limit_kmh",
            Json.NUMBER,
            Text(en="speed limit in km/h; null where not known", tc="車速限制（公里/小時），不詳則為 null"),
            unknown=True,
        ),
        Field(
            "travel_direction",
            Json.INTEGER,
            Text(en="directions open to traffic, by the publisher's number", tc="行車方向（來源代號）"),
            unknown=True,
        ),
        Field(
            "straight",
            Json.BOOLEAN,
            Text(
                en="whether it is drawn as a straight line because its course is not known",
                tc="是否因走線不詳而以直線表示",
            ),
        ),
    ),
)

SPEEDS_AHEAD = Dataset(
    id="traffic.speeds_ahead",
    title=Text(en="Speeds 15 to 90 minutes ahead", tc="未來十五至九十分鐘車速"),
    description=Text(
        en="Forecast speed of every segment and detector, with the 10% and the 90% quantile.",
        tc="每個路段及探測器的預測車速，連同 10% 及 90% 分位數。",
    ),
    kind=Kind.FORECASTS,
    rhythm=minutes(5),
    licence=DATA_GOV_HK,
    properties=(SPEED,),
)

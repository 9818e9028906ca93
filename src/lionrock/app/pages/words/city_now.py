"""The pages of what the city is like now: weather, car parks, vehicles counted, in English and Traditional Chinese."""

from __future__ import annotations

from lionrock.app.pages.words.texts import said
from lionrock.core.vocabulary import Text

CITY_NOW: dict[str, Text] = {
    "weather.to_traffic": said("What weather does to traffic", "天氣對交通的影響"),
    "weather.stations": said("Temperature and wind", "氣溫及風"),
    "weather.gust_kmh": said("Gust km/h", "陣風 公里/小時"),
    "weather.fresh": said(
        "What a station last said in the past 90 minutes; – where it said nothing.",
        "各站過去 90 分鐘內的最新讀數；「–」表示沒有讀數。",
    ),
    "weather.no_stations": said(
        "No station has said anything in the past 90 minutes.", "過去 90 分鐘沒有任何氣象站讀數。"
    ),
    "parks.lead": said(
        "Free places for private cars by the hour. Some car parks only say whether there is room.",
        "私家車時租車位空位。部分停車場只提供有否空位。",
    ),
    "parks.count": said("{n} car parks", "{n} 個停車場"),
    "parks.reported": said("Reported", "匯報時間"),
    "volumes.lead": said(
        "Vehicles that the city's detectors counted in each of the past 24 hours. A vehicle that passes several "
        "detectors counts at each.",
        "過去 24 小時全市探測器每小時錄得的車輛數目。車輛經過多個探測器時，每次均計算在內。",
    ),
    "volumes.hour": said("Hour that begins", "開始時間"),
    "volumes.vehicles": said("Vehicles", "車輛數目"),
    "volumes.lanes": said("Lanes heard", "有數據的行車線"),
    "volumes.none": said("No detector has counted anything in the past 24 hours.", "過去 24 小時沒有任何探測器數據。"),
    "durations.lead": said(
        "How much longer an incident lasts, by its kind and by how long it has gone on.",
        "按事故種類及已歷時間，估算尚需多久完結。",
    ),
    "durations.elapsed": said("Going on for", "已歷時間"),
    "durations.just_now": said("just begun", "剛開始"),
    "durations.tenth": said("1 in 10 over within", "一成完結於"),
    "durations.half": said("Half over within", "一半完結於"),
    "durations.nine": said("9 in 10 over within", "九成完結於"),
    "durations.basis": said("Rests on", "根據"),
    "durations.learned": said("{n} seen here", "本系統錄得 {n} 宗"),
    "durations.assumed": said("the builders' assumptions", "系統預設假設"),
}

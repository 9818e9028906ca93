"""The words of the weather, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

WORDS: dict[str, Text] = {
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
    "weather.warnings": said("Warnings in force", "生效警告"),
    "weather.unheard": said("Not known: warnings were not read.", "未知：沒有讀取警告。"),
    "weather.no_warnings": said("No warnings in force.", "沒有生效警告。"),
    "weather.since": said("since {time}", "{time} 起"),
    "weather.rain": said("Rain in the next 30 minutes", "未來 30 分鐘雨量"),
    "weather.dry": said("No rain expected.", "預料沒有雨。"),
    "weather.raining": said("{n} cells with rain, up to {mm} mm", "{n} 個格點有雨，最多 {mm} 毫米"),
    "weather.station": said("Station", "氣象站"),
    "weather.temperature": said("°C", "°C"),
    "weather.wind": said("Wind km/h", "風速 公里/小時"),
    "weather.gust": said("Gust", "陣風"),
    "weather.from": said("From", "風向"),
    "wind.north": said("North", "北"),
    "wind.northeast": said("North-east", "東北"),
    "wind.east": said("East", "東"),
    "wind.southeast": said("South-east", "東南"),
    "wind.south": said("South", "南"),
    "wind.southwest": said("South-west", "西南"),
    "wind.west": said("West", "西"),
    "wind.northwest": said("North-west", "西北"),
    "wind.variable": said("Variable", "風向不定"),
    "wind.calm": said("Calm", "無風"),
}

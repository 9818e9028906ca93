"""The words of car parks, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

WORDS: dict[str, Text] = {
    "parks.lead": said(
        "Free places for private cars by the hour. Some car parks only say whether there is room.",
        "私家車時租車位空位。部分停車場只提供有否空位。",
    ),
    "parks.count": said("{n} car parks", "{n} 個停車場"),
    "parks.reported": said("Reported", "匯報時間"),
    "parks.name": said("Car park", "停車場"),
    "parks.vacancy": said("Free places", "空位"),
    "parks.arriving": said("Arriving", "到達時間"),
    "parks.now": said("now", "現在"),
    "parks.in": said("in {n} min", "{n} 分鐘後"),
    "parks.expected": said("Expected", "預計空位"),
    "parks.range": said("{low} to {high}", "{low} 至 {high}"),
    "parks.untold": said("not forecast", "沒有預測"),
    "parks.expected_at": said("Expected at", "預計時間"),
    "parks.doubt": said("Four times in five the count lies in the range.", "五次中約有四次落在範圍內。"),
    "parks.some": said("yes", "有"),
    "parks.full": said("full", "滿"),
    "parks.unknown": said("unknown", "不詳"),
    "parks.none": said("No car park has reported yet.", "未有停車場數據。"),
}

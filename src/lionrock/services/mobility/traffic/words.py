"""The words of the page of vehicles counted, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

WORDS: dict[str, Text] = {
    "volumes.lead": said(
        "Vehicles that the city's detectors counted in each of the past 24 hours. A vehicle that passes several "
        "detectors counts at each.",
        "過去 24 小時全市探測器每小時錄得的車輛數目。車輛經過多個探測器時，每次均計算在內。",
    ),
    "volumes.hour": said("Hour that begins", "開始時間"),
    "volumes.vehicles": said("Vehicles", "車輛數目"),
    "volumes.lanes": said("Lanes heard", "有數據的行車線"),
    "volumes.none": said("No detector has counted anything in the past 24 hours.", "過去 24 小時沒有任何探測器數據。"),
}

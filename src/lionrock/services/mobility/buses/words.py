"""The words of buses as probes, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

WORDS: dict[str, Text] = {
    "buses.lead": said(
        "Every bus measures the road between two stops. The last speeds of the past half hour, the slowest "
        "first, with the time lost at stops taken off.",
        "每輛巴士都會量度兩站之間道路的車速。以下為過去半小時最近一次的車速，由最慢排起，已扣除停站時間。",
    ),
    "buses.measured": said("{n} of {total} sections measured", "已量度 {total} 個路段中的 {n} 個"),
    "buses.section": said("Between which stops", "車站之間"),
    "buses.speed": said("Speed", "車速"),
    "buses.doubt": said("give or take", "誤差約"),
    "buses.or_more": said("or more", "或以上"),
    "buses.ago": said("Measured", "量度時間"),
    "buses.none": said("No bus has been followed yet in the past half hour.", "過去半小時尚未追蹤到任何巴士。"),
    "buses.limits": said(
        "Where it says “or more”, the bus ran near its own limit of 70 km/h or the section is too short to tell.",
        "註明「或以上」者，表示巴士接近其七十公里的車速上限，或路段太短而無法判斷。",
    ),
    "buses.data": said("As open data", "開放數據"),
}

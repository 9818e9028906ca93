"""The words of the pages about buses and holidays, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.app.pages.words.texts import said
from lionrock.core.vocabulary import Text

BUSES: dict[str, Text] = {
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
    "holidays.lead": said(
        "The general holidays of {year}. Every Sunday is one, too.", "{year} 年公眾假期。星期日亦為公眾假期。"
    ),
    "holidays.rest": said("Today is a holiday or a Sunday.", "今天是公眾假期或星期日。"),
    "holidays.work": said("Today is neither a holiday nor a Sunday.", "今天並非公眾假期或星期日。"),
    "holidays.next": said("Next", "下一個公眾假期"),
    "holidays.day": said("Date", "日期"),
    "holidays.weekday": said("Day", "星期"),
    "holidays.name": said("Holiday", "假期"),
    "holidays.other_years": said("Other years", "其他年份"),
    "weekday.0": said("Monday", "星期一"),
    "weekday.1": said("Tuesday", "星期二"),
    "weekday.2": said("Wednesday", "星期三"),
    "weekday.3": said("Thursday", "星期四"),
    "weekday.4": said("Friday", "星期五"),
    "weekday.5": said("Saturday", "星期六"),
    "weekday.6": said("Sunday", "星期日"),
}

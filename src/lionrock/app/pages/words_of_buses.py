"""The words of the pages about buses and holidays, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text

WORDS_OF_BUSES: dict[str, Text] = {
    "buses.lead": Text(
        en="Every bus measures the road between two stops. The last speeds of the past half hour, the slowest "
        "first, with the time lost at stops taken off.",
        tc="每輛巴士都會量度兩站之間道路的車速。以下為過去半小時最近一次的車速，由最慢排起，已扣除停站時間。",
    ),
    "buses.measured": Text(en="{n} of {total} sections measured", tc="已量度 {total} 個路段中的 {n} 個"),
    "buses.section": Text(en="Between which stops", tc="車站之間"),
    "buses.speed": Text(en="Speed", tc="車速"),
    "buses.doubt": Text(en="give or take", tc="誤差約"),
    "buses.or_more": Text(en="or more", tc="或以上"),
    "buses.ago": Text(en="Measured", tc="量度時間"),
    "buses.none": Text(en="No bus has been followed yet in the past half hour.", tc="過去半小時尚未追蹤到任何巴士。"),
    "buses.limits": Text(
        en="Where it says “or more”, the bus ran near its own limit of 70 km/h or the section is too short to tell.",
        tc="註明「或以上」者，表示巴士接近其七十公里的車速上限，或路段太短而無法判斷。",
    ),
    "buses.data": Text(en="As open data", tc="開放數據"),
    "holidays.lead": Text(
        en="The general holidays of {year}. Every Sunday is one, too.", tc="{year} 年公眾假期。星期日亦為公眾假期。"
    ),
    "holidays.rest": Text(en="Today is a holiday or a Sunday.", tc="今天是公眾假期或星期日。"),
    "holidays.work": Text(en="Today is neither a holiday nor a Sunday.", tc="今天並非公眾假期或星期日。"),
    "holidays.next": Text(en="Next", tc="下一個公眾假期"),
    "holidays.day": Text(en="Date", tc="日期"),
    "holidays.weekday": Text(en="Day", tc="星期"),
    "holidays.name": Text(en="Holiday", tc="假期"),
    "holidays.other_years": Text(en="Other years", tc="其他年份"),
    "weekday.0": Text(en="Monday", tc="星期一"),
    "weekday.1": Text(en="Tuesday", tc="星期二"),
    "weekday.2": Text(en="Wednesday", tc="星期三"),
    "weekday.3": Text(en="Thursday", tc="星期四"),
    "weekday.4": Text(en="Friday", tc="星期五"),
    "weekday.5": Text(en="Saturday", tc="星期六"),
    "weekday.6": Text(en="Sunday", tc="星期日"),
}

"""The words of what weather does to traffic, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

WORDS: dict[str, Text] = {
    "weather_effects.lead": said(
        "Choose the weather, the hour and the road: the usual day, and what that weather would make of it.",
        "選擇天氣、時間及道路，比較平常日與該天氣下的情況。",
    ),
    "weather_effects.form": said("What if", "假設情況"),
    "weather_effects.level": said("Weather", "天氣"),
    "weather_effects.day": said("Day", "日期"),
    "weather_effects.hour": said("From", "開始時間"),
    "weather_effects.lasts": said("Lasting", "持續時間"),
    "weather_effects.hours": said("{n} h", "{n} 小時"),
    "weather_effects.road": said("Road (empty: whole city)", "道路（留空為全市）"),
    "weather_effects.show": said("Show", "顯示"),
    "weather_effects.headline": said(
        "{level}, {day} {from} to {until}, {where}", "{level}，{day} {from} 至 {until}，{where}"
    ),
    "weather_effects.no_holidays": said(
        "The general holidays of {year} are not known here: were this day one, it would be another answer.",
        "本系統未有 {year} 年的公眾假期：若該日為假期，結果會不同。",
    ),
    "weather_effects.until_midnight": said(
        "After midnight it is the next day, which has its own usual speeds: ask for that day to see the rest.",
        "午夜後屬翌日，平常車速不同：請選翌日查看其餘時段。",
    ),
    "weather_effects.workday": said("as on a usual working day", "以平常工作日計"),
    "weather_effects.saturday": said("as on a usual Saturday", "以平常星期六計"),
    "weather_effects.rest_day": said("as on a usual Sunday or holiday", "以平常星期日或假期計"),
    "weather_effects.trip_more": said(
        "{km} km would take about {n} min longer than the usual {usual} min (95% interval {low} to {high}).",
        "行駛 {km} 公里平常需時 {usual} 分鐘，屆時約多 {n} 分鐘（95% 區間 {low} 至 {high} 分鐘）。",
    ),
    "weather_effects.trip_less": said(
        "{km} km would take about {n} min less than the usual {usual} min (95% interval {low} to {high}).",
        "行駛 {km} 公里平常需時 {usual} 分鐘，屆時約少 {n} 分鐘（95% 區間 {low} 至 {high} 分鐘）。",
    ),
    "weather_effects.trip_same": said(
        "{km} km would take about the usual {usual} min (95% interval of the difference {low} to {high} min).",
        "行駛 {km} 公里屆時約需平常的 {usual} 分鐘（相差的 95% 區間為 {low} 至 {high} 分鐘）。",
    ),
    "weather_effects.never": said(
        "Not seen here yet: nothing can be said. No estimate is not an estimate of nothing.",
        "本系統尚未錄得這種天氣，無法估算。沒有估算並不代表沒有影響。",
    ),
    "weather_effects.too_few": said(
        "Days with it so far: {days} ({hours} hours), too few to predict from.",
        "至今只錄得 {days} 日（{hours} 小時），不足以作出預測。",
    ),
    "weather_effects.too_few_events": said(
        "Seen in {n} typhoons only ({hours} hours): too few to predict from.",
        "至今只錄得 {n} 次颱風（{hours} 小時），不足以作出預測。",
    ),
    "weather_effects.few": said(
        "Independent days with it so far: {n}. The interval is wide, and may still be wrong.",
        "至今只有 {n} 個獨立日子，估算範圍甚闊，仍可能有誤。",
    ),
    "weather_effects.not_learned": said(
        "Nothing has been learned here yet: at least 7 whole days of traffic are needed.",
        "尚未有足夠數據：最少需要 7 個整日的交通數據。",
    ),
    "weather_effects.seen_then": said(
        "On those days: {effect}% ({low}% to {high}%), shown for the record, not as a prediction.",
        "該些日子的變化為 {effect}%（{low}% 至 {high}%），只供記錄，並非預測。",
    ),
    "weather_effects.chart": said("Speed by hour, km/h", "每小時車速（公里／小時）"),
    "weather_effects.chart_words": said(
        "Usual speed at {hour}: {usual} km/h; predicted: {predicted} km/h, between {low} and {high}.",
        "{hour} 平常車速每小時 {usual} 公里；預測每小時 {predicted} 公里，介乎 {low} 至 {high}。",
    ),
    "weather_effects.chart_usual_only": said(
        "The usual day alone: the chosen weather has not been seen often enough to draw.",
        "只顯示平常日：所選天氣的數據不足，未能繪畫。",
    ),
    "weather_effects.usual": said("Usual (dry)", "平常（無雨）"),
    "weather_effects.predicted": said("Predicted", "預測"),
    "weather_effects.band": said("95% interval of the mean", "平均值的 95% 區間"),
    "weather_effects.table": said("The same as a table", "以表格顯示"),
    "weather_effects.known": said("What is known of this weather at these hours", "該時段在這種天氣下的已知影響"),
    "weather_effects.of_city": said(
        "Effects on the whole city. What is drawn for this road adds how it differed on its own {n} days.",
        "此為全市的影響。圖中該道路的預測已加入其本身 {n} 日的差別。",
    ),
    "weather_effects.measure": said("Measure", "項目"),
    "weather_effects.effect": said("Effect", "影響"),
    "weather_effects.interval": said("95% interval", "95% 區間"),
    "weather_effects.days": said("Days", "日數"),
    "weather_effects.n_hours": said("Hours", "時數"),
    "weather_effects.surety": said("How sure", "可靠程度"),
    "weather_effects.grade_never": said("not seen yet", "尚未錄得"),
    "weather_effects.grade_too_few": said("too few days", "日數不足"),
    "weather_effects.grade_few": said("few days", "日數少"),
    "weather_effects.grade_enough": said("enough days", "日數足夠"),
    "weather_effects.borrowed": said("from other hours", "借用其他時段"),
    "weather_effects.not_known": said("not known", "未知"),
    "weather_effects.most": said("Roads that lose most", "受影響最大的道路"),
    "weather_effects.road_name": said("Road", "道路"),
    "weather_effects.usual_kmh": said("Usual km/h", "平常（公里／小時）"),
    "weather_effects.predicted_kmh": said("Predicted km/h", "預測（公里／小時）"),
    "weather_effects.lost": said("Minutes lost on each km", "每公里多花分鐘"),
    "weather_effects.own_days_lead": said(
        "A road with few days of its own leans on the city's effect.", "日數少的道路主要依據全市的影響估算。"
    ),
    "weather_effects.by_road": said("Road by road, at {hour}", "各道路的影響（{hour}）"),
    "weather_effects.change": said("Speed", "車速變化"),
    "weather_effects.from_to": said("Usual → predicted km/h", "平常 → 預測（公里／小時）"),
    "weather_effects.of_the_city": said("as the city", "按全市計"),
    "weather_effects.roads_as_json": said("All roads as JSON", "所有道路（JSON）"),
    "weather_effects.map": said("Map of the speed that each road loses", "各道路車速影響地圖"),
    "weather_effects.map_failed": said(
        "The map cannot be drawn here. The list and the JSON say the same.", "未能顯示地圖，可參閱列表及 JSON 數據。"
    ),
    "weather_effects.map_counts": said(
        "{known} roads from days of their own, {borrowed} as the city (fewer than three days of their own), "
        "{unknown} not known.",
        "{known} 條道路以本身日數估算，{borrowed} 條按全市計（本身日數少於三日），{unknown} 條未知。",
    ),
    "weather_effects.map_change": said(
        "Speed {effect}% (95% interval {low} to {high})", "車速 {effect}%（95% 區間 {low} 至 {high}）"
    ),
    "weather_effects.map_speeds": said(
        "Usually {usual} km/h, then {predicted}", "平常每小時 {usual} 公里，屆時 {predicted} 公里"
    ),
    "weather_effects.map_own": said("Own days: {n} ({grade})", "本身日數：{n}（{grade}）"),
    "weather_effects.map_borrowed": said(
        "Own days: {n}, too few: this is the city's effect", "本身日數：{n}，不足，此為全市的影響"
    ),
    "weather_effects.map_unknown": said("Not known: no usual speed at this hour", "未知：此時段沒有平常車速"),
    "weather_effects.map_road": said("This road's day", "此道路的一天"),
    "weather_effects.legend": said("Speed lost", "車速損失"),
    "weather_effects.legend_borrowed": said("broken: as the city, too few own days", "虛線：本身日數不足，按全市計"),
    "weather_effects.legend_unknown": said("grey: not known", "灰色：未知"),
    "weather_effects.no_map": said(
        "No road is told anything: this weather was not seen on enough days.",
        "這種天氣的日數不足，未能估算任何道路的影響。",
    ),
    "weather_effects.doubt": said("What this can and cannot say", "本頁的限制"),
    "weather_effects.doubt_how": said(
        "Learned from {since} to {until}: hours with this weather against dry hours of the same time and kind of day, "
        "with the trend and the weekday taken out. {calm} days of this kind were there to compare with.",
        "數據由 {since} 至 {until}：以同時段、同類日子的無雨時間作比較，並已剔除趨勢及星期因素。"
        "可供比較的同類日子共 {calm} 日。",
    ),
    "weather_effects.doubt_mean": said(
        "The interval holds the mean of many such hours. A single evening can be far from it, an accident or a flooded "
        "road most of all. What lingers after the weather is not in it.",
        "區間所指為多個同類時段的平均值，個別一晚可能相差甚遠，遇上意外或水浸尤甚。天氣過後的餘波不包括在內。",
    ),
    "weather_effects.doubt_day": said(
        "The city's mean speed of a whole dry day strays by {n}% by itself.",
        "全市無雨日的平均車速本身已有 {n}% 的上落。",
    ),
    "weather_effects.doubt_rain": said(
        "Rain is that of the district's highest gauge over an hour, not of the road and the minute.",
        "雨量為該區雨量站的一小時最高值，並非路面當刻的雨量。",
    ),
}

"""The words of journeys, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

WORDS: dict[str, Text] = {
    "journeys.lead": said(
        "When to leave, which way, how long it may take: over the speeds that are predicted.",
        "何時出發、走哪條路、可能需時多久：按預測車速計算。",
    ),
    "journeys.form": said("Plan a journey", "規劃行程"),
    "journeys.from": said("From", "出發地"),
    "journeys.to": said("To", "目的地"),
    "journeys.where": said("Place, road or car park", "地方、道路或停車場"),
    "journeys.swap": said("Swap from and to", "對調出發地及目的地"),
    "journeys.here": said("My position", "我的位置"),
    "journeys.use_here": said("Start from my position", "由我的位置出發"),
    "journeys.locating": said("Finding your position", "正在找尋你的位置"),
    "journeys.no_position": said("Position not found.", "未能找到位置。"),
    "journeys.when": said("When", "時間"),
    "journeys.when_now": said("Leave now", "現在出發"),
    "journeys.when_leave": said("Leave at", "出發時間"),
    "journeys.when_arrive": said("Arrive by", "到達時間"),
    "journeys.time": said("Time", "時間"),
    "journeys.avoid": said("Avoid", "避開"),
    "journeys.avoid_tolls": said("Tolls", "收費隧道"),
    "journeys.avoid_tunnels": said("Tunnels", "隧道"),
    "journeys.avoid_road": said("A road", "指定道路"),
    "journeys.go": said("Find the way", "找路線"),
    "journeys.min": said("min", "分鐘"),
    "journeys.minutes": said("{n} min", "{n} 分鐘"),
    "journeys.range": said("likely {low}–{high} min", "可能 {low}–{high} 分鐘"),
    "journeys.range_long": said(
        "eight journeys in ten take between {low} and {high} minutes", "十次有八次需時 {low} 至 {high} 分鐘"
    ),
    "journeys.leave_arrive": said("Leave {leave}, arrive {arrive}", "{leave} 出發，{arrive} 到達"),
    "journeys.usually": said("usually {n} min", "平常 {n} 分鐘"),
    "journeys.via": said("via {roads}", "經{roads}"),
    "journeys.toll": said("HK${n} toll", "隧道費 ${n}"),
    "journeys.no_toll": said("no toll", "免隧道費"),
    "journeys.toll_unknown": said("toll not known", "隧道費不詳"),
    "journeys.km": said("{n} km", "{n} 公里"),
    "journeys.best": said("Quickest", "最快"),
    "journeys.other": said("{n} min longer", "多 {n} 分鐘"),
    "journeys.same": said("as quick", "時間相若"),
    "journeys.ways": said("Ways", "路線"),
    "journeys.hazard": said("On the way: {what}", "途經：{what}"),
    "journeys.hazard_closed": said("Closed, all lanes: {what}", "全線封閉：{what}"),
    "journeys.hkd": said("HK${n}", "{n} 元"),
    "journeys.avoided": said(
        "The usual way is closed since {since}: {what}. This way goes round it.",
        "平常路線由 {since} 起封閉：{what}。此路線已繞道。",
    ),
    "journeys.about_it": said("About the incident", "事故詳情"),
    "journeys.show": said("Show this way on the map", "在地圖上顯示此路線"),
    "journeys.roads": said("Road by road", "逐條道路"),
    "journeys.advice": said("Leave at {time} and save {n} minutes", "{time} 出發可節省 {n} 分鐘"),
    "journeys.advice_take": said("Plan for {time}", "改為 {time} 出發"),
    "journeys.no_advice": said(
        "Leaving now is as good as any time in the next 90 minutes.", "現在出發與未來 90 分鐘內任何時間相若。"
    ),
    "journeys.departures": said("When to leave", "何時出發"),
    "journeys.chart": said(
        "Minutes by departure time, with the range of eight journeys in ten", "按出發時間計的分鐘數及十次有八次的範圍"
    ),
    "journeys.chart_middle": said("expected", "預計"),
    "journeys.chart_range": said("8 in 10", "十次有八次"),
    "journeys.chart_usual": said("usual day", "平常日"),
    "journeys.chart_later": said(
        "Beyond 90 minutes the prediction fades into the usual day.", "90 分鐘後的預測逐漸併入平常日。"
    ),
    "journeys.chart_assumed": said(
        "Beyond 90 minutes, without a usual day, speeds are assumed.", "90 分鐘後因未有平常日資料，以假設車速估算。"
    ),
    "journeys.departure": said("Leave", "出發"),
    "journeys.arrival": said("Arrive", "到達"),
    "journeys.expected": said("Minutes", "分鐘"),
    "journeys.between": said("Likely", "可能範圍"),
    "journeys.cost": said("Toll HK$", "隧道費 $"),
    "journeys.rests_on": said("What this rests on", "估算依據"),
    "journeys.basis_measured": said("measured", "實測"),
    "journeys.basis_forecast": said("forecast", "預測"),
    "journeys.basis_usual": said("usual day", "平常日"),
    "journeys.basis_assumed": said("assumed", "假設"),
    "journeys.measured_at": said("Speeds measured {age} ago", "車速於 {age}前量度"),
    "journeys.issued_at": said("forecast issued {time}", "預測於 {time} 發出"),
    "journeys.no_forecast": said("no forecast yet", "尚未有預測"),
    "journeys.usual_days": said("days in the usual day: {n}", "平常日取自 {n} 日"),
    "journeys.no_usual": said("no usual day yet", "尚未有平常日"),
    "journeys.stale": said(
        "Traffic data are missing or out of date: this answer leans on older speeds and assumptions.",
        "交通數據缺失或過時：此答案倚賴較舊的車速及假設。",
    ),
    "journeys.limits": said(
        "Only strategic roads are known; local streets at both ends are assumed. "
        "Banned turns are not known, and closures only where they were announced.",
        "只包括主要道路；兩端的小路以假設計算。不包括禁止轉彎的資料，封路只包括已公布的。",
    ),
    "journeys.map": said("Map of the journey", "行程地圖"),
    "journeys.map_help": said("Tap the map to start or end a journey there.", "輕觸地圖可選擇出發地或目的地。"),
    "journeys.map_point": said("Point on the map", "地圖上的位置"),
    "journeys.two_fingers": said("Move the map with two fingers", "以兩指移動地圖"),
    "journeys.from_here": said("From here", "由此出發"),
    "journeys.to_here": said("To here", "前往此處"),
    "journeys.kind_place": said("place", "地方"),
    "journeys.kind_road": said("road", "道路"),
    "journeys.kind_car_park": said("car park", "停車場"),
    "journeys.trips": said("Saved trips", "已儲存行程"),
    "journeys.save": said("Save this trip on this device", "在此裝置儲存行程"),
    "journeys.saved": said("Saved on this device only.", "只儲存在此裝置。"),
    "journeys.remove": said("Remove {trip}", "移除 {trip}"),
    "journeys.trip": said("{from} to {to}", "{from} 往 {to}"),
    "journeys.trip_now": said("Leaving now: {what}", "現在出發：{what}"),
    "journeys.trip_leave": said("Leaving {time}: {what}", "{time} 出發：{what}"),
    "journeys.trip_arrive": said("Leaving {time}, there by {by}: {what}", "{time} 出發，{by} 前到達：{what}"),
    "journeys.trip_far": said(
        "{time} is too far ahead to judge. Leaving now: {what}", "{time} 尚遠，未能判斷。現在出發：{what}"
    ),
    "journeys.tomorrow": said("Tomorrow {time}", "明天 {time}"),
    "journeys.trip_late": said("Too late for {time}. Leaving now: {what}", "已趕不及 {time}。現在出發：{what}"),
    "journeys.trip_slow": said("slow, {n} min, usually {usual}", "較慢，{n} 分鐘，平常 {usual} 分鐘"),
    "journeys.trip_usual": said("as usual, {n} min", "如常，{n} 分鐘"),
    "journeys.trip_unknown": said("not known at present", "暫時不詳"),
    "journeys.planning": said("Planning", "規劃中"),
    "journeys.planned": said(
        "{n} minutes, likely {low} to {high}, via {roads}", "{n} 分鐘，可能 {low} 至 {high} 分鐘，經{roads}"
    ),
    "journeys.problem_start_missing": said("Say where the journey begins.", "請填寫出發地。"),
    "journeys.problem_end_missing": said("Say where the journey ends.", "請填寫目的地。"),
    "journeys.problem_start": said("No place known here has the name you gave under From.", "找不到你填寫的出發地。"),
    "journeys.problem_end": said("No place known here has the name you gave under To.", "找不到你填寫的目的地。"),
    "journeys.problem_start_far": said(
        "No known road is within 3 km of where you start.", "出發地三公里內沒有已知道路。"
    ),
    "journeys.problem_start_outside": said("The place under From lies outside the city.", "出發地在本市範圍以外。"),
    "journeys.problem_end_outside": said("The place under To lies outside the city.", "目的地在本市範圍以外。"),
    "journeys.problem_same": said("The journey begins where it ends.", "出發地與目的地相同。"),
    "journeys.problem_end_far": said("No known road is within 3 km of where you go.", "目的地三公里內沒有已知道路。"),
    "journeys.problem_avoid": said("No road known here has the name that you want to avoid.", "找不到你想避開的道路。"),
    "journeys.problem_avoid_many": said("Name ten roads to avoid at most.", "最多可填十條要避開的道路。"),
    "journeys.problem_avoid_tolls": said(
        "Tolls are not known yet, so they cannot be avoided.", "尚未有收費資料，未能避開收費道路。"
    ),
    "journeys.problem_time": said("That is no time within the next 24 hours.", "時間須在未來 24 小時內。"),
    "journeys.problem_too_late": said("It is too late to be there by then.", "已來不及在該時間到達。"),
    "journeys.problem_no_way": said(
        "No way leads there over the roads that are known and not avoided.", "已知而不避開的道路中沒有可行路線。"
    ),
    "journeys.avoid_nothing": said("Show the way without avoiding anything", "顯示不避開任何道路的路線"),
    "journeys.problem_closed": said(
        "Every way there leads over a closed road that is not expected to open within a day.",
        "所有路線均經過已封閉的道路，預計一天內不會重開。",
    ),
    "journeys.problem_not_yet": said(
        "Nothing is known of the roads yet; try again in a minute.", "暫時沒有道路資料，請稍後再試。"
    ),
}

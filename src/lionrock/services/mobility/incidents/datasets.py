"""What the incidents service publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days, minutes
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Text

INCIDENTS = Dataset(
    id="incidents.incidents",
    title=Text(en="Incidents on the roads", tc="道路事故"),
    description=Text(
        en="One record an incident, from the first word to the closing: kind, road, direction, segments, lanes closed, "
        "place with its error, every message of every source (news of both generations, detectors, operators), which "
        "source each field is from, and how long it is expected to last.",
        tc="每宗事故一項記錄，由首個消息至結束：種類、道路、方向、路段、封閉行車線、位置及其誤差、各來源的所有消息、"
        "每個欄位的來源，以及預計需時。",
    ),
    kind=Kind.EVENTS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    fields=(
        Field(
            "state",
            Json.STRING,
            Text(
                en="reported, confirmed, cleared, closed or merged", tc="狀況：已報告、已確認、已恢復、已結束或已合併"
            ),
        ),
        Field("updated", Json.STRING, Text(en="when the newest word came", tc="最新消息時間")),
        Field("cleared_at", Json.STRING, Text(en="when the lanes were open again", tc="恢復通車時間"), unknown=True),
        Field("closed_at", Json.STRING, Text(en="when it ended", tc="結束時間"), unknown=True),
        Field("closed_by", Json.STRING, Text(en="who said that it ended", tc="由誰結束")),
        Field("road", Json.STRING, Text(en="road, in English", tc="道路（英文）")),
        Field("direction", Json.STRING, Text(en="direction, in English", tc="方向（英文）")),
        Field("near", Json.STRING, Text(en="landmark nearby, in English", tc="附近地標（英文）")),
        Field(
            "names",
            Json.OBJECT,
            Text(en="road, direction and landmark in every language", tc="各語言的道路、方向及地標名稱"),
        ),
        Field("heading", Json.STRING, Text(en="heading of the news", tc="消息標題")),
        Field("links", Json.ARRAY, Text(en="road segments, by number", tc="路段編號")),
        Field("lanes", Json.ARRAY, Text(en="lanes that are closed", tc="封閉的行車線")),
        Field("congestion", Json.STRING, Text(en="congestion, in the words of the news", tc="消息所述的擠塞情況")),
        Field("queue_end", Json.STRING, Text(en="end of the queue, in the words of the news", tc="消息所述的車龍尾")),
        Field(
            "error_m",
            Json.NUMBER,
            Text(en="how far from the place it may be, in metres", tc="位置誤差（米）"),
            unknown=True,
        ),
        Field("located_by", Json.STRING, Text(en="what the place is known by", tc="位置的依據")),
        Field(
            "messages",
            Json.ARRAY,
            Text(en="every message of every source, the oldest first", tc="各來源的所有消息，由舊至新"),
        ),
        Field("sources", Json.ARRAY, Text(en="which sources spoke", tc="消息來源")),
        Field("provenance", Json.OBJECT, Text(en="which source each field is from", tc="每個欄位的來源")),
        Field("overrides", Json.OBJECT, Text(en="fields that operators corrected", tc="操作員更正的欄位")),
        Field("merged_into", Json.STRING, Text(en="the incident that it was merged into", tc="已合併至")),
        Field("merged", Json.ARRAY, Text(en="incidents that were merged into it", tc="已併入的事故")),
        Field(
            "expected",
            Json.OBJECT,
            Text(
                en="minutes to clearance: quantiles, as of when, learned from how many",
                tc="預計恢復需時（分鐘）：分位數、計算時間及依據宗數",
            ),
            unknown=True,
        ),
    ),
)

CLEARANCE_TIMES = Dataset(
    id="incidents.clearance_times",
    title=Text(en="How long incidents last", tc="事故需時"),
    description=Text(
        en="What was learned from the incidents that this store has seen: by kind of incident, the chance of being "
        "cleared in each span of minutes, given that it was not cleared before.",
        tc="由已記錄的事故得出：按事故種類，在每段時間內恢復通車的機會。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("spans_min", Json.ARRAY, Text(en="ends of the spans, in minutes", tc="各時段的界線（分鐘）")),
        Field("hazard", Json.ARRAY, Text(en="chance of being cleared in each span", tc="每時段恢復的機會")),
        Field(
            "tails_first",
            Json.ARRAY,
            Text(en="how the first forecast's quantiles are moved", tc="首次預計的分位數校正"),
        ),
        Field(
            "tails_later", Json.ARRAY, Text(en="how later forecasts' quantiles are moved", tc="其後預計的分位數校正")
        ),
        Field(
            "incidents",
            Json.INTEGER,
            Text(en="incidents learned from; 0 where only priors speak", tc="依據的事故宗數，0 即只用假設"),
        ),
        Field("median_min", Json.NUMBER, Text(en="median minutes to clearance", tc="恢復需時中位數（分鐘）")),
        Field("learned_on", Json.STRING, Text(en="day of the learning", tc="學習日期")),
    ),
)

RULINGS = Dataset(
    id="incidents.rulings",
    title=Text(en="What operators decided about incidents", tc="操作員對事故的決定"),
    description=Text(
        en="Fields that operators put in the place of what the sources say, incidents that they merged, and those "
        "that they opened. Who decided and why stands in the journal.",
        tc="操作員更正的欄位、合併及自行開立的事故。決定者及原因載於日誌。",
    ),
    kind=Kind.FEATURES,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    fields=(
        Field(
            "overrides",
            Json.OBJECT,
            Text(en="fields that operators put in the place of the sources'", tc="操作員更正的欄位"),
        ),
        Field(
            "released",
            Json.OBJECT,
            Text(en="since when sources speak for a field again", tc="欄位何時恢復採用來源資料"),
        ),
        Field("merged_into", Json.STRING, Text(en="the incident that it was merged into", tc="已合併至")),
        Field("merged_at", Json.STRING, Text(en="when it was", tc="合併時間"), unknown=True),
        Field(
            "opened",
            Json.OBJECT,
            Text(en="the operator's word, where an operator opened it", tc="由操作員開立時的內容"),
            unknown=True,
        ),
    ),
)

IMPACTS = Dataset(
    id="incidents.impacts",
    title=Text(en="What incidents cost", tc="事故的影響"),
    description=Text(
        en="Vehicle-hours lost to each incident so far with their 80% interval, the segments that it slows and the "
        "length of its queue every five minutes, against the day as it would have been.",
        tc="每宗事故至今造成的車輛小時延誤及其八成區間、受影響路段及每五分鐘的車龍長度，與沒有事故時比較。",
    ),
    kind=Kind.EVENTS,
    rhythm=minutes(5),
    licence=DATA_GOV_HK,
    fields=(
        Field("as_of", Json.STRING, Text(en="until when it is counted", tc="計算至")),
        Field("vehicle_hours", Json.NUMBER, Text(en="vehicle-hours lost so far", tc="至今延誤（車輛小時）")),
        Field("low", Json.NUMBER, Text(en="lower end of its 80% interval", tc="八成區間下限")),
        Field("high", Json.NUMBER, Text(en="upper end of its 80% interval", tc="八成區間上限")),
        Field("queue", Json.NUMBER, Text(en="of these, lost in its queue", tc="其中車龍內的延誤")),
        Field("spread", Json.NUMBER, Text(en="of these, lost on roads around it", tc="其中鄰近道路的延誤")),
        Field("detours", Json.NUMBER, Text(en="of these, lost on detours", tc="其中繞道的延誤")),
        Field("links", Json.ARRAY, Text(en="segments that it slows now", tc="現時受影響的路段")),
        Field("queue_km", Json.NUMBER, Text(en="length of its queue now, in kilometres", tc="現時車龍長度（公里）")),
        Field(
            "longest_queue_km", Json.NUMBER, Text(en="longest queue so far, in kilometres", tc="至今最長車龍（公里）")
        ),
        Field(
            "extent",
            Json.ARRAY,
            Text(
                en="how many segments are slowed and the length of the queue, every five minutes",
                tc="每五分鐘受影響路段數目及車龍長度",
            ),
        ),
        Field("slowed", Json.ARRAY, Text(en="from when until when each segment was slowed", tc="各路段何時受影響")),
        Field(
            "cleared_at",
            Json.STRING,
            Text(en="when traffic was seen to be free again", tc="交通恢復暢順的時間"),
            unknown=True,
        ),
        Field(
            "measured", Json.NUMBER, Text(en="share of the roads concerned that was measured", tc="有量度數據的比例")
        ),
    ),
)

WHAT_IFS = Dataset(
    id="incidents.what_ifs",
    title=Text(en="What measures would save", tc="各項措施的預計成效"),
    description=Text(
        en="Measures that an operator thought of against an incident, and what the simulation says they would save, "
        "in vehicle-hours with their 80% interval.",
        tc="操作員就事故考慮的措施，以及模擬得出的預計節省（車輛小時及其八成區間）。",
    ),
    kind=Kind.EVENTS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    closed_for_good=True,  # an answer that was under way does not bring back a trial that was taken back
    fields=(
        Field("incident", Json.STRING, Text(en="the incident that it is about", tc="所屬事故")),
        Field(
            "scenario", Json.STRING, Text(en="what the simulation was asked, as JSON", tc="向模擬提出的問題（JSON）")
        ),
        Field(
            "state",
            Json.STRING,
            Text(
                en="waiting, running, done, failed, refused or busy", tc="進度：等候、進行中、完成、失敗、不接受或繁忙"
            ),
        ),
        Field("done", Json.INTEGER, Text(en="simulations that are done", tc="已完成的模擬次數")),
        Field("of", Json.INTEGER, Text(en="simulations that are needed", tc="所需的模擬次數")),
        Field("problem", Json.STRING, Text(en="why there is no answer", tc="未有結果的原因")),
        Field("problem_tc", Json.STRING, Text(en="the same in Chinese", tc="未有結果的原因（中文）")),
        Field(
            "cost",
            Json.OBJECT,
            Text(
                en="vehicle-hours that the incident costs with nothing done, with the 80% interval",
                tc="不採取措施的延誤（車輛小時）及八成區間",
            ),
        ),
        Field(
            "saved",
            Json.ARRAY,
            Text(
                en="what each measure saves, in vehicle-hours with the 80% interval",
                tc="各項措施的節省（車輛小時）及八成區間",
            ),
        ),
    ),
)

DECISIONS = Dataset(
    id="incidents.decisions",
    title=Text(en="Measures that were decided on, and what came of them", tc="已採取的措施及結果"),
    description=Text(
        en="For each measure that an operator decided on: what it was expected to save and what the incident cost in "
        "the end. Who decided and why stands in the journal.",
        tc="操作員決定採取的每項措施：預計節省及事故最終造成的延誤。決定者及原因載於日誌。",
    ),
    kind=Kind.EVENTS,
    rhythm=minutes(5),
    licence=DATA_GOV_HK,
    fields=(
        Field("incident", Json.STRING, Text(en="the incident that it is about", tc="所屬事故")),
        Field("what_if", Json.STRING, Text(en="the question that it rests on", tc="所依據的模擬")),
        Field("measure", Json.STRING, Text(en="the measure", tc="措施")),
        Field("expected", Json.OBJECT, Text(en="what it was expected to save", tc="預計節省")),
        Field("cost", Json.OBJECT, Text(en="what the incident has cost by now", tc="事故至今的延誤")),
    ),
)

ALARMS = Dataset(
    id="incidents.alarms",
    title=Text(en="Unusual traffic that detectors see", tc="探測器發現的交通異常"),
    description=Text(
        en="Alarms of automatic incident detection: where stations ring, from when until when. An alarm is no incident "
        "yet; the record of incidents says what became of it.",
        tc="自動事故偵測的警報：哪些探測站在何時發出警報。警報未必是事故，結果見事故記錄。",
    ),
    kind=Kind.EVENTS,
    rhythm=minutes(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("stations", Json.ARRAY, Text(en="detector stations that ring", tc="發出警報的探測站")),
        Field("links", Json.ARRAY, Text(en="road segments, by number", tc="路段編號")),
        Field("ended_at", Json.STRING, Text(en="when it rang no more", tc="警報結束時間")),
        Field(
            "silent", Json.BOOLEAN, Text(en="it ended because the detectors fell silent", tc="因探測器再無數據而結束")
        ),
    ),
)

USUAL_DAYS = Dataset(
    id="incidents.usual_days",
    title=Text(en="The usual day of each detector", tc="各探測器的平常日"),
    description=Text(
        en="Median speed and occupancy of each quarter of an hour of a working day, and of a day off, with their "
        "spread, which alarms are judged against.",
        tc="工作日及休息日每十五分鐘車速及佔有率的中位數及離散程度，作為警報的比較基準。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(
        Field("station", Json.STRING, Text(en="the detector", tc="探測器")),
        Field(
            "kind_of_day",
            Json.STRING,
            Text(en="working, or off: Saturdays, Sundays, holidays", tc="工作日（working），或星期六、日及假期（off）"),
        ),
        Field("days", Json.INTEGER, Text(en="days learned from", tc="依據日數")),
        Field("link", Json.STRING, Text(en="road segment", tc="路段")),
        Field("downstream", Json.STRING, Text(en="next station down the road", tc="下游探測站")),
        Field(
            "speed_kmh",
            Json.ARRAY,
            Text(en="median speed of each quarter of an hour, km/h", tc="每十五分鐘車速中位數（公里/小時）"),
        ),
        Field("speed_spread", Json.ARRAY, Text(en="its spread, km/h", tc="車速離散程度（公里/小時）")),
        Field(
            "occupancy_pct",
            Json.ARRAY,
            Text(en="median occupancy of each quarter of an hour, %", tc="每十五分鐘佔有率中位數（%）"),
        ),
        Field("occupancy_spread", Json.ARRAY, Text(en="its spread, %", tc="佔有率離散程度（%）")),
    ),
)

"""What the incidents service publishes."""

from __future__ import annotations

from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days, minutes
from lionrock.core.vocabulary import Dataset, Kind, Text

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
)

USUAL_DAYS = Dataset(
    id="incidents.usual_days",
    title=Text(en="The usual day of each detector", tc="各探測器的平常日"),
    description=Text(
        en="Median speed and occupancy of each quarter of an hour with their spread, which alarms are judged against.",
        tc="每十五分鐘車速及佔有率的中位數及離散程度，作為警報的比較基準。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
)

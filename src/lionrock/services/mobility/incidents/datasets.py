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

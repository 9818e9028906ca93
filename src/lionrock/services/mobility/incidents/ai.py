"""What the public register says of the incidents service's uses of AI."""

from __future__ import annotations

from lionrock.core.manifest import AiRecord, AiUse, Review, Risk, Trial
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.datasets import ALARMS, CLEARANCE_TIMES, IMPACTS

OPERATORS_REVIEW = Text(
    en="Operators see every incident with its sources; they correct, merge, close or override it, and undo.",
    tc="操作員可查看每宗事故及其來源，並可更正、合併、結束、改寫及撤銷。",
)
APPEAL = Text(
    en="Nobody is judged by it. Report a mistake to the Transport Department, naming the incident.",
    tc="模型不會評定任何人。如發現錯誤，請向運輸署提供事故編號。",
)

DETECTION = AiUse(
    name="detection",
    title=Text(en="Incidents that detectors see", tc="探測器發現的事故"),
    writes=(ALARMS,),
    learns=Text(
        en="Boosted trees that ship with the code, learned from 40 simulated days; usual days of the city's own "
        "detectors are learned daily.",
        tc="隨程式提供的提升樹模型，以四十個模擬日學習；本市探測器的平常日則每日學習。",
    ),
    baseline="the best of APID, McMaster and a cumulative sum",
    trials=(
        Trial(
            data="twin-detection",
            split="40 days to learn, 48 to choose settings, 24 to test, each of other seeds",
            metric="share of felt incidents missed at ten false alarms a day at most",
            command="lionrock evaluate incidents --data detection",
            real=False,
        ),
    ),
    ai=AiRecord(
        purpose=Text(
            en="Notices incidents minutes after they happen, before anybody announces them.",
            tc="在事故公布前，於發生後數分鐘內察覺。",
        ),
        risk=Risk.LOW,
        decides=Text(
            en="Nothing. What only detectors saw is shown as reported, not as confirmed; people decide what follows.",
            tc="不作任何決定。只由探測器發現的事故會標示為「已報告」而非「已確認」，由人員決定如何處理。",
        ),
        limits=Text(
            en="Between detectors it sees little; on busy days false alarms come in heaps; it learned from a simulated "
            "city and has not been scored on announced incidents of a real one.",
            tc="探測器之間的事故難以察覺；繁忙日子誤報較多；模型以模擬城市學習，尚未以真實事故評分。",
        ),
        human_review=OPERATORS_REVIEW,
        review=Review.AFTER,
        appeal=APPEAL,
    ),
)

CLEARANCE = AiUse(
    name="clearance",
    title=Text(en="How long incidents last", tc="事故需時"),
    writes=(CLEARANCE_TIMES,),
    learns=Text(
        en="Hazards by kind of incident, learned every six hours from the incidents of the last two years that this "
        "store has seen, from assumptions of ours until there are enough.",
        tc="按事故種類計算的恢復機會，每六小時以近兩年的事故記錄學習；記錄不足時採用假設。",
    ),
    baseline="the median of each kind of incident",
    trials=(
        Trial(
            data="news-2020",
            split="incidents until 30 November to learn and choose, December to test",
            metric="pinball loss in minutes at the first word",
            command="lionrock evaluate incidents --data duration",
            real=True,
        ),
    ),
    ai=AiRecord(
        purpose=Text(
            en="Says after how many minutes lanes are likely to be open again, as a range that follows each message.",
            tc="預計行車線在多少分鐘後恢復，並按每個消息更新範圍。",
        ),
        risk=Risk.LOW,
        decides=Text(
            en="Nothing. The range stands beside the incident; journeys wait before a closed road until its upper end.",
            tc="不作任何決定。範圍顯示於事故旁；行程規劃會以範圍上限計算封閉道路的等候時間。",
        ),
        limits=Text(
            en="Works that last days are hardly foretold; kinds that are rare here speak from assumptions.",
            tc="歷時多日的工程難以預計；本地少見的事故種類主要依據假設。",
        ),
        human_review=OPERATORS_REVIEW,
        review=Review.AFTER,
        appeal=APPEAL,
    ),
)

IMPACT = AiUse(
    name="impact",
    title=Text(en="What incidents cost", tc="事故的影響"),
    writes=(IMPACTS,),
    learns=Text(
        en="Three weights and the interval were fitted on simulated pairs of days and ship with the code; the day as "
        "it would have been comes from the city's own past days.",
        tc="三項權重及區間以成對的模擬日擬合，隨程式提供；「沒有事故」的情況則按本市過往日子推算。",
    ),
    baseline="",
    trials=(
        Trial(
            data="twin-pairs",
            split="pairs of days with and without each incident, of seeds that nothing was fitted on",
            metric="median relative error of the delay",
            command="lionrock evaluate impact --pairs 30",
            real=False,
        ),
    ),
    ai=AiRecord(
        purpose=Text(
            en="Estimates the vehicle-hours that an incident costs, so that operators can weigh one against another.",
            tc="估算事故造成的車輛小時延誤，供操作員比較輕重。",
        ),
        risk=Risk.LOW,
        decides=Text(
            en="Nothing. Operators see the estimate with its range beside the incident.",
            tc="不作任何決定。估算及其範圍顯示於事故旁，供操作員參考。",
        ),
        limits=Text(
            en="It was fitted in a simulated city; where roads are not measured, or a queue still stands, it is "
            "rougher, and its range widens.",
            tc="以模擬城市擬合；道路沒有量度數據或車龍尚未消散時較為粗略，範圍亦較闊。",
        ),
        human_review=OPERATORS_REVIEW,
        review=Review.AFTER,
        appeal=APPEAL,
    ),
)

AI_USES = (DETECTION, CLEARANCE, IMPACT)

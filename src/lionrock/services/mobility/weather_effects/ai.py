"""What the public register says of the estimate of weather's effects."""

from __future__ import annotations

from lionrock.core.manifest import AiRecord, AiUse, Risk, Trial
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.weather_effects.datasets import EFFECTS

WEATHER_EFFECTS = AiUse(
    name="effects",
    title=Text(en="What weather does to traffic", tc="天氣對交通的影響"),
    writes=(EFFECTS,),
    learns=Text(
        en="Estimated anew by a job from the readings of this store, against a usual day of calm hours alone.",
        tc="由背景工作以本系統的讀數重新估算，與只含平靜時段的平常日比較。",
    ),
    baseline="",
    trials=(
        Trial(
            data="twin-weather",
            split="all simulated days; each day with bad weather against the same day simulated without",
            metric="share of 95% intervals of a day's effect that miss the truth",
            command="lionrock evaluate weather",
            real=False,
        ),
    ),
    ai=AiRecord(
        purpose=Text(
            en="Says what rain, a warning or a typhoon signal would do to speed, flow and capacity, by hour and road.",
            tc="說明降雨、警告或熱帶氣旋信號在各時段及道路對車速、流量及容量的影響。",
        ),
        risk=Risk.LOW,
        decides=Text(
            en="Nothing. It answers people who ask, and says so where too little was seen.",
            tc="不作任何決定。模型只回答提問，數據不足時會說明。",
        ),
        limits=Text(
            en="Rare weather is seen on few days and told with wide intervals or not at all; floods and fallen trees "
            "are not told apart from rain.",
            tc="罕見天氣的日數少，區間較闊或不作估算；水浸及塌樹的影響未能與降雨分開。",
        ),
        appeal=Text(
            en="Nobody is judged by it. Report a doubtful figure to the Transport Department.",
            tc="模型不會評定任何人。如對數字有疑問，請聯絡運輸署。",
        ),
    ),
)

"""The words of the models' pages, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text

WORDS_OF_MODELS: dict[str, Text] = {
    "model.lead": Text(
        en="Which version is in use and why, how its forecasts came true, and who decided what.",
        tc="現用版本及其原因、預測與實況的比較，以及各項決定由誰作出。",
    ),
    "model.life": Text(en="Versions, scores, decisions", tc="版本、評分及決定"),
    "model.stands": Text(en="In use", tc="現用版本"),
    "model.untrained": Text(en="none: only what needs no learning", tc="沒有：只採用無須學習的預測"),
    "model.since": Text(en="Since", tc="啟用時間"),
    "model.by": Text(en="Decided by", tc="決定者"),
    "model.machine": Text(en="Lionrock, by the rule below", tc="獅子山系統（按下述規則）"),
    "model.person": Text(en="a person", tc="負責人員"),
    "model.why": Text(en="Reason", tc="原因"),
    "model.held": Text(
        en="Held: no other version is put in use by itself until a person decides.",
        tc="已鎖定：除非有人員另作決定，否則不會自動換用其他版本。",
    ),
    "model.asked": Text(en="A training was asked for and is under way.", tc="已要求重新訓練，正在進行。"),
    "model.last_training": Text(en="Last training", tc="上次訓練"),
    "model.every": Text(en="every {age}", tc="每 {age}"),
    "model.writes": Text(en="Publishes", tc="發布"),
    "model.alerts": Text(en="Alerts", tc="警示"),
    "model.no_alerts": Text(en="No alert stands.", tc="沒有生效的警示。"),
    "model.alert_since": Text(en="since", tc="始於"),
    "model.day": Text(en="The last day", tc="過去一日"),
    "model.day_lead": Text(
        en="Forecasts beside what was measured afterwards, in {unit}; {hours} hours could be scored. What was not "
        "measured is not scored.",
        tc="預測與其後實測的比較，單位為 {unit}；共有 {hours} 小時可以評分。沒有實測的不予評分。",
    ),
    "model.nothing_scored": Text(
        en="No forecast of the version in use could be scored in the last day yet.",
        tc="過去一日尚未有現用版本的預測可以評分。",
    ),
    "model.minutes": Text(en="Minutes ahead", tc="預測時間（分鐘）"),
    "model.ahead": Text(en="{n} minutes ahead", tc="{n} 分鐘後"),
    "model.error": Text(en="Mean error", tc="平均誤差"),
    "model.at_promotion": Text(en="When put in use", tc="選用時"),
    "model.last_value": Text(en="Last value", tc="最後數值"),
    "model.week_before": Text(en="A week before", tc="一周前"),
    "model.covers": Text(en="80% band holds", tc="80% 範圍涵蓋"),
    "model.scored": Text(en="Scored", tc="已評分"),
    "model.growth": Text(en="Error against that when put in use", tc="誤差與選用時之比"),
    "model.missing": Text(en="Inputs missing, last 3 hours", tc="過去三小時缺失的輸入數據"),
    "model.shift": Text(en="Shift of the inputs (0.25 is large)", tc="輸入數據偏移指數（0.25 為大）"),
    "model.unknown": Text(en="not known yet", tc="尚未知"),
    "model.week": Text(en="The last seven days, hour by hour", tc="過去七日（逐小時）"),
    "model.chart": Text(
        en="Mean error {n} minutes ahead, by hour, in {unit}: newest {newest}; table below",
        tc="{n} 分鐘後預測的逐小時平均誤差（{unit}）：最新為 {newest}；數據表見下",
    ),
    "model.hours_table": Text(en="The last 24 hours as a table", tc="過去二十四小時數據表"),
    "model.hour": Text(en="Hour from", tc="時段開始"),
    "model.sensors": Text(en="Worst sensors of the last day", tc="過去一日誤差最大的感應器"),
    "model.sensor": Text(en="Sensor", tc="感應器"),
    "model.versions": Text(en="Versions", tc="版本"),
    "model.versions_lead": Text(
        en="Each was judged on data that it had not seen; means over the horizons.",
        tc="每個版本均以其未見過的數據評審；數字為各預測時間的平均值。",
    ),
    "model.version": Text(en="Version", tc="版本"),
    "model.outcome": Text(en="Outcome", tc="結果"),
    "model.learned": Text(en="Learned from", tc="學習數據期"),
    "model.champion_error": Text(en="Champion's error", tc="當時現用版本誤差"),
    "model.baseline_error": Text(en="Baseline's error", tc="基線誤差"),
    "model.made": Text(en="How it was made", tc="訓練詳情"),
    "model.made_with": Text(en="Seed {seed}, data {data}, code {engine}", tc="種子 {seed}，數據 {data}，程式 {engine}"),
    "model.no_versions": Text(en="Nothing was trained yet.", tc="尚未有訓練。"),
    "model.decisions": Text(en="Decisions", tc="決定"),
    "model.no_decisions": Text(en="Nothing was decided yet.", tc="尚未有決定。"),
    "model.rule": Text(en="How a version comes into use", tc="版本如何獲選用"),
    "model.rule_words": Text(
        en="A training learns from all but the newest day. The new version and the one in use then forecast that day, "
        "which neither has seen. The new one is put in use only when its mean error is below the other's in 95 of 100 "
        "resamples of three-hour blocks and by half a percent at least, is surely worse at no horizon, beats the "
        "better of the last value and the "
        "usual day, and keeps an honest band. The first needs to beat that baseline alone. A version that a person "
        "rolled back is never put in use again by itself.",
        tc="每次訓練均不使用最新一日的數據；新版本與現用版本其後各自預測該日，兩者均未見過該日數據。"
        "只有當新版本的平均誤差在三小時區段重抽樣中有 95% 低於現用版本、整體至少低 0.5%、在任何預測時間均非明顯較差、"
        "勝過最後數值與平常日之中較佳者，並且範圍可信，方會選用。首個版本只須勝過該基線。經人員復原的版本不會再自動選用。",
    ),
    "model.command": Text(en="At the command line", tc="指令"),
    "model.rollback_do": Text(en="Go back to the version before", tc="恢復使用上一版本"),
    "model.promote": Text(en="Put in use", tc="選用"),
    "model.train": Text(en="Train now", tc="立即訓練"),
    "model.decide": Text(en="Decide", tc="作出決定"),
    "model.hold": Text(en="Hold: put no other in use by itself", tc="鎖定：不自動換用其他版本"),
    "model.what_stands": Text(en="in use", tc="現用"),
    "model.what_barred": Text(en="rolled back", tc="已復原"),
    "model.what_promoted": Text(en="put in use", tc="獲選用"),
    "model.what_kept back": Text(en="kept back", tc="不予選用"),
    "model.what_rolled back": Text(en="rolled back", tc="復原"),
    "model.what_unreadable": Text(en="cannot be read", tc="無法讀取"),
    "model.what_asked": Text(en="training asked for", tc="要求訓練"),
    "model.what_failed": Text(en="training failed", tc="訓練失敗"),
    "model.severity_Extreme": Text(en="Extreme", tc="極嚴重"),
    "model.severity_Severe": Text(en="Severe", tc="嚴重"),
    "model.severity_Moderate": Text(en="Moderate", tc="中等"),
    "model.severity_Minor": Text(en="Minor", tc="輕微"),
    "model.severity_Unknown": Text(en="Unknown", tc="不詳"),
}

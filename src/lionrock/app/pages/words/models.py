"""The words of the models' pages, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

MODELS: dict[str, Text] = {
    "model.lead": said(
        "Which version is in use and why, how its forecasts came true, and who decided what.",
        "現用版本及其原因、預測與實況的比較，以及各項決定由誰作出。",
    ),
    "model.life": said("Versions, scores, decisions", "版本、評分及決定"),
    "model.stands": said("In use", "現用版本"),
    "model.untrained": said("none: only what needs no learning", "沒有：只採用無須學習的預測"),
    "model.since": said("Since", "啟用時間"),
    "model.by": said("Decided by", "決定者"),
    "model.machine": said("Lionrock, by the rule below", "Lionrock（按下述規則）"),
    "model.person": said("a person", "負責人員"),
    "model.why": said("Reason", "原因"),
    "model.held": said(
        "Held: no other version is put in use by itself until a person decides.",
        "已鎖定：除非有人員另作決定，否則不會自動換用其他版本。",
    ),
    "model.asked": said("A training was asked for and is under way.", "已要求重新訓練，正在進行。"),
    "model.last_training": said("Last training", "上次訓練"),
    "model.every": said("every {age}", "每 {age}"),
    "model.writes": said("Publishes", "發布"),
    "model.alerts": said("Alerts", "警示"),
    "model.no_alerts": said("No alert stands.", "沒有生效的警示。"),
    "model.alert_since": said("since", "始於"),
    "model.day": said("The last day", "過去一日"),
    "model.day_lead": said(
        "Forecasts beside what was measured afterwards, in {unit}; {hours} hours could be scored. What was not "
        "measured is not scored. In brackets the 95% interval of the error.",
        "預測與其後實測的比較，單位為 {unit}；共有 {hours} 小時可以評分。沒有實測的不予評分。括號內為誤差的 95% 區間。",
    ),
    "model.nothing_scored": said(
        "No forecast of the version in use could be scored in the last day yet.",
        "過去一日尚未有現用版本的預測可以評分。",
    ),
    "model.minutes": said("Minutes ahead", "預測時間（分鐘）"),
    "model.ahead": said("{n} minutes ahead", "{n} 分鐘後"),
    "model.error": said("Mean error", "平均誤差"),
    "model.at_promotion": said("When put in use", "選用時"),
    "model.last_value": said("Last value", "最後數值"),
    "model.week_before": said("A week before", "一周前"),
    "model.covers": said("80% band holds", "80% 範圍涵蓋"),
    "model.scored": said("Scored", "已評分"),
    "model.growth": said("Error against that when put in use", "誤差與選用時之比"),
    "model.missing": said("Inputs missing, last 3 hours", "過去三小時缺失的輸入數據"),
    "model.shift": said("Shift of the inputs (0.25 is large)", "輸入數據偏移指數（0.25 為大）"),
    "model.unknown": said("not known yet", "尚未知"),
    "model.week": said("The last seven days, hour by hour", "過去七日（逐小時）"),
    "model.chart": said(
        "Mean error {n} minutes ahead, by hour, in {unit}: newest {newest}; table below",
        "{n} 分鐘後預測的逐小時平均誤差（{unit}）：最新為 {newest}；數據表見下",
    ),
    "model.hours_table": said("The last 24 hours as a table", "過去二十四小時數據表"),
    "model.hour": said("Hour from", "時段開始"),
    "model.sensors": said("Worst sensors of the last day", "過去一日誤差最大的感應器"),
    "model.sensor": said("Sensor", "感應器"),
    "model.versions": said("Versions", "版本"),
    "model.versions_lead": said(
        "Each was judged on data that it had not seen; means over the horizons.",
        "每個版本均以其未見過的數據評審；數字為各預測時間的平均值。",
    ),
    "model.version": said("Version", "版本"),
    "model.outcome": said("Outcome", "結果"),
    "model.learned": said("Learned from", "學習數據期"),
    "model.champion_error": said("Champion's error", "當時現用版本誤差"),
    "model.baseline_error": said("Baseline's error", "基線誤差"),
    "model.made": said("How it was made", "訓練詳情"),
    "model.made_seed": said("Seed", "種子"),
    "model.made_data": said("data", "數據"),
    "model.made_code": said("code", "程式"),
    "model.no_versions": said("Nothing was trained yet.", "尚未有訓練。"),
    "model.decisions": said("Decisions", "決定"),
    "model.no_decisions": said("Nothing was decided yet.", "尚未有決定。"),
    "model.rule": said("How a version comes into use", "版本如何獲選用"),
    "model.rule_words": said(
        "A training learns from all but the newest day. The new version and the one in use then forecast that day, "
        "which neither has seen. The new one is put in use only when its mean error is below the other's in 95 of 100 "
        "resamples of three-hour blocks and by half a percent at least, is surely worse at no horizon, beats the "
        "better of the last value and the "
        "usual day, and keeps an honest band. The first needs to beat that baseline alone. A version that a person "
        "rolled back is never put in use again by itself.",
        "每次訓練均不使用最新一日的數據；新版本與現用版本其後各自預測該日，兩者均未見過該日數據。"
        "只有當新版本的平均誤差在三小時區段重抽樣中有 95% 低於現用版本、整體至少低 0.5%、在任何預測時間均非明顯較差、"
        "勝過最後數值與平常日之中較佳者，並且範圍可信，方會選用。首個版本只須勝過該基線。經人員復原的版本不會再自動選用。",
    ),
    "model.command": said("At the command line", "指令"),
    "model.rollback_do": said("Go back", "恢復使用"),
    "model.before": said("the version before", "上一版本"),
    "model.promote": said("Put in use", "選用"),
    "model.train": said("Train now", "立即訓練"),
    "model.decide": said("Decide", "作出決定"),
    "model.hold": said("Hold: put no other in use by itself", "鎖定：不自動換用其他版本"),
    "model.what_stands": said("in use", "現用"),
    "model.what_barred": said("rolled back", "已復原"),
    "model.what_promoted": said("put in use", "獲選用"),
    "model.what_kept back": said("kept back", "不予選用"),
    "model.what_rolled back": said("rolled back", "復原"),
    "model.what_unreadable": said("cannot be read", "無法讀取"),
    "model.what_asked": said("training asked for", "要求訓練"),
    "model.what_failed": said("training failed", "訓練失敗"),
    "model.severity_Extreme": said("Extreme", "極嚴重"),
    "model.severity_Severe": said("Severe", "嚴重"),
    "model.severity_Moderate": said("Moderate", "中等"),
    "model.severity_Minor": said("Minor", "輕微"),
    "model.severity_Unknown": said("Unknown", "不詳"),
}

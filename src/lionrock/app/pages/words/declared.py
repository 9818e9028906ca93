"""Licences and metrics, by the words that declarations use for them, in English and Traditional Chinese."""

from __future__ import annotations

from lionrock.core.vocabulary import Language, Text, said

DECLARED: dict[str, Text] = {
    words.en: words
    for words in (
        said("DATA.GOV.HK terms of use", "「資料一線通」使用條款"),
        said("mean absolute error at the horizon", "各預測時間的平均絕對誤差"),
        said("mean absolute error at the horizon, zeros masked", "各預測時間的平均絕對誤差（零值不計）"),
        said("share of felt incidents missed at ten false alarms a day at most", "每日誤報不多於十次時漏報的比例"),
        said("pinball loss in minutes at the first word", "首個消息時的分位數損失（分鐘）"),
        said("median relative error of the delay", "延誤的相對誤差中位數"),
        said("share of 95% intervals of a day's effect that miss the truth", "全日影響的 95% 區間未能包含真值的比例"),
    )
}


def tell_declared(words: str, language: Language) -> str:
    """What was declared, in a language; what is not known here, such as a private service's, as it was declared."""
    return DECLARED[words].say(language) if words in DECLARED else words

"""What people do and what the journal keeps of it, in English and Traditional Chinese."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

PEOPLE: dict[str, Text] = {
    "journal.lead": said(
        "Who changed what, when and why. Every line stays; an undone one says by which line.",
        "誰在何時、為何作了甚麼更改。所有紀錄永久保留；已復原者註明由哪項紀錄復原。",
    ),
    "journal.because": said("“{why}”", "「{why}」"),
    "journal.all": said("The whole journal", "全部日誌"),
    "journal.none": said("Nobody changed anything yet.", "暫時沒有任何更改。"),
    "journal.undo": said("Undo…", "復原…"),
    "journal.undo_do": said("Undo this", "確定復原"),
    "journal.undoes": said("undoes {n}", "復原了第 {n} 項"),
    "journal.undone_by": said("undone by {n}", "已由第 {n} 項復原"),
    "journal.to_incident": said("The incident", "該事故"),
    "journal.was": said("was", "原為"),
    "journal.was_nothing": said("was not said", "原來沒有"),
    "journal.version": said("version", "版本"),
    "journal.stands": said("in use", "現用版本"),
    "journal.held": said("held", "鎖定"),
    "journal.older": said("Older entries", "較早的紀錄"),
    "act.not_done": said("That was not done.", "未有執行。"),
    "act.to_incident": said("To the incident", "前往該事故"),
    "act.done": said("In the journal", "查看日誌"),
    "act.done_undo": said("In the journal, where it can be undone", "查看日誌，並可在該處復原"),
    "act.why": said("Why?", "原因"),
    "lane.fast": said("fast lane", "快線"),
    "lane.middle": said("middle lane", "中線"),
    "lane.slow": said("slow lane", "慢線"),
    "lane.all": said("all lanes", "全線"),
    "lane.only": said("the only lane", "唯一行車線"),
    "lane.part": said("part of the lanes", "部分行車線"),
    "lane.number": said("lane {n}", "第 {n} 線"),
    "lane.and": said(", ", "、"),
    "lane.none": said("none is closed", "沒有封閉"),
    "lane.unsaid": said("none, or not known", "沒有或未知"),
}

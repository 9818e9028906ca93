"""The words of public holidays, in English and Traditional Chinese (Simplified is derived)."""

from __future__ import annotations

from lionrock.core.vocabulary import Text, said

WORDS: dict[str, Text] = {
    "holidays.lead": said(
        "The general holidays of {year}. Every Sunday is one, too.", "{year} 年公眾假期。星期日亦為公眾假期。"
    ),
    "holidays.rest": said("Today is a holiday or a Sunday.", "今天是公眾假期或星期日。"),
    "holidays.unknown": said(
        "Whether today is a holiday is not known here: none of this year has been announced.",
        "未能得知今天是否公眾假期：本系統未有本年的假期。",
    ),
    "holidays.work": said("Today is neither a holiday nor a Sunday.", "今天並非公眾假期或星期日。"),
    "holidays.next": said("Next", "下一個公眾假期"),
    "holidays.day": said("Date", "日期"),
    "holidays.weekday": said("Day", "星期"),
    "holidays.name": said("Holiday", "假期"),
    "holidays.other_years": said("Other years", "其他年份"),
    "weekday.0": said("Monday", "星期一"),
    "weekday.1": said("Tuesday", "星期二"),
    "weekday.2": said("Wednesday", "星期三"),
    "weekday.3": said("Thursday", "星期四"),
    "weekday.4": said("Friday", "星期五"),
    "weekday.5": said("Saturday", "星期六"),
    "weekday.6": said("Sunday", "星期日"),
}

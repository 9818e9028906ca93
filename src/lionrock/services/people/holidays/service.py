"""The holidays service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.core.manifest import Feed, Page, Question, Request, Service, days, hours
from lionrock.core.vocabulary import Language, Text
from lionrock.services.people.holidays.answers import HolidaysQuery, tell_holidays
from lionrock.services.people.holidays.datasets import DAYS
from lionrock.services.people.holidays.feeds import is_of_a_listed_year, parse_holidays
from lionrock.services.people.holidays.words import WORDS

SERVICE: Service[City] = Service(
    id="holidays",
    title=Text(en="Public holidays", tc="公眾假期"),
    owner=Text(en="1823 / Digital Policy Office", tc="1823／數字政策辦公室"),
    area="people",
    summary=Text(
        en="The general holidays of each year, for people and for every service that must know its weekdays.",
        tc="每年的公眾假期，供市民及各項需要分辨工作日的服務使用。",
    ),
    feeds=(
        Feed(
            name="days",
            title=Text(en="General holidays (iCalendar)", tc="公眾假期（iCalendar）"),
            writes=(DAYS,),
            requests=(
                Request(url="1823/ical/{lang}.json", each=tuple({"lang": str(language)} for language in Language)),
            ),
            every=hours(12),
            parse=parse_holidays,
            sample="en.json",
            snapshot=is_of_a_listed_year,
            keep=days(400),
        ),
    ),
    questions=(
        Question(
            path="holidays",
            title=Text(en="Which days are general holidays?", tc="哪些日子是公眾假期？"),
            asks=HolidaysQuery,
            answer=tell_holidays,
            example=HolidaysQuery(),
        ),
    ),
    pages=(
        Page(
            path="holidays", title=Text(en="Public holidays", tc="公眾假期"), shows="holidays", template="holidays.html"
        ),
    ),
    words=WORDS,
)

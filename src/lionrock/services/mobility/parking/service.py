"""The parking service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.city.departments import TRANSPORT_DEPARTMENT
from lionrock.core.manifest import Feed, Page, Question, Service, days, hours, minutes
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.parking import answers, feeds
from lionrock.services.mobility.parking.datasets import CAR_PARKS, METER_OCCUPANCY, METER_SPACES, VACANCY
from lionrock.services.mobility.parking.words import WORDS

SERVICE: Service[City] = Service(
    id="parking",
    title=Text(en="Car parks and meters", tc="停車場及咪錶"),
    owner=TRANSPORT_DEPARTMENT,
    area="mobility",
    summary=Text(
        en="Where there is room to park, by car park, and which metered spaces are taken.",
        tc="按停車場列出空置車位，以及哪些咪錶車位已被佔用。",
    ),
    feeds=(
        Feed(
            name="car_parks",
            title=Text(en="Car park list", tc="停車場資料"),
            writes=(CAR_PARKS,),
            requests=("td/carpark/basic_info_all.json",),
            every=days(1),
            parse=feeds.parse_car_parks,
            sample="basic_info_all.json",
            snapshot=True,
        ),
        Feed(
            name="vacancy",
            title=Text(en="Car park vacancy", tc="停車場空位"),
            writes=(VACANCY,),
            requests=("td/carpark/vacancy_all.json",),
            every=minutes(1),
            changes_within=minutes(30),
            parse=feeds.parse_vacancy,
            sample="vacancy_all.json",
        ),
        Feed(
            name="meter_spaces",
            title=Text(en="Metered spaces", tc="咪錶車位資料"),
            writes=(METER_SPACES,),
            requests=("td/psiparkingspaces/spaceinfo/parkingspaces.csv",),
            every=days(1),
            parse=feeds.parse_meter_spaces,
            sample="parkingspaces.csv",
            snapshot=True,
        ),
        Feed(
            name="meter_occupancy",
            title=Text(en="Meter occupancy", tc="咪錶車位使用情況"),
            writes=(METER_OCCUPANCY,),
            requests=("td/psiparkingspaces/occupancystatus/occupancystatus.csv",),
            every=minutes(5),
            changes_within=hours(1),
            parse=feeds.parse_meter_occupancy,
            sample="occupancystatus.csv",
        ),
    ),
    questions=(
        Question(
            path="parking/vacancy",
            title=Text(en="Where is there room to park?", tc="哪裡有空位？"),
            asks=answers.VacancyQuery,
            answer=answers.list_vacancy,
            example=answers.VacancyQuery(),
        ),
        Question(
            path="parking/car-parks/{car_park}",
            title=Text(en="What does this car park report?", tc="這個停車場的最新資料？"),
            asks=answers.CarParkQuery,
            answer=answers.describe_car_park,
            example=answers.CarParkQuery(car_park="tdx101"),
        ),
    ),
    pages=(
        Page(path="parking", title=Text(en="Car parks", tc="停車場"), shows="parking/vacancy", template="parking.html"),
    ),
    words=WORDS,
)

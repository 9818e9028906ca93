"""The parking service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.city.departments import TRANSPORT_DEPARTMENT
from lionrock.city.holidays import HOLIDAYS_ID
from lionrock.core.manifest import AiRecord, Feed, Model, Page, Question, Risk, Service, Trial, days, hours, minutes
from lionrock.core.vocabulary import Text
from lionrock.engines.forecast.series import pack_seen
from lionrock.services.mobility.parking import answers, feeds
from lionrock.services.mobility.parking.datasets import (
    CAR_PARKS,
    METER_OCCUPANCY,
    METER_SPACES,
    VACANCY,
    VACANCY_AHEAD,
)
from lionrock.services.mobility.parking.model import (
    HORIZONS,
    STEP,
    VACANCIES,
    fit_vacancy,
    gather_vacancy,
    hindcast_vacancy,
    predict_vacancy,
    vacancy_measured,
)
from lionrock.services.mobility.parking.words import WORDS

VACANCY_AI = AiRecord(
    purpose=Text(
        en="Forecasts the vacant spaces of each car park 15 to 90 minutes ahead, for drivers who choose where to go.",
        tc="預測各停車場未來十五至九十分鐘的空位，供駕駛者選擇目的地。",
    ),
    risk=Risk.LOW,
    decides=Text(
        en="Nothing. The page shows what is expected with its range beside what was last counted; drivers decide.",
        tc="不作任何決定。網頁並列預計範圍與最近匯報的數目，由駕駛者自行判斷。",
    ),
    limits=Text(
        en="It knows the time of day, the day of the week and public holidays, but no events or closures nearby. "
        "Car parks that only say whether there is room are not forecast. Without a usual day it repeats the last count "
        "with a wide range. One in five counts falls outside the range.",
        tc="模型知道時間、星期及公眾假期，但不知道附近的活動或封路。只提供有否空位的停車場不作預測。"
        "未有平常日資料時，只會重複最近數目並給出較闊範圍。約五分之一的實際數目會落在範圍以外。",
    ),
    appeal=Text(
        en="Nobody is judged by it. Report a wrong forecast to the Transport Department, naming the car park.",
        tc="模型不會評定任何人。如發現預測有誤，請向運輸署提供停車場名稱。",
    ),
)

SERVICE: Service[City] = Service(
    id="parking",
    title=Text(en="Car parks and meters", tc="停車場及咪錶"),
    owner=TRANSPORT_DEPARTMENT,
    area="mobility",
    summary=Text(
        en="Where there is room to park, now and on arrival, and which metered spaces are taken.",
        tc="現時及到達時哪些停車場有空位，以及哪些咪錶車位已被佔用。",
    ),
    reads=(HOLIDAYS_ID,),
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
            backfill=minutes(15),
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
    models=(
        Model(
            name="vacancy_ahead",
            title=Text(en="Vacant spaces 15 to 90 minutes ahead", tc="未來十五至九十分鐘空位"),
            writes=VACANCY_AHEAD,
            every=STEP,
            retrain_every=days(1),
            horizons=HORIZONS,
            gather=gather_vacancy,
            learns_from=days(28),
            looks_back=VACANCIES.recent,
            pack=pack_seen,
            fit=fit_vacancy,
            predict=predict_vacancy,
            hindcast=hindcast_vacancy,
            measured=vacancy_measured,
            baseline="the better of the last count and the usual day, at each horizon",
            trials=(
                Trial(
                    data="twin-parking",
                    split="first 80% of four weeks to learn and choose, last 20% to test",
                    metric="mean absolute error at the horizon",
                    command="lionrock evaluate parking",
                    real=False,
                ),
            ),
            ai=VACANCY_AI,
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
        Question(
            path="parking/car-parks/{car_park}/ahead",
            title=Text(en="How much room will there be in this car park?", tc="這個停車場稍後有多少空位？"),
            asks=answers.CarParkQuery,
            answer=answers.forecast_vacancy,
            example=answers.CarParkQuery(car_park="tdx101"),
        ),
    ),
    pages=(
        Page(path="parking", title=Text(en="Car parks", tc="停車場"), shows="parking/vacancy", template="parking.html"),
    ),
    words=WORDS,
)

"""The traffic service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.city.departments import TRANSPORT_DEPARTMENT
from lionrock.core.manifest import AiRecord, Feed, Model, Page, Question, Risk, Service, Trial, days, hours, minutes
from lionrock.core.vocabulary import Text
from lionrock.engines.forecast.series import pack_seen
from lionrock.services.mobility.traffic.answers.days import DaysQuery, list_days
from lionrock.services.mobility.traffic.answers.exports import (
    speeds_as_csv,
    speeds_as_geojson,
    volumes_as_csv,
    volumes_as_geojson,
)
from lionrock.services.mobility.traffic.answers.network import NetworkQuery, draw_network
from lionrock.services.mobility.traffic.answers.road import RoadQuery, tell_road
from lionrock.services.mobility.traffic.answers.search import SearchQuery, search_roads
from lionrock.services.mobility.traffic.answers.speeds import SpeedsQuery, list_speeds
from lionrock.services.mobility.traffic.answers.volumes import EachQuery, VolumesQuery, list_volumes
from lionrock.services.mobility.traffic.beside import READS
from lionrock.services.mobility.traffic.datasets import (
    DETECTORS,
    JOURNEY_TIMES,
    LANES,
    NEWS,
    NEWS_V1,
    ROAD_NETWORK,
    SEGMENT_SPEEDS,
    SPEEDS_AHEAD,
)
from lionrock.services.mobility.traffic.feeds.detectors import parse_detectors, parse_lanes
from lionrock.services.mobility.traffic.feeds.journeys import parse_journey_times
from lionrock.services.mobility.traffic.feeds.network import parse_road_network
from lionrock.services.mobility.traffic.feeds.news import parse_news, parse_news_v1
from lionrock.services.mobility.traffic.feeds.segments import parse_segment_speeds
from lionrock.services.mobility.traffic.model import (
    HORIZONS,
    SPEEDS,
    fit_speeds,
    gather_speeds,
    hindcast_speeds,
    predict_speeds,
    speeds_measured,
)
from lionrock.services.mobility.traffic.recordings import RECORDINGS
from lionrock.services.mobility.traffic.words import WORDS

CENTRELINES = (
    "csdi/td_rcd_1638949160594_2844/MapServer/WFSServer"
    "?service=wfs&request=GetFeature&typenames=CENTERLINE&outputFormat=geojson"
)

SPEEDS_AHEAD_AI = AiRecord(
    purpose=Text(
        en="Forecasts the speed of each strategic road 15 to 90 minutes ahead, for people who choose when to leave.",
        tc="預測各主要道路未來十五至九十分鐘的車速，供市民選擇出發時間。",
    ),
    risk=Risk.LOW,
    decides=Text(
        en="Nothing. The map shows the forecast with its band beside what was measured; people decide for themselves.",
        tc="不作任何決定。地圖並列預測範圍與實測數據，由市民自行判斷。",
    ),
    limits=Text(
        en="It knows the rain that is expected over each road, warnings in force and public holidays, but not "
        "incidents and closures; then the usual day misleads it. "
        "Without a usual day it repeats the last speed with a wide band. One in five speeds falls outside the band.",
        tc="模型知道各道路的預期雨量、生效警告及公眾假期，但不知道交通事故及封路，當日預測可能失準。未有平常日資料時，只會重複最後車速並給出較闊範圍。"
        "約五分之一的實際車速會落在範圍以外。",
    ),
    appeal=Text(
        en="Nobody is judged by it. Report a wrong forecast to the Transport Department, naming the road and the time.",
        tc="模型不會評定任何人。如發現預測有誤，請向運輸署提供路名及時間。",
    ),
)

SERVICE: Service[City] = Service(
    id="traffic",
    title=Text(en="Traffic", tc="交通"),
    owner=TRANSPORT_DEPARTMENT,
    area="mobility",
    summary=Text(
        en="Speeds on the strategic roads now, in the past day and up to 90 minutes ahead.",
        tc="主要道路現時、過去一天及未來九十分鐘的車速。",
    ),
    reads=READS,
    feeds=(
        Feed(
            name="lanes",
            title=Text(en="Raw traffic detectors", tc="交通探測器原始數據"),
            writes=(LANES,),
            requests=("td/traffic-detectors/rawSpeedVol-all.xml",),
            every=minutes(1),
            changes_within=minutes(5),
            parse=parse_lanes,
            sample="rawSpeedVol-all.xml",
            backfill=minutes(5),  # two periods in five minutes are enough for a usual day
        ),
        Feed(
            name="detectors",
            title=Text(en="Places of traffic detectors", tc="交通探測器位置"),
            writes=(DETECTORS,),
            requests=("td-static/traffic-data-strategic-major-roads/info/traffic_speed_volume_occ_info.csv",),
            every=days(1),
            parse=parse_detectors,
            sample="traffic_speed_volume_occ_info.csv",
            snapshot=True,
        ),
        Feed(
            name="segment_speeds",
            title=Text(en="Average speeds of road segments", tc="路段平均車速"),
            writes=(SEGMENT_SPEEDS,),
            requests=("td/traffic-detectors/irnAvgSpeed-all.xml",),
            every=minutes(2),
            changes_within=minutes(10),
            parse=parse_segment_speeds,
            sample="irnAvgSpeed-all.xml",
            backfill=minutes(2),
        ),
        Feed(
            name="journey_times",
            title=Text(en="Journey times", tc="行車時間"),
            writes=(JOURNEY_TIMES,),
            requests=("td/jss/Journeytimev2.xml",),
            every=minutes(2),
            changes_within=minutes(10),
            parse=parse_journey_times,
            sample="Journeytimev2.xml",
        ),
        Feed(
            name="news",
            title=Text(en="Special traffic news", tc="特別交通消息"),
            writes=(NEWS,),
            requests=("td-www/tc/special_news/trafficnews.xml",),  # this edition has the English words too
            every=minutes(1),
            parse=parse_news,
            sample="trafficnews.xml",  # no snapshot: the file holds the latest message alone
            may_be_empty=True,
        ),
        Feed(
            name="news_v1",
            title=Text(en="Special traffic news (first generation)", tc="特別交通消息（第一代）"),
            writes=(NEWS_V1,),
            requests=("td/tc/specialtrafficnews.xml",),
            every=minutes(2),
            parse=parse_news_v1,
            sample="specialtrafficnews.xml",
            may_be_empty=True,
            snapshot=True,
        ),
        Feed(
            name="road_network",
            title=Text(en="Road network centre lines", tc="道路網絡中線"),
            writes=(ROAD_NETWORK,),
            requests=(CENTRELINES,),
            every=days(1),
            parse=parse_road_network,
            sample="CENTERLINE.geojson",
        ),
    ),
    recordings=RECORDINGS,
    models=(
        Model(
            name="speeds_ahead",
            title=Text(en="Speeds 15 to 90 minutes ahead", tc="未來十五至九十分鐘車速"),
            writes=SPEEDS_AHEAD,
            every=minutes(5),
            retrain_every=hours(12),
            horizons=HORIZONS,
            gather=gather_speeds,
            learns_from=days(14),
            looks_back=SPEEDS.recent,
            pack=pack_seen,
            fit=fit_speeds,
            predict=predict_speeds,
            hindcast=hindcast_speeds,
            measured=speeds_measured,
            baseline="the better of the last value and the usual day, at each horizon",
            trials=(
                Trial(
                    data="metr-la-week1",
                    split="first 80% of the time to learn and choose, last 20% to test",
                    metric="mean absolute error at the horizon, zeros masked",
                    command="lionrock evaluate traffic --data metr-la-week1",
                    real=True,
                ),
                Trial(
                    data="scats",
                    split="first 80% of the time to learn and choose, last 20% to test",
                    metric="mean absolute error at the horizon",
                    command="lionrock evaluate traffic --data scats",
                    real=True,
                ),
            ),
            ai=SPEEDS_AHEAD_AI,
        ),
    ),
    questions=(
        Question(
            path="traffic/network",
            title=Text(en="Where are the roads?", tc="道路在哪裡？"),
            asks=NetworkQuery,
            answer=draw_network,
            example=NetworkQuery(),
            fresh=minutes(10),
        ),
        Question(
            path="traffic/speeds",
            title=Text(en="How fast are the roads, now or for a later departure?", tc="現時或稍後出發的車速如何？"),
            asks=SpeedsQuery,
            answer=list_speeds,
            example=SpeedsQuery(departure=30),
        ),
        Question(
            path="traffic/speeds.csv",
            title=Text(en="The same speeds as CSV", tc="車速（CSV）"),
            asks=SpeedsQuery,
            answer=speeds_as_csv,
            example=SpeedsQuery(),
            form="text/csv",
        ),
        Question(
            path="traffic/speeds.geojson",
            title=Text(en="The same speeds as GeoJSON", tc="車速（GeoJSON）"),
            asks=SpeedsQuery,
            answer=speeds_as_geojson,
            example=SpeedsQuery(),
            form="application/geo+json",
        ),
        Question(
            path="traffic/roads/{id}",
            title=Text(en="What did this road do, and what will it do?", tc="這條路過去及未來的情況？"),
            asks=RoadQuery,
            answer=tell_road,
            example=RoadQuery(id="AID90101"),
        ),
        Question(
            path="traffic/search",
            title=Text(en="Which roads are called like this?", tc="哪些道路叫這個名字？"),
            asks=SearchQuery,
            answer=search_roads,
            example=SearchQuery(text="road"),
        ),
        Question(
            path="traffic/volumes",
            title=Text(en="How many vehicles were counted, hour by hour?", tc="每小時錄得多少車輛？"),
            asks=VolumesQuery,
            answer=list_volumes,
            example=VolumesQuery(),
        ),
        Question(
            path="traffic/volumes.csv",
            title=Text(en="What every detector counts, as CSV", tc="各探測器車流量（CSV）"),
            asks=EachQuery,
            answer=volumes_as_csv,
            example=EachQuery(),
            form="text/csv",
        ),
        Question(
            path="traffic/volumes.geojson",
            title=Text(en="What every detector counts, as GeoJSON", tc="各探測器車流量（GeoJSON）"),
            asks=EachQuery,
            answer=volumes_as_geojson,
            example=EachQuery(),
            form="application/geo+json",
        ),
        Question(
            path="traffic/days",
            title=Text(en="On which days were the roads measured?", tc="哪些日子有道路數據？"),
            asks=DaysQuery,
            answer=list_days,
            example=DaysQuery(),
        ),
    ),
    pages=(
        Page(
            path="volumes",
            title=Text(en="Vehicles counted", tc="車流量"),
            shows="traffic/volumes",
            template="volumes.html",
        ),
    ),
    words=WORDS,
)

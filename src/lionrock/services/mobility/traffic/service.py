"""The traffic service's declaration."""

from __future__ import annotations

from lionrock.city.city import City
from lionrock.core.manifest import Feed, Service, days, minutes
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.traffic.datasets import (
    DETECTORS,
    JOURNEY_TIMES,
    LANES,
    NEWS,
    NEWS_V1,
    ROAD_NETWORK,
    SEGMENT_SPEEDS,
)
from lionrock.services.mobility.traffic.feeds.detectors import parse_detectors, parse_lanes
from lionrock.services.mobility.traffic.feeds.journeys import parse_journey_times
from lionrock.services.mobility.traffic.feeds.network import parse_road_network
from lionrock.services.mobility.traffic.feeds.news import parse_news, parse_news_v1
from lionrock.services.mobility.traffic.feeds.segments import parse_segment_speeds

CENTRELINES = (
    "csdi/td_rcd_1638949160594_2844/MapServer/WFSServer"
    "?service=wfs&request=GetFeature&typenames=CENTERLINE&outputFormat=geojson"
)

SERVICE: Service[City] = Service(
    id="traffic",
    title=Text(en="Traffic", tc="交通"),
    owner="Transport Department",
    area="mobility",
    summary=Text(
        en="Speeds on the strategic roads now, in the past day and up to 90 minutes ahead, with incidents.",
        tc="主要道路現時、過去一天及未來九十分鐘的車速，以及交通事故。",
    ),
    feeds=(
        Feed(
            name="lanes",
            title=Text(en="Raw traffic detectors", tc="交通探測器原始數據"),
            writes=(LANES,),
            requests=("td/traffic-detectors/rawSpeedVol-all.xml",),
            every=minutes(1),
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
            parse=parse_segment_speeds,
            sample="irnAvgSpeed-all.xml",
            backfill=minutes(5),
        ),
        Feed(
            name="journey_times",
            title=Text(en="Journey times", tc="行車時間"),
            writes=(JOURNEY_TIMES,),
            requests=("td/jss/Journeytimev2.xml",),
            every=minutes(2),
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
            sample="trafficnews.xml",
            snapshot=True,
        ),
        Feed(
            name="news_v1",
            title=Text(en="Special traffic news (first generation)", tc="特別交通消息（第一代）"),
            writes=(NEWS_V1,),
            requests=("td/tc/specialtrafficnews.xml",),
            every=minutes(2),
            parse=parse_news_v1,
            sample="specialtrafficnews.xml",
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
)

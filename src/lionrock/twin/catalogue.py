"""Which feeds the twin publishes: each with the real one's address, rhythm and bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from urllib.parse import parse_qsl, urlsplit

from lionrock.core.vocabulary import Language
from lionrock.twin.buslines import CITYBUS, KMB, lines_of, list_stops
from lionrock.twin.calendar import floor_minutes, local_day
from lionrock.twin.chance import share_for
from lionrock.twin.city import TwinCity
from lionrock.twin.feeds import (
    buses,
    detectors,
    holidays,
    journeys,
    news,
    observatory,
    parking,
    regional,
    segments,
    tolls,
)
from lionrock.twin.news import list_changes

XML, CSV, JSON = "text/xml", "text/csv", "application/json"
STATIC_SINCE = datetime(2025, 1, 1, tzinfo=UTC)  # when the files that never change were published
SKIPPED = 0.09  # of the minutes at which a live file should change and does not
ONLY_PARAMETERS = frozenset({"datatype", "lang", "typenames"})  # what tells one answer of an address from another

TD = "resource.data.one.gov.hk/td"
STATIC = "static.data.gov.hk/td/traffic-data-strategic-major-roads/info"
ROADS = "static.data.gov.hk/td/road-network-v2"
HKO = "data.weather.gov.hk/weatherAPI"
LOOK_BACK_DAYS = 3  # a day without any news is rare, three in a row are not expected
KMB_HOST, CITYBUS_HOST = "data.etabus.gov.hk/v1/transport/kmb", "rt.data.gov.hk/v2/transport/citybus"
BUS_LISTS = (1440, 300)  # the operators publish their lists at five in the morning
WFS = "portal.csdi.gov.hk/server/services/common/td_rcd_1638949160594_2844/MapServer/WFSServer"

Render = Callable[[TwinCity, datetime], bytes]


@dataclass(frozen=True, slots=True)
class Feed:
    """A published file: ``url`` without its scheme, published every ``every_minutes`` (0: never again).

    ``render`` gives the bytes that were published at a moment. A file that is published when something
    happens says in ``changes`` at which moments of a day (by seed).
    """

    id: str
    url: str
    media_type: str
    every_minutes: int
    render: Render
    offset_minutes: int = 0
    skipped: float = 0.0
    changes: Callable[[int, date], list[datetime]] | None = None

    def published_at(self, seed: int, moment: datetime) -> datetime:
        """The last publication not after ``moment``."""
        if self.every_minutes == 0:
            return STATIC_SINCE
        if self.changes is not None:
            today = local_day(moment)
            days = (today - timedelta(days=back) for back in range(LOOK_BACK_DAYS))
            return next((at for day in days for at in reversed(self.changes(seed, day)) if at <= moment), STATIC_SINCE)
        due = floor_minutes(moment, self.every_minutes, self.offset_minutes)
        while self.skipped and share_for(seed, self.id, due.isoformat(), "skipped") < self.skipped:
            due -= timedelta(minutes=self.every_minutes)
        return due


def _always(render: Callable[[], bytes]) -> Render:
    return lambda _city, _published: render()


def _said(render: Callable[[TwinCity, datetime, Language], bytes], language: Language) -> Render:
    return lambda city, published: render(city, published, language)


@cache
def list_feeds() -> tuple[Feed, ...]:
    """Every feed of the twin."""
    return (*_traffic_feeds(), *_weather_feeds(), *_parking_feeds(), *_language_feeds(), *_bus_feeds())


def _traffic_feeds() -> tuple[Feed, ...]:
    return (
        Feed(
            "detectors",
            f"{TD}/traffic-detectors/rawSpeedVol-all.xml",
            XML,
            1,
            detectors.render_readings,
            skipped=SKIPPED,
        ),
        Feed(
            "detector-places",
            f"{STATIC}/traffic_speed_volume_occ_info.csv",
            CSV,
            0,
            lambda city, _: detectors.render_places(city),
        ),
        Feed(
            "segment-speeds",
            f"{TD}/traffic-detectors/irnAvgSpeed-all.xml",
            XML,
            2,
            segments.render_speeds,
            1,
            skipped=0.03,
        ),
        Feed("segment-list", f"{STATIC}/speed_segments_info.csv", CSV, 0, _always(segments.render_segment_list)),
        Feed("road-network", f"{WFS}?typenames=CENTERLINE", JSON, 0, _always(segments.render_centerlines)),
        Feed("speed-limits", f"{WFS}?typenames=SPEED_LIMIT", JSON, 0, _always(segments.render_speed_limits)),
        Feed("tolls", f"{ROADS}/TUN_BRIDGE_TOLL.csv", CSV, 0, _always(tolls.render_tolls)),
        Feed("timed-tolls", f"{ROADS}/TUN_BRIDGE_TV_TOLL.csv", CSV, 0, _always(tolls.render_timed_tolls)),
        Feed("journey-times", f"{TD}/jss/Journeytimev2.xml", XML, 2, journeys.render_journeys),
    )


def _weather_feeds() -> tuple[Feed, ...]:
    data = f"{HKO}/hko_data"
    return (
        Feed("wind", f"{data}/regional-weather/latest_10min_wind.csv", CSV, 10, regional.render_wind, 8),
        Feed("temperature", f"{data}/regional-weather/latest_1min_temperature.csv", CSV, 10, regional.render_warmth, 8),
        Feed("rainfall-nowcast", f"{data}/F3/Gridded_rainfall_nowcast.csv", CSV, 12, regional.render_nowcast, 9),
    )


def _parking_feeds() -> tuple[Feed, ...]:
    meters = f"{TD}/psiparkingspaces"
    return (
        Feed("car-park-vacancy", f"{TD}/carpark/vacancy_all.json", JSON, 1, parking.render_vacancy),
        Feed("car-parks", f"{TD}/carpark/basic_info_all.json", JSON, 0, parking.render_basic_info),
        Feed("meter-occupancy", f"{meters}/occupancystatus/occupancystatus.csv", CSV, 1, parking.render_occupancy),
        Feed("meter-spaces", f"{meters}/spaceinfo/parkingspaces.csv", CSV, 1440, parking.render_spaces, -480),
    )


def _language_feeds() -> Iterator[Feed]:
    """Feeds that have an address for each language."""
    for lang in Language:
        report = f"{HKO}/opendata/weather.php?lang={lang}&dataType="
        news_v2 = f"www.td.gov.hk/{lang}/special_news/trafficnews.xml"
        yield Feed(f"traffic-news-{lang}", news_v2, XML, 1, _said(news.render_v2, lang), changes=list_changes)
        yield Feed(f"weather-report-{lang}", f"{report}rhrread", JSON, 60, _said(observatory.render_report, lang), 2)
        yield Feed(f"warning-summary-{lang}", f"{report}warnsum", JSON, 5, _said(observatory.render_summary, lang))
        yield Feed(f"warning-details-{lang}", f"{report}warningInfo", JSON, 5, _said(observatory.render_details, lang))
        ical = f"www.1823.gov.hk/common/ical/{lang}.json"
        yield Feed(f"holidays-{lang}", ical, JSON, 0, _always(partial(holidays.render_holidays, lang)))
    for lang in (Language.EN, Language.TC):
        news_v1 = f"{TD}/{lang}/specialtrafficnews.xml"
        yield Feed(f"traffic-news-v1-{lang}", news_v1, XML, 1, news.render_v1, changes=list_changes)


def _bus_feeds() -> Iterator[Feed]:
    """The bus operators' services, which have an address for each route (KMB), or for each stop (Citybus)."""
    for what, path, render in (
        ("routes", "route/", buses.render_kmb_routes),
        ("stops", "stop", buses.render_kmb_stops),
        ("route-stops", "route-stop", buses.render_kmb_route_stops),
    ):
        yield _bus_list(f"kmb-{what}", f"{KMB_HOST}/{path}", render)
    for route in sorted({line.route for line in lines_of(KMB)}):
        url = f"{KMB_HOST}/route-eta/{route}/1"
        yield Feed(f"kmb-arrivals-{route}", url, JSON, 1, partial(buses.render_kmb_arrivals, route=route))
    yield _bus_list("citybus-routes", f"{CITYBUS_HOST}/route/CTB", buses.render_citybus_routes)
    for stop in buses.list_stops_of(CITYBUS):
        render_stop = partial(buses.render_citybus_stop, stop=stop)
        yield _bus_list(f"citybus-stop-{stop.id}", f"{CITYBUS_HOST}/stop/{stop.id}", render_stop)
    for line in lines_of(CITYBUS):
        direction = "outbound" if line.bound == "O" else "inbound"
        url = f"{CITYBUS_HOST}/route-stop/CTB/{line.route}/{direction}"
        render_line = partial(buses.render_citybus_route_stops, line=line)
        yield _bus_list(f"citybus-route-stops-{line.route}-{direction}", url, render_line)
    visits = {(stop.id, line.route) for line in lines_of(CITYBUS) for stop in list_stops(line)}
    for stop_id, route in sorted(visits):
        url = f"{CITYBUS_HOST}/eta/CTB/{stop_id}/{route}"
        render_arrivals = partial(buses.render_citybus_arrivals, stop_id=stop_id, route=route)
        yield Feed(f"citybus-arrivals-{stop_id}-{route}", url, JSON, 1, render_arrivals)


def _bus_list(feed_id: str, url: str, render: Callable[[datetime], bytes]) -> Feed:
    every_minutes, offset_minutes = BUS_LISTS
    return Feed(feed_id, url, JSON, every_minutes, lambda _, published: render(published), offset_minutes)


@cache
def _by_key() -> dict[str, Feed]:
    return {key_of(feed.url): feed for feed in list_feeds()}


def find_feed(url: str) -> Feed | None:
    """The feed published at ``url`` (with or without scheme), if any."""
    return _by_key().get(key_of(url))


def find_named(name: str) -> Feed | None:
    """The feed whose id or address is ``name``, if any."""
    return next((feed for feed in list_feeds() if name == feed.id), None) or find_feed(name)


def key_of(url: str) -> str:
    """An address with only those parameters that make a difference, in a fixed order."""
    parts = urlsplit(url if "://" in url else f"https://{url}")
    query = sorted((name.lower(), value) for name, value in parse_qsl(parts.query) if name.lower() in ONLY_PARAMETERS)
    return parts.netloc + parts.path + "?" + "&".join(f"{name}={value}" for name, value in query)

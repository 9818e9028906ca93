"""Which feeds the twin publishes: each with the real one's address, rhythm and bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from lionrock.twin.calendar import floor_minutes
from lionrock.twin.chance import share_for
from lionrock.twin.city import TwinCity
from lionrock.twin.feeds import detectors, segments

XML, CSV, JSON = "text/xml", "text/csv", "application/json"
STATIC_SINCE = datetime(2025, 1, 1, tzinfo=UTC)  # when the files that never change were published
SKIPPED = 0.09  # of the minutes at which a live file should change and does not
ONLY_PARAMETERS = frozenset({"datatype", "lang", "typenames"})  # what tells one answer of an address from another

TD = "resource.data.one.gov.hk/td"
STATIC = "static.data.gov.hk/td/traffic-data-strategic-major-roads/info"
WFS = "portal.csdi.gov.hk/server/services/common/td_rcd_1638949160594_2844/MapServer/WFSServer"

Render = Callable[[TwinCity, datetime], bytes]


@dataclass(frozen=True, slots=True)
class Feed:
    """A published file: ``url`` without its scheme, published every ``every_minutes`` (0: never again).

    ``render`` gives the bytes that were published at a moment.
    """

    id: str
    url: str
    media_type: str
    every_minutes: int
    render: Render
    offset_minutes: int = 0
    skipped: float = 0.0

    def published_at(self, seed: int, moment: datetime) -> datetime:
        """The last publication not after ``moment``."""
        if self.every_minutes == 0:
            return STATIC_SINCE
        due = floor_minutes(moment, self.every_minutes, self.offset_minutes)
        while self.skipped and share_for(seed, self.id, due.isoformat(), "skipped") < self.skipped:
            due -= timedelta(minutes=self.every_minutes)
        return due


def _always(render: Callable[[], bytes]) -> Render:
    return lambda _city, _published: render()


@cache
def list_feeds() -> tuple[Feed, ...]:
    """Every feed of the twin."""
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
            offset_minutes=1,
            skipped=0.03,
        ),
        Feed("segment-list", f"{STATIC}/speed_segments_info.csv", CSV, 0, _always(segments.render_segment_list)),
        Feed("road-network", f"{WFS}?typenames=CENTERLINE", JSON, 0, _always(segments.render_centerlines)),
        Feed("speed-limits", f"{WFS}?typenames=SPEED_LIMIT", JSON, 0, _always(segments.render_speed_limits)),
    )


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

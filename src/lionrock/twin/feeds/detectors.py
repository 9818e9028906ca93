"""Traffic detectors: ``rawSpeedVol-all.xml`` and the file of their places.

Format as recorded on 2024-04-06; the faults are the recordings' own.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from functools import cache

from pyproj import Transformer

from lionrock.twin.calendar import HONG_KONG, local_day
from lionrock.twin.chance import number_for, share_for
from lionrock.twin.city import TwinCity
from lionrock.twin.day import absent_detectors
from lionrock.twin.detectors import Detector, list_detectors

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><raw_speed_volume_list xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="https://static.data.gov.hk/td/traffic-data-strategic-major-roads/info/SpeedVolOcc-BR.xsd">'
)
COLUMNS = "AID_ID_Number,District,Road_EN,Road_TC,Road_SC,Easting,Northing,Latitude,Longitude,Direction,Rotation"
PERIODS_A_FILE = 2
TRUNCATED_SHARE = 1 / 20_000  # files that end in mid-document, cut at a whole number of blocks
BLOCK = 65_536
MIDDLE_AND_TWO_SIDES = 3
SPACED_DETECTORS = 2  # each to the North and to the South: their direction ends in a space


def list_reporting(seed: int) -> list[Detector]:
    """The detectors that readings name: not all of those in the places file."""
    absent = absent_detectors(seed)
    return [detector for detector in list_detectors() if detector.id not in absent]


def spaced_detectors(seed: int) -> frozenset[str]:
    """The detectors whose direction ends in a space."""
    by_chance = sorted(list_reporting(seed), key=lambda detector: number_for(seed, detector.id, "direction"))
    return frozenset(
        detector.id
        for direction in ("North", "South")
        for detector in [d for d in by_chance if d.direction == direction][:SPACED_DETECTORS]
    )


def is_truncated(seed: int, published: datetime) -> bool:
    """Whether the file published then ends in mid-document, as one in some twenty thousand does."""
    return share_for(seed, int(published.timestamp()), "truncated") < TRUNCATED_SHARE


def doubled_lane_detector(seed: int) -> str:
    """The detector that names its second lane twice, with different values, as one real one does since 2025."""
    wide = [detector.id for detector in list_reporting(seed) if len(detector.lanes) == MIDDLE_AND_TWO_SIDES]
    return wide[number_for(seed, "doubled lane") % len(wide)]


def content_start(seed: int, published: datetime) -> datetime:
    """The first period in a file published at ``published``: minutes late, by an amount that wanders."""
    hours = int(published.timestamp() // 10_800)
    lag_minutes = 2 + number_for(seed, hours, "detector lag") % 3
    return published - timedelta(minutes=lag_minutes)


def render_readings(city: TwinCity, published: datetime) -> bytes:
    """The detectors file published at ``published``; a rare one ends in mid-document, after whole blocks."""
    body = render_whole(city, published)
    return body[: len(body) // 2 // BLOCK * BLOCK or BLOCK] if is_truncated(city.seed, published) else body


def render_whole(city: TwinCity, published: datetime) -> bytes:
    """The detectors file published at ``published`` (a whole minute), as it should be."""
    start = content_start(city.seed, published)
    # The period that begins at midnight still carries the date of the day before.
    dated = local_day(start - timedelta(seconds=1))
    parts = [HEAD, f"<date>{dated.isoformat()}</date><periods>"]
    for number in range(PERIODS_A_FILE):
        begins = (start + timedelta(seconds=30 * number)).astimezone(HONG_KONG)
        ends = begins + timedelta(seconds=30)
        parts.append(
            f"<period><period_from>{begins:%H:%M:%S}</period_from><period_to>{ends:%H:%M:%S}</period_to><detectors>"
        )
        _append_period(parts, city, begins)
        parts.append("</detectors></period>")
    parts.append("</periods></raw_speed_volume_list>")
    return "".join(parts).encode()


def render_places(city: TwinCity) -> bytes:
    """The places of all detectors, with a byte-order mark and the trailing spaces of the real file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    out.write(COLUMNS + "\n")
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
    for detector in list_detectors():
        easting, northing = to_grid.transform(detector.lon, detector.lat)
        tail = "" if number_for(city.seed, detector.id, "space") % 50 == 0 else " "
        writer.writerow(
            (
                detector.id,
                detector.district,
                detector.road.en + tail,
                detector.road.tc + tail,
                detector.road.sc + tail,
                round(easting),
                round(northing),
                detector.lat,
                detector.lon,
                detector.direction,
                detector.rotation,
            )
        )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


@cache
def _openings(seed: int) -> tuple[tuple[str, int, int, tuple[str, ...]], ...]:
    """Per reporting detector: its opening tags, its row, first lane row, and each lane's opening tags.

    A few directions end in a space that the places file does not have, and one detector has two lanes of one name.
    """
    openings = []
    absent, doubled, spaced = absent_detectors(seed), doubled_lane_detector(seed), spaced_detectors(seed)
    for row, detector in enumerate(list_detectors()):
        if detector.id in absent:
            continue
        direction = detector.direction + (" " if detector.id in spaced else "")
        names = list(detector.lanes)
        if detector.id == doubled:
            names[2] = names[1]
        lanes = tuple(f"<lane><lane_id>{name}</lane_id><speed>" for name in names)
        head = f"<detector><detector_id>{detector.id}</detector_id><direction>{direction}</direction><lanes>"
        openings.append((head, row, detector.first_lane, lanes))
    return tuple(openings)


def _append_period(parts: list[str], city: TwinCity, begins: datetime) -> None:
    truth, period = city.period_at(begins)
    rows = list(
        zip(
            truth.speed[period].tolist(),
            truth.occupancy[period].tolist(),
            truth.volume[period].tolist(),
            truth.deviation[period].tolist(),
            strict=True,
        )
    )
    valid = truth.valid[period].tolist()
    for head, row, first, lanes in _openings(city.seed):
        parts.append(head)
        mark = "Y" if valid[row] else "N"
        for lane, opening in enumerate(lanes, start=first):
            speed, occupancy, volume, deviation = rows[lane]
            parts.append(
                f"{opening}{speed}</speed><occupancy>{occupancy}</occupancy><volume>{volume}</volume>"
                f"<s.d.>{tenths(deviation)}</s.d.><valid>{mark}</valid></lane>"
            )
        parts.append("</lanes></detector>")


def tenths(value: int) -> str:
    """Tenths as the feed writes decimals: 75 is 7.5 and 130 is 13."""
    whole, rest = divmod(value, 10)
    return f"{whole}.{rest}" if rest else str(whole)

"""Raw traffic detectors: lanes every 30 seconds, and where the detectors stand.

Formats: "Traffic Data of Strategic / Major Roads" on DATA.GOV.HK, ``rawSpeedVol-all.xml`` and
``traffic_speed_volume_occ_info.csv``. Speeds in km/h, occupancy in %, volume in vehicles in 30 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from sys import intern

from lxml import etree

from lionrock.city.place import in_city
from lionrock.core.feeds.formats import FORMAT_CHANGED, csv_rows, number, one_of, xml_root
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Feature, MalformedDownload, Property, Quality, Reading, Text, said
from lionrock.services.mobility.traffic.datasets import OCCUPANCY, SPEED, SPEED_SPREAD, VOLUME
from lionrock.services.mobility.traffic.feeds.elements import children_of, id_of, list_of, path_of
from lionrock.services.mobility.traffic.feeds.moments import dated, local_date, local_time

NO_VALUE = -1.0
# Whoever was counted at less than 1 km/h covered the loop for nearly half of the 30 seconds. The recorded file has
# zeros of both kinds: six lanes that stood (occupied for 50% and more), two that were passed in a moment (below 10%).
STANDING_OCCUPANCY_PCT = 25.0
GOOD = Quality.GOOD
new = tuple.__new__  # a Reading from its fields in a third of the time; sixteen thousand come every minute
Texts = list[str | None]
DETECTOR_TAGS = ("detector_id", "direction", "lanes")
NEW_DETECTOR_TAGS = ("detector_id", "lanes")  # some detectors of 2025 came without a direction for weeks
LANE_TAGS = ["lane_id", "speed", "occupancy", "volume", "s.d.", "valid"]
VALIDITY = {"Y": Quality.GOOD, "N": Quality.INVALID}
PLACE_COLUMNS = (
    "AID_ID_Number", "District", "Road_EN", "Road_TC", "Road_SC",
    "Easting", "Northing", "Latitude", "Longitude", "Direction", "Rotation",
)  # fmt: skip


class Judged(dict[str | None, tuple[float | None, Quality]]):
    """Value and quality of a property's texts, each worked out once: sixteen thousand share a few hundred."""

    def __init__(self, what: Property) -> None:
        super().__init__()
        self.what = what

    def __missing__(self, text: str | None) -> tuple[float | None, Quality]:
        value = number(text or "", self.what.id)
        known = (None, Quality.MISSING) if value == NO_VALUE else (value, self.what.judge(value))
        self[text] = known
        return known


def parse_lanes(download: Download) -> Iterator[Reading]:
    """Four Readings of every lane and period: speed, occupancy, volume, spread of speed.

    The speed (and its spread) of a lane that counted no vehicle is a PLACEHOLDER, and so is a zero where
    vehicles passed that hardly covered the loop.
    """
    root = xml_root(download, "raw_speed_volume_list")
    day_text, periods = children_of(root, ("date", "periods"))
    day = local_date(day_text.text, "date")
    if not len(periods):
        raise MalformedDownload(said("no period in the file", "檔案內沒有時段"), where="periods", remedy=FORMAT_CHANGED)
    lanes = LaneReader()
    for period in list_of(periods, "period"):
        begins, ends, detectors = children_of(period, ("period_from", "period_to", "detectors"))
        local_time(ends.text, "period_to")
        at, dating = dated(day, local_time(begins.text, "period_from"), download.received_at, "period_from")
        for detector in list_of(detectors, "detector"):
            tags = DETECTOR_TAGS if len(detector) == len(DETECTOR_TAGS) else NEW_DETECTOR_TAGS
            name, *_, its_lanes = children_of(detector, tags)
            lanes.read(id_of(name.text, "detector_id", detector), list_of(its_lanes, "lane"), at, dating)
    if not lanes.readings:
        raise MalformedDownload(
            said("periods without any lane", "各時段均沒有行車線"), where="periods", remedy=FORMAT_CHANGED
        )
    return iter(lanes.readings)


class LaneReader:
    """Collects the readings of one file."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self._speeds, self._occupancies = Judged(SPEED), Judged(OCCUPANCY)
        self._volumes, self._spreads = Judged(VOLUME), Judged(SPEED_SPREAD)

    def read(self, detector: str, lanes: list[etree._Element], at: datetime, dating: Quality) -> None:
        """Add the readings of all lanes of one detector in the period from ``at``."""
        for lane in lanes:
            children = list(lane)
            if [child.tag for child in children] != LANE_TAGS:
                children_of(lane, tuple(LANE_TAGS))  # raises, and says what is wrong
            texts = [child.text for child in children]
            sensor = intern(f"{detector}/{id_of(texts[0], 'lane_id', lane)}")
            try:
                self._add(sensor, at, texts, dating)
            except MalformedDownload as error:
                raise MalformedDownload(
                    error.problem_text, where=f"{path_of(lane)}, {error.where}", remedy=error.remedy_text
                ) from error

    def _add(self, sensor: str, at: datetime, texts: Texts, dating: Quality) -> None:
        _lane, speed_text, occupancy_text, volume_text, spread_text, valid_text = texts
        speed, speed_quality = self._speeds[speed_text]
        occupancy, occupancy_quality = self._occupancies[occupancy_text]
        volume, volume_quality = self._volumes[volume_text]
        spread, spread_quality = self._spreads[spread_text]
        if volume == 0 or (speed == 0 and occupancy is not None and occupancy < STANDING_OCCUPANCY_PCT):
            speed_quality = _both(speed_quality, Quality.PLACEHOLDER)
            spread_quality = _both(spread_quality, Quality.PLACEHOLDER)
        if valid_text != "Y" or dating is not GOOD:
            more = _both(one_of((valid_text or "").strip(), VALIDITY, "valid"), dating)
            speed_quality, occupancy_quality = _both(speed_quality, more), _both(occupancy_quality, more)
            volume_quality, spread_quality = _both(volume_quality, more), _both(spread_quality, more)
        self.readings += (
            new(Reading, (sensor, "speed_kmh", at, speed, speed_quality)),
            new(Reading, (sensor, "occupancy_pct", at, occupancy, occupancy_quality)),
            new(Reading, (sensor, "volume", at, volume, volume_quality)),
            new(Reading, (sensor, "speed_sd_kmh", at, spread, spread_quality)),
        )


def _both(one: Quality, other: Quality) -> Quality:
    """``one | other``, without the cost of adding up flags where one of them is GOOD."""
    if one is GOOD:
        return other
    return one if other is GOOD else one | other


def parse_detectors(download: Download) -> Iterator[Feature]:
    """Yield a point Feature for every detector; names lose their trailing spaces."""
    for line, row in csv_rows(download, PLACE_COLUMNS):
        if not row["AID_ID_Number"]:
            raise MalformedDownload(
                said("a detector without its id", "探測器欠缺編號"), where=f"line {line}", remedy=FORMAT_CHANGED
            )
        lon, lat = (number(row[name], f"line {line}, {name}") for name in ("Longitude", "Latitude"))
        yield Feature(
            id=row["AID_ID_Number"],
            geometry={"type": "Point", "coordinates": [lon, lat]} if in_city(lon, lat) else None,
            title=Text(en=row["Road_EN"], tc=row["Road_TC"], sc=row["Road_SC"]),
            properties={
                "district": row["District"],
                "direction": row["Direction"],
                "rotation_deg": number(row["Rotation"], f"line {line}, Rotation"),
                "stated_place": [lon, lat],
            },
        )

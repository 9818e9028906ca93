"""Processed speeds of road segments, ``irnAvgSpeed-all.xml`` of DATA.GOV.HK; km/h."""

from __future__ import annotations

from collections.abc import Iterator

from lionrock.core.feeds.formats import FORMAT_CHANGED, number, one_of, xml_root
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import MalformedDownload, Quality, Reading, said
from lionrock.services.mobility.traffic.datasets import SPEED
from lionrock.services.mobility.traffic.feeds.elements import children_of, id_of, list_of
from lionrock.services.mobility.traffic.feeds.moments import dated, local_date, local_time

NO_VALUE = -1.0
SEGMENT_TAGS = ("segment_id", "speed", "valid")
VALIDITY = {"Y": Quality.GOOD, "N": Quality.INVALID}


def parse_segment_speeds(download: Download) -> Iterator[Reading]:
    """One Reading a segment; INVALID where the department says so (it then sends a whole number)."""
    root = xml_root(download, "segment_speed_list")
    day, clock, version, segments = children_of(root, ("date", "time", "irn_version", "segments"))
    id_of(version.text, "irn_version", root)
    at, dating = dated(
        local_date(day.text, "date"), local_time(clock.text, "time"), download.received_at, "date and time"
    )
    if not len(segments):
        raise MalformedDownload(
            said("no segment in the file", "檔案內沒有路段"), where="segments", remedy=FORMAT_CHANGED
        )
    for segment in list_of(segments, "segment"):
        name, speed_text, valid = children_of(segment, SEGMENT_TAGS)
        sensor = id_of(name.text, "segment_id", segment)
        where = f"segment {sensor}"
        speed = number(speed_text.text or "", f"{where}, speed")
        quality = one_of((valid.text or "").strip(), VALIDITY, f"{where}, valid") | dating
        if speed == NO_VALUE:
            yield Reading(sensor, SPEED.id, at, None, quality | Quality.MISSING)
        else:
            yield Reading(sensor, SPEED.id, at, speed, quality | SPEED.judge(speed))

"""Journey times as the indicators beside the roads show them, ``Journeytimev2.xml``; minutes.

JOURNEY_TYPE 1 is a time in minutes; type 2 is a pictogram code in place of it (1 congestion,
3 closed, 4 blank), so that the time is MISSING. -1 is "not available". COLOUR_ID: 1 red, 2 amber, 3 green.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lionrock.city.place import ZONE
from lionrock.core.feeds.formats import FORMAT_CHANGED, local_moment, number, one_of, xml_root
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import MalformedDownload, Property, Quality, Reading, said
from lionrock.services.mobility.traffic.datasets import JOURNEY, JOURNEY_COLOUR, JOURNEY_SIGN
from lionrock.services.mobility.traffic.feeds.elements import TD_NAMESPACE, fields_of, id_of, list_of

NOT_AVAILABLE = -1.0
SHOWN_BY_TYPE = {"1": JOURNEY, "2": JOURNEY_SIGN}
FIELDS = ("LOCATION_ID", "DESTINATION_ID", "CAPTURE_DATE", "JOURNEY_TYPE", "JOURNEY_DATA", "COLOUR_ID")


def parse_journey_times(download: Download) -> Iterator[Reading]:
    """Two or three Readings an indicator and destination: the time, the pictogram where there is one, the colour."""
    root = xml_root(download, f"{TD_NAMESPACE}jtis_journey_list")
    rows = list_of(root, f"{TD_NAMESPACE}jtis_journey_time")
    if not rows:
        raise MalformedDownload(
            said("no journey in the file", "檔案內沒有行車時間"), where="jtis_journey_list", remedy=FORMAT_CHANGED
        )
    for row in rows:
        fields = fields_of(row, FIELDS, TD_NAMESPACE)
        sensor = "/".join(id_of(fields[tag], tag, row) for tag in ("LOCATION_ID", "DESTINATION_ID"))
        captured = local_moment(fields["CAPTURE_DATE"], "%Y-%m-%dT%H:%M:%S", ZONE, f"{sensor}, CAPTURE_DATE")
        at = moment_in_time(captured, download.received_at, f"{sensor}, CAPTURE_DATE")
        yield from _shown(sensor, at, fields)


def _shown(sensor: str, at: datetime, fields: dict[str, str]) -> Iterator[Reading]:
    shown = one_of(fields["JOURNEY_TYPE"], SHOWN_BY_TYPE, f"{sensor}, JOURNEY_TYPE")
    value = number(fields["JOURNEY_DATA"], f"{sensor}, JOURNEY_DATA")
    if shown is JOURNEY_SIGN:
        yield Reading(sensor, JOURNEY.id, at, None, Quality.MISSING)
    yield _reading(sensor, shown, at, value)
    yield _reading(sensor, JOURNEY_COLOUR, at, number(fields["COLOUR_ID"], f"{sensor}, COLOUR_ID"))


def _reading(sensor: str, what: Property, at: datetime, value: float) -> Reading:
    if value == NOT_AVAILABLE:
        return Reading(sensor, what.id, at, None, Quality.MISSING)
    return Reading(sensor, what.id, at, value, what.judge(value))

"""The data sets of other services that a journey is planned from, by id."""

from __future__ import annotations

from lionrock.city.holidays import HOLIDAYS_ID

ROAD_NETWORK = "traffic.road_network"
SEGMENT_SPEEDS = "traffic.segment_speeds"
SPEEDS_AHEAD = "traffic.speeds_ahead"
LANES = "traffic.lanes"
DETECTORS = "traffic.detectors"
CAR_PARKS = "parking.car_parks"
INCIDENTS = "incidents.incidents"
SPEED_KMH = "speed_kmh"
VOLUME = "volume"

READS = (ROAD_NETWORK, SEGMENT_SPEEDS, SPEEDS_AHEAD, LANES, DETECTORS, CAR_PARKS, INCIDENTS, HOLIDAYS_ID)

"""Saying what the roads do: speeds measured, forecast and of past days, by name of road."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from lionrock.app.house import House
from lionrock.city.city import City
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Event, EventStatus, Forecast, Reading, Text
from lionrock.twin.city import TwinCity
from lionrock.twin.detectors import list_detectors
from lionrock.twin.feeds.detectors import render_places
from lionrock.twin.network import Link, list_links

__all__ = ["FRIDAY_EVENING", "City", "DrivingHouse"]

FRIDAY_EVENING = datetime.fromisoformat("2026-11-20T17:00:00+08:00")
SPEED = "speed_kmh"
SEGMENTS, AHEAD = "traffic.segment_speeds", "traffic.speeds_ahead"
HORIZONS = (15, 30, 45, 60, 75, 90)
ODD_MINUTES = timedelta(minutes=2)


@dataclass(frozen=True)
class DrivingHouse:
    """The house with its clock, and ways to tell it speeds in km/h; a road that is not named goes at its limit."""

    house: House
    clock: SetClock

    @property
    def city(self) -> City:
        return self.house.cities["journeys"]

    def later(self, span: timedelta) -> None:
        self.clock.set(self.clock.now() + span)

    def measure(self, speeds: Mapping[str, float], silent: frozenset[str] = frozenset()) -> None:
        """What was measured two minutes ago, by English name of the road; ``silent`` roads say nothing."""
        at = self.clock.now() - ODD_MINUTES
        readings = [
            Reading(link.key, SPEED, at, speeds.get(link.road.en, float(link.limit_kmh)))
            for link in list_links()
            if link.road.en not in silent
        ]
        self.house.readings.append(SEGMENTS, readings)

    def forecast(
        self, speed: Callable[[str, int], float | None], silent: frozenset[str] = frozenset(), band: float = 0.15
    ) -> None:
        """An issue of now: the speed by road and minutes ahead (None: the limit), a share of it to either side."""
        issued = self.clock.now()
        rows = []
        for link in list_links():
            for ahead in HORIZONS if link.road.en not in silent else ():
                middle = _or_limit(speed(link.road.en, ahead), link)
                horizon = timedelta(minutes=ahead)
                low, high = middle * (1 - band), middle * (1 + band)
                rows.append(Forecast(link.key, SPEED, issued, horizon, low, middle, high, "test", "1"))
        self.house.readings.append_forecasts(AHEAD, rows)

    def place_detectors(self) -> None:
        """The twin's detectors stand where they stand."""
        feed_id = "traffic.detectors"
        _, feed = self.house.feed(feed_id)
        given = Download(
            body=render_places(TwinCity(1, Path())), url="https://example.org/feed", received_at=self.clock.now()
        )
        self.house.intake.take(feed_id, feed, given)

    def count(self, road: str, speed_kmh: float) -> None:
        """Every detector on a road counts five vehicles at this speed in each lane."""
        at = self.clock.now() - ODD_MINUTES
        readings = [
            Reading(f"{detector.id}/{lane}", what, at, value)
            for detector in list_detectors()
            if list_links()[detector.link].road.en == road
            for lane in detector.lanes
            for what, value in ((SPEED, speed_kmh), ("volume", 5.0))
        ]
        assert readings
        self.house.readings.append("traffic.lanes", readings)

    def announce(self, road: str, incident: str, lanes: tuple[str, ...] = (), lasts_min: float = 60) -> None:
        """An open accident on every segment of a road, nine in ten of whose kind are cleared in ``lasts_min``."""
        links = [link.key for link in list_links() if link.road.en == road]
        event = Event(
            id=incident,
            kind="accident",
            at=self.clock.now(),
            status=EventStatus.NEW,
            title=Text(en="Traffic accident", tc="交通意外"),
            properties={
                "links": links,
                "lanes": list(lanes),
                "state": "confirmed",
                "expected": {"p90_min": lasts_min},
            },
        )
        self.house.records.save(self.house.catalogue.datasets["incidents.incidents"], [event], self.clock.now())

    def remember(self, days: int, speed: Callable[[str, int], float | None]) -> None:
        """The past days, hour by hour: the speed by road and hour of the day (None: the limit)."""
        today = self.clock.now().replace(hour=0, minute=0)
        for back in range(1, days + 1):
            readings = [
                Reading(link.key, SPEED, at, _or_limit(speed(link.road.en, half // 2), link) + back)
                for half in range(48)
                for at in (today - timedelta(days=back) + timedelta(minutes=30 * half + 5),)
                for link in list_links()
            ]
            self.house.readings.append(SEGMENTS, readings)


def _or_limit(speed: float | None, link: Link) -> float:
    return float(link.limit_kmh) if speed is None else speed

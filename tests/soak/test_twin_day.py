"""A day of the twin at sixty times real time: every reading that was published is in the store."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import httpx
import pytest
from running_lionrock import Running, memory_mib, start_lionrock, stop, wait_until_ready

from lionrock.city.place import ZONE
from lionrock.core.manifest import Download
from lionrock.core.readings import ReadingStore
from lionrock.core.vocabulary import Source, moment_of
from lionrock.services.mobility.traffic.feeds.detectors import parse_lanes

SPEED = 60.0
DAY = date(2026, 11, 18)
START = datetime.combine(DAY, clock_time(0, 5), ZONE)
URL = "https://resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml"
MEMORY_LIMIT_MIB = 1430.0  # 1.5 GB
SETTLES = timedelta(minutes=10)
LASTS = timedelta(hours=float(os.environ.get("SOAK_TWIN_HOURS", "24")))


@pytest.mark.soak
def test_a_day_at_sixty_times_real_time_drops_no_reading_and_stays_small(tmp_path: Path) -> None:
    lionrock = start_lionrock(
        tmp_path,
        LIONROCK_BACKFILL_DAYS="0",
        LIONROCK_TWIN_SPEED=str(SPEED),
        LIONROCK_TWIN_EPOCH=START.isoformat(),
    )
    try:
        wait_until_ready(lionrock)
        first = datetime.fromisoformat(lionrock.get("/status.json").json()["now"])
        last = first + LASTS
        peak_mib = _watch_until(lionrock, last + SETTLES)
        published = _published(lionrock, first + SETTLES, last)
        stored = _stored(lionrock, published)
    finally:
        if lionrock.process.poll() is None:
            stop(lionrock, signal.SIGINT)
    assert published
    assert published - stored == set()
    assert peak_mib < MEMORY_LIMIT_MIB


def _watch_until(lionrock: Running, moment: datetime) -> float:
    """The most memory that all processes together took, in MiB, until the twin's ``moment``."""
    peak = 0.0
    while datetime.fromisoformat(lionrock.get("/status.json").json()["now"]) < moment:
        peak = max(peak, sum(memory_mib(lionrock.process.pid).values()))
        time.sleep(2)
    return peak


def _published(lionrock: Running, first: datetime, last: datetime) -> set[tuple[str, datetime]]:
    """Every (lane, moment) with a speed that the twin's archive has between two moments."""
    archive = f"{lionrock.twin}/api.data.gov.hk/v1/historical-archive"
    days = {moment.astimezone(ZONE).strftime("%Y%m%d") for moment in (first, last)}
    found: set[tuple[str, datetime]] = set()
    for day in sorted(days):
        listed = httpx.get(f"{archive}/list-file-versions", params={"url": URL, "start": day, "end": day}, timeout=60)
        for stamp in listed.raise_for_status().json()["timestamps"]:
            at = datetime.strptime(stamp, "%Y%m%d-%H%M").replace(tzinfo=ZONE).astimezone(UTC)
            if first <= at <= last:
                body = httpx.get(f"{archive}/get-file", params={"url": URL, "time": stamp}, timeout=60).content
                download = Download(body=body, url=URL, received_at=at)
                found |= {(one.sensor, one.at.astimezone(UTC)) for one in parse_lanes(download)}
    return found


def _stored(lionrock: Running, published: set[tuple[str, datetime]]) -> set[tuple[str, datetime]]:
    """What of ``published`` the store has, read from the folder once Lionrock has let go of it."""
    moments = [at for _, at in published]
    stop(lionrock)
    folder = lionrock.folder / "data" / "twin" / "readings"
    with ReadingStore.open(folder, Source.TWIN, lambda: datetime.now(UTC)) as store:
        found: set[tuple[str, datetime]] = set()
        for batch in store.scan("traffic.lanes", min(moments), max(moments) + timedelta(seconds=1)):
            sensors, at_us = batch.column("sensor").to_pylist(), batch.column("at").cast("int64").to_pylist()
            found |= {(sensor, moment_of(us)) for sensor, us in zip(sensors, at_us, strict=True)}
    return found

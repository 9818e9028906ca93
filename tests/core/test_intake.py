"""What a download brings is stored whole or set aside whole, whatever its parser made of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lionrock.core.clock import SetClock
from lionrock.core.feeds.archive import Archive
from lionrock.core.feeds.intake import Intake
from lionrock.core.manifest import Download, Feed, minutes
from lionrock.core.readings import ReadingStore
from lionrock.core.records import FeedStates, RecordStore
from lionrock.core.records.database import open_database
from lionrock.core.vocabulary import (
    BadDeclaration,
    Dataset,
    Feature,
    Kind,
    MalformedDownload,
    Property,
    Reading,
    Source,
    Text,
)

T0 = datetime(2026, 11, 21, 8, tzinfo=UTC)
URL = "https://example.org/tides"
TITLE = Text(en="Test", tc="測試")
LEVEL = Property(id="level", title=TITLE, unit="m")
LEVELS = Dataset(
    id="tide.levels", title=TITLE, kind=Kind.READINGS, rhythm=minutes(1), licence="open", properties=(LEVEL,)
)
GAUGES = Dataset(id="tide.gauges", title=TITLE, kind=Kind.FEATURES, rhythm=minutes(1), licence="open")
GAUGE = Feature(id="quarry_bay", geometry=None)
DEEP_GAUGE = replace(GAUGE, properties={"depth_m": 9})
LEVEL_OF_GAUGE = Reading("quarry_bay", LEVEL.id, T0, 1.4)


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    engine = open_database(tmp_path, Source.LIVE)
    datasets = {LEVELS.id: LEVELS, GAUGES.id: GAUGES}
    with ReadingStore.open(tmp_path / "readings", Source.LIVE, SetClock(T0).now) as readings:
        yield Intake(
            readings,
            RecordStore(engine, datasets),
            FeedStates(engine),
            Archive(tmp_path / "archive"),
            Archive(tmp_path / "aside"),
        )
    engine.dispose()


def feed_of(parse: Callable[[Download], Any]) -> Feed[None]:
    """A feed of gauges and their levels whose parser is ``parse``."""
    return Feed(
        name="tides",
        title=TITLE,
        writes=(GAUGES, LEVELS),
        requests=("tides",),
        every=minutes(1),
        parse=parse,
        sample="tides.json",
    )


def take(intake: Intake, *pairs: tuple[Dataset, Any]) -> int:
    download = Download(body=json.dumps(str(pairs)).encode(), url=URL, received_at=T0)
    return intake.take("tide.tides", feed_of(lambda _: iter(pairs)), download).total


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ([(LEVELS, LEVEL_OF_GAUGE._replace(value=float("inf")))], "infinite"),
        ([(LEVELS, LEVEL_OF_GAUGE._replace(value=None))], "MISSING"),
        ([(LEVELS, LEVEL_OF_GAUGE._replace(value=10**400))], "too large"),
        ([(LEVELS, LEVEL_OF_GAUGE._replace(at=T0.replace(tzinfo=None)))], "time zone"),
        ([(LEVELS, LEVEL_OF_GAUGE._replace(property="depth"))], "tide.levels declares no property 'depth'"),
        ([(LEVELS, GAUGE)], "tide.levels holds readings, not a Feature"),
        ([(GAUGES, LEVEL_OF_GAUGE)], "tide.gauges holds features, not a Reading"),
        ([(LEVELS, LEVEL_OF_GAUGE), (GAUGES, DEEP_GAUGE)], "tide.gauges declares no field depth_m"),
    ],
)
def test_what_cannot_be_stored_sets_the_whole_download_aside(
    intake: Intake, pairs: list[tuple[Dataset, Any]], reason: str
) -> None:
    with pytest.raises(MalformedDownload, match="the parser itself failed"):
        take(intake, (GAUGES, GAUGE), *pairs)
    (aside,) = intake.states.list_set_aside()
    assert reason in aside.reason.en
    assert (intake.records.list_open(GAUGES.id), intake.readings.latest(LEVELS.id, LEVEL.id).sensors) == ([], ())
    assert list(intake.archive.list_versions(URL)) == []


def test_what_can_be_stored_is_stored_and_counted(intake: Intake) -> None:
    assert take(intake, (GAUGES, GAUGE), (LEVELS, LEVEL_OF_GAUGE)) == 2


def test_a_jobs_record_that_cannot_be_stored_stores_none_of_the_others(intake: Intake) -> None:
    with pytest.raises(Exception, match="infinite"):
        intake.store({GAUGES: [GAUGE], LEVELS: [LEVEL_OF_GAUGE._replace(value=float("inf"))]}, T0)
    with pytest.raises(BadDeclaration, match="depth_m"):
        intake.store({LEVELS: [LEVEL_OF_GAUGE], GAUGES: [DEEP_GAUGE]}, T0)
    assert (intake.records.list_open(GAUGES.id), intake.readings.latest(LEVELS.id, LEVEL.id).sensors) == ([], ())

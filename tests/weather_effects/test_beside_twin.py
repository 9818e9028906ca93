"""What a city would have known beside the speeds, moment by moment: never before it was told."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from pathlib import Path

import numpy as np
import pytest

from lionrock.app.evaluate import beside_twin
from lionrock.app.evaluate.beside import Errors, beside_rows, closures_ahead, known_beside, next_of
from lionrock.app.evaluate.beside_table import render_beside
from lionrock.app.evaluate.beside_twin import (
    READ_AFTER,
    STEP,
    TwinRows,
    closures_indeed,
    closures_told,
    gather_rows,
    nowcast_read,
)
from lionrock.twin.calendar import midnight
from lionrock.twin.feeds.regional import NOWCAST_LAG, nowcast_at
from lionrock.twin.network import list_links
from lionrock.twin.news import list_messages

SEED, DAY = 2, date(2026, 6, 3)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> TwinRows:
    return gather_rows(SEED, DAY, 1, tmp_path_factory.mktemp("beside"), lambda *_: None)


def test_a_closure_is_known_when_its_first_message_was_read_until_the_one_that_lanes_opened() -> None:
    closed, told_min = closures_told(SEED, [DAY])
    first = list_messages(SEED, DAY)[0]
    same = [message for message in list_messages(SEED, DAY) if message.incident == first.incident]
    opened = [message.shown for message in same if message.status == "UPDATED"][-1]
    ends = [midnight(DAY) + STEP * (row + 1) for row in range(288)]
    known = [first.shown + READ_AFTER <= end < opened + READ_AFTER for end in ends]
    assert (closed[:, first.incident.link] > 0).tolist() == known
    assert told_min[known.index(True), first.incident.link] == 5
    assert closed.max() <= 1


def test_a_plan_tells_half_an_hour_by_half_an_hour_what_will_be_closed() -> None:
    shut = closures_indeed(SEED, [DAY])
    incident = list_messages(SEED, DAY)[0].incident
    begins, ends = ((moment - midnight(DAY)) // STEP for moment in (incident.start, incident.end))
    here = np.zeros_like(shut)
    here[begins : ends + 1, incident.link] = shut[begins, incident.link]
    told = closures_ahead(here)[:, incident.link, :5]
    assert told[begins - 1].tolist() == [0, *[here.max() * (6 * span <= ends - begins) for span in range(4)]]
    assert told[begins - 7].tolist()[:3] == [0, 0, here.max()]
    assert told[ends].tolist() == [here.max(), 0, 0, 0, 0]
    assert 0 < shut[begins, incident.link] <= 1


def test_the_nowcast_of_a_row_was_published_and_read_before_the_row_ended() -> None:
    end = midnight(DAY) + timedelta(hours=9)
    places = beside_twin.middles_of_links()
    told = nowcast_read(SEED, end)
    issues = [end.astimezone(UTC) - timedelta(minutes=minutes) for minutes in range(60)]
    same = [issue for issue in issues if np.array_equal(nowcast_at(SEED, issue, *places).T, told)]
    assert len(same) == 1
    assert NOWCAST_LAG + READ_AFTER <= end - same[0] < NOWCAST_LAG + READ_AFTER + timedelta(minutes=12)


def test_a_day_is_kept_and_read_again(rows: TwinRows, tmp_path: Path) -> None:
    assert rows.speed.shape == rows.bus.shape == (288, len(list_links()))
    assert rows.nowcast.shape == (288, len(list_links()), 4)
    assert rows.storm.max() == 1
    assert not list(tmp_path.glob("day-*"))
    told = np.isfinite(rows.bus)
    assert 0.1 < told.mean() < 0.6
    assert np.corrcoef(rows.bus[told], rows.speed[told])[0, 1] > 0.4


def test_the_nowcast_foretells_the_rain_that_then_falls(rows: TwinRows) -> None:
    expected, fell = rows.nowcast[:-6, :, 0] * 2, rows.rate[3:-3]
    assert np.corrcoef(expected.ravel(), fell.ravel())[0, 1] > 0.8


def test_what_is_ahead_of_a_road_is_on_the_next_link_of_the_same_road() -> None:
    links = list_links()
    here, onward = next(
        (i, j)
        for i, link in enumerate(links)
        for j, other in enumerate(links)
        if other.start == link.end and (other.road, other.bound) == (link.road, link.bound)
    )
    closed = np.zeros((1, len(links)), np.float32)
    closed[0, onward] = 0.5
    assert next_of(closed)[0, here] == 0.5
    assert next_of(closed)[0, onward] == 0


def test_every_sort_of_knowledge_is_one_row_a_moment_and_one_column_a_road(rows: TwinRows) -> None:
    known = known_beside(rows)
    assert {name: columns.shape for name, columns in known.items()} == {
        "nothing": (288, 322, 0),
        "nowcast, city": (288, 322, 4),
        "nowcast, own road": (288, 322, 4),
        "nowcast, own road; report": (288, 322, 5),
        "nowcast, own road; warnings": (288, 322, 6),
        "closures": (288, 322, 4),
        "closures, as if planned": (288, 322, 10),
        "buses": (288, 322, 1),
    }


def test_a_difference_that_every_block_shares_has_a_narrow_interval_and_luck_a_wide_one() -> None:
    blocks = np.full((20, 4), 100.0)
    luck = np.where(np.arange(20)[:, None] % 2, 150.0, -150.0) * np.ones(4)
    errors = Errors(
        {
            "nothing": {"everywhere": blocks * 2},
            "buses": {"everywhere": blocks * 1.5},
            "closures": {"everywhere": blocks * 2 + luck},
        },
        {"everywhere": blocks},
    )
    (buses,), (closures,) = beside_rows(errors, "buses"), beside_rows(errors, "closures")
    assert (buses["mae"], buses["difference"]) == ([1.5] * 4, [-0.5] * 4)
    assert buses["low"] == buses["high"] == [-0.5] * 4
    assert buses["mae_between"] == [[1.5, 1.5]] * 4
    low, high = closures["mae_between"][0]
    assert low < 1.7
    assert high > 2.3
    assert closures["low"][0] < -0.3 < 0.3 < closures["high"][0]
    told = {"rows": [*beside_rows(errors, "nothing"), buses], "seeds": [2], "roads": 322, "learn_days": 1, "days": 2}
    table = next(render_beside(told | {"minutes": [15, 30, 60, 90]}))
    assert list(table.columns[2].cells) == [
        "2.00 (2.00 to 2.00)",
        "1.50 (1.50 to 1.50)\n-0.500 (-0.500 to -0.500)",
    ]

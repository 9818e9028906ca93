from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from readings_at_noon import DAY, NOON, OpenStore, now_and_restarted

from lionrock.core.readings import Appended, ForecastColumns, ReadingStore
from lionrock.core.vocabulary import BadInput, Forecast, NotFound, Source

DATASET = "traffic.speeds_ahead"
HORIZONS = [timedelta(minutes=m) for m in (0, 15, 30)]


def issue(at: datetime = NOON, sensors: tuple[str, ...] = ("A", "B"), middle: float = 50.0) -> list[Forecast]:
    return [
        Forecast(sensor, "speed", at, ahead, middle - 5, middle, middle + 5, "profile", "1")
        for sensor in sensors
        for ahead in HORIZONS
    ]


def test_the_newest_issue_is_answered_and_the_older_is_kept(open_store: OpenStore) -> None:
    later = NOON + timedelta(minutes=5)
    open_store().append_forecasts(DATASET, issue(middle=50.0))
    open_store().append_forecasts(DATASET, issue(later, middle=60.0))
    for store in now_and_restarted(open_store(), open_store):
        assert list(store.latest_forecasts(DATASET, "speed").forecasts()) == issue(later, middle=60.0)
        kept = store.forecasts(DATASET, "speed", NOON, NOON + DAY, sensor="B", horizon=HORIZONS[1])
        assert [f.middle for f in kept.forecasts()] == [50.0, 60.0]


def test_the_newest_issue_is_each_sensors_own(store: ReadingStore) -> None:
    store.append_forecasts(DATASET, issue(NOON - DAY / 2))
    store.append_forecasts(DATASET, issue(NOON, ("A",)))
    newest = {f.sensor: f.issued_at for f in store.latest_forecasts(DATASET, "speed").forecasts()}
    assert newest == {"A": NOON, "B": NOON - DAY / 2}


def test_an_issue_of_the_future_is_kept_and_nobody_s_newest(open_store: OpenStore) -> None:
    store = open_store()
    store.append_forecasts(DATASET, issue(NOON + DAY / 2))
    assert not len(store.latest_forecasts(DATASET, "speed"))
    store.append_forecasts(DATASET, issue(NOON, ("A",)))
    assert {f.sensor for f in store.latest_forecasts(DATASET, "speed").forecasts()} == {"A"}
    store.append_forecasts(DATASET, issue(NOON))
    assert store.append_forecasts(DATASET, issue(NOON + DAY / 2)) == Appended(new=0, duplicate=6, conflicting=0)
    for again in now_and_restarted(store, open_store):
        assert {f.issued_at for f in again.latest_forecasts(DATASET, "speed").forecasts()} == {NOON}


def test_when_a_clock_is_set_back_the_same_issue_again_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    clock, later = [NOON + DAY / 2], NOON + timedelta(hours=1)

    def opened() -> ReadingStore:
        return ReadingStore.open(tmp_path / "store", Source.TWIN, lambda: clock[-1])

    with opened() as store:
        for at in (NOON, later, NOON + DAY / 2):
            store.append_forecasts(DATASET, issue(at))
    clock.append(NOON)
    with opened() as store:
        assert {f.issued_at for f in store.latest_forecasts(DATASET, "speed").forecasts()} == {NOON}
        clock.append(later)
        again = issue(later, ("A", "B", "C"))  # one is heard that was silent the first time
        assert store.append_forecasts(DATASET, again) == Appended(new=3, duplicate=6, conflicting=0)
        assert list(store.latest_forecasts(DATASET, "speed").forecasts()) == again


def test_an_older_issue_that_comes_late_is_kept_and_not_the_newest(store: ReadingStore) -> None:
    store.append_forecasts(DATASET, issue(NOON, middle=50.0))
    store.append_forecasts(DATASET, issue(NOON - DAY, middle=40.0))
    assert set(store.latest_forecasts(DATASET, "speed").middle) == {50.0}
    assert len(store.forecasts(DATASET, "speed", NOON - 2 * DAY, NOON)) == 6


def test_the_same_issue_again_changes_nothing_also_in_part_and_once_sealed(open_store: OpenStore) -> None:
    assert open_store().append_forecasts(DATASET, issue()[:2]) == Appended(new=2, duplicate=0, conflicting=0)
    assert open_store().append_forecasts(DATASET, issue()) == Appended(new=4, duplicate=2, conflicting=0)
    open_store().seal(NOON + DAY)
    store = open_store()
    assert store.append_forecasts(DATASET, issue() + issue()) == Appended(new=0, duplicate=12, conflicting=0)
    assert store.append_forecasts(DATASET, issue(middle=51.0)) == Appended(new=0, duplicate=0, conflicting=6)
    assert list(store.forecasts(DATASET, "speed", NOON, NOON + DAY).forecasts()) == issue()


def test_another_model_for_the_same_key_is_a_contradiction(store: ReadingStore) -> None:
    store.append_forecasts(DATASET, issue())
    other = [forecast._replace(version="2") for forecast in issue()]
    assert store.append_forecasts(DATASET, other).conflicting == 6
    assert {f.version for f in store.latest_forecasts(DATASET, "speed").forecasts()} == {"1"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"middle": float("nan")}, "no finite number"),
        ({"high": float("inf")}, "no finite number"),
        ({"low": 51.0}, "quantiles cross"),
        ({"high": 49.0}, "quantiles cross"),
        ({"horizon": timedelta(minutes=-1)}, "horizon lies before"),
    ],
)
def test_a_forecast_that_is_no_forecast_is_refused(store: ReadingStore, change: dict[str, float], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        store.append_forecasts(DATASET, [*issue(), issue()[0]._replace(**change)])
    assert store.stats().forecasts == 0


def test_an_issue_in_matrices_is_the_same_as_one_by_one(store: ReadingStore) -> None:
    middle = np.full((2, 3), 50.0)
    columns = ForecastColumns.of_issue(
        "speed", NOON, ["A", "B"], HORIZONS, (middle - 5, middle, middle + 5), ("profile", "1")
    )
    assert list(columns.forecasts()) == issue()
    assert store.append_forecasts(DATASET, columns).new == 6
    assert store.append_forecasts(DATASET, issue()).duplicate == 6


def test_an_issue_in_matrices_of_another_shape_is_refused_and_not_read_crosswise() -> None:
    crosswise = np.full((3, 2), 50.0)
    with pytest.raises(BadInput, match=r"\(3, 2\).*\(2, 3\): a row a sensor"):
        ForecastColumns.of_issue("speed", NOON, ["A", "B"], HORIZONS, (crosswise,) * 3, ("profile", "1"))


def test_an_issue_in_matrices_needs_a_moment_with_a_zone() -> None:
    middle, naive = np.full((2, 3), 50.0), NOON.replace(tzinfo=None)
    with pytest.raises(BadInput, match="time zone"):
        ForecastColumns.of_issue("speed", naive, ["A", "B"], HORIZONS, (middle,) * 3, ("profile", "1"))


def test_forecasts_are_exported_as_arrow(store: ReadingStore) -> None:
    assert store.latest_forecasts(DATASET, "speed").to_arrow().num_rows == 0
    store.append_forecasts(DATASET, issue())
    (first, *_) = store.latest_forecasts(DATASET, "speed").to_arrow().to_pylist()
    assert first == {
        "sensor": "A",
        "property": "speed",
        "issued_at": NOON,
        "horizon_us": 0,
        "low": 45.0,
        "middle": 50.0,
        "high": 55.0,
        "model": "profile",
        "version": "1",
    }


def test_no_forecasts_yet_is_an_empty_answer_and_a_strange_sensor_an_error(store: ReadingStore) -> None:
    assert len(store.latest_forecasts(DATASET, "speed")) == 0
    with pytest.raises(NotFound):
        store.forecasts(DATASET, "speed", NOON, NOON + DAY)
    store.append_forecasts(DATASET, issue())
    with pytest.raises(NotFound, match="'Z'"):
        store.forecasts(DATASET, "speed", NOON, NOON + DAY, sensor="Z")


def test_forgotten_forecasts_are_gone(open_store: OpenStore) -> None:
    store = open_store()
    store.append_forecasts(DATASET, issue(NOON - DAY) + issue(NOON, ("A",)))
    store.forget(NOON)
    for again in now_and_restarted(store, open_store):
        assert list(again.latest_forecasts(DATASET, "speed").forecasts()) == issue(NOON, ("A",))
        assert again.stats().forecasts == 3

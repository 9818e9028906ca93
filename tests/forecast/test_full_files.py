"""The full METR-LA and PEMS-BAY files, in the forms in which people pass them on; made small here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pytest

from lionrock.app.evaluate.recordings import _read_csv, _read_hdf
from lionrock.core.vocabulary import BadInput

START = datetime(2012, 3, 1, tzinfo=UTC)
STEP_S = 300
SPEEDS = np.arange(24.0).reshape(8, 3) + 40


def _hdf(path: Path, ticks: np.ndarray) -> Path:
    """What pandas' fixed format writes: one group with the values and the index as whole ticks."""
    with h5py.File(path, "w") as file:
        group = file.create_group("df")
        group["block0_values"], group["axis1"] = SPEEDS, ticks
    return path


@pytest.mark.parametrize("per_second", [10**9, 10**6])
def test_an_hdf5_file_is_read_whatever_unit_its_clock_has(tmp_path: Path, per_second: int) -> None:
    seconds = int(START.timestamp()) + STEP_S * np.arange(len(SPEEDS))
    values, start = _read_hdf(_hdf(tmp_path / "metr-la.h5", seconds * per_second), START)
    assert start == START
    np.testing.assert_array_equal(values, SPEEDS)


def test_an_hdf5_file_of_another_rhythm_is_refused(tmp_path: Path) -> None:
    ticks = (int(START.timestamp()) + 60 * np.arange(len(SPEEDS))) * 10**9
    with pytest.raises(BadInput, match="five minutes"):
        _read_hdf(_hdf(tmp_path / "metr-la.h5", ticks), START)


def test_a_row_that_is_absent_from_a_csv_is_missing_and_not_closed_up(tmp_path: Path) -> None:
    file = tmp_path / "pems-bay.csv"
    file.write_text(",a,b\n2012-03-01 00:00:00,60,61\n2012-03-01 00:10:00,62,\n")
    values, start = _read_csv(file, START)
    assert start == START
    np.testing.assert_array_equal(values, [[60, 61], [np.nan, np.nan], [62, np.nan]])

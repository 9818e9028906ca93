"""The public recordings that forecasts are scored on, read from where a user keeps them.

None of them is part of this project. What each holds and its quirks:

- ``metr-la-week1``: the first week of METR-LA (Li et al. 2018), 207 loops, mph each 5 minutes,
  0 = missing, local clock.
- ``metr-la``, ``pems-bay``: the whole sets as their authors give them (pandas HDF5), or as ``.npz``
  (an array ``data``, ``speed`` or ``x``, ``[T, N]`` or ``[T, N, features]`` with speed first) or ``.csv`` (time in
  the first column, one column a sensor).
- ``scats``: VicRoads SCATS, Boroondara, October 2006, vehicles each 15 minutes; one row is one
  channel's day. One location has two channels of one name, so the key is (site, channel). Days
  without a row, runs of zeros of two hours and more, and the hour that summer time skipped (all
  channels zero at once) are missing, not zero.
"""

from __future__ import annotations

import csv
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from lionrock.core.vocabulary import BadInput, NotFound
from lionrock.engines.forecast.history import Floats, History

TICKS = (10**9, 10**6, 10**3, 1)  # a second in nanoseconds (older pandas), microseconds, milliseconds, seconds
SHARED = Path("../shared/data/traffic")
FIVE_MINUTES, QUARTER_HOUR = timedelta(minutes=5), timedelta(minutes=15)
KMH_PER_MPH = 1.609344
ZEROS_MISSING = 8  # quarter-hours of zeros in a row that no road of this set has by itself
SPEED_BANDS_MPH = (20.0, 30.0, 40.0, 50.0, 60.0)
FLOW_BANDS = (20.0, 50.0, 100.0, 200.0)
ALL_SILENT = 0.8  # the share of channels at zero that means a clock change, not traffic


@dataclass(frozen=True, kw_only=True)
class Recording:
    """A recorded set: ``kmh`` is what one unit is in km/h, None where it holds no speeds.

    ``bands`` are edges of the predicted value, between which coverage is told.
    """

    name: str
    history: History
    unit: str
    kmh: float | None
    bands: tuple[float, ...]


def read_recording(name: str, data_dir: Path | None) -> Recording:
    """Read a recording by name; raises :class:`NotFound` where its files are absent."""
    if name not in READERS:
        raise NotFound(f"no recording {name!r}; known are: {', '.join(READERS)}")
    folder = data_dir if data_dir is not None else SHARED
    patterns, reader = READERS[name]
    found = [path for pattern in patterns for path in sorted(folder.glob(pattern))] if folder.is_dir() else []
    if not found:
        raise NotFound(f"{name}: no file {' or '.join(patterns)} in {folder}; say where it lies with --data-dir")
    return reader(name, found[0])


def read_week(name: str, path: Path) -> Recording:
    """METR-LA's first week, from the ``.npz`` with ``speed_mph``, ``start`` and ``step_s``."""
    with np.load(path, allow_pickle=False) as stored:
        start = datetime.fromisoformat(str(stored["start"])).replace(tzinfo=UTC)
        step = timedelta(seconds=int(stored["step_s"]))
        speeds = stored["speed_mph"]
    return Recording(
        name=name,
        history=History(values=zeros_missing(speeds), start=start, step=step),
        unit="mph",
        kmh=KMH_PER_MPH,
        bands=SPEED_BANDS_MPH,
    )


def read_whole(name: str, path: Path) -> Recording:
    """A whole speed set, in any of the forms that users commonly have."""
    readers: dict[str, Callable[[Path, datetime], tuple[Floats, datetime]]]
    readers = {".h5": _read_hdf, ".npz": _read_npz, ".csv": _read_csv}
    speeds, start = readers[path.suffix](path, STARTS[name])
    history = History(values=zeros_missing(speeds), start=start, step=FIVE_MINUTES)
    return Recording(name=name, history=history, unit="mph", kmh=KMH_PER_MPH, bands=SPEED_BANDS_MPH)


def zeros_missing(speeds: Any) -> Floats:
    """Speeds with 0, which these sets write for a missing value, as NaN."""
    values = np.asarray(speeds, np.float32)
    return np.where(values == 0, np.float32(np.nan), values)


def _read_hdf(path: Path, _start: datetime) -> tuple[Floats, datetime]:
    try:
        h5py = importlib.import_module("h5py")
    except ModuleNotFoundError as missing:
        raise BadInput("an HDF5 file needs h5py", where=str(path), remedy="pip install h5py") from missing
    with h5py.File(path, "r") as stored:
        group = stored[next(iter(stored))]
        values, ticks = group["block0_values"][:], group["axis1"][:].astype(np.int64)
    step = float(np.median(np.diff(ticks)))
    per_second = next((unit for unit in TICKS if step == unit * FIVE_MINUTES.total_seconds()), None)
    if per_second is None:
        raise BadInput(
            f"rows {step:.0f} ticks apart, which is five minutes in no unit that pandas writes", where=str(path)
        )
    return on_grid(values, ticks / per_second)


def _read_npz(path: Path, start: datetime) -> tuple[Floats, datetime]:
    with np.load(path, allow_pickle=False) as stored:
        name = next((known for known in ("data", "speed", "x") if known in stored.files), None)
        if name is None:
            raise BadInput(f"arrays {stored.files}, none called data, speed or x", where=str(path))
        values = stored[name]
    return (values[:, :, 0] if values.ndim == 3 else values), start  # noqa: PLR2004 - time, sensor, feature


def _read_csv(path: Path, _start: datetime) -> tuple[Floats, datetime]:
    with path.open(newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    moments = [datetime.fromisoformat(row[0]).replace(tzinfo=UTC).timestamp() for row in rows]
    values = np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows], np.float32)
    return on_grid(values, np.array(moments))


def on_grid(values: Any, seconds: Any) -> tuple[Floats, datetime]:
    """Rows at their places on a full five-minute grid, NaN where a row is absent (clock changes)."""
    places = ((seconds - seconds[0]) / FIVE_MINUTES.total_seconds()).round().astype(np.int64)
    grid = np.full((int(places.max()) + 1, values.shape[1]), np.nan, np.float32)
    grid[places] = values
    return grid, datetime.fromtimestamp(float(seconds[0]), UTC)


def read_scats(name: str, path: Path) -> Recording:
    """SCATS flows with what is not a measurement made missing."""
    table = pq.read_table(path)
    times = [column for column in table.column_names if column.count(":") == 2]  # noqa: PLR2004 - HH:MM:SS
    flows = np.stack([table[column].to_numpy() for column in times], axis=1).astype(np.float32)
    days = [datetime.strptime(text, "%d/%m/%Y %H:%M").date() for text in table["Start Time"].to_pylist()]  # noqa: DTZ007 - a local date
    sites, channels = table["SCATS Number"].to_pylist(), table["HF VicRoads Internal"].to_pylist()
    names = {key: n for n, key in enumerate(dict.fromkeys(zip(sites, channels, strict=True)))}
    first = min(days)
    values = np.full(((max(days) - first).days + 1, len(times), len(names)), np.nan, np.float32)
    for day, site, channel, row in zip(days, sites, channels, flows, strict=True):
        values[(day - first).days, :, names[site, channel]] = row
    grid = without_silence(values.reshape(-1, len(names)))
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    history = History(values=grid, start=start, step=QUARTER_HOUR)
    return Recording(name=name, history=history, unit="vehicles / 15 min", kmh=None, bands=FLOW_BANDS)


def without_silence(flows: Floats) -> Floats:
    """Flows ``[T, N]`` with long runs of zeros, and moments when nearly every channel is zero, missing."""
    zero = flows == 0
    measured = np.maximum((~np.isnan(flows)).sum(axis=1), 1)
    silent = zero & (zero.sum(axis=1) / measured >= ALL_SILENT)[:, None]
    rows = np.arange(len(flows))[:, None]
    last_before = np.maximum.accumulate(np.where(zero, -1, rows), axis=0)
    first_after = np.minimum.accumulate(np.where(zero, len(flows), rows)[::-1], axis=0)[::-1]
    silent |= zero & (first_after - last_before - 1 >= ZEROS_MISSING)
    return np.where(silent, np.float32(np.nan), flows)


STARTS = {"metr-la": datetime(2012, 3, 1, tzinfo=UTC), "pems-bay": datetime(2017, 1, 1, tzinfo=UTC)}
READERS: dict[str, tuple[tuple[str, ...], Callable[[str, Path], Recording]]] = {
    "metr-la-week1": (("metr_la_week1*.npz",), read_week),
    "scats": (("vicroads_scats*.parquet",), read_scats),
    "metr-la": (("metr-la.h5", "METR-LA.h5", "metr-la.npz", "METR-LA.npz", "metr-la.csv", "METR-LA.csv"), read_whole),
    "pems-bay": (
        ("pems-bay.h5", "PEMS-BAY.h5", "pems-bay.npz", "PEMS-BAY.npz", "pems-bay.csv", "PEMS-BAY.csv"),
        read_whole,
    ),
}

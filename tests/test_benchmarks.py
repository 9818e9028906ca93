"""The benchmarks run and say what others rely on; how fast it is they measure by themselves, in `make bench`."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = {"parse": "median_ms", "readings": "rows_per_s", "cycle": "seconds", "serve": "requests_per_s"}
NAMES = sorted(path.stem for path in ROOT.glob("benchmarks/[a-z]*.py"))


@pytest.mark.parametrize(("name", "hurried"), [("parse", {"RUNS": 1}), ("serve", {"SECONDS": 0.2})])
def test_a_benchmark_still_runs_over_the_house_of_now(
    name: str, hurried: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    benchmark = importlib.import_module(f"benchmarks.{name}")
    for what, value in hurried.items():
        monkeypatch.setattr(benchmark, what, value)
    assert benchmark.run()[NAMED[name]] > 0


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_prints_its_figures(name: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks", name, "--json"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    printed = json.loads(told.stdout)
    assert set(printed) == {"name", "figures", "machine"}
    assert printed["name"] == name
    assert all(isinstance(value, int | float | list) for value in printed["figures"].values())
    assert NAMED.get(name, next(iter(printed["figures"]))) in printed["figures"]

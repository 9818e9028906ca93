"""What others published on the same recordings, from a table of record that lies beside them."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

from lionrock.app.evaluate.recordings import SHARED

TABLE = "table_of_record_torch_mts.csv"
STEP_MIN = 5
SETS = {"metr-la-week1": "METRLA", "metr-la": "METRLA", "pems-bay": "PEMSBAY"}
NOTE = "Published: the best run of each model, as logged by Torch-MTS: 70% to learn, 10% to choose, 20% to test."
WEEK_NOTE = (
    "One week is not the full benchmark: published models learned from 12 weeks and are tested on 24 other days. "
    "The rows stand beside each other to show the scale, not the order."
)


def published(data: str, data_dir: Path | None) -> dict[str, Any] | None:
    """The published rows for a recording: ``{"set", "note", "rows": [{"model", "minutes", "mae", "rmse", "mape"}]}``.

    Of several logs of one model the one with the least error over all steps. None where nothing
    was published on the recording, or the table is not beside the data.
    """
    path = (data_dir if data_dir is not None else SHARED) / TABLE
    if data not in SETS or not path.is_file():
        return None
    runs: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(dict)
    with path.open(newline="") as lines:
        for line in csv.DictReader(lines):
            if line["dataset"] == SETS[data]:
                runs[line["model"], line["log"]][line["step"]] = line
    best: dict[str, dict[str, dict[str, str]]] = {}
    for (model, _log), steps in sorted(runs.items(), key=lambda run: float(run[1]["All Steps"]["MAE"])):
        best.setdefault(model, steps)
    rows = [row for model, steps in best.items() for row in _rows(model, steps)]
    return {"set": SETS[data], "note": f"{WEEK_NOTE} {NOTE}" if data == "metr-la-week1" else NOTE, "rows": rows}


def _rows(model: str, steps: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    rows = []
    for name, line in steps.items():
        if name.startswith("Step "):
            figures = {figure.lower(): float(line[figure]) for figure in ("MAE", "RMSE", "MAPE")}
            rows.append({"model": model, "minutes": int(name.removeprefix("Step ")) * STEP_MIN, **figures})
    return rows

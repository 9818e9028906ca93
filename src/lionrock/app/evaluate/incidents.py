"""``lionrock evaluate incidents``: reading and placing announcements, foretelling durations, detecting incidents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lionrock.app.evaluate.aid import evaluate_detection
from lionrock.app.evaluate.aid_recorded import count_silent_lanes
from lionrock.app.evaluate.aid_training import keep_shipped_model
from lionrock.app.evaluate.duration import evaluate_duration
from lionrock.app.evaluate.incidents_text import evaluate_text
from lionrock.core.vocabulary import NotFound

RECORDINGS = Path("../shared/data/hk")
PARTS = ("text", "duration", "detection")
TRAIN = "train"
Progress = Callable[[str, int, int], None]


def evaluate_incidents(part: str | None, folder: Path, data_dir: Path | None, progress: Progress) -> dict[str, Any]:
    """Evaluate one part, or all; ``folder`` keeps simulated days, ``data_dir`` holds the recordings.

    The part ``train`` writes the trees that ship anew. Raises NotFound for an unknown part.
    """
    if part == TRAIN:
        return {TRAIN: {"written": str(keep_shipped_model(folder / "incidents", progress))}}
    if part is not None and part not in PARTS:
        raise NotFound(f"incidents have no part {part!r} to evaluate; known are: {', '.join((*PARTS, TRAIN))}")
    recordings = data_dir or RECORDINGS
    evaluation: dict[str, Any] = {}
    for name in PARTS if part is None else (part,):
        progress(name, 0, 1)
        if name == "text":
            evaluation[name] = evaluate_text(recordings)
        elif name == "duration":
            evaluation[name] = _found(evaluate_duration, recordings)
        else:
            evaluation[name] = evaluate_detection(folder / "incidents", progress)
            evaluation["silent_lanes"] = _found(count_silent_lanes, recordings)
    return evaluation


def _found(evaluate: Callable[[Path], dict[str, Any]], recordings: Path) -> dict[str, Any]:
    try:
        return evaluate(recordings)
    except NotFound as absent:
        return {"absent": str(absent)}

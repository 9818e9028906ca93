"""An evaluation as tables for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

NO_NETWORKS = (
    "PyTorch is not installed: no networks were trained, and the blend is of trees alone. What docs/models/traffic.md "
    "tells was learned with both: make install, or pip install 'lionrock[neural]'."
)


def render(evaluation: dict[str, Any]) -> RenderableType:
    """The models, then the published one in slow traffic, by band of its prediction, with losses, beside others."""
    champion = evaluation["models"][-1]
    parts: list[RenderableType] = [_models(evaluation), Text(f"Learned in {evaluation['fit_s']:.0f} s.")]
    if not evaluation["networks"]:
        parts.append(Text(NO_NETWORKS, style="bold"))
    if slow := champion["slow"]:
        parts.append(_by_horizon(f"MAE of {champion['name']} in slow traffic", "when", slow, "mae", "{:.2f}"))
        parts.append(
            _by_horizon("and what it adds to (+) or takes off (-) last_value's", "when", slow, "difference", "{:+.2f}")
        )
    title = f"coverage of {champion['name']}'s 80%, by predicted {evaluation['unit']}"
    parts.append(_by_horizon(title, "predicted", champion["bands"], "coverage80", "{:.1%}"))
    lossy = [{"seen": each["seen"], **row} for each in evaluation["damaged"] for row in each["horizons"]]
    parts.append(
        _by_horizon(f"MAE of {champion['name']} with losses (every third origin)", "seen", lossy, "mae", "{:.3f}")
    )
    parts.append(_by_horizon("and what its 80% covers", "seen", lossy, "coverage80", "{:.1%}"))
    if evaluation["published"]:
        parts += _beside_published(champion, evaluation["published"])
    return Group(*parts)


def _models(evaluation: dict[str, Any]) -> Table:
    """One row per model and horizon; the mean absolute error with its 95% block-bootstrap interval."""
    table = Table(
        title=f"{evaluation['data']}: trained on {evaluation['train_rows']} rows, scored on {evaluation['test_rows']}",
        caption=f"errors in {evaluation['unit']}; MAPE where the truth is not 0; model {evaluation['version']}",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("model", no_wrap=True)
    for heading in ("min", "MAE", "its 95%", "RMSE", "MAPE", "80% has"):
        table.add_column(heading, justify="right", no_wrap=True)
    for model in evaluation["models"]:
        for row in model["horizons"]:
            last = row is model["horizons"][-1]
            table.add_row(
                model["name"] if row is model["horizons"][0] else "",
                str(row["minutes"]),
                told(row["mae"], "{:.3f}"),
                f"{row['mae_low']:.2f}-{row['mae_high']:.2f}",
                told(row["rmse"], "{:.3f}"),
                told(row["mape"], "{:.2f}%"),
                told(row["coverage80"], "{:.1%}"),
                end_section=last,
            )
    return table


def _by_horizon(title: str, key: str, rows: Iterable[dict[str, Any]], figure: str, form: str) -> Table:
    """One row per ``row[key]``, one column per horizon; with the 95% interval of the figure where it has one."""
    lines: dict[str, dict[int, str]] = {}
    for row in rows:
        lines.setdefault(row[key], {})[row["minutes"]] = _with_interval(row, figure, form)
    table = Table(title=title)
    table.add_column(key)
    minutes = sorted({each for line in lines.values() for each in line})
    for each in minutes:
        table.add_column(f"{each} min", justify="right")
    for name, line in lines.items():
        table.add_row(name, *(line.get(each, "-") for each in minutes))
    return table


def _with_interval(row: dict[str, Any], figure: str, form: str) -> str:
    low, high = row.get(f"{figure}_low"), row.get(f"{figure}_high")
    return told_between(row[figure], None if low is None or high is None else [low, high], form)


def _beside_published(champion: dict[str, Any], others: dict[str, Any]) -> list[RenderableType]:
    """Published models by their error at the shortest horizon that both tell, ours among them."""
    minutes = {row["minutes"] for row in champion["horizons"]}
    ours = [{**row, "model": f"{champion['name']} (ours)"} for row in champion["horizons"]]
    rows = [*ours, *(row for row in others["rows"] if row["minutes"] in minutes)]
    shortest = min(minutes)
    order = {row["model"]: row["mae"] for row in rows if row["minutes"] == shortest}
    rows.sort(key=lambda row: order[row["model"]])
    table = _by_horizon(f"MAE beside the table of record for {others['set']}", "model", rows, "mae", "{:.2f}")
    return [table, Text(others["note"])]


def told(value: float | None, form: str) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None else form.format(value)


def told_between(value: float | None, between: list[float] | None, form: str) -> str:
    """A figure with its interval, where it has one."""
    return told(value, form) + (f" ({told(between[0], form)} to {told(between[1], form)})" if between else "")

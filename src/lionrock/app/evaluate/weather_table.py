"""The evaluation of weather effects as tables for people: effects in percent beside the truth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from lionrock.app.evaluate.table import told_between

HIT, MISS = "yes", "NO"


def render_weather(evaluation: dict[str, Any]) -> Iterator[RenderableType]:
    """Effects of every simulated city, what covers what, single roads, the nowcast's worth, and the recorded night."""
    for city in evaluation["cities"]:
        yield _effects(city, evaluation)
    yield _covered(evaluation["covered"])
    for city in evaluation["cities"]:
        yield _roads(city)
        yield _nowcast(city)
    yield (
        "The recorded night is not beside this checkout."
        if evaluation["night"] is None
        else _night(evaluation["night"])
    )


def _effects(city: dict[str, Any], evaluation: dict[str, Any]) -> Table:
    table = _table(
        f"Twin, seed {city['seed']}: {evaluation['days']} days from {evaluation['first_day']}, whole day",
        ("measure", "weather"),
        ("effect %", "95% interval", "true %", "inside", "blocks", "days", "hours", "seen"),
    )
    for row in city["effects"]:
        if row["hours"]:
            continue
        table.add_row(
            row["measure"],
            row["level"],
            percent(row["log_ratio"]),
            _interval(row),
            percent(row["true"]),
            _inside(row),
            *(str(row[name]) for name in ("blocks", "days", "n_hours")),
            row["grade"],
        )
    return table


def _covered(covered: dict[str, Any]) -> Table:
    table = _table(
        "Intervals that hold the truth (placebo: weather moved by 1 to 4 weeks, where the truth is 0)",
        ("measure",),
        ("whole day", "hour groups", "placebo"),
    )
    for measure, parts in covered.items():
        told = (parts[name] for name in ("whole_day", "hour_groups", "placebo"))
        table.add_row(measure, *(f"{part['inside']} of {part['of']}" for part in told))
    return table


def _roads(city: dict[str, Any]) -> Table:
    table = _table(
        f"Twin, seed {city['seed']}: how single roads differ (logs of speed)",
        ("rain",),
        ("roads", "error", "error if all were alike"),
    )
    for row in city["roads"]:
        table.add_row(row["level"], str(row["roads"]), f"{row['error']:.4f}", f"{row['error_if_all_alike']:.4f}")
    return table


def _nowcast(city: dict[str, Any]) -> Table:
    _, *levels = city["nowcast"][0]["intervals"]
    table = _table(
        f"Twin, seed {city['seed']}: MAE one hour ahead (km/h) with and without the rain to come, and its 95%",
        ("forecast",),
        ("all hours", *levels),
    )
    for row in city["nowcast"]:
        told = (told_between(row[name], between, "{:.3f}") for name, between in row["intervals"].items())
        table.add_row(row["forecast"], *told)
    return table


def _night(night: dict[str, Any]) -> Table:
    table = _table(
        f"Recorded night of {night['nights'][0]} against the other two nights, 20:00 to 06:00, hour by hour",
        ("measure",),
        ("effect %", "95% interval", *(f"against {name}, %" for name in night["nights"][1:]), "seen"),
        caption=f"one typhoon, two other nights, {night['detectors']} detectors heard in all hours; they counted "
        + ", ".join(f"{count:,}" for count in night["vehicles"])
        + " vehicles in the three nights",
    )
    for row in night["measures"]:
        against = (percent(row["against"][name]) for name in night["nights"][1:])
        table.add_row(row["measure"], percent(row["log_ratio"]), _interval(row), *against, row["grade"])
    return table


def _table(title: str, words: tuple[str, ...], numbers: tuple[str, ...], caption: str | None = None) -> Table:
    table = Table(title=title, caption=caption)
    for heading in words:
        table.add_column(heading)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table


def percent(log_ratio: float | None) -> str:
    """A log ratio in percent, or a dash where there is none."""
    return "-" if log_ratio is None else f"{math.expm1(log_ratio) * 100:+.1f}"


def _interval(row: dict[str, Any]) -> str:
    return "-" if row["low"] is None else f"{percent(row['low'])} .. {percent(row['high'])}"


def _inside(row: dict[str, Any]) -> str:
    if row["true"] is None or row["low"] is None:
        return "-"
    return HIT if row["low"] <= row["true"] <= row["high"] else MISS

"""Where the lines of a model's charts run: errors hour by hour, as SVG paths with gaps where nothing was scored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lionrock.app.model_lives import HorizonPast, HourPoint, ModelLife
from lionrock.city.place import ZONE

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 10, 22
HOUR = timedelta(hours=1)
FEWEST_HOURS = 3
HEADROOM = 1.1
NICE = (1, 2, 2.5, 5, 10)
MOST_TICKS = 4
MOST_DAYS = 8
FEW_HOURS = 30  # below which the clock is written under the chart, above the date


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where (pixels) and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One small chart in pixels; ``level`` is where the value at promotion lies, None where there is none."""

    minutes: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    error: str
    last_value: str
    level: float | None
    across: list[Tick]
    up: list[Tick]
    newest: HourPoint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From hours and values to pixels."""

    first: datetime
    hours: float
    highest: float

    def x(self, moment: datetime) -> float:
        """Where a moment lies."""
        return LEFT + (moment - self.first) / HOUR / self.hours * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Where a value lies."""
        return HEIGHT - BOTTOM - value / self.highest * (HEIGHT - TOP - BOTTOM)


def draw_errors(life: ModelLife) -> list[Chart]:
    """A chart for each horizon, all on one scale; none while too few hours were scored for a line."""
    values = [
        value
        for one in life.past
        for point in one.hours
        for value in (point.mae, point.last_value)
        if value is not None
    ]
    hours = [point.hour for one in life.past for point in one.hours]
    if not values or max(hours) - min(hours) < FEWEST_HOURS * HOUR:
        return []
    before = {one.minutes: one.at_promotion for one in life.now}
    highest = max([*values, *(value for value in before.values() if value is not None)]) * HEADROOM
    scale = Scale(first=min(hours), hours=max((max(hours) - min(hours)) / HOUR, 1.0), highest=highest or 1.0)
    return [_chart(one, before.get(one.minutes), scale) for one in life.past]


def _chart(one: HorizonPast, before: float | None, scale: Scale) -> Chart:
    known = [point for point in one.hours if point.mae is not None]
    return Chart(
        minutes=one.minutes,
        error=_path(one.hours, scale, lambda point: point.mae),
        last_value=_path(one.hours, scale, lambda point: point.last_value),
        level=None if before is None else round(scale.y(before), 1),
        across=_days(scale),
        up=[Tick(round(scale.y(value), 1), f"{value:g}") for value in _steps(scale.highest)],
        newest=known[-1] if known else None,
    )


def _path(hours: Sequence[HourPoint], scale: Scale, value_of: Callable[[HourPoint], float | None]) -> str:
    """A line through the middle of the hours, broken where an hour is missing; a lone hour is a short stroke."""
    parts: list[str] = []
    before: datetime | None = None
    for point in hours:
        value = value_of(point)
        if value is None:
            continue
        x, y = scale.x(point.hour), scale.y(value)
        joined = before is not None and point.hour - before == HOUR
        parts.append(f"L{x:.1f} {y:.1f}" if joined else f"M{x - 1:.1f} {y:.1f}L{x:.1f} {y:.1f}")
        before = point.hour
    return "".join(parts)


def _steps(highest: float) -> list[float]:
    """Round values from 0 up, at most MOST_TICKS above it."""
    rough = highest / MOST_TICKS
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 10.0**-2
    while power * NICE[-1] < rough:
        power *= 10
    step = next(nice * power for nice in NICE if nice * power >= rough)
    return [round(step * number, 6) for number in range(int(highest / step) + 1)]


def _days(scale: Scale) -> list[Tick]:
    """The city's midnights (or every sixth hour of a short past), with their dates."""
    every, form = (6, "%H:%M") if scale.hours <= FEW_HOURS else (24, "%d/%m")
    local = scale.first.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    end = scale.first + HOUR * scale.hours
    ticks = []
    while local <= end:
        if local.hour % every == 0 and local >= scale.first:
            ticks.append(Tick(round(scale.x(local), 1), local.strftime(form)))
        local += HOUR
    return ticks[-MOST_DAYS:]

"""The levels of weather whose effects are estimated, and which hours count as which.

Three questions are asked of the same hours, each with its own calm hours to compare with:

* rain (light, moderate, heavy by mm/h): against dry hours. Hours under signal No. 3 or higher are
  left out: then demand changes for other reasons than rain.
* rainstorm warning (amber, red, black): against dry hours without a warning, so that the effect is
  that of the warning with the rain that it warns of. Rain without a warning is left out.
* typhoon signal (No. 1, No. 3, No. 8 and higher, and the first two hours of No. 8, when people go
  home): against dry hours without a signal; what rain a typhoon brings is part of its effect.

After-effects (wet roads, queues that remain, a city that wakes up) are neither: the hours after are
left out. So is every hour of which the weather is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import Text

Cube = NDArray[np.float32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
States = NDArray[np.int8]

UNKNOWN = -1
DRY_MM_H, MODERATE_MM_H, HEAVY_MM_H = 0.1, 2.5, 10.0  # the classes of the WMO (No. 8) up to heavy
MOST_OF_AN_HOUR = 0.5
WET_ROAD_H, AFTER_WARNING_H, AFTER_SIGNAL_H = 1, 2, 12
GOING_HOME_H = 2

RAIN, WARNING, SIGNAL = "rain", "warning", "signal"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of one factor."""

    id: str
    factor: str
    title: Text


LEVELS = (
    Level("light_rain", RAIN, Text(en="Light rain (0.1 to 2.5 mm/h)", tc="微雨（每小時 0.1 至 2.5 毫米）")),
    Level("moderate_rain", RAIN, Text(en="Moderate rain (2.5 to 10 mm/h)", tc="中雨（每小時 2.5 至 10 毫米）")),
    Level("heavy_rain", RAIN, Text(en="Heavy rain (10 mm/h and more)", tc="大雨（每小時 10 毫米或以上）")),
    Level("amber", WARNING, Text(en="Amber rainstorm warning", tc="黃色暴雨警告信號")),
    Level("red", WARNING, Text(en="Red rainstorm warning", tc="紅色暴雨警告信號")),
    Level("black", WARNING, Text(en="Black rainstorm warning", tc="黑色暴雨警告信號")),
    Level("signal_1", SIGNAL, Text(en="Typhoon signal No. 1", tc="一號戒備信號")),
    Level("signal_3", SIGNAL, Text(en="Typhoon signal No. 3", tc="三號強風信號")),
    Level("going_home", SIGNAL, Text(en="First two hours of signal No. 8", tc="八號信號發出後首兩小時")),
    Level("signal_8", SIGNAL, Text(en="Typhoon signal No. 8 or higher", tc="八號或更高的熱帶氣旋警告信號")),
)
LEVEL_BY_ID = {level.id: level for level in LEVELS}
FACTORS = (RAIN, WARNING, SIGNAL)

HOUR_GROUPS: Mapping[str, tuple[int, ...]] = {
    "night": tuple(range(7)),
    "morning_peak": (7, 8, 9),
    "midday": tuple(range(10, 17)),
    "evening_peak": (17, 18, 19),
    "late": (20, 21, 22, 23),
}
GROUP_TITLES: Mapping[str, Text] = {
    "night": Text(en="Night (00:00 to 07:00)", tc="深夜（00:00 至 07:00）"),
    "morning_peak": Text(en="Morning peak (07:00 to 10:00)", tc="早上繁忙時間（07:00 至 10:00）"),
    "midday": Text(en="Midday (10:00 to 17:00)", tc="日間（10:00 至 17:00）"),
    "evening_peak": Text(en="Evening peak (17:00 to 20:00)", tc="黃昏繁忙時間（17:00 至 20:00）"),
    "late": Text(en="Late evening (20:00 to 24:00)", tc="晚間（20:00 至 24:00）"),
}


@dataclass(frozen=True, slots=True, eq=False)
class WeatherHours:
    """The weather of each hour: rain in mm/h ``[day, hour, road]`` (NaN: unknown), and shares of the hour by code.

    ``told[day, hour]`` says whether it is known which warnings were in force.
    """

    rain_mm_h: Cube
    in_force: Mapping[str, Floats]
    told: Flags

    def share(self, *prefixes: str) -> Floats:
        """The share of each hour ``[day, hour]`` in which a warning whose code begins so was in force."""
        total = np.zeros(self.told.shape)
        for code, share in self.in_force.items():
            if code.startswith(prefixes):
                total = total + share
        return np.minimum(total, 1.0)


def levels_of(factor: str) -> tuple[Level, ...]:
    """The levels of one factor in their order: level i of a state is the (i-1)th of them."""
    return tuple(level for level in LEVELS if level.factor == factor)


def states_of(factor: str, weather: WeatherHours) -> States:
    """Which level each hour of each road had, ``[day, hour, road]``: 0 calm, -1 neither."""
    return {RAIN: _rain_states, WARNING: _warning_states, SIGNAL: _signal_states}[factor](weather)


def blocks_of(factor: str, weather: WeatherHours) -> Ints:
    """Which independent block each day belongs to: its own, or that of the typhoon whose days it is among."""
    days = np.arange(len(weather.told), dtype=np.int64)
    if factor != SIGNAL:
        return days
    under: Flags = np.any(weather.share("TC") > 0, axis=1)
    begins = ~(under & np.concatenate([np.zeros(1, bool), under[:-1]]))
    return np.asarray(np.cumsum(begins) - 1, np.int64)


def _rain_states(weather: WeatherHours) -> States:
    rain = weather.rain_mm_h
    states = np.digitize(np.nan_to_num(rain), (DRY_MM_H, MODERATE_MM_H, HEAVY_MM_H)).astype(np.int8)
    states[(states == 0) & _after(states > 0, WET_ROAD_H)] = UNKNOWN
    strong = weather.share("TC3", "TC8", "TC9", "TC10") > 0
    states[strong | _after(weather.share("TC8", "TC9", "TC10") > 0, AFTER_SIGNAL_H)] = UNKNOWN
    states[np.isnan(rain)] = UNKNOWN
    return states


def _warning_states(weather: WeatherHours) -> States:
    states = _calm(weather, AFTER_WARNING_H, "WRAIN")
    for level, code in enumerate(("WRAINA", "WRAINR", "WRAINB"), start=1):
        states[weather.share(code) >= MOST_OF_AN_HOUR] = level
    states[(weather.share("TC3", "TC8", "TC9", "TC10") > 0) | ~weather.told] = UNKNOWN
    return states


def _signal_states(weather: WeatherHours) -> States:
    states = _calm(weather, AFTER_SIGNAL_H, "TC")
    gale = weather.share("TC8", "TC9", "TC10")
    for level, share in ((1, weather.share("TC1") - weather.share("TC10")), (2, weather.share("TC3")), (4, gale)):
        states[share >= MOST_OF_AN_HOUR] = level
    hoisted = (gale > 0) & ~_after(gale > 0, 1)
    hoisted[0, 0] &= gale[0, 0] < 1  # one that was in force before the first of these hours
    states[(hoisted | _after(hoisted, GOING_HOME_H - 1)) & (gale >= MOST_OF_AN_HOUR)] = 3
    states[~weather.told] = UNKNOWN
    return states


def _calm(weather: WeatherHours, hours_after: int, code: str) -> States:
    """0 where it was dry and nothing whose code begins so was in force, lately neither; -1 elsewhere."""
    rain, in_force = weather.rain_mm_h, weather.share(code) > 0
    wet = ~(rain < DRY_MM_H)
    stormy = in_force | _after(in_force, hours_after)
    calm = ~(wet | _after(wet, WET_ROAD_H) | stormy[:, :, None])
    return np.where(calm, 0, UNKNOWN).astype(np.int8)


def _after(flags: Flags, hours: int) -> Flags:
    """The ``hours`` after each hour that is flagged, over midnight too."""
    flat = flags.reshape(-1, *flags.shape[2:])
    found = np.zeros_like(flat)
    for back in range(1, hours + 1):
        found[back:] |= flat[:-back]
    after: Flags = found.reshape(flags.shape)
    return after

"""How the evaluation of incidents is shown on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

LANGUAGES = {"en": "English", "sc": "Chinese (simplified)", "tc": "Chinese (traditional)"}


def render_incidents(evaluation: dict[str, Any]) -> Iterator[Table | str]:
    """Tables of the parts that were evaluated."""
    if "train" in evaluation:
        yield f"Trained, and written to {evaluation['train']['written']}"
    if "text" in evaluation:
        yield from _text(evaluation["text"])
    if "duration" in evaluation:
        yield from _duration(evaluation["duration"])
    if "detection" in evaluation:
        yield from _detection(evaluation["detection"])
    if "silent_lanes" in evaluation:
        yield _silent(evaluation["silent_lanes"])


def _text(text: dict[str, Any]) -> Iterator[Table | str]:
    recorded = text["recorded"]
    if "absent" in recorded:
        yield f"The recorded news was not read: {recorded['absent']}"
    else:
        table = Table("Language", "Part", "named", "same", "other", "nothing", title="Sentences against fields, 2020")
        for language, parts in recorded["read"].items():
            for part, row in parts.items():
                shares = [f"{row[name]:.1%}" for name in ("same", "other", "nothing")]
                table.add_row(LANGUAGES[language], part, str(row["named"]), *shares)
        yield table
        found, error = recorded["found"], recorded["error_m"]
        table = Table("Of the messages", "", title=f"{found['messages']} recorded messages about roads, words alone")
        for name in ("road_named", "road_on_map", "direction_named", "coordinates", "coordinates_by_landmark"):
            table.add_row(name.replace("_", " "), f"{found[name]:.1%}")
        table.add_row(
            f"metres from the bus stop of the landmark's name ({error['count']} messages)",
            f"median {error['median']:.0f}, nine in ten within {error['p90']:.0f}",
        )
        yield table
    twin = text["twin"]
    table = Table("Language", "placed", "first segment right", "among those named", "median m", "90% m",
                  title=f"{twin['incidents']} incidents of the twin, coordinates held back")  # fmt: skip
    for language in ("en", "tc", "sc"):
        row = twin[language]
        shares = [f"{row[name]:.1%}" for name in ("coordinates", "first_segment_right", "segment_among_those_named")]
        table.add_row(LANGUAGES[language], *shares, f"{row['error_m']['median']:.0f}", f"{row['error_m']['p90']:.0f}")
    yield table


def _duration(duration: dict[str, Any]) -> Iterator[Table | str]:
    if "absent" in duration:
        yield f"Durations were not evaluated: {duration['absent']}"
        return
    counts, (since, until) = duration["incidents"], duration["held_out"]
    unended = f"{counts['held_out_censored']} without an end"
    title = f"Minutes left, {counts['held_out']} incidents from {since} to {until} ({unended})"
    table = Table("Model", "When", "asked", "pinball min", "80% covers", "50% covers", title=title)
    for model in duration["models"]:
        for when in ("first", "later", "first_routine", "later_routine"):
            row = model[when]
            table.add_row(
                model["name"],
                when.replace("_", ", "),
                f"{row['count']:.0f}",
                f"{row['pinball_min']:.1f}",
                f"{row['covered_80']:.1%}",
                f"{row['covered_50']:.1%}",
            )
    yield table
    chosen = duration["chosen_on"]
    yield "; ".join(
        [
            f"settings were chosen on {chosen['incidents']} incidents from {chosen['since']} on",
            *(
                f"{when} {chosen[when]['pinball_min']:.1f} min, {chosen[when]['covered_80']:.1%} covered"
                for when in ("first", "later")
            ),
        ]
    )
    yield "routine: accidents and breakdowns; later: 15, 30, 60 and 120 minutes on, still without an end."


def _detection(detection: dict[str, Any]) -> Iterator[Table | str]:
    counts, days = detection["incidents"], detection["days"]
    title = f"Detection on {days['test']} unseen days of the twin: {counts['test']} incidents, {counts['felt']} felt"
    table = Table("Method", "found (felt)", "no detector beside", "all", "mean min", "median min", "false a day",
                  "worst", "chosen on", title=title)  # fmt: skip
    for row in detection["methods"]:
        tested, tuned = row["tested"], row["tuned"]
        table.add_row(
            row["method"],
            f"{tested['found']:.0%} of {tested['felt']}",
            f"{tested['found_away']} of {tested['away']}",
            f"{tested['found_of_all']:.0%}",
            _minutes(tested["minutes"]),
            _minutes(tested["median_minutes"]),
            _false(tested),
            str(tested["most_false"]),
            f"{tuned['found']:.0%} at {_false(tuned)}",
        )
    yield table
    yield (
        f"Settings: the most found on {days['tune']} tuning days at no more than {detection['limit']:.0f} false alarms "
        f"a day with {detection['margin']} standard errors added, else the fewest false alarms."
    )


def _silent(silent: dict[str, Any]) -> str:
    if "absent" in silent:
        return f"Recorded lanes were not looked at: {silent['absent']}"
    return (
        f"Of {silent['detectors']} recorded detectors a lane fell silent in {silent['silent_hours']} hours of "
        f"{silent['days']:.0f} days, whatever the cause: {silent['a_day']} a day."
    )


def _false(score: dict[str, Any]) -> str:
    return f"{score['false_a_day']:.1f} ± {score['false_error']:.1f}"


def _minutes(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"

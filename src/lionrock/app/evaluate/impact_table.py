"""The evaluation of impact estimates as tables for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table


def render_impact(evaluation: dict[str, Any]) -> Iterator[Table | str]:
    """Every pair, then the figures, then where the estimate misses most."""
    low, high = evaluation["median_error_between"]
    yield _pairs(f"Pairs of days, traffic at {evaluation['scale']:.0%} of the twin's", evaluation["rows"])
    yield (
        f"{evaluation['pairs']} pairs that cost {evaluation['least']:.0f} vehicle-hours or more: median error "
        f"[bold]{evaluation['median_error']:.1%}[/] ({low:.1%} to {high:.1%} in 80% of draws of the days), "
        f"upper quartile {evaluation['upper_quartile_error']:.1%}; "
        f"all estimates together are {evaluation['total_ratio']:.2f} of the truth; "
        f"80% intervals hold {evaluation['covered80']:.0%} ({evaluation['covered80_of_all']:.0%} of all incidents)."
    )
    for of, groups in evaluation["by"].items():
        told = (f"{name} {one['median_error']:.1%} of {one['pairs']}" for name, one in groups.items() if one["pairs"])
        yield f"Median error by {of}: {', '.join(told)}."
    ended = evaluation["at_end"]
    if ended["pairs"]:
        yield f"As the incident ends: median error {ended['median_error']:.1%} of {ended['pairs']} that cost as much."
    yield (
        f"The truths are means of {evaluation['lucks']} pairs of the same trips with other luck at merges and turns; "
        f"their own standard error is {evaluation['luck']:.1%} in the median."
    )
    if evaluation["small_pairs"]:
        yield (
            f"{evaluation['small_pairs']} that cost less: missed by {evaluation['small_median_miss']} vehicle-hours "
            "in the median."
        )
    yield (
        f"{evaluation['null_pairs']} days without an incident: {evaluation['null_zero']} estimated as zero, and zero "
        f"lies inside the interval in {evaluation['null_contains_zero']:.0%}; the largest estimate is "
        f"{evaluation['null_largest']} vehicle-hours."
    )
    yield _pairs("Where it misses most", evaluation["worst"])
    yield f"Platoons of {evaluation['platoon']}; seeds from {evaluation['first_seed']}; {evaluation['wall_s']} s."


def _pairs(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title)
    table.add_column("road")
    for heading in (
        "seed",
        "day",
        "hours",
        "kind",
        "closed",
        "minutes",
        "true",
        "luck",
        "estimate",
        "80% interval",
        "error",
    ):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            row["road"],
            str(row["seed"]),
            row["day"],
            row["part"],
            row["kind"],
            f"{row['closed']} of {row['lanes']}",
            str(row["minutes"]),
            f"{row['true']:.0f}",
            f"{row['luck']:.0f}",
            f"{row['middle']:.0f}",
            f"{row['low']:.0f} to {row['high']:.0f}",
            "-" if row["error"] is None else f"{row['error']:.0%}",
        )
    return table

"""The evaluation of buses as tables for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from lionrock.app.evaluate.table import told, told_between


def render_buses(evaluation: dict[str, Any]) -> Iterator[Table | str]:
    """Yield one table for each look; a look whose recording is absent is a line that says so."""
    yield _twin(evaluation["twin"])
    if evaluation["absent"] is not None:
        yield f"The recorded line was not looked at: {evaluation['absent']}"
        return
    yield _departures(evaluation["departures"])
    yield _between(evaluation["between_stops"])
    yield _costs(evaluation["stop_costs"])


def _twin(twin: dict[str, Any]) -> Table:
    table = Table(
        title="Probe speeds beside the simulated links' speeds",
        caption=f"{twin['runs']} runs, {twin['measured']} measured, {twin['at_limit']} of them beyond what a bus can "
        f"tell (not scored); {told(twin['within_doubt'], '{:.0%}')} of the errors lie within the stated standard "
        "doubt; each MAE's 95% interval draws half hours",
    )
    table.add_column("true speed")
    for heading in ("speeds", "MAE km/h", "bias km/h", "median %", "90% of them below %"):
        table.add_column(heading, justify="right")
    rows = [(f"{band['from_kmh']:.0f} - {band['to_kmh']:.0f} km/h", band) for band in twin["bands"]]
    for name, row in [*rows, ("all", twin["all"]), ("medians of a quarter of an hour", twin["quarters"])]:
        shares = [None if share is None else share * 100 for share in (row.get("median_share"), row.get("p90_share"))]
        table.add_row(
            name,
            str(row["count"]),
            told_between(row.get("mae_kmh"), row.get("mae_between_kmh"), "{:.1f}"),
            told(row.get("bias_kmh"), "{:+.1f}"),
            *(told(share, "{:.0f}") for share in shares),
        )
    return table


def _departures(found: dict[str, Any]) -> Table:
    table = Table(
        title=f"A real line (278K, 2024-09-18): {found['departures']} departures in {found['answers']} answers",
        caption="answers came six minutes apart; moved: against the passages from every second answer",
    )
    for heading in ("stop", "minutes from the start", "passages", "departures found", "moved s"):
        table.add_column(heading, justify="right")
    for stop in found["stops"]:
        table.add_row(
            str(stop["position"]),
            f"{stop['minutes_from_start']:.1f}",
            str(stop["passages"]),
            str(stop["found"]),
            told(stop["moved_s"], "{:.0f}"),
        )
    return table


def _between(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Seconds between its stops", caption="hkbus measured in other months, at other hours")
    for heading in ("from stop", "runs", "ours (median)", "hkbus"):
        table.add_column(heading, justify="right")
    for row in rows:
        ours, theirs = told(row["median_s"], "{:.0f}"), told(row["hkbus_s"], "{:.0f}")
        table.add_row(str(row["position"]), str(row["runs"]), ours, theirs)
    return table


def _costs(costs: dict[str, Any]) -> Table:
    table = Table(
        title=f"What a stop costs: {costs['pairs']} pairs of KMB stops measured by hkbus",
        caption=f"a stop costs {costs['quick_stop_s']:.0f} s and a kilometre runs at {costs['quick_kmh']:.0f} km/h for "
        f"the quickest tenth; {costs['median_stop_s']:.0f} s and {costs['median_kmh']:.0f} km/h for the middle one",
    )
    for heading in ("metres apart", "pairs", "quickest tenth s", "median s"):
        table.add_column(heading, justify="right")
    for row in costs["distances"]:
        table.add_row(f"{row['from_m']} - {row['to_m']}", str(row["pairs"]), str(row["quick_s"]), str(row["median_s"]))
    return table

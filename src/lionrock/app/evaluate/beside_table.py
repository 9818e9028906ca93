"""What other knowledge is worth to the forecast, as tables for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from lionrock.app.evaluate.table import told_between


def render_beside(evaluation: dict[str, Any]) -> Iterator[Table]:
    """One table a place: errors by horizon with each sort of knowledge, and the paired differences below."""
    for where in dict.fromkeys(row["where"] for row in evaluation["rows"]):
        rows = [row for row in evaluation["rows"] if row["where"] == where]
        table = Table(
            title=f"MAE in km/h, {where} ({rows[0]['count']:,} cells at the first horizon)",
            caption=f"twin cities {evaluation['seeds']}, {evaluation['roads']} roads, {evaluation['learn_days']} of "
            f"{evaluation['days']} days to learn from; below each error the paired difference, with 95% intervals",
        )
        table.add_column("known beside the speeds")
        table.add_column("against")
        for minutes in evaluation["minutes"]:
            table.add_column(f"{minutes} min", justify="right")
        for row in rows:
            table.add_row(row["known"], row.get("against", ""), *_cells(row))
        yield table


def _cells(row: dict[str, Any]) -> list[str]:
    told = [told_between(*each, "{:.2f}") for each in zip(row["mae"], row["mae_between"], strict=True)]
    if "against" not in row:
        return told
    apart = zip(told, row["difference"], row["low"], row["high"], strict=True)
    return [f"{error}\n{more:+.3f} ({low:+.3f} to {high:+.3f})" for error, more, low, high in apart]

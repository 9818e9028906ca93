"""An evaluation as a table for people."""

from __future__ import annotations

from typing import Any

from rich.table import Table


def render(evaluation: dict[str, Any]) -> Table:
    """One row per model and horizon; the mean absolute error with its 95% block-bootstrap interval."""
    table = Table(
        title=f"{evaluation['data']}: trained on {evaluation['train_rows']} rows, scored on {evaluation['test_rows']}",
        caption=f"errors in {evaluation['unit']}; MAPE where the truth is not 0; model {evaluation['version']}",
    )
    table.add_column("model")
    for heading in ("minutes", "MAE", "95% interval", "RMSE", "MAPE %", "80% covers"):
        table.add_column(heading, justify="right")
    for model in evaluation["models"]:
        for row in model["horizons"]:
            last = row is model["horizons"][-1]
            table.add_row(
                model["name"] if row is model["horizons"][0] else "",
                str(row["minutes"]),
                told(row["mae"], "{:.3f}"),
                f"{row['mae_low']:.2f} - {row['mae_high']:.2f}",
                told(row["rmse"], "{:.3f}"),
                told(row["mape"], "{:.2f}"),
                told(row["coverage80"], "{:.1%}"),
                end_section=last,
            )
    return table


def told(value: float | None, form: str) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None else form.format(value)

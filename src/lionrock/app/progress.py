"""Long work says how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from lionrock.core.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Step:
    """``done`` of ``total`` pieces of what ``label`` names."""

    done: int
    total: int
    label: Text


class Progress:
    """One long work's place; None while nothing runs."""

    def __init__(self) -> None:
        self.step: Step | None = None

    def show(self, done: int, total: int, label: Text) -> None:
        """Say how far the work is."""
        self.step = Step(done, total, label)

    def finish(self) -> None:
        """Say that the work is done."""
        self.step = None

"""LightGBM, loaded when it is first used: with pandas and SciPy, which come along, it would slow every start."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lightgbm import Booster, Dataset, train

__all__ = ["Booster", "Dataset", "train"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(importlib.import_module("lightgbm"), name)

"""A name for exactly this model: data window, code, libraries and seed in one hash."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

import numpy as np


def version_of(window: dict[str, Any], horizons: list[int], seed: int, lowest: float | None) -> str:
    """Twelve hexadecimal digits that change with anything that could change a forecast."""
    said = {"window": window, "horizons": horizons, "seed": seed, "lowest": lowest, "code": code_hash()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


@cache
def code_hash() -> str:
    """A hash of this engine's source and of the libraries that do its arithmetic."""
    torch = [each.version for each in distributions(name="torch")]
    digest = hashlib.sha256(f"numpy {np.__version__}, lightgbm {version('lightgbm')}, torch {torch}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()

"""A program's own fault, as it is told to people."""

from __future__ import annotations

import traceback
from pathlib import Path


def tell_fault(error: Exception) -> str:
    """What went wrong and where, in one line: ``KeyError: 'lat' (parking/feeds.py:42)``."""
    frames = traceback.extract_tb(error.__traceback__)
    files = [frame for frame in frames if not frame.filename.startswith("<")]  # Python's own machinery is no place
    where = f" ({'/'.join(Path(files[-1].filename).parts[-2:])}:{files[-1].lineno})" if files else ""
    return f"{type(error).__name__}: {error}{where}"

"""Run one benchmark, or all: each is a module of this folder with a ``run()`` that returns its figures."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


def describe_machine() -> dict[str, object]:
    """Say what a figure was measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def main() -> int:
    """Run what is asked for and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=(*NAMES, "all"))
    parser.add_argument("--json", action="store_true", help="print one JSON object a benchmark, nothing else")
    given = parser.parse_args()
    machine = describe_machine()
    for name in NAMES if given.name == "all" else (given.name,):
        figures = importlib.import_module(f"benchmarks.{name}").run()
        if given.json:
            print(json.dumps({"name": name, "figures": figures, "machine": machine}))
            continue
        print(f"\n{name}")
        for figure, value in figures.items():
            told = f"{value:>14,.2f}" if isinstance(value, int | float) else str(value)
            print(f"  {figure:28} {told}")
    if not given.json:
        print(f"\n{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

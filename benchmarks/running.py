"""What a whole ``lionrock up`` costs: to start, cold and warm, to stop with 20 pages' streams open, and in memory.

``BENCH_MINUTES`` (2) is how long it runs in between; over 25 minutes the memory has the back-filling of
14 days and the first training of every model in it. How many came to their end is told.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.running_lionrock import memory_mib, start_lionrock, stop, wait_until_ready

STREAMS = 20
LOOK_EVERY_S = 1.0


def run() -> dict[str, float]:
    """Seconds to the first coloured map, to stop; MiB (proportional set size) of all processes together, at most."""
    minutes = float(os.environ.get("BENCH_MINUTES", "2"))
    with TemporaryDirectory() as folder, ExitStack() as streams:
        running = start_lionrock(Path(folder))
        cold_s = wait_until_ready(running)
        port = int(running.base.rpartition(":")[2])
        for _ in range(STREAMS):
            stream = streams.enter_context(socket.create_connection(("127.0.0.1", port)))
            stream.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            stream.recv(4096)
        most, until = dict[str, float](), time.monotonic() + minutes * 60
        while time.monotonic() < until:
            most = max(most, memory_mib(running.process.pid), key=lambda held: sum(held.values()))
            time.sleep(LOOK_EVERY_S)
        stop_s = stop(running)
        trained = count_trained(Path(folder) / "data")
        again = start_lionrock(Path(folder))
        warm_s = wait_until_ready(again)
        stop_again_s = stop(again)
    return {
        "cold start, s": cold_s,
        "warm start, s": warm_s,
        f"stop with {STREAMS} streams, s": stop_s,
        "stop at once, s": stop_again_s,
        "models trained": trained,
        "memory of all processes, MiB": sum(most.values()),
    } | {f"of it {what}": held for what, held in most.items()}


def count_trained(data: Path) -> int:
    """How many models have a version that was learned in this store."""
    list_models = [sys.executable, "-m", "lionrock", "models", "list", "--json", "--data", str(data)]
    lives = json.loads(subprocess.run(list_models, check=True, capture_output=True).stdout)
    return sum(bool(life["versions"]) for life in lives)

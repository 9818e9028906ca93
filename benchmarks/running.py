"""What a whole ``lionrock up`` costs: to start, cold and warm, to stop with 20 pages' streams open, and in memory.

``BENCH_MINUTES`` (2) is how long it runs in between; over 15 minutes the memory has the back-filling of
14 days and the first training in it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from lionrock.app.twin_process import free_port

STREAMS = 20
STARTS_WITHIN_S = 180
LOOK_EVERY_S = 1.0
MIB = 1024
SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def run() -> dict[str, float]:
    """Seconds to the first coloured map, to stop; MiB (proportional set size) of all processes together, at most."""
    minutes = float(os.environ.get("BENCH_MINUTES", "2"))
    with TemporaryDirectory() as folder, ExitStack() as streams:
        running, cold_s = _start(Path(folder))
        port = int(running.args[-1])
        for _ in range(STREAMS):
            stream = streams.enter_context(socket.create_connection(("127.0.0.1", port)))
            stream.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            stream.recv(4096)
        most, until = dict[str, float](), time.monotonic() + minutes * 60
        while time.monotonic() < until:
            most = max(most, dict(_memory_mib(running.pid)), key=lambda held: sum(held.values()))
            time.sleep(LOOK_EVERY_S)
        stop_s = _stop(running)
        again, warm_s = _start(Path(folder))
        stop_again_s = _stop(again)
    return {
        "cold start, s": cold_s,
        "warm start, s": warm_s,
        f"stop with {STREAMS} streams, s": stop_s,
        "stop at once, s": stop_again_s,
        "memory of all processes, MiB": sum(most.values()),
    } | {f"of it {what}": held for what, held in most.items()}


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    """A Lionrock over its twin, and the seconds until its first map can be drawn."""
    port = free_port()
    begun = time.monotonic()
    with (folder / "log.txt").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "lionrock", "up", "--port", str(port)],
            env=os.environ | {"LIONROCK_DATA": str(folder / "data")},
            stdout=log,
            stderr=log,
        )
    while time.monotonic() - begun < STARTS_WITHIN_S and running.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).status_code == httpx.codes.OK:
                return running, time.monotonic() - begun
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    running.kill()
    raise RuntimeError(f"it did not start:\n{(folder / 'log.txt').read_text()[-2000:]}")


def _stop(running: subprocess.Popen[bytes]) -> float:
    begun = time.monotonic()
    running.send_signal(signal.SIGINT)
    running.wait(60)
    return time.monotonic() - begun


def _memory_mib(pid: int) -> Iterator[tuple[str, float]]:
    """What a process and each below it hold, shared pages counted once; one that has just ended counts nothing."""
    folder = Path(f"/proc/{pid}")
    try:
        children = [int(child) for each in folder.glob("task/*/children") for child in each.read_text().split()]
        found = SHARE.search((folder / "smaps_rollup").read_text())
        words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return
    what = words[words.index("-m") + 1] if "-m" in words else words[0].rpartition("/")[2]
    yield f"{what} {pid}", int(found[1]) / MIB if found else 0.0
    for child in children:
        yield from _memory_mib(child)

"""Starting, asking and stopping a real ``lionrock up`` with its own twin, in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lionrock.app.twin_process import free_port

STARTS_WITHIN_S = 120.0
SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Running:
    """A running Lionrock: its process, its address, its twin's address, its log."""

    process: subprocess.Popen[bytes]
    base: str
    folder: Path

    @property
    def twin(self) -> str:
        """The twin's address, read off the command line of the child process."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
            if "lionrock.twin" in words:
                return f"http://127.0.0.1:{words[words.index('--port') + 1]}"
        raise AssertionError(f"no twin among the children {children}")

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask the running Lionrock."""
        return httpx.get(f"{self.base}{path}", headers=headers, timeout=30)


def start_lionrock(folder: Path, *options: str, **settings: str) -> Running:
    """Start ``lionrock up`` on a free port; everything that it writes is below ``folder``."""
    port = free_port()
    environment = os.environ | {"LIONROCK_PORT": str(port), "LIONROCK_DATA": str(folder / "data"), **settings}
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lionrock", "up", *options], env=environment, stdout=log, stderr=log, cwd=folder
        )
    return Running(process, f"http://127.0.0.1:{port}", folder)


def wait_until_ready(running: Running) -> float:
    """Seconds until /health answers 200."""
    started = time.monotonic()
    while time.monotonic() - started < STARTS_WITHIN_S:
        assert running.process.poll() is None, (running.folder / "log.txt").read_text()[-3000:]
        try:
            if running.get("/health").status_code == 200:
                return time.monotonic() - started
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError((running.folder / "log.txt").read_text()[-3000:])


def wait_for(look: Callable[[], Any], within_s: float = 60.0) -> Any:
    """The first truthy thing that ``look`` sees."""
    until = time.monotonic() + within_s
    while not (seen := look()):
        assert time.monotonic() < until, f"nothing was seen within {within_s} s"
        time.sleep(0.2)
    return seen


def stop(running: Running, how: signal.Signals = signal.SIGINT) -> float:
    """Seconds that the process took to end."""
    started = time.monotonic()
    running.process.send_signal(how)
    running.process.wait(20)
    return time.monotonic() - started


def memory_mib(pid: int) -> dict[str, float]:
    """What a process and each below it hold; pages that they share are counted once, who has just ended not."""
    folder = Path(f"/proc/{pid}")
    try:
        children = [int(child) for each in folder.glob("task/*/children") for child in each.read_text().split()]
        share = SHARE.search((folder / "smaps_rollup").read_text())
        words = (folder / "cmdline").read_bytes().decode().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return {}
    if share is None:
        return {}
    what = words[words.index("-m") + 1] if "-m" in words else Path(words[0]).name
    below = [memory_mib(child) for child in children]
    return {f"{what} {pid}": int(share[1]) / 1024} | {name: held for each in below for name, held in each.items()}

"""The twin as a process of its own: the platform knows it only by its address."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from socket import socket
from typing import Self

from lionrock.core.clock import Clock, RealClock, ScaledClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import LionrockError

STOPS_WITHIN_S = 1.0
LOOK_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class TwinProcess:
    """A running twin, its address, and the clock that it lives by."""

    process: subprocess.Popen[bytes]
    base: str
    clock: Clock

    @classmethod
    def start(cls, settings: Settings) -> Self:
        """Start a twin beside us; it keeps its days in the twin's own folder and ends when we end."""
        port = free_port()
        command = [sys.executable, "-m", "lionrock.twin", "--port", str(port)]
        command += ["--folder", str(settings.home / "days"), "--seed", str(settings.twin_seed)]
        clock: Clock = RealClock()
        if settings.twin_speed != 1.0 or settings.twin_epoch is not None:
            anchor = datetime.now(UTC)
            epoch = settings.twin_epoch or anchor
            clock = ScaledClock(epoch, anchor, settings.twin_speed)
            command += ["--epoch", epoch.isoformat(), "--anchor", anchor.isoformat()]
            command += ["--speed", str(settings.twin_speed)]
        return cls(subprocess.Popen(command), f"http://127.0.0.1:{port}", clock)  # noqa: S603 - our own module

    def wait_until_it_answers(self, patience_s: float = 120.0) -> None:
        """Return once the twin answers; raises LionrockError when it ended or took too long."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise LionrockError(
                    f"the twin ended by itself with code {self.process.returncode}; its words are above"
                )
            try:
                with urllib.request.urlopen(f"{self.base}/twin/progress", timeout=5):  # noqa: S310 - our own loopback
                    return
            except (urllib.error.URLError, TimeoutError):
                time.sleep(LOOK_AGAIN_S)
        raise LionrockError(f"the twin did not answer within {patience_s:.0f} s")

    def stop(self) -> None:
        """End the twin, kindly first."""
        self.process.terminate()
        try:
            self.process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

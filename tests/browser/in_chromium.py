"""The browser of the tests: Debian's Chromium, without a screen."""

from __future__ import annotations

import shutil
import subprocess


def answers(path: str) -> bool:
    """Whether that is a browser; Ubuntu's chromium-browser is a script that only asks for the snap."""
    return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0


CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name)) and answers(path)
    ),
    None,
)
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-gl=angle",  # the map in software, where there is no graphics card
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-rasterization",  # what is no map is drawn quicker without
)

"""The browser of the tests: Debian's Chromium, without a screen."""

from __future__ import annotations

import shutil

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
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
)

"""The browser of the tests: Debian's Chromium, without a screen."""

from __future__ import annotations

import shutil
import subprocess

from playwright.sync_api import Browser, Playwright, ViewportSize


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
PLAIN = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu-rasterization",  # what is no map is drawn quicker without
    "--js-flags=--no-opt",  # a page of a test does not live long enough for code to be optimised
    "--use-gl=angle",
)
OWN_DRAWING = ("--use-angle=gles-egl", "--ignore-gpu-blocklist")  # a graphics card, or Mesa in its place
SLOW_DRAWING = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")  # where there is neither
NO_DRAWING = ("--disable-3d-apis",)  # of browsers without WebGL there are some everywhere
SMALL_DESK: ViewportSize = {"width": 1100, "height": 700}  # wide, with fewer pixels to draw: where no look is judged
HAS_WEBGL = "document.createElement('canvas').getContext('webgl2') !== null"


def launch_without_maps(playwright: Playwright) -> Browser:
    """A browser that has no WebGL."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*PLAIN, *NO_DRAWING])


def launch(playwright: Playwright) -> Browser:
    """A browser that draws maps by the quickest means that this machine has."""
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*PLAIN, *OWN_DRAWING])
    page = chromium.new_page()
    draws = page.evaluate(HAS_WEBGL)
    page.close()
    if draws:
        return chromium
    chromium.close()
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*PLAIN, *SLOW_DRAWING])

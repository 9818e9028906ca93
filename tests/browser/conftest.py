"""One Chromium for all tests that need a browser; without one they say so and are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from in_chromium import CHROMIUM, launch, launch_without_maps
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

expect.set_options(timeout=20_000)  # what is there at once on a quiet machine comes later on a busy one


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium (Ubuntu: snap install chromium)")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = launch(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def mapless(playwright: Playwright) -> Iterator[Browser]:
    """A browser without WebGL, in which all that is no map must work as well: and where it does so quicker."""
    chromium = launch_without_maps(playwright)
    yield chromium
    chromium.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A window as the test's parameter wants it: its size, its colours."""
    opened = browser.new_context(reduced_motion="reduce", **request.param)
    yield opened
    opened.close()

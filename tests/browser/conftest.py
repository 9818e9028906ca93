"""One Chromium for all tests that need a browser; without one they say so and are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from in_chromium import CHROMIUM, launch
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

expect.set_options(timeout=20_000)  # what is there at once on a quiet machine comes later on a busy one


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium (Ubuntu: snap install chromium)")
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A window as the test's parameter wants it: its size, its colours."""
    opened = browser.new_context(reduced_motion="reduce", **request.param)
    yield opened
    opened.close()

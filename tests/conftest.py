"""What several test rooms share: one real ``lionrock up`` a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running_lionrock import Running, start_lionrock, stop, wait_until_ready


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One Lionrock for all tests that only look, or mend what they break; its twin is quick, so that they wait less."""
    lionrock = start_lionrock(tmp_path_factory.mktemp("running"), LIONROCK_BACKFILL_DAYS="1", LIONROCK_TWIN_SPEED="4")
    try:
        wait_until_ready(lionrock)
        yield lionrock
    finally:
        if lionrock.process.poll() is None:
            stop(lionrock)

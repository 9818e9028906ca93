"""The store that a test works on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from readings_at_noon import NOON, OpenStore

from lionrock.core.readings import ReadingStore
from lionrock.core.vocabulary import Source


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[OpenStore]:
    """Opens the test's one store, closing it first where it is open: a restart."""
    opened: list[ReadingStore] = []

    def restart() -> ReadingStore:
        for store in opened:
            store.close()
        opened.append(ReadingStore.open(tmp_path / "store", Source.TWIN, lambda: NOON))
        return opened[-1]

    yield restart
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> ReadingStore:
    return open_store()

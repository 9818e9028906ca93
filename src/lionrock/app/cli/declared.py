"""What can be told of the services where nothing has run: their declarations, samples and stored trials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, create_engine

from lionrock.app.discovery import Found, discover
from lionrock.app.status import ServiceStatus, climb
from lionrock.core.records import Trials
from lionrock.core.records.database import open_database
from lionrock.core.records.tables import METADATA
from lionrock.core.settings import Settings


def database_of(settings: Settings) -> Path:
    """Where the operational database of the settings' source stands, once something has made it."""
    return settings.home / "records.sqlite"


def list_declared(settings: Settings) -> list[dict[str, Any]]:
    """Every service with its rung, as plain values like those of the status page; makes no store."""
    engine = _trials_at_hand(settings)
    try:
        trials = Trials(engine)
        return [msgspec.to_builtins(_status(found, trials)) for found in discover(settings.services).found]
    finally:
        engine.dispose()


def _status(found: Found, trials: Trials) -> ServiceStatus:
    service, rung = found.service, climb(found, trials)
    return ServiceStatus(service.id, service.title, service.owner, rung.rung, rung.why, len(service.feeds))


def _trials_at_hand(settings: Settings) -> Engine:
    """The settings' own database where there is one, else an empty one that is gone when it is closed."""
    if database_of(settings).is_file():
        return open_database(settings.home, settings.source)
    nothing = create_engine("sqlite://")
    METADATA.create_all(nothing)
    return nothing

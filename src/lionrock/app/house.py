"""The whole house, wired: one source's stores, its clock, its feeds and every service's view of the city."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Self

from sqlalchemy import Engine

from lionrock.app.discovery import Catalogue, discover
from lionrock.city.city import City
from lionrock.core.bus import Bus
from lionrock.core.clock import Clock, RealClock
from lionrock.core.feeds.archive import Archive
from lionrock.core.feeds.intake import Intake
from lionrock.core.files import Files
from lionrock.core.manifest import Feed, Service
from lionrock.core.readings import ReadingStore
from lionrock.core.records import FeedStates, Journal, RecordStore, Trials
from lionrock.core.records.database import open_database
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Dataset, NotFound


@dataclass(frozen=True, slots=True)
class House:
    """Everything that one running Lionrock holds. Close it, or use it as a context manager."""

    settings: Settings
    catalogue: Catalogue
    clock: Clock
    engine: Engine
    readings: ReadingStore
    records: RecordStore
    states: FeedStates
    trials: Trials
    archive: Archive
    aside: Archive
    files: Files
    bus: Bus
    cities: Mapping[str, City]
    journal: Journal
    turns: Mapping[str, threading.Lock]

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None, catalogue: Catalogue | None = None) -> Self:
        """Open (or make) the store of the settings' source; raises WrongSource where it is another's."""
        clock = clock or RealClock()
        catalogue = catalogue or discover(settings.services)
        home = settings.home
        engine = open_database(home, settings.source)
        readings = ReadingStore.open(
            home / "readings",
            settings.source,
            clock.now,
            keep_open=timedelta(days=settings.recent_days),
            memory_mib=settings.memory_mib,
        )
        datasets = catalogue.datasets
        records, states = RecordStore(engine, datasets), FeedStates(engine)
        cities = {
            service.id: City(
                service=service.id,
                source=settings.source,
                now=clock.now,
                datasets=datasets,
                allowed=frozenset(service.reads) | {dataset.id for dataset in service.publishes},
                reading_store=readings,
                record_store=records,
                heard_last=partial(_heard_last, catalogue, states),
            )
            for service in catalogue.services
        }
        return cls(
            settings=settings,
            catalogue=catalogue,
            clock=clock,
            engine=engine,
            readings=readings,
            records=records,
            states=states,
            trials=Trials(engine),
            archive=Archive(home / "archive"),
            aside=Archive(home / "set-aside"),
            files=Files(home / "files"),
            bus=Bus(home / "bus"),
            cities=cities,
            journal=Journal(engine, records),
            turns={dataset_id: threading.Lock() for dataset_id in datasets},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every listener and close every store; nothing acknowledged is lost."""
        self.bus.close()
        self.readings.close()
        self.engine.dispose()

    @property
    def intake(self) -> Intake:
        """The way of every download into the stores."""
        return Intake(self.readings, self.records, self.states, self.archive, self.aside)

    @contextmanager
    def turn(self, datasets: Iterable[Dataset]) -> Iterator[None]:
        """Hold the data sets while records are read, thought over and written again, so that no change gets lost."""
        with ExitStack() as held:
            for dataset_id in sorted({dataset.id for dataset in datasets}):
                held.enter_context(self.turns[dataset_id])
            yield

    @property
    def feeds(self) -> tuple[tuple[str, Service[City], Feed[City]], ...]:
        """Every (feed id, service, feed) of the city."""
        return _feeds_of(self.catalogue)

    def feed(self, wanted: str) -> tuple[Service[City], Feed[City]]:
        """One feed by id; raises NotFound."""
        for known, service, feed in self.feeds:
            if known == wanted:
                return service, feed
        raise NotFound(f"no feed is called {wanted!r}; there are: {', '.join(known for known, _, _ in self.feeds)}")


def feed_id(service: Service[City], feed: Feed[City]) -> str:
    """The id by which a feed is known on pages and in the store."""
    return f"{service.id}.{feed.name}"


def _feeds_of(catalogue: Catalogue) -> tuple[tuple[str, Service[City], Feed[City]], ...]:
    return tuple((feed_id(service, feed), service, feed) for service in catalogue.services for feed in service.feeds)


def _heard_last(catalogue: Catalogue, states: FeedStates, dataset_id: str) -> datetime | None:
    """When a feed that writes a data set last succeeded."""
    known = states.list_all()
    writers = [name for name, _, feed in _feeds_of(catalogue) if dataset_id in {each.id for each in feed.writes}]
    successes = [known[name].last_success for name in writers if name in known]
    return max((moment for moment in successes if moment is not None), default=None)


def router_to(base: str | None) -> Callable[[str], str]:
    """How public addresses are asked: as they are, or at ``base`` (the twin), which keeps host and path."""
    if base is None:
        return lambda url: url
    return lambda url: f"{base}/{url.partition('://')[2]}"

"""Tests that every service has by existing: derived from its declaration, two seconds a service at most."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from lionrock.app.discovery import Found, discover
from lionrock.app.house import House, feed_id
from lionrock.app.status import list_sample_problems, sample_download
from lionrock.app.web.answers import LOOPBACK_CALLER, read_query
from lionrock.city.city import City
from lionrock.core.clock import SetClock
from lionrock.core.feeds.intake import sort_by_dataset
from lionrock.core.manifest import Model, Risk
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Forecast, NotYet, Source

CATALOGUE = discover()
EVERY_SERVICE = pytest.mark.parametrize("found", CATALOGUE.found, ids=lambda found: found.service.id)
TWO_SECONDS = 2.0


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that has taken in every sample of every service, at the samples' own moment."""
    folder = tmp_path_factory.mktemp("every_service")
    first = next(found for found in CATALOGUE.found if found.service.feeds)
    clock = SetClock(sample_download(first, first.service.feeds[0]).received_at)
    with House.open(Settings(data=folder, source=Source.RECORDING), clock, CATALOGUE) as house:
        for found in CATALOGUE.found:
            for feed in found.service.feeds:
                house.intake.take(feed_id(found.service, feed), feed, sample_download(found, feed))
        yield house


@EVERY_SERVICE
def test_every_sample_is_read(found: Found) -> None:
    assert [problem for feed in found.service.feeds for problem in list_sample_problems(found, feed)] == []


@EVERY_SERVICE
def test_every_sample_brings_records_of_every_data_set_that_its_feed_writes(found: Found) -> None:
    empty = [
        (feed.name, dataset.id)
        for feed in found.service.feeds
        for dataset, records in sort_by_dataset(feed, sample_download(found, feed)).items()
        if not records
    ]
    assert empty == []


@EVERY_SERVICE
def test_taking_every_sample_twice_changes_nothing(found: Found, house: House) -> None:
    again = [
        house.intake.take(feed_id(found.service, feed), feed, sample_download(found, feed)).total
        for feed in found.service.feeds
    ]
    assert again == [0] * len(found.service.feeds)


@EVERY_SERVICE
def test_every_example_is_answered_in_time_and_encodes(found: Found, house: House) -> None:
    started = time.perf_counter()
    city = house.cities[found.service.id]
    for question in found.service.questions:
        answer = question.answer(city, question.example, LOOPBACK_CALLER)
        assert msgspec.json.encode(answer)
    assert time.perf_counter() - started < TWO_SECONDS


@EVERY_SERVICE
def test_every_example_survives_the_way_through_a_query(found: Found) -> None:
    for question in found.service.questions:
        written = {
            name: str(value)
            for name, value in msgspec.to_builtins(question.example, str_keys=True).items()
            if value is not None
        }
        assert read_query(question, written) == question.example


@EVERY_SERVICE
def test_every_text_is_in_three_languages(found: Found) -> None:
    service = found.service
    texts = [service.title, service.summary]
    texts += [feed.title for feed in service.feeds] + [dataset.title for dataset in service.publishes]
    texts += [question.title for question in service.questions] + [page.title for page in service.pages]
    texts += [what.title for dataset in service.publishes for what in dataset.properties]
    assert [text for text in texts if not (text.en and text.tc and text.sc)] == []


@EVERY_SERVICE
def test_every_service_stands_in_the_area_that_it_names_and_says_what_it_is(found: Found) -> None:
    assert (found.folder.parent.name, found.folder.name) == (found.service.area, found.service.id)
    readme = (found.folder / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) > 5


@EVERY_SERVICE
def test_models_publish_no_nan_and_risky_ones_name_their_reviewer(found: Found, house: House) -> None:
    for model in found.service.models:
        assert model.ai.risk is Risk.LOW or model.ai.human_review.en
        forecasts = _forecasts(house, found, model)
        assert all(isinstance(one, Forecast) and one.low <= one.middle <= one.high for one in forecasts)


def _forecasts(house: House, found: Found, model: Model[City]) -> list[Forecast]:
    try:
        return model.predict(None, model.gather(house.cities[found.service.id], house.clock.now(), model.looks_back))
    except NotYet:
        return []


def test_the_folder_of_samples_holds_nothing_that_no_feed_reads() -> None:
    unread = [
        path
        for found in CATALOGUE.found
        for path in _files(found.folder / "samples")
        if path.name not in {feed.sample for feed in found.service.feeds}
    ]
    assert unread == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []

"""Tests that every service has by existing: derived from its declaration, two seconds a service at most."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lionrock.app.acting import act, undo
from lionrock.app.discovery import Found, discover
from lionrock.app.house import House, feed_id
from lionrock.app.jobs.background import do_job
from lionrock.app.pages.render import Templates
from lionrock.app.status import SAMPLES_RECEIVED, list_sample_problems, sample_download
from lionrock.app.web.answers import read_query
from lionrock.app.web.pages import context_of, template_of
from lionrock.app.web.sessions import NOBODY
from lionrock.city.city import City
from lionrock.core.clock import SetClock
from lionrock.core.feeds.intake import sort_by_dataset
from lionrock.core.manifest import Action, Caller, Model, Risk
from lionrock.core.settings import Settings, read_settings
from lionrock.core.vocabulary import Kind, Language, NotYet, Quality, Reading, Record, Source

CATALOGUE = discover(read_settings().services)  # a city's own ones too, where LIONROCK_SERVICES names their folder
EVERY_SERVICE = pytest.mark.parametrize("found", CATALOGUE.found, ids=lambda found: found.service.id)
EVERY_MODEL = pytest.mark.parametrize(
    ("service", "model"),
    [pytest.param(service.id, model, id=model.name) for service in CATALOGUE.services for model in service.models],
)
TEMPLATES = Templates(CATALOGUE.words)
TWO_SECONDS = 2.0
STEP, REMEMBERED = timedelta(minutes=5), timedelta(hours=4)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A simulated house that has taken in every sample of every service, at the samples' own moment."""
    folder = tmp_path_factory.mktemp("every_service")
    first = next(found for found in CATALOGUE.found if found.service.feeds)
    clock = SetClock(sample_download(first, first.service.feeds[0]).received_at)
    with House.open(Settings(data=folder, source=Source.TWIN), clock, CATALOGUE) as house:
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
        for dataset, records in sort_by_dataset(feed.writes, feed.parse(sample_download(found, feed))).items()
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
        answer = question.answer(city, question.example, NOBODY)
        assert msgspec.json.encode(answer)
    assert time.perf_counter() - started < TWO_SECONDS


@EVERY_SERVICE
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.usefixtures("built_assets")
def test_every_page_shows_its_example_in_every_language(found: Found, house: House, language: Language) -> None:
    asked = {question.path: question for question in found.service.questions}
    for page in found.service.pages:
        question = asked[page.shows]
        try:
            context = context_of(house, found.service, page, question, question.example, NOBODY)
        except NotYet:
            continue
        frame = {"path": page.path, "title": page.title, "source": "twin", "simulated": True}
        html = TEMPLATES.render(template_of(page), language, **frame, **context).decode()
        assert page.title.say(language) in unescape(html)


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
def test_every_job_says_the_same_twice_without_changing_anything(found: Found, house: House) -> None:
    for job in found.service.jobs:
        with suppress(NotYet):
            do_job(house, found.service, job)
            assert do_job(house, found.service, job) == 0


@EVERY_SERVICE
def test_every_action_does_its_example_and_what_can_be_undone_is_undone(found: Found, house: House) -> None:
    for job in found.service.jobs:
        with suppress(NotYet):
            do_job(house, found.service, job)
    for action in found.service.actions:
        caller = Caller("tester", frozenset({action.needs}))
        given = msgspec.to_builtins(action.example) | {"why": "the derived tests try it"}
        before = _open_records(house, action)
        done = act(house, action.path, given, caller)
        assert done.touched
        assert done.undoable is action.undo
        undo(house, done.entry, {"why": "tried"}, caller)
        assert _open_records(house, action) == before


def _open_records(house: House, action: Action[City, Any]) -> list[Any]:
    return [kept.record for dataset in action.writes for kept in house.records.list_open(dataset.id)]


@EVERY_SERVICE
def test_every_text_is_in_three_languages(found: Found) -> None:
    service = found.service
    texts = [service.title, service.owner, service.summary]
    texts += [feed.title for feed in service.feeds] + [dataset.title for dataset in service.publishes]
    texts += [question.title for question in service.questions] + [page.title for page in service.pages]
    texts += [each.title for each in (*service.jobs, *service.actions)]
    texts += [page.link.says for page in service.pages if page.link is not None and page.link.says is not None]
    texts += [dataset.description for dataset in service.publishes]
    texts += [what.title for dataset in service.publishes for what in dataset.properties]
    assert [text for text in texts if not (text.en and text.tc and text.sc)] == []


@EVERY_SERVICE
def test_every_service_stands_in_the_area_that_it_names_and_says_what_it_is(found: Found) -> None:
    assert (found.folder.parent.name, found.folder.name) == (found.service.area, found.service.id)
    readme = (found.folder / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) > 5


def test_risky_models_name_their_reviewer() -> None:
    models = [model for found in CATALOGUE.found for model in found.service.all_ai]
    assert models
    assert all(model.ai.risk is Risk.LOW or model.ai.human_review.en for model in models)


@pytest.fixture(scope="module")
def remembering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that took in every sample, and whose good readings were the same every five minutes of four hours."""
    settings = Settings(data=tmp_path_factory.mktemp("remembering"), source=Source.RECORDING)
    with House.open(settings, SetClock(SAMPLES_RECEIVED), CATALOGUE) as house:
        for found in CATALOGUE.found:
            for feed in found.service.feeds:
                house.intake.take(feed_id(found.service, feed), feed, sample_download(found, feed))
                for dataset, records in sort_by_dataset(feed.writes, feed.parse(sample_download(found, feed))).items():
                    house.readings.append(dataset.id, list(_repeated(records)))
        yield house


def _repeated(records: Iterable[Record]) -> Iterator[Reading]:
    """The good readings among ``records``, again at every STEP of the span REMEMBERED before them."""
    for one in records:
        if isinstance(one, Reading) and one.quality is Quality.GOOD:
            for back in range(1, REMEMBERED // STEP + 1):
                yield one._replace(at=one.at - STEP * back)


def _known_ids(house: House) -> set[str]:
    """Every sensor that was heard and every feature of the city: what a forecast may speak of."""
    datasets = CATALOGUE.datasets.values()
    heard = {
        sensor
        for dataset in datasets
        if dataset.kind is Kind.READINGS
        for what in dataset.properties
        for sensor in house.readings.latest(dataset.id, what.id).sensors
    }
    features = {
        kept.id for dataset in datasets if dataset.kind is Kind.FEATURES for kept in house.records.list_open(dataset.id)
    }
    return heard | features


@EVERY_MODEL
@pytest.mark.parametrize("fitted", [False, True], ids=["before the first training", "trained"])
def test_every_model_forecasts_known_sensors_in_order_and_without_nan(
    service: str, model: Model[City], remembering: House, *, fitted: bool
) -> None:
    started = time.perf_counter()
    seen = model.gather(remembering.cities[service], remembering.clock.now(), model.looks_back)
    forecasts = model.predict(model.fit(model.pack(seen)) if fitted else None, seen)
    assert forecasts
    assert {one.horizon for one in forecasts} <= set(model.horizons)
    assert {one.property for one in forecasts} <= {what.id for what in model.writes.properties}
    assert {one.sensor for one in forecasts} <= _known_ids(remembering)
    assert all(one.issued_at <= remembering.clock.now() for one in forecasts)
    assert all(math.isfinite(value) for one in forecasts for value in (one.low, one.middle, one.high))
    assert all(one.low <= one.middle <= one.high for one in forecasts)
    assert time.perf_counter() - started < TWO_SECONDS


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

"""One past moment, read the same way by every question that looks back."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints

import pytest
from feeds_at_hand import CATALOGUE, Take

from lionrock.app.house import House
from lionrock.app.web.answers import read_query
from lionrock.app.web.sessions import NOBODY
from lionrock.city.moments import PastMoment, past_moment
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Question
from lionrock.core.vocabulary import BadInput

LOOKING_BACK = [
    (service.id, question)
    for service in CATALOGUE.services
    for question in service.questions
    if "at" in get_type_hints(question.asks)
]
EVERY_LOOK_BACK = pytest.mark.parametrize(
    ("service", "question"), LOOKING_BACK, ids=[question.path for _, question in LOOKING_BACK]
)


@pytest.fixture
def heard(take: Take) -> None:
    for feed in ("segment_speeds", "road_network", "lanes", "detectors", "news"):
        take(f"traffic.{feed}")


def asked(house: House, service: str, question: Question[Any, Any], at: str) -> Any:
    must = [field.name for field in fields(question.asks) if field.default is MISSING]
    given = {name: str(getattr(question.example, name)) for name in must} | {"at": at}
    return question.answer(house.cities[service], read_query(question, given), NOBODY)


def test_every_question_that_looks_back_reads_its_moment_alike() -> None:
    assert len(LOOKING_BACK) > 3
    kinds = [get_type_hints(question.asks, include_extras=True)["at"] for _, question in LOOKING_BACK]
    assert all(get_args(kind)[0] == PastMoment for kind in kinds)


@EVERY_LOOK_BACK
@pytest.mark.usefixtures("heard")
def test_a_moment_outside_what_was_recorded_is_refused_by_its_name(
    house: House, service: str, question: Question[Any, Any]
) -> None:
    for at in (
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00", "1999-12-31T23:59:59Z",
        "2026-11-22T08:31:00+08:00", "2026-11-21T08:31:01", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00",
    ):  # fmt: skip
        with pytest.raises(BadInput) as raised:
            asked(house, service, question, at)
        assert (raised.value.where, raised.value.remedy != "") == ("at", True), at


@EVERY_LOOK_BACK
@pytest.mark.usefixtures("heard")
def test_any_moment_within_is_answered(house: House, service: str, question: Question[Any, Any]) -> None:
    for at in ("2000-01-01T00:00:00Z", "2026-11-21T08:25:00", "2026-11-21T08:31:00+08:00"):
        assert asked(house, service, question, at) is not None, at


def test_a_moment_without_an_offset_is_hong_kongs_own(house: House) -> None:
    local = datetime(2026, 11, 21, 8, 25)  # noqa: DTZ001 - what a query without an offset gives
    assert past_moment(house.cities["weather"], local) == datetime(2026, 11, 21, 0, 25, tzinfo=UTC)


def test_now_has_been_and_a_moment_later_has_not(house: House, clock: SetClock) -> None:
    city, now = house.cities["weather"], clock.now()
    assert past_moment(city, now) == now.astimezone(ZONE)
    with pytest.raises(BadInput, match="in the future"):
        past_moment(city, now + timedelta(microseconds=1))

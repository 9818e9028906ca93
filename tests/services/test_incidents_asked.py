"""Which incidents there are, now and at a past moment, by what the news says and leaves out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from feeds_at_hand import Take, sample_of

from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.app.web.sessions import NOBODY
from lionrock.core.clock import SetClock
from lionrock.core.vocabulary import BadInput
from lionrock.services.mobility.incidents.answers.incidents import Incidents, IncidentsQuery, list_incidents
from lionrock.services.mobility.incidents.service import SERVICE

FIRST_GENERATION_ALONE = "v1-890002"


@pytest.fixture
def heard(take: Take) -> None:
    for feed in ("news", "news_v1", "detectors", "road_network"):
        take(f"traffic.{feed}")


def told(house: House, query: IncidentsQuery) -> Incidents:
    do_job(house, SERVICE, SERVICE.jobs[0])
    return list_incidents(house.cities["incidents"], query, NOBODY)


def states(house: House, at: datetime | None = None) -> dict[str, str]:
    return {one.id: one.state.value for one in told(house, IncidentsQuery(state="all", hours=1, at=at)).incidents}


@pytest.mark.usefixtures("heard")
def test_the_first_generation_adds_only_what_the_second_does_not_say(house: House) -> None:
    assert set(states(house)) == {"IN-26-00901", FIRST_GENERATION_ALONE, "IN-26-00897"}


@pytest.mark.usefixtures("heard")
def test_an_incident_closes_by_its_own_word_and_the_past_is_told_as_it_was(
    house: House, clock: SetClock, take: Take
) -> None:
    then = clock.now()
    assert states(house)["IN-26-00901"] == "confirmed"
    clock.set(then + timedelta(minutes=5))
    take("traffic.news", sample_of("traffic.news").replace(b"_EN>NEW<", b"_EN>CLOSED<"))
    assert states(house)["IN-26-00901"] == "closed"
    assert states(house, then) == {"IN-26-00901": "confirmed", FIRST_GENERATION_ALONE: "confirmed"}
    clock.set(then + timedelta(hours=2))
    assert "IN-26-00901" not in states(house)


@pytest.mark.usefixtures("heard")
def test_the_file_holds_the_latest_message_alone_so_what_it_leaves_out_stays(house: House, take: Take) -> None:
    take("traffic.news", b'<?xml version="1.0"?><list/>')
    assert states(house)["IN-26-00901"] == "confirmed"


@pytest.mark.usefixtures("heard")
def test_first_generation_news_that_is_left_out_is_over(house: House, clock: SetClock, take: Take) -> None:
    clock.set(clock.now() + timedelta(minutes=2))
    take("traffic.news_v1", b"<body xmlns='http://data.one.gov.hk/td'/>")
    assert states(house)[FIRST_GENERATION_ALONE] == "closed"


@pytest.mark.usefixtures("heard")
def test_a_moment_that_has_not_been_is_refused(house: House, clock: SetClock) -> None:
    with pytest.raises(BadInput, match="in the future"):
        told(house, IncidentsQuery(at=clock.now() + timedelta(hours=1)))


def test_that_there_is_no_incident_is_known_once_the_news_was_read(house: House, clock: SetClock) -> None:
    assert (told(house, IncidentsQuery()).incidents, told(house, IncidentsQuery()).heard) == ([], False)
    house.states.succeeded("traffic.news", clock.now(), 0)
    assert told(house, IncidentsQuery()).heard

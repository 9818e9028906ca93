"""Every data set of every service is open data by existing: a page, downloads, a schema, an archive."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Semaphore
from typing import Any

import httpx
import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from served_lionrock import serve_house

from lionrock.app.discovery import Catalogue, Found, discover
from lionrock.app.house import House, feed_id
from lionrock.app.open_data.days import day_file, list_days
from lionrock.app.open_data.forms import encode
from lionrock.app.open_data.offer import get_open_offer
from lionrock.app.open_data.rows import Asked, list_rows
from lionrock.app.open_data.versions import list_files
from lionrock.app.status import SAMPLES_RECEIVED, sample_download
from lionrock.app.twin_process import free_port
from lionrock.app.web import downloads
from lionrock.city.place import ZONE, address
from lionrock.core.clock import SetClock
from lionrock.core.feeds.runner import list_requests
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import (
    Dataset,
    Event,
    EventStatus,
    Forecast,
    Kind,
    Language,
    MalformedDownload,
    Source,
    Text,
)
from lionrock.services.mobility.buses.words import WORDS as BUSES
from lionrock.services.people.holidays.words import WORDS as HOLIDAYS

CATALOGUE = discover()
EVERY_DATASET = pytest.mark.parametrize("dataset_id", sorted(CATALOGUE.datasets))
PERSONAL = "parking.meter_spaces"


def forecast_of(found: Found) -> Iterator[tuple[str, Forecast]]:
    """One forecast for each model, as it would stand after its first run."""
    for model in found.service.models:
        for what in model.writes.properties:
            values = (what.id, SAMPLES_RECEIVED, model.horizons[0], 10.0, 20.0, 30.0, model.name, "test")
            yield model.writes.id, Forecast("900001", *values)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A simulated city's house that took in every sample, at its own address, with one data set made personal."""
    settings = Settings(port=free_port(), data=tmp_path_factory.mktemp("open_data"), source=Source.TWIN)
    with House.open(settings, SetClock(SAMPLES_RECEIVED), with_personal(CATALOGUE)) as house:
        for known, service, feed in house.feeds:
            found = next(one for one in house.catalogue.found if one.service.id == service.id)
            asked = next(iter(list_requests(feed, house.cities[service.id], address)), None)
            url = f"https://example.org/{known}" if asked is None else asked.url
            house.intake.take(feed_id(service, feed), feed, replace(sample_download(found, feed), url=url))
        for found in house.catalogue.found:
            for dataset_id, forecast in forecast_of(found):
                house.readings.append_forecasts(dataset_id, [forecast])
        yield house


def with_personal(catalogue: Catalogue) -> Catalogue:
    """The same city, as if where cars are parked told of persons."""
    found = []
    for one in catalogue.found:
        feeds = tuple(
            replace(
                feed,
                writes=tuple(
                    replace(dataset, personal=True) if dataset.id == PERSONAL else dataset for dataset in feed.writes
                ),
            )
            for feed in one.service.feeds
        )
        found.append(Found(replace(one.service, feeds=feeds), one.folder))
    return Catalogue(tuple(found))


@contextmanager
def served(house: House) -> Iterator[httpx.Client]:
    """The house's own web server, without feeds or jobs."""
    with serve_house(house) as base, httpx.Client(base_url=base, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[httpx.Client]:
    with served(house) as client:
        yield client


def fetched(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer


def rows_of_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


OFFERED = [dataset_id for dataset_id in sorted(CATALOGUE.datasets) if dataset_id != PERSONAL]
EVERY_OFFER = pytest.mark.parametrize("dataset_id", OFFERED)
PLACED = [one for one in OFFERED if CATALOGUE.datasets[one].kind in (Kind.FEATURES, Kind.EVENTS)]


@EVERY_OFFER
def test_every_data_set_downloads_as_json_that_says_what_it_is(client: httpx.Client, dataset_id: str) -> None:
    told = fetched(client, f"/api/v1/datasets/{dataset_id}.json").json()
    assert (told["dataset"], told["simulated"], told["source"]) == (dataset_id, True, "twin")
    assert told["note"]["en"].startswith("SIMULATED")
    assert told["licence"]
    assert told["licence"] in told["attribution"]


def test_the_catalogue_names_every_open_data_set_and_addresses_that_answer(client: httpx.Client) -> None:
    answer = fetched(client, "/api/v1/datasets.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    catalogue = answer.json()
    assert catalogue["@type"] == "dcat:Catalog"
    assert catalogue["dct:description"][0]["@value"].startswith("SIMULATED")
    assert sorted(each["dct:identifier"] for each in catalogue["dcat:dataset"]) == OFFERED
    for each in catalogue["dcat:dataset"]:
        assert each["dct:title"]
        assert each["dct:description"]
        assert each["dct:publisher"]["foaf:name"][0]["@value"]
        rhythm = CATALOGUE.datasets[each["dct:identifier"]].rhythm
        assert each["dct:accrualPeriodicity"]["rdfs:label"] == f"PT{int(rhythm.total_seconds())}S"
        pages = [each["dcat:landingPage"], *(one["dct:conformsTo"] for one in each["dcat:distribution"])]
        downloads = [one["dcat:downloadURL"] for one in each["dcat:distribution"]]
        assert len(downloads) >= len(["json", "csv"])
        for named in (*pages, *downloads):
            assert fetched(client, named["@id"])


@EVERY_OFFER
def test_every_row_is_what_the_schema_says(client: httpx.Client, dataset_id: str) -> None:
    schema = fetched(client, f"/api/v1/datasets/{dataset_id}.schema.json").json()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    rows = fetched(client, f"/api/v1/datasets/{dataset_id}.json").json()["rows"]
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []


@EVERY_OFFER
def test_every_csv_has_the_same_rows_and_says_simulated_in_each(client: httpx.Client, dataset_id: str) -> None:
    rows = fetched(client, f"/api/v1/datasets/{dataset_id}.json").json()["rows"]
    table = rows_of_csv(fetched(client, f"/api/v1/datasets/{dataset_id}.csv").text)
    assert len(table) == len(rows)
    assert {row["source"] for row in table} <= {"SIMULATED"}
    key = "sensor" if CATALOGUE.datasets[dataset_id].kind in (Kind.READINGS, Kind.FORECASTS) else "id"
    assert [row[key] for row in table] == [row[key] for row in rows]


@pytest.mark.parametrize("dataset_id", PLACED)
def test_what_has_a_place_downloads_as_geojson(client: httpx.Client, dataset_id: str) -> None:
    told = fetched(client, f"/api/v1/datasets/{dataset_id}.geojson").json()
    assert (told["type"], told["simulated"]) == ("FeatureCollection", True)
    rows = fetched(client, f"/api/v1/datasets/{dataset_id}.json").json()["rows"]
    assert [feature["id"] for feature in told["features"]] == [row["id"] for row in rows]


@pytest.mark.parametrize("language", list(Language))
@EVERY_DATASET
def test_every_data_set_has_a_page_in_every_language(client: httpx.Client, dataset_id: str, language: Language) -> None:
    page = fetched(client, f"/{language}/datasets/{dataset_id}").text
    assert CATALOGUE.datasets[dataset_id].title.say(language) in page
    assert dataset_id in page


@EVERY_OFFER
def test_every_page_leads_to_every_download_of_its_data_set(client: httpx.Client, dataset_id: str) -> None:
    page = fetched(client, f"/en/datasets/{dataset_id}").text
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    downloads = [link for link in links if link.startswith(f"/api/v1/datasets/{dataset_id}.")]
    assert len(downloads) == 3 + (dataset_id in PLACED)
    assert {client.get(link).status_code for link in downloads} == {200}


def test_what_is_kept_is_what_is_offered(client: httpx.Client, house: House) -> None:
    offered = {one: len(client.get(f"/api/v1/datasets/{one}.json?limit=20000").json()["rows"]) for one in OFFERED}
    assert offered == {one: count_kept(house, house.catalogue.datasets[one]) for one in OFFERED}
    assert sum(offered.values()) > 100


def count_kept(house: House, dataset: Dataset) -> int:
    counts = {
        Kind.READINGS: lambda: sum(
            len(house.readings.latest(dataset.id, what.id).sensors) for what in dataset.properties
        ),
        Kind.FORECASTS: lambda: sum(
            len(house.readings.latest_forecasts(dataset.id, what.id)) for what in dataset.properties
        ),
    }
    return counts.get(dataset.kind, lambda: len(house.records.list_open(dataset.id)))()


@pytest.mark.parametrize("language", list(Language))
def test_the_pages_of_buses_and_holidays_speak_every_language(client: httpx.Client, language: Language) -> None:
    assert BUSES["buses.none"].say(language) in fetched(client, f"/{language}/buses").text
    page = fetched(client, f"/{language}/holidays?year=2026").text
    assert HOLIDAYS["weekday.4"].say(language) in page  # New Year's Day, Good Friday and Christmas Day
    assert page.count("<time datetime=") == 8


# Personal data


@pytest.mark.parametrize("form", ["json", "csv", "geojson", "schema.json"])
def test_a_personal_data_set_is_offered_in_no_form(client: httpx.Client, form: str) -> None:
    refused = client.get(f"/api/v1/datasets/{PERSONAL}.{form}")
    assert refused.status_code == 403
    assert "personal data" in refused.json()["detail"]


def test_a_personal_data_sets_page_says_so_and_shows_none_of_it(client: httpx.Client, house: House) -> None:
    page = fetched(client, f"/en/datasets/{PERSONAL}").text
    assert 'data-testid="withheld"' in page
    assert 'data-testid="preview"' not in page
    assert f"/api/v1/datasets/{PERSONAL}" not in page
    ids = [kept.id for kept in house.records.list_open(PERSONAL)]
    assert ids
    assert [one for one in ids if one in page] == []


def test_the_raw_downloads_of_a_personal_data_set_are_not_in_the_archive(client: httpx.Client, house: House) -> None:
    assert client.get(f"/api/v1/historical-archive/list-files?dataset={PERSONAL}").status_code == 403
    assert PERSONAL not in {dataset for file in list_files(house) for dataset in file.datasets}
    url = address("td/psiparkingspaces/spaceinfo/parkingspaces.csv")
    query = {"url": url, "start": "20261121", "end": "20261121"}
    assert client.get("/api/v1/historical-archive/list-file-versions", params=query).status_code == 404
    query = {"url": url, "time": "20261121-0831"}
    assert client.get("/api/v1/historical-archive/get-file", params=query).status_code == 404


def test_what_could_not_be_read_is_shown_but_where_it_may_tell_of_persons(client: httpx.Client, house: House) -> None:
    for known, service, feed in house.feeds:
        if known in ("parking.meter_spaces", "traffic.news"):
            found = next(one for one in house.catalogue.found if one.service.id == service.id)
            with pytest.raises(MalformedDownload):
                house.intake.take(known, feed, replace(sample_download(found, feed), body=b"Name\nChan Tai Man"))
    codes = {
        kept.feed: client.get(f"/set-aside/{kept.id}").status_code
        for kept in house.states.list_set_aside()
        if kept.feed in ("parking.meter_spaces", "traffic.news")
    }
    assert codes == {"parking.meter_spaces": 403, "traffic.news": 200}
    house.states.failed("parking.meter_spaces", SAMPLES_RECEIVED, Text(en="'Chan Tai Man' is no number"))
    status = fetched(client, "/status.json").json()
    assert {each["feed"] for each in status["set_aside"]} == {"traffic.news"}
    assert "something went wrong" in str(status["feeds"])
    assert "Chan Tai Man" not in str(status)


# Paging and windows


@pytest.mark.parametrize("dataset_id", ["traffic.lanes", "traffic.detectors", "parking.vacancy", "buses.arrivals"])
def test_pages_by_key_join_to_the_whole_without_a_gap_or_a_double(client: httpx.Client, dataset_id: str) -> None:
    whole = fetched(client, f"/api/v1/datasets/{dataset_id}.json?limit=20000").json()["rows"]
    assert len(whole) > 2
    joined: list[Any] = []
    href: str | None = f"/api/v1/datasets/{dataset_id}.json?limit=2"
    while href:
        page = fetched(client, href).json()
        joined += page["rows"]
        href = page["next"]
    assert joined == whole


def test_pages_of_forecasts_skip_no_sensor_whose_name_begins_like_another(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    with House.open(Settings(data=tmp_path, source=Source.TWIN), SetClock(SAMPLES_RECEIVED), CATALOGUE) as house:
        house.readings.append_forecasts(
            "traffic.speeds_ahead",
            [
                Forecast(sensor, "speed_kmh", SAMPLES_RECEIVED, ahead, 10.0, 20.0, 30.0, "tiny", "1")
                for sensor in ("A12", "A12-1", "A12 B")
                for ahead in (hour, 30 * 24 * hour)
            ],
        )
        dataset, seen, after = CATALOGUE.datasets["traffic.speeds_ahead"], [], ""
        while True:
            page = list_rows(house, dataset, Asked(limit=1, after=after))
            seen += [(row["sensor"], row["horizon_min"]) for row in page.rows]
            after = page.after
            if not after:
                break
    assert seen == [(sensor, minutes) for sensor in ("A12", "A12 B", "A12-1") for minutes in (60, 30 * 24 * 60)]


def test_a_csv_names_its_next_page_in_a_header(client: httpx.Client) -> None:
    answer = fetched(client, "/api/v1/datasets/traffic.lanes.csv?limit=2")
    assert answer.links["next"]["url"].startswith("/api/v1/datasets/traffic.lanes.csv?limit=2&after=")
    assert "next" not in fetched(client, "/api/v1/datasets/traffic.lanes.csv?limit=20000").links


def test_one_sensors_window_comes_page_by_page(client: httpx.Client, house: House) -> None:
    sensor = house.readings.latest("traffic.lanes", "speed_kmh").sensors[0]
    query = {"sensor": sensor, "property": "speed_kmh", "from": "2026-11-20T00:00", "to": "2026-11-22T00:00"}
    whole = client.get("/api/v1/datasets/traffic.lanes.json", params=query).json()["rows"]
    assert len(whole) > 1
    first = client.get("/api/v1/datasets/traffic.lanes.json", params=query | {"limit": "1"}).json()
    second = client.get(first["next"]).json()
    assert first["rows"] + second["rows"] == whole[:2]
    assert {row["sensor"] for row in whole} == {sensor}


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", "limit"),
        ("limit=20001", "limit"),
        ("limit=many", "limit"),
        ("limit=²", "limit"),
        ("rows=5", "rows"),
        ("property=speed_kmh", "sensor"),
        ("sensor=AID01101/Fast Lane", "property"),
        ("sensor=AID01101/Fast Lane&property=colour", "property"),
        ("sensor=AID01101/Fast Lane&property=speed_kmh&from=yesterday", "from"),
        ("sensor=AID01101/Fast Lane&property=speed_kmh&from=2020-01-01", "from"),
        ("sensor=AID01101/Fast Lane&property=speed_kmh&after=x", "after"),
        ("after=x", "after"),
    ],
)
def test_what_cannot_be_read_names_the_field(client: httpx.Client, query: str, where: str) -> None:
    refused = client.get(f"/api/v1/datasets/traffic.lanes.json?{query}")
    assert refused.status_code == 400
    assert where in refused.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/datasets/nobody.nothing.json",
        "/api/v1/datasets/traffic.lanes.xlsx",
        "/api/v1/datasets/traffic.lanes",
        "/en/datasets/nobody.nothing",
        "/xx/datasets/traffic.lanes",
        "/api/v1/datasets/traffic.lanes.json?sensor=nobody&property=speed_kmh",
    ],
)
def test_what_does_not_exist_is_not_found(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_readings_have_no_geojson_and_the_answer_says_what_there_is(client: httpx.Client) -> None:
    refused = client.get("/api/v1/datasets/traffic.lanes.geojson")
    assert refused.status_code == 400
    assert "json, csv" in refused.json()["detail"]


def test_a_download_that_the_client_has_is_not_sent_again(client: httpx.Client) -> None:
    first = fetched(client, "/api/v1/datasets/traffic.detectors.schema.json")
    again = client.get(
        "/api/v1/datasets/traffic.detectors.schema.json", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_missing_value_is_null_and_an_empty_cell_never_nan(client: httpx.Client) -> None:
    rows = fetched(client, "/api/v1/datasets/parking.vacancy.json").json()["rows"]
    missing = [row["sensor"] for row in rows if "MISSING" in row["quality"]]
    assert missing
    assert {row["value"] for row in rows if row["sensor"] in missing and "MISSING" in row["quality"]} == {None}
    table = rows_of_csv(fetched(client, "/api/v1/datasets/parking.vacancy.csv").text)
    assert {row["value"] for row in table if "MISSING" in row["quality"]} == {""}


def test_the_api_description_names_the_open_data_addresses(client: httpx.Client) -> None:
    described = fetched(client, "/openapi.json").json()
    ours = {path for path, verbs in described["paths"].items() if "open-data" in verbs.get("get", {}).get("tags", ())}
    assert ours == {
        "/api/v1/datasets.jsonld",
        "/api/v1/datasets/{file}",
        "/api/v1/datasets/{dataset}/days",
        "/api/v1/datasets/{dataset}/days/{file}",
        "/api/v1/historical-archive/list-files",
        "/api/v1/historical-archive/list-file-versions",
        "/api/v1/historical-archive/get-file",
    }
    limits = {one["name"]: one["schema"] for one in described["paths"]["/api/v1/datasets/{file}"]["get"]["parameters"]}
    assert limits["limit"]["maximum"] == 20_000


# The archive of raw downloads


def test_the_archive_lists_what_each_feed_asks_and_gives_back_its_bytes(client: httpx.Client, house: House) -> None:
    listed = fetched(client, "/api/v1/historical-archive/list-files?dataset=parking.vacancy").json()
    (file,) = listed["files"]
    assert (file["feed"], file["days"], listed["simulated"]) == ("parking.vacancy", ["2026-11-21"], True)
    query = {"url": file["url"], "start": "20261121", "end": "20261121"}
    told = client.get("/api/v1/historical-archive/list-file-versions", params=query).json()
    assert (told["version-count"], told["timestamps"]) == (1, ["20261121-0831"])
    got = client.get("/api/v1/historical-archive/get-file", params={"url": file["url"], "time": told["timestamps"][0]})
    _, feed = house.feed("parking.vacancy")
    found = next(one for one in house.catalogue.found if one.service.id == "parking")
    assert got.content == sample_download(found, feed).body
    assert got.headers["x-lionrock-source"] == "twin"


def test_files_are_listed_by_the_days_of_hong_kong_of_which_downloads_are_kept(
    house: House, client: httpx.Client
) -> None:
    url = address("td/carpark/basic_info_all.json")
    for hours in (-36, -9):  # 20:31 the evening before the last, 23:31 of the last
        house.archive.keep(url, SAMPLES_RECEIVED + timedelta(hours=hours), b"{}")

    def days_of(**span: str) -> dict[str, list[str]]:
        listed = client.get("/api/v1/historical-archive/list-files", params=span).json()
        return {file["url"]: file["days"] for file in listed["files"]}

    assert days_of(dataset="parking.car_parks")[url] == ["2026-11-19", "2026-11-20", "2026-11-21"]
    assert days_of(dataset="parking.car_parks", start="20261120", end="20261120") == {url: ["2026-11-20"]}
    assert days_of(start="20261119", end="20261120") == {url: ["2026-11-19", "2026-11-20"]}
    assert days_of(start="20250101", end="20260101") == {}
    for wrong in ({"start": "20261121"}, {"start": "20261121", "end": "20261120"}, {"end": "tomorrow"}):
        assert client.get("/api/v1/historical-archive/list-files", params=wrong).status_code == 400, wrong


def test_a_file_of_many_addresses_is_known_by_its_shape(client: httpx.Client) -> None:
    url = address("kmb/route-eta/1R/1")
    query = {"url": url, "start": "20261121", "end": "20261121"}
    assert client.get("/api/v1/historical-archive/list-file-versions", params=query).json()["version-count"] == 0
    for wrong in (f"{url}/../../secret", address("kmb/route-eta/1R"), "file:///etc/passwd", "", address("kmb/nothing")):
        query = {"url": wrong, "start": "20261121", "end": "20261121"}
        assert client.get("/api/v1/historical-archive/list-file-versions", params=query).status_code == 404, wrong


@pytest.mark.parametrize(
    ("start", "end"), [("20261122", "20261121"), ("20260101", "20261121"), ("", "20261121"), ("2026-11-21", "20261121")]
)
def test_a_span_that_cannot_be_listed_says_why(client: httpx.Client, start: str, end: str) -> None:
    query = {"url": address("td/carpark/vacancy_all.json"), "start": start, "end": end}
    assert client.get("/api/v1/historical-archive/list-file-versions", params=query).status_code == 400


def test_a_minute_without_a_version_is_not_found(client: httpx.Client) -> None:
    query = {"url": address("td/carpark/vacancy_all.json"), "time": "20261121-0830"}
    assert client.get("/api/v1/historical-archive/get-file", params=query).status_code == 404
    assert client.get("/api/v1/historical-archive/get-file", params=query | {"time": "now"}).status_code == 400


def test_a_version_whose_file_was_cut_is_told_as_no_longer_there(house: House, client: httpx.Client) -> None:
    url = address("td/carpark/vacancy_all.json")
    key = house.archive.keep(url, SAMPLES_RECEIVED - timedelta(days=40), b"{}")
    (house.settings.home / "archive" / key).write_bytes(b"cut")
    query = {"url": url, "time": f"{(SAMPLES_RECEIVED - timedelta(days=40)).astimezone(ZONE):%Y%m%d-%H%M}"}
    answer = client.get("/api/v1/historical-archive/get-file", params=query)
    house.archive.forget(url, SAMPLES_RECEIVED - timedelta(days=20))
    assert (answer.status_code, "no longer be read" in answer.text) == (404, True)


def test_versions_of_a_day_of_hong_kong_come_from_both_utc_days(house: House, client: httpx.Client) -> None:
    url = address("td/carpark/basic_info_all.json")
    for hours in (-9, -1, 14):  # 23:31 the evening before, 07:31 and 22:31 in Hong Kong
        house.archive.keep(url, SAMPLES_RECEIVED + timedelta(hours=hours), b"{}")
    query = {"url": url, "start": "20261121", "end": "20261121"}
    told = client.get("/api/v1/historical-archive/list-file-versions", params=query).json()
    assert told["timestamps"] == ["20261121-0731", "20261121-0831", "20261121-2231"]


@pytest.mark.parametrize("source", [Source.LIVE, Source.RECORDING])
def test_a_recording_and_a_live_city_are_not_called_simulated(tmp_path: Path, source: Source) -> None:
    settings = Settings(data=tmp_path, source=source)
    with House.open(settings, SetClock(SAMPLES_RECEIVED), CATALOGUE) as house:
        offer = get_open_offer(house, "traffic.lanes")
        told = json.loads(encode(house, offer, "json", list_rows(house, offer.dataset, Asked()), ""))
        assert (told["simulated"], told["source"], told["rows"]) == (False, str(source), [])
        assert "SIMULATED" not in json.dumps(told)


# The archive by day


DAY = "20261121"  # of the samples, in Hong Kong


def table_of(client: httpx.Client, dataset_id: str, day: str = DAY) -> pa.Table:
    answer = fetched(client, f"/api/v1/datasets/{dataset_id}/days/{day}.parquet")
    return pq.read_table(io.BytesIO(answer.content))


@EVERY_OFFER
def test_every_data_set_with_rows_has_its_day_in_the_archive(client: httpx.Client, dataset_id: str) -> None:
    rows = fetched(client, f"/api/v1/datasets/{dataset_id}.json?limit=20000").json()["rows"]
    listed = fetched(client, f"/api/v1/datasets/{dataset_id}/days").json()
    assert listed["simulated"]
    assert listed["days"] or not rows
    assert {client.get(href).status_code for one in listed["days"] for href in one["files"].values()} <= {200}


@EVERY_OFFER
def test_a_days_parquet_and_its_csv_say_the_same_and_where_it_comes_from(client: httpx.Client, dataset_id: str) -> None:
    days = fetched(client, f"/api/v1/datasets/{dataset_id}/days").json()["days"]
    for one in days[:1]:
        table = pq.read_table(io.BytesIO(fetched(client, one["files"]["parquet"]).content))
        assert table.schema.metadata[b"dataset"].decode() == dataset_id
        assert b"SIMULATED" in table.schema.metadata[b"note"]
        assert set(table["source"].to_pylist()) == {"SIMULATED"}
        text = gzip.decompress(fetched(client, one["files"]["csv.gz"]).content).decode()
        lines = rows_of_csv(text)
        assert list(lines[0]) == table.schema.names
        key = "sensor" if "sensor" in table.schema.names else "id"
        assert [line[key] for line in lines] == table[key].to_pylist()


def test_a_day_of_readings_is_every_reading_of_that_day_in_hong_kong(client: httpx.Client, house: House) -> None:
    table = table_of(client, "traffic.lanes")
    begin = datetime(2026, 11, 21, tzinfo=ZONE)
    kept = [
        row
        for batch in house.readings.scan("traffic.lanes", begin, begin + timedelta(days=1))
        for row in batch.to_pylist()
    ]
    assert len(kept) > 10
    assert sorted(
        zip(*(table[name].to_pylist() for name in ("property", "sensor", "at", "value")), strict=True), key=str
    ) == sorted(((row["property"], row["sensor"], row["at"], row["value"]) for row in kept), key=str)
    missing = [row for row in table.to_pylist() if "MISSING" in row["quality"]]
    assert all(row["value"] is None for row in missing)


def test_a_day_of_forecasts_says_when_and_of_when(client: httpx.Client) -> None:
    (row, *_) = table_of(client, "traffic.speeds_ahead").to_pylist()
    assert row["issued_at"] == SAMPLES_RECEIVED
    assert row["at"] - row["issued_at"] == timedelta(minutes=row["horizon_min"])
    assert (row["low"], row["middle"], row["high"], row["unit"]) == (10.0, 20.0, 30.0, "km/h")


def test_a_day_of_records_has_every_version_that_stood_in_it(tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 11, 20, 12, tzinfo=ZONE))
    with House.open(Settings(data=tmp_path, source=Source.TWIN), clock, CATALOGUE) as house:
        offer = get_open_offer(house, "traffic.news")

        def told(words: str, status: EventStatus, hours: float) -> None:
            at = clock.now() + timedelta(hours=hours)
            event = Event(id="IN-1", kind="incident", at=clock.now(), status=status, title=Text(en=words))
            house.records.save(offer.dataset, [event], at)

        told("first", EventStatus.NEW, 0)
        told("second", EventStatus.UPDATED, 1)
        told("third", EventStatus.UPDATED, 13)  # on the 21st
        told("over", EventStatus.CLOSED, 14)
        clock.set(clock.now() + timedelta(days=3))
        days = {
            one.day.day: pq.read_table(io.BytesIO(b"".join(day_file(house, offer, one.day, "parquet"))))
            for one in list_days(house, offer.dataset)
        }
    assert {day: table["title_en"].to_pylist() for day, table in days.items()} == {
        20: ["first", "second"],
        21: ["second", "third", "over"],
    }  # and none since: nothing stood
    assert days[21]["closed"].to_pylist() == [False, False, True]


@pytest.mark.parametrize(
    ("file", "status", "says"),
    [
        ("20200101.parquet", 404, "nothing of traffic.lanes is kept of 2020-01-01"),
        ("20261121.xlsx", 400, "parquet, csv.gz"),
        ("yesterday.parquet", 400, "YYYYMMDD"),
        ("20261121", 400, "parquet, csv.gz"),
    ],
)
def test_a_day_that_is_not_there_says_why(client: httpx.Client, file: str, status: int, says: str) -> None:
    refused = client.get(f"/api/v1/datasets/traffic.lanes/days/{file}")
    assert (refused.status_code, says in refused.json()["detail"] + str(refused.json())) == (status, True)


@pytest.mark.parametrize("path", ["days", "days/20261121.parquet"])
def test_a_personal_data_set_has_no_archive(client: httpx.Client, path: str) -> None:
    assert client.get(f"/api/v1/datasets/{PERSONAL}/{path}").status_code == 403


def test_who_asks_for_days_at_the_same_moment_is_counted_before_any_is_made(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Semaphore(0), Flag()

    def slowly(*given: Any) -> Iterator[bytes]:
        begun.release()
        go_on.wait(30)
        return day_file(*given)

    monkeypatch.setattr(downloads, "day_file", slowly)
    with ThreadPoolExecutor() as people:
        path = f"/api/v1/datasets/traffic.lanes/days/{DAY}.parquet"
        asked = [people.submit(client.get, path) for _ in range(downloads.MOST_DAYS_AT_ONCE)]
        for _ in asked:
            assert begun.acquire(timeout=30)
        assert client.get(path).status_code == 503
        go_on.set()
        assert {one.result().status_code for one in asked} == {200}
        monkeypatch.setattr(downloads, "day_file", day_file)
        assert client.get(path).status_code == 200


def test_more_days_at_once_than_can_be_made_are_put_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_DAYS_AT_ONCE", 0)
    with served(house) as client:
        put_off = client.get(f"/api/v1/datasets/traffic.lanes/days/{DAY}.parquet")
    assert (put_off.status_code, put_off.headers["retry-after"]) == (503, "30")

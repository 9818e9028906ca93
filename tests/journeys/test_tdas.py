"""TDAS's route interface answers its clients as they read it."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import httpx
import jsonschema
import pytest
from driving import DrivingHouse
from starlette.applications import Starlette

from lionrock.app.discovery import discover
from lionrock.app.openapi import describe_api
from lionrock.app.protocols.tdas import Tdas, eta
from lionrock.app.protocols.tdas_shapes import PATH

SHA_TIN, CENTRAL = {"lat": 22.383, "long": 114.1905}, {"lat": 22.2868, "long": 114.1545}
SPOILT = b'{"start": {"lat": 22.383, "long": 114.1905}, "end": {"lat": 22.2868, "long": 114.1545}, "lang": "\xff"}'
SPOILT_AND_WRONG = b'{"start": 5, "lang": "\xff"}'
ASKED = {"start": SHA_TIN, "end": CENTRAL, "departIn": 15, "lang": "en", "type": "ST"}


class Client:
    """Posts to the interface of one house."""

    def __init__(self, driving: DrivingHouse) -> None:
        self._transport = httpx.ASGITransport(Starlette(routes=Tdas(driving.house).routes))

    def post(self, content: bytes) -> httpx.Response:
        async def posted() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://127.0.0.1") as client:
                return await client.post(PATH, content=content, headers={"Content-Type": "application/json"})

        return asyncio.run(posted())


@pytest.fixture
def client(freely: DrivingHouse) -> Client:
    return Client(freely)


def ask(client: Client, **changed: Any) -> Any:
    return client.post(json.dumps(ASKED | changed).encode())


def test_a_route_has_the_fields_that_clients_read(client: Client) -> None:
    told = ask(client).json()
    assert re.fullmatch(r"\d\d:[0-5]\d", told["eta"])
    assert 12_000 < told["distM"] < 25_000
    assert told["distU"] == f"{told['distM'] / 1000:.1f} km"
    assert re.fullmatch(r"\d+ km/h", told["jSpeed"])
    assert sum(told[crossing] for crossing in ("cht", "eht", "wht")) == 1
    assert all(isinstance(road, int) for segment in told["route"][0]["segment"] for road in segment["rid"])


def test_answers_and_refusals_have_the_shapes_that_the_api_describes(client: Client) -> None:
    described = describe_api(discover())
    post = described["paths"][PATH]["post"]
    for asked in (ASKED, ASKED | {"lang": "tc", "tunnel": "wht"}, ASKED | {"departIn": -1}, {"start": SHA_TIN}):
        answered = client.post(json.dumps(asked).encode())
        (content,) = post["responses"][str(answered.status_code)]["content"].values()
        jsonschema.validate(answered.json(), {**content["schema"], "components": described["components"]})
        given = {**post["requestBody"]["content"]["application/json"]["schema"], "components": described["components"]}
        assert jsonschema.Draft202012Validator(given).is_valid(asked) == (answered.status_code == httpx.codes.OK)


def test_without_a_language_the_speed_is_in_chinese_with_the_unit_right_behind(client: Client) -> None:
    told = client.post(json.dumps({"start": SHA_TIN, "end": CENTRAL, "departIn": 0}).encode()).json()
    assert re.fullmatch(r"\d+公里/小時", told["jSpeed"])
    assert ask(client, lang="sc").json()["jSpeed"].endswith("公里/小时")


@pytest.mark.parametrize("tunnel", ["cht", "eht", "wht"])
def test_a_tunnel_that_is_named_is_driven_through(client: Client, tunnel: str) -> None:
    told = ask(client, tunnel=tunnel).json()
    assert [crossing for crossing in ("cht", "eht", "wht") if told[crossing]] == [tunnel]


@pytest.mark.parametrize(
    "changed",
    [
        {"departIn": -1},
        {"departIn": "soon"},
        {"departIn": 1500},
        {"lang": "fr"},
        {"type": "XX"},
        {"start": {"lat": 22.3}},
        {"start": {"lat": 91, "long": 114}},
        {"start": {"lat": 51.5, "long": 0.1}},
        {"tunnel": "channel"},
    ],
)
def test_what_cannot_be_read_is_a_message_not_a_route(client: Client, changed: dict[str, Any]) -> None:
    reply = ask(client, **changed)
    assert reply.status_code == 400
    assert set(reply.json()) == {"Message"}


@pytest.mark.parametrize("start", [{"lat": 51.5, "long": 0.1}, {"lat": 91, "long": 114}])
@pytest.mark.parametrize(("lang", "said"), [("tc", "無法讀取"), ("sc", "无法读取"), ("en", "The request")])
def test_what_cannot_be_read_is_told_in_the_language_that_was_asked_for(
    client: Client, start: dict[str, float], lang: str, said: str
) -> None:
    message = ask(client, start=start, lang=lang).json()["Message"]
    assert message.startswith(said)
    assert (re.search(r"[\u3400-\u9fff]", message) is None) == (lang == "en")
    assert re.search(r"outside|within|must|number", message) is None or lang == "en"


@pytest.mark.parametrize("body", [b"start=here", b'{"start": 5, oops', b"\xff\xfe", b"", SPOILT, SPOILT_AND_WRONG])
def test_a_body_that_is_no_json_is_a_message(client: Client, body: bytes) -> None:
    reply = client.post(body)
    assert reply.status_code == 400
    assert "Message" in reply.json()


def test_an_end_farther_from_a_road_than_its_buffer_is_a_message(client: Client) -> None:
    off_road = {"lat": 22.378, "long": 114.150, "buffer": 100}
    reply = ask(client, start=off_road, lang="tc")
    assert reply.status_code == 404
    assert reply.json()["Message"] == "距離起點位置100米以內沒有道路"
    assert ask(client, start=off_road | {"buffer": 3000}).status_code == 200


def test_without_speeds_it_is_not_available(driving: DrivingHouse) -> None:
    assert ask(Client(driving)).status_code == 503


@pytest.mark.parametrize(("minutes", "words"), [(0.2, "00:01"), (20.0, "00:20"), (20.1, "00:21"), (65, "01:05")])
def test_a_duration_is_whole_minutes_rounded_up(minutes: float, words: str) -> None:
    assert eta(minutes) == words

"""Acting over a real server: only who has the role, never without a reason, journalled, and undone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
import msgspec
import pytest
from served_lionrock import serve_house

from lionrock.app.acting import require_declared
from lionrock.app.discovery import Catalogue, Found
from lionrock.app.house import House
from lionrock.app.twin_process import free_port
from lionrock.city.city import City
from lionrock.core.manifest import Action, Actor, Outcome, Service
from lionrock.core.records.operators import Operators
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import (
    BadDeclaration,
    Dataset,
    Event,
    EventStatus,
    Feature,
    Field,
    Json,
    Kind,
    Refused,
    Source,
    Text,
)

PASSWORD = "harbour lanterns over slow water"  # noqa: S105 - of operators who live in a test
LAMPS = Dataset(
    id="lamps.lamps",
    title=Text(en="Lamps", tc="街燈"),
    kind=Kind.EVENTS,
    rhythm=timedelta(hours=1),
    licence="open",
    fields=(
        Field("percent", Json.INTEGER, Text(en="brightness", tc="亮度")),
        Field("by", Json.STRING, Text(en="who switched it", tc="由誰開關")),
    ),
)


@dataclass(frozen=True, slots=True)
class Switch:
    """Which lamp, and how bright."""

    lamp: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 100


def switch(_city: City, asked: Switch, actor: Actor) -> Outcome:
    if asked.lamp == "beacon":
        raise Refused("the beacon burns for ever")
    lamp = Event(
        id=asked.lamp,
        kind="lamp",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        status=EventStatus.NEW,
        title=Text(en=asked.lamp, tc=asked.lamp),
        properties={"percent": asked.percent, "by": actor.name},
    )
    return Outcome(Text(en=f"{asked.lamp} at {asked.percent}%", tc=f"{asked.lamp} {asked.percent}%"), ((LAMPS, lamp),))


SWITCH: Action[City, Switch] = Action(
    path="lamps/switch",
    title=Text(en="Switch a lamp", tc="開關街燈"),
    asks=Switch,
    needs="lamplighter",
    writes=(LAMPS,),
    does=switch,
    example=Switch(lamp="l1"),
)
LIGHTING: Service[City] = Service(
    id="lamps",
    title=Text(en="Lamps", tc="街燈"),
    owner=Text(en="Highways Department", tc="路政署"),
    area="mobility",
    summary=Text(en="Lamps.", tc="街燈。"),
    actions=(SWITCH,),
)


@dataclass(frozen=True)
class Served:
    base: str
    house: House

    @contextmanager
    def signed_in(self, name: str) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=self.base, timeout=30, trust_env=False) as client:
            told = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
            client.headers["X-CSRF-Token"] = told.json()["csrf"]
            yield client


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("acting")
    settings = Settings(port=free_port(), data=folder, source=Source.LIVE)
    with House.open(settings, catalogue=Catalogue((Found(LIGHTING, folder),))) as house:
        operators = Operators(house.engine, lambda: datetime.now(UTC))
        operators.add("wong", PASSWORD, ["lamplighter"])
        operators.add("chan", PASSWORD, ["traffic-operator"])
        with serve_house(house) as base:
            yield Served(base, house)


def post(client: httpx.Client, path: str, **fields: Any) -> httpx.Response:
    return client.post(f"/api/v1/{path}", json=fields)


def test_an_act_is_stored_journalled_told_on_the_bus_and_undone(served: Served) -> None:
    with served.signed_in("wong") as wong:
        done = post(wong, "lamps/switch", lamp="quay", percent=40, why="moonlight")
        assert done.status_code == 200, done.text
        assert done.json()["says"]["en"] == "quay at 40%"
        assert served.house.records.get(LAMPS.id, "quay").record.properties == {"percent": 40, "by": "wong"}
        assert served.house.bus.changes([LAMPS.id]) > 0
        post(wong, "lamps/switch", lamp="quay", percent=90, why="clouds came")
        [newest, older] = wong.get("/api/v1/journal", params={"record": "quay"}).json()
        assert (newest["who"], newest["why"], newest["command"]) == (
            "wong",
            "clouds came",
            {"lamp": "quay", "percent": 90},
        )
        undone = post(wong, f"journal/{newest['entry']}/undo", why="they went again")
        assert undone.status_code == 200, undone.text
        assert served.house.records.get(LAMPS.id, "quay").record.properties["percent"] == 40
        assert older["entry"] == done.json()["entry"]


def test_nobody_acts_signed_out_without_the_role_without_the_token_or_without_a_reason(served: Served) -> None:
    fields = {"lamp": "pier", "why": "dusk"}
    with httpx.Client(base_url=served.base, trust_env=False) as nobody:
        assert post(nobody, "lamps/switch", **fields).status_code == 401
        assert nobody.get("/api/v1/journal").status_code == 401
    with served.signed_in("chan") as chan:
        assert post(chan, "lamps/switch", **fields).status_code == 403
    with served.signed_in("wong") as wong:
        assert post(wong, "lamps/switch", lamp="pier").status_code == 400
        assert post(wong, "lamps/switch", lamp="pier", why="  ").status_code == 400
        wong.headers["X-CSRF-Token"] = "guessed"
        assert post(wong, "lamps/switch", **fields).status_code == 403
    assert served.house.records.list_open(LAMPS.id) == [
        kept for kept in served.house.records.list_open(LAMPS.id) if kept.id != "pier"
    ]


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"lamp": "pier", "percent": 101}, 400, "percent"),
        ({"lamp": "pier", "brightness": 5}, 400, "brightness"),
        ({"percent": 5}, 400, "lamp"),
        ({"lamp": "beacon"}, 409, "burns for ever"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(served: Served, fields: dict[str, Any], status: int, says: str) -> None:
    with served.signed_in("wong") as wong:
        told = post(wong, "lamps/switch", **fields, why="dusk")
        assert (told.status_code, says in told.json()["detail"]) == (status, True)


@pytest.mark.parametrize(
    ("asked_in", "fields", "said_in", "says"),
    [
        ("", {"lamp": "pier", "percent": 101}, "en", "percent: it must not be more than 100"),
        ("zh-Hant-HK", {"lamp": "pier", "percent": 101}, "zh-Hant-HK", "percent：不可大於 100"),
        ("zh-CN,zh;q=0.9", {"lamp": "x" * 21}, "zh-Hans", "lamp：最多 20 个字"),
        ("zh-Hant-HK", {"percent": 5}, "zh-Hant-HK", "請填寫 lamp"),
        ("zh-Hant-HK", {"lamp": "pier", "why": " "}, "zh-Hant-HK", "why：請簡述原因：查閱日誌的人會問"),
        ("zh-Hant-HK", {"lamp": "beacon"}, "en", "the beacon burns for ever"),
    ],
)
def test_a_refusal_is_said_in_the_language_that_is_asked_for_and_names_the_one_it_is_in(
    served: Served, asked_in: str, fields: dict[str, Any], said_in: str, says: str
) -> None:
    with served.signed_in("wong") as wong:
        given = {"why": "dusk"} | fields
        told = wong.post("/api/v1/lamps/switch", json=given, headers={"Accept-Language": asked_in})
    assert (told.json()["detail"], told.headers["content-language"]) == (says, said_in)


def test_an_undo_that_comes_too_late_is_refused_in_chinese_too(served: Served) -> None:
    with served.signed_in("wong") as wong:
        number = post(wong, "lamps/switch", lamp="arch", why="dusk").json()["entry"]
        again = post(wong, f"journal/{number}/undo", why="too bright").json()["entry"]
        form = {"why": "too bright", "csrf": wong.headers.pop("X-CSRF-Token"), "back": "/tc/journal"}
        came = {"Origin": served.base, "Accept": "text/html", "Referer": f"{served.base}/tc/journal"}
        told = wong.post(f"/api/v1/journal/{number}/undo", data=form, headers=came)
    assert (told.status_code, f"<p>第 {number} 項早前已由第 {again} 項復原</p>" in told.text) == (409, True)


def test_only_who_has_the_role_undoes_and_only_once(served: Served) -> None:
    with served.signed_in("wong") as wong, served.signed_in("chan") as chan:
        number = post(wong, "lamps/switch", lamp="steps", why="dusk").json()["entry"]
        assert post(chan, f"journal/{number}/undo", why="I would rather").status_code == 403
        assert post(wong, f"journal/{number}/undo", why="too bright").status_code == 200
        assert post(wong, f"journal/{number}/undo", why="too bright").status_code == 409
        assert post(wong, "journal/9999/undo", why="what?").status_code == 404


def test_a_form_goes_back_to_its_own_page_and_to_no_other_site(served: Served) -> None:
    with served.signed_in("wong") as wong:
        token = wong.headers.pop("X-CSRF-Token")
        form = {"lamp": "gate", "percent": "", "why": "dusk", "csrf": token}
        origin = {"Origin": served.base}
        home = wong.post("/api/v1/lamps/switch", data={**form, "back": "/tc/journal"}, headers=origin)
        away = wong.post("/api/v1/lamps/switch", data={**form, "back": "//evil.example/"}, headers=origin)
        back, _, entry = home.headers["location"].partition("?done=")
        assert (home.status_code, back, entry.isdecimal()) == (303, "/tc/journal", True)
        assert (away.status_code, away.headers["location"].partition("?")[0]) == (303, "/en/")
        page = wong.get(home.headers["location"])
        assert page.status_code == 200
        assert f'href="/tc/journal#entry-{entry}"' in page.text
        assert 'data-testid="done"' not in wong.get("/tc/journal?done=99999").text
        assert "gate 100%" in page.text
        assert "no-store" in page.headers["cache-control"]


def test_who_is_signed_out_is_not_told_what_somebody_did(served: Served) -> None:
    with served.signed_in("wong") as wong:
        entry = post(wong, "lamps/switch", lamp="stairs", why="dusk").json()["entry"]
        assert "dusk" in wong.get(f"/en/status?done={entry}").text
    told = httpx.get(f"{served.base}/en/status?done={entry}")
    assert (told.status_code, "dusk" in told.text) == (200, False)


def test_a_form_that_cannot_be_done_says_why_and_leads_back_to_itself(served: Served) -> None:
    with served.signed_in("wong") as wong:
        form = {"lamp": "beacon", "why": "dawn", "csrf": wong.headers.pop("X-CSRF-Token"), "back": "/en/journal"}
        came = {"Origin": served.base, "Accept": "text/html", "Referer": f"{served.base}/en/journal?record=l1"}
        told = wong.post("/api/v1/lamps/switch", data=form, headers=came)
    assert (told.status_code, "burns for ever" in told.text) == (409, True)
    assert 'href="/en/journal?record=l1" data-testid="back"' in told.text


def test_older_entries_of_one_record_are_still_of_it(served: Served) -> None:
    with served.signed_in("wong") as wong:
        for percent in range(51):
            post(wong, "lamps/switch", lamp="mole", percent=percent, why="a slow dawn")
        page = wong.get("/en/journal", params={"dataset": LAMPS.id, "record": "mole"}).text
        (older,) = re.findall(r'href="(\?[^"]*before=\d+)"', page)
        assert wong.get(f"/en/journal{html.unescape(older)}").text.count('<li id="entry-') == 1


def test_the_journal_page_asks_for_a_sign_in_first(served: Served) -> None:
    told = httpx.get(f"{served.base}/sc/journal")
    assert (told.status_code, told.headers["location"]) == (303, "/sc/sign-in?next=/sc/journal")


def test_an_action_is_a_path_that_can_only_be_posted_to(served: Served) -> None:
    assert httpx.get(f"{served.base}/api/v1/lamps/switch").status_code in {404, 405}


def test_an_act_on_a_data_set_that_its_action_did_not_declare_is_refused() -> None:
    elsewhere = replace(LAMPS, id="lamps.posts")
    lamp = Feature(id="l1", geometry=None)
    require_declared(SWITCH, Outcome(Text(en="done"), ((LAMPS, lamp),)))
    with pytest.raises(BadDeclaration, match=r"lamps/switch wrote lamps\.posts"):
        require_declared(SWITCH, Outcome(Text(en="done"), ((LAMPS, lamp), (elsewhere, lamp))))

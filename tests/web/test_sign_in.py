"""Signing in over a real server, with real cookies: who gets in, who stays out, what a change must bring along."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from served_lionrock import PASSWORD, PROOF, Served, name_of, serve_empty, sign_in

from lionrock.app.cli.ask import Asker
from lionrock.app.cli.signing_in import signed_in
from lionrock.app.discovery import Catalogue, Found, discover
from lionrock.app.house import House
from lionrock.app.web.guard import LARGEST_BODY_BYTES, find_refusal
from lionrock.app.web.sign_in import own_page
from lionrock.city.city import City
from lionrock.core.manifest import Caller, Page, Question, Service
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Language, LionrockError, SignedOut, Source, Text

WRONG = "harbour lanterns over fast water"
AS_A_PAGE = {"Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Nothing:
    """A question without fields."""


def tell_who(_city: City, _query: Nothing, caller: Caller) -> dict[str, str]:
    """Who asks, as the question is told."""
    return {"name": caller.name}


SECRETS: Service[City] = Service(
    id="secrets",
    title=Text(en="Secrets", tc="秘密"),
    owner=Text(en="Nobody", tc="無人"),
    area="people",
    summary=Text(en="Tells who asks", tc="告知查詢者"),
    questions=(
        Question(path="secrets/mine", title=Text(en="Mine"), asks=Nothing, answer=tell_who, example=Nothing(),
                 access="traffic-operator"),
        Question(path="secrets/open", title=Text(en="Open"), asks=Nothing, answer=tell_who, example=Nothing()),
    ),
    pages=(Page(path="secrets", title=Text(en="Secrets"), shows="secrets/mine"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("signing-in")
    with serve_empty(folder, Catalogue((*discover().found, Found(SECRETS, folder)))) as lionrock:
        for name, roles in (("alice", ["traffic-operator"]), ("bruno", ["traffic-operator"]), ("clerk", [])):
            lionrock.operators.add(name, PASSWORD, roles)
        yield lionrock


# Getting in and out


def test_signing_in_gives_a_cookie_that_neither_scripts_nor_other_sites_can_use(served: Served) -> None:
    with served.client() as client:
        told = sign_in(client, "alice")
        cookie = told.headers["set-cookie"]
        assert all(part in cookie for part in ("lionrock_session=", "HttpOnly", "SameSite=strict", "Path=/"))
        assert told.json() == client.get("/api/v1/session").json()
        assert (told.json()["name"], told.json()["roles"]) == ("alice", ["traffic-operator"])
        assert told.headers["cache-control"] == "no-store"


def test_who_opens_the_store_itself_is_nobody_too(tmp_path: Path) -> None:
    catalogue = Catalogue((Found(SECRETS, tmp_path),))
    house = House.open(Settings(data=tmp_path, source=Source.RECORDING), catalogue=catalogue)
    with house, httpx.Client() as client:
        asker = Asker(client, house)
        assert asker.ask("secrets/open", {}) == {"name": ""}
        with pytest.raises(SignedOut, match="traffic-operator"):
            asker.ask("secrets/mine", {})


def test_who_is_signed_out_is_nobody_and_still_reads_everything_open(served: Served) -> None:
    with served.client(lionrock_session="guessed") as client:
        assert client.get("/api/v1/session").json() == {"name": None, "roles": [], "csrf": None}
        assert client.get("/en/status").status_code == 200


def test_a_planted_session_cookie_is_replaced_at_sign_in(served: Served) -> None:
    with served.client(lionrock_session="planted") as client:
        assert sign_in(client, "alice").cookies["lionrock_session"] != "planted"


def test_signing_in_again_ends_the_session_before(served: Served) -> None:
    with served.client() as client:
        first = sign_in(client, "alice").cookies["lionrock_session"]
        sign_in(client, "bruno")
        assert name_of(client) == "bruno"
    with served.client(lionrock_session=first) as late:
        assert name_of(late) is None


def test_the_form_leads_to_the_page_that_was_wanted_and_its_head_says_who_is_there(served: Served) -> None:
    with served.client() as client:
        sent = served.fill_form(client)
        assert (sent.status_code, sent.headers["location"]) == (303, "/en/status")
        page = client.get("/en/status")
        assert "Signed in as alice" in page.text
        assert page.headers["cache-control"] == "no-store"


def test_the_button_signs_out_for_good(served: Served) -> None:
    with served.client() as client:
        served.fill_form(client)
        cookie = client.cookies["lionrock_session"]
        shown = PROOF.search(client.get("/tc/status").text)
        assert shown is not None
        left = client.post("/tc/sign-out", data={"csrf": shown[1]}, headers={"Origin": served.base})
        assert (left.status_code, left.headers["location"]) == (303, "/tc/")
        assert name_of(client) is None
    with served.client(lionrock_session=cookie) as late:
        assert name_of(late) is None


def test_the_command_line_signs_in_with_what_a_change_needs_and_out_at_the_end(served: Served) -> None:
    with signed_in(served.base, "alice", PASSWORD) as client:
        cookie = client.cookies["lionrock_session"]
        assert client.get("/api/v1/session").json()["csrf"] == client.headers["X-CSRF-Token"]
    with served.client(lionrock_session=cookie) as late:
        assert name_of(late) is None
    with pytest.raises(LionrockError, match="not right"), signed_in(served.base, "alice", "wrong"):
        pass
    with pytest.raises(LionrockError, match="nobody answers"), signed_in("http://127.0.0.1:1", "alice", PASSWORD):
        pass


def test_a_disabled_operator_is_signed_out_at_once(served: Served) -> None:
    served.operators.add("leaver", PASSWORD, ["traffic-operator"])
    with served.signed_in("leaver") as client:
        assert name_of(client) == "leaver"
        served.operators.disable("leaver")
        assert name_of(client) is None
        assert sign_in(client, "leaver").status_code == 401


# What is not told


def test_a_wrong_name_and_a_wrong_password_look_the_same(served: Served) -> None:
    told, shown = [], []
    for name in ("alice", "nobody"):
        with served.client() as client:
            answer = sign_in(client, name, WRONG)
            told.append((answer.status_code, answer.json()))
            page = served.fill_form(client, name=name, password=WRONG)
            shown.append((page.status_code, PROOF.sub("", page.text).replace(f'value="{name}"', "")))
    assert told[0] == told[1]
    assert shown[0] == shown[1]
    assert shown[0][0] == 403


def test_a_flood_of_sign_ins_is_sent_away_with_true_words(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lionrock.app.web.sign_in.MOST_WAITING", 5)

    def guess(number: int) -> httpx.Response:
        with served.client() as client:
            return sign_in(client, f"flood-{number}", WRONG)

    with ThreadPoolExecutor(30) as crowd:
        told = list(crowd.map(guess, range(30)))
    assert {each.status_code for each in told} == {401, 503}
    assert all("sign in at this moment" in each.json()["detail"] for each in told if each.status_code == 503)
    with served.client() as client:
        assert sign_in(client, "alice").status_code == 200


def test_guessing_is_answered_with_how_long_to_wait(served: Served) -> None:
    with served.client() as client:
        codes = [sign_in(client, "guessed-at", "wrong").status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]
        assert 1 <= int(sign_in(client, "guessed-at").headers["retry-after"]) <= 30
        page = served.fill_form(client, name="guessed-at")
        assert (page.status_code, "set-cookie" in page.headers) == (429, True)
        assert "lionrock_session" not in page.headers["set-cookie"]
        assert "The next try is heard in" in page.text


@pytest.mark.parametrize("language", list(Language))
def test_what_was_typed_as_a_name_is_words_and_never_markup(served: Served, language: Language) -> None:
    with served.client() as client:
        shown = PROOF.search(client.get(f"/{language}/sign-in").text)
        assert shown is not None
        sent = {"csrf": "stale", "name": '"><script>alert(1)</script>', "password": "x", "next": "javascript:alert(1)"}
        page = client.post(f"/{language}/sign-in", data=sent, headers={"Origin": served.base})
        assert page.status_code == 403
        assert "<script>alert" not in page.text
        assert "javascript:" not in page.text


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/tc/journal?limit=5&dataset=traffic.incidents", "/en/journal?limit=5&dataset=traffic.incidents"),
        ("/en/", "/en/"),
        ("", "/en/"),
        ("https://evil.test/", "/en/"),
        ("//evil.test/en/", "/en/"),
        ("/\\evil.test", "/en/"),
        ("/en//evil.test", "/en/"),
        ("/en/\\evil.test", "/en/"),
        ("/en/a\r\nSet-Cookie: x=y", "/en/"),
        ("/en/" + "a" * 600, "/en/"),
        ("/static/page.js", "/en/"),
        ("/en/sign-in?next=/en/sign-in", "/en/"),
        ("javascript:alert(1)", "/en/"),
    ],
)
def test_signing_in_leads_to_own_pages_only(wanted: str, led_to: str) -> None:
    assert own_page(Language.EN, wanted) == led_to


# Who may change something


@pytest.mark.parametrize(
    "token", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x" * 43}, {"X-CSRF-Token": "é".encode()}]
)
def test_a_change_without_the_sessions_own_token_is_refused(served: Served, token: dict[str, str]) -> None:
    with served.client() as client:
        sign_in(client, "alice")
        assert client.delete("/api/v1/session", headers=token).status_code == 403
        assert name_of(client) == "alice"


def test_the_token_of_another_session_is_refused(served: Served) -> None:
    with served.signed_in("alice") as alice, served.signed_in("bruno") as bruno:
        stolen = {"X-CSRF-Token": bruno.headers["X-CSRF-Token"]}
        assert alice.delete("/api/v1/session", headers=stolen).status_code == 403
        assert alice.delete("/api/v1/session").status_code == 200
        assert alice.delete("/api/v1/session").status_code == 401


def test_a_form_that_this_browser_did_not_open_signs_nobody_in(served: Served) -> None:
    with served.client() as one, served.client() as other, served.client() as third:
        shown = PROOF.search(one.get("/en/sign-in").text)
        other.get("/en/sign-in")
        assert shown is not None
        sent = {"csrf": shown[1], "name": "alice", "password": PASSWORD}
        for client in (other, third):
            told = client.post("/en/sign-in", data=sent, headers={"Origin": served.base})
            assert told.status_code == 403
            assert name_of(client) is None


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "headers",
    [
        FORM,
        {"Content-Type": "text/plain"},
        {},
        FORM | {"Origin": "null"},
        FORM | {"Origin": "http://evil.test"},
        FORM | {"Origin": "http://127.0.0.1:1"},
        FORM | {"Origin": "http://localhost"},
        {"Content-Type": "application/json", "Origin": "http://127.0.0.1:1"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "same-site"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "application/json", "Host": "evil.test"},
        {"Content-Type": "application/json", "Host": "127.0.0.1.evil.test"},
    ],
)
def test_only_our_own_pages_and_programs_that_are_no_pages_can_change_something(
    served: Served, headers: dict[str, str]
) -> None:
    with served.client() as client:
        told = client.post("/api/v1/session", content=b'{"name":"alice"}', headers=headers)
        assert (told.status_code, told.json()["title"]) == (403, "Refused")


def test_our_own_page_is_known_by_scheme_host_and_port() -> None:
    said = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000"), (b"sec-fetch-site", b"same-origin")]
    assert find_refusal("POST", said) is None
    assert find_refusal("POST", [(b"host", b"localhost:8000"), said[1]]) is not None
    assert find_refusal("POST", [*said, (b"origin", b"http://evil.test")]) is not None
    assert find_refusal("POST", [(b"host", b"evil.test"), *said]) is not None
    assert find_refusal("PUT", said) is not None
    assert find_refusal("OPTIONS", said) is not None


def test_a_body_is_read_up_to_its_limit_told_or_untold(served: Served) -> None:
    fits = b'{"name":"' + b"a" * (LARGEST_BODY_BYTES - 12) + b'"}'
    with served.client() as client:
        for content in (fits + b" " * 10, iter([fits, b" " * 10])):
            told = client.post("/api/v1/session", content=content, headers={"Content-Type": "application/json"})
            assert told.status_code == 413
        told = client.post("/api/v1/session", content=fits, headers={"Content-Type": "application/json"})
        assert told.status_code == 400


def test_half_a_body_does_nothing(served: Served) -> None:
    before = len(served.operators.list_sign_ins(10_000))
    connection = HTTPConnection(served.host)
    connection.putrequest("POST", "/api/v1/session")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", "1000")
    connection.endheaders(b'{"name": "alice", "password": "wrong"}')
    connection.close()
    with served.client() as client:
        assert client.get("/health").status_code == 503
    assert len(served.operators.list_sign_ins(10_000)) == before


@pytest.mark.parametrize(
    "body",
    [b"[]", b"null", b"{", b'{"name": 1, "password": 2}', b'{"name": "alice"}', b"\xff\xfe",
     b'{"name":"\\ud800","password":"\\ud800"}',
     b'{"name":"alice","password":"x","admin":true}', b'{"name":"' + b"a" * 300 + b'","password":"x"}'],
)  # fmt: skip
def test_what_is_no_name_and_password_is_refused_before_anything_is_compared(served: Served, body: bytes) -> None:
    before = len(served.operators.list_sign_ins(10_000))
    with served.client() as client:
        told = client.post("/api/v1/session", content=body, headers={"Content-Type": "application/json"})
        assert (told.status_code, told.json()["title"]) == (400, "The request cannot be read")
    assert len(served.operators.list_sign_ins(10_000)) == before


def test_what_a_route_does_not_do_is_said_as_a_problem(served: Served) -> None:
    with served.client() as client:
        told = client.post("/status.json", json={})
        assert (told.status_code, told.headers["content-type"]) == (405, "application/problem+json")


# Answers for some only


def test_a_question_for_some_is_answered_to_them_only_and_to_each_by_themselves(served: Served) -> None:
    asked = "/api/v1/secrets/mine"
    with served.client() as nobody, served.signed_in("clerk") as clerk:
        for _ in range(2):
            for name in ("alice", "bruno"):
                with served.signed_in(name) as client:
                    told = client.get(asked)
                    assert (told.json(), told.headers["cache-control"]) == ({"name": name}, "no-store")
            assert nobody.get(asked).status_code == 401
            assert clerk.get(asked).status_code == 403


def test_a_question_for_all_is_told_of_nobody_so_that_its_kept_answer_tells_nothing(served: Served) -> None:
    with served.signed_in("alice") as alice, served.client() as nobody:
        assert alice.get("/api/v1/secrets/open").json() == {"name": ""}
        assert nobody.get("/api/v1/secrets/open").json() == {"name": ""}


def test_a_page_for_some_sends_a_browser_to_sign_in_and_back_again(served: Served) -> None:
    with served.client() as client:
        sent = client.get("/sc/secrets", headers=AS_A_PAGE)
        assert (sent.status_code, sent.headers["location"]) == (303, "/sc/sign-in?next=%2Fsc%2Fsecrets")
        form = client.get(sent.headers["location"]).text
        assert 'name="next" value="/sc/secrets"' in form
        assert 'href="/en/sign-in?next=%2Fsc%2Fsecrets"' in form  # another language, and the same way on
        served.fill_form(client, next="/sc/secrets")
        page = client.get("/sc/secrets", headers=AS_A_PAGE)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    with served.signed_in("clerk") as clerk:
        assert clerk.get("/sc/secrets", headers=AS_A_PAGE).status_code == 403


def test_what_a_form_is_refused_is_told_as_a_page_in_the_language_of_the_form(served: Served) -> None:
    with served.client() as client:
        headers = AS_A_PAGE | FORM | {"Origin": served.base, "Referer": f"{served.base}/tc/journal"}
        told = client.post("/api/v1/journal/1/undo", content=b"why=x", headers=headers)
        assert told.status_code in {401, 404}
        assert (told.headers["content-type"], told.headers["content-language"]) == (
            "text/html; charset=utf-8",
            "zh-Hant-HK",
        )


def test_the_api_describes_signing_in_and_what_only_some_are_answered(served: Served) -> None:
    with served.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    assert set(paths["/api/v1/session"]) == {"get", "post", "delete"}
    assert paths["/api/v1/secrets/mine"]["get"]["responses"]["403"]["description"] == "Needs the role traffic-operator."
    assert "403" not in paths["/api/v1/secrets/open"]["get"]["responses"]

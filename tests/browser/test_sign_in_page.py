"""Signing in and out in Chromium, on phone and desk, with and without scripts; and what another origin cannot do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from http_site import serve
from page_faults import OVERFLOWS
from playwright.sync_api import Browser, BrowserContext, Page, expect
from served_lionrock import PASSWORD, Served, serve_empty

WRONG = "harbour lanterns over fast water"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
ROLE = {"en": "traffic operator", "tc": "交通操作員", "sc": "交通操作员"}
SIGN_IN = {"en": "Sign in", "tc": "登入", "sc": "登入"}
SMALL_TARGETS = """[...document.querySelectorAll('.sign-in :is(input:not([type=hidden]), button), .masthead summary')]
    .filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect())
    .filter(box => box.height < 24 || box.width < 24).length"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_empty(tmp_path_factory.mktemp("sign-in-page")) as lionrock:
        lionrock.operators.add("chan.tm", PASSWORD, ["traffic-operator"])
        yield lionrock


@pytest.fixture(scope="module")
def browser(mapless: Browser) -> Browser:
    """Who signs out comes to a map, which is not looked at."""
    return mapless


def fill(page: Page, password: str) -> None:
    page.locator("#name").fill("chan.tm")
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")


@pytest.mark.parametrize(
    ("context", "language", "way_in"),
    [
        ({"viewport": DESK}, "en", "[data-testid=sign-in]"),
        ({"viewport": PHONE, "color_scheme": "dark"}, "tc", ".only-narrow a"),
        ({"viewport": PHONE, "java_script_enabled": False}, "sc", ".only-narrow a"),
    ],
    indirect=["context"],
)
def test_a_person_mistypes_signs_in_is_named_and_signs_out(
    served: Served, context: BrowserContext, language: str, way_in: str
) -> None:
    page = context.new_page()
    page.goto(f"{served.base}/{language}/datasets")
    page.locator("details.menu summary").dispatch_event("click")
    page.locator(way_in).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SIGN_IN[language])
    assert page.evaluate(OVERFLOWS) == 0
    assert page.evaluate(SMALL_TARGETS) == 0

    fill(page, WRONG)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#name")).to_have_value("chan.tm")
    expect(page.locator("#password")).to_have_value("")

    fill(page, PASSWORD)
    page.wait_for_url(f"**/{language}/datasets")
    person = page.locator("details.person")
    person.locator("summary").press("Enter")
    expect(person).to_contain_text(ROLE[language])
    assert page.evaluate(OVERFLOWS) == 0
    assert "lionrock_session" not in page.evaluate("document.cookie")

    person.get_by_role("button").click()
    page.wait_for_url(f"**/{language}/")
    expect(page.locator("details.person")).to_have_count(0)
    page.go_back()
    expect(page.locator("details.person")).to_have_count(0)


EVIL = """<!doctype html><title>evil</title>
<form id="out" method="post" action="{base}/en/sign-out"></form>
<form id="act" method="post" enctype="text/plain" action="{base}/api/v1/session">
  <input name='{{"name":"chan.tm","x' value='":1}}'></form>
<iframe src="{base}/en/sign-in" id="frame"></iframe>"""


@pytest.fixture(scope="module")
def evil(served: Served) -> Iterator[str]:
    """A page on another port of this machine: another origin, yet the same site, so that cookies go along."""

    page = EVIL.format(base=served.base).encode()
    with serve(lambda _path, _headers: (200, {"Content-Type": "text/html"}, page)) as address:
        yield f"{address}/"


@pytest.mark.parametrize("context", [{"viewport": DESK}], indirect=True)
def test_a_page_on_another_port_can_neither_act_nor_read_nor_frame(
    served: Served, evil: str, context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(f"{served.base}/en/sign-in?next=/en/status")
    fill(page, PASSWORD)
    page.wait_for_url("**/en/status")
    for form in ("out", "act"):
        page.goto(evil)
        with page.expect_response(lambda told: told.request.method == "POST") as answered:
            page.evaluate(f"document.getElementById('{form}').submit()")
        page.wait_for_url(f"{served.base}/**")
        asked = answered.value.request.all_headers()
        assert "lionrock_session" in asked.get("cookie", "")  # same site: SameSite alone does not protect here
        assert answered.value.status == 403
    page.goto(evil)
    read = page.evaluate(f"fetch('{served.base}/api/v1/session', {{credentials: 'include'}}).catch(() => 'refused')")
    assert read == "refused"
    assert not page.frame_locator("#frame").locator("#password").is_visible()
    page.goto(f"{served.base}/en/status")
    expect(page.locator("details.person")).to_contain_text("chan.tm")

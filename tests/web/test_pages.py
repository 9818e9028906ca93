"""Pages are filled from plain context, in three languages, and take nothing from data as HTML."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jinja2
import pytest
from pages_at_hand import FLOW, HOSTILE, LIFE, PAGES, PLACE, SAVED, STATUS, TITLE, WHAT_IF

from lionrock.app.discovery import WORD_ASKED, Catalogue, Found, discover
from lionrock.app.pages import render
from lionrock.app.pages.data_flow import draw_flows
from lionrock.app.pages.roads import rows_of_roads
from lionrock.core.manifest import Link
from lionrock.core.vocabulary import Language, Text

pytestmark = pytest.mark.usefixtures("built_assets")
CATALOGUE = discover()
WORDS = CATALOGUE.words
TEMPLATES = render.Templates(WORDS)
SERVICES_PAGES = [(service, page) for service in CATALOGUE.services for page in service.pages]
OWN = {
    page.template.removesuffix(".html"): CATALOGUE.pages_of(service)
    for service, page in SERVICES_PAGES
    if page.template != "answer.html"
}
DRAWS = {
    page.template.removesuffix(".html"): {draw.__name__: draw for draw in page.draws} for _, page in SERVICES_PAGES
}


def rendered(name: str, language: Language, **context: Any) -> str:
    said = {"title": TITLE, "path": "here", **PLACE, **context}
    return TEMPLATES.render(name, language, own=OWN.get(name), **DRAWS.get(name, {}), **said).decode()


def page_in(name: str, language: Language) -> str:
    return rendered(name, language, **PAGES[name])


def test_assets_built_anew_are_named_from_the_next_page_on(tmp_path: Path) -> None:
    assert render.asset("page.js") == "/static/built-page.js"
    manifest = tmp_path / "manifest.json"
    before_ns = manifest.stat().st_mtime_ns
    manifest.write_text(json.dumps({"page.js": "newer.js"}))
    os.utime(manifest, ns=(before_ns + 1, before_ns + 1))
    assert render.asset("page.js") == "/static/newer.js"


def test_templates_written_anew_wait_for_the_program_that_fills_them(tmp_path: Path) -> None:
    page = tmp_path / "bins.html"
    page.write_text('{% extends "base.html" %}{% block main %}{{ bins }} bins{% endblock %}')
    templates = render.Templates(WORDS, [tmp_path])
    page.write_text('{% extends "base.html" %}{% block main %}{{ what_the_update_fills_in }}{% endblock %}')
    said = {"title": TITLE, "path": "bins", **PLACE}
    assert b"7 bins" in templates.render("bins", Language.EN, own=tmp_path, bins=7, **said)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", PAGES)
def test_every_page_speaks_every_language_and_offers_the_others(name: str, language: Language) -> None:
    html = page_in(name, language)
    assert f'<html lang="{language.tag}">' in html
    assert all(f'href="/{other}/here" lang="{other.tag}"' in html for other in Language)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", PAGES)
def test_markup_in_data_stays_text(name: str, language: Language) -> None:
    html = page_in(name, language)
    assert HOSTILE not in html
    assert "alert(" in html


@pytest.mark.parametrize("name", PAGES)
def test_no_page_carries_what_a_strict_content_security_policy_forbids(name: str) -> None:
    html = page_in(name, Language.EN)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html)
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", html)
    assert all('type="application/json"' in tag for tag in inline)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_twin_says_simulated(name: str) -> None:
    assert 'data-testid="simulated"' in page_in(name, Language.EN)


def test_a_live_page_does_not_say_simulated() -> None:
    html = rendered("error", Language.EN, source="live", simulated=False, **PAGES["error"])
    assert WORDS["source.simulated"].en not in html


def test_a_missing_context_variable_is_an_error_not_an_empty_page() -> None:
    with pytest.raises(jinja2.UndefinedError):
        rendered("status", Language.EN)


def test_every_word_is_said_in_every_language() -> None:
    assert [key for key, text in WORDS.items() if not (text.en and text.tc and text.sc)] == []


def test_a_word_has_the_same_holes_in_every_language() -> None:
    def holes(said: str) -> list[str]:
        return sorted(re.findall(r"\{(\w+)\}", said))

    uneven = [k for k, text in WORDS.items() if not holes(text.en) == holes(text.tc) == holes(text.sc)]
    assert uneven == []


def test_every_word_that_an_island_asks_for_exists() -> None:
    islands = Path(__file__).resolve().parents[2] / "web" / "src"
    asked = {key for path in islands.glob("*.ts") for key in re.findall(r'word\("([a-z_.]+)"', path.read_text())}
    assert asked
    assert asked - set(WORDS) == set()


def test_every_word_that_a_template_of_the_house_asks_for_by_its_whole_name_exists() -> None:
    asked = {key for path in render.TEMPLATES.glob("*.html") for key in WORD_ASKED.findall(path.read_text())}
    assert len(asked) > 100
    assert asked - set(WORDS) == set()


def test_a_moment_is_shown_in_hong_kong_time() -> None:
    assert "21 Nov 2026 13:30" in page_in("incidents", Language.EN)
    assert "2026年11月21日 13:30" in page_in("incidents", Language.SC)


def test_an_age_is_told_beside_the_moment_it_is_told_at() -> None:
    assert "Updated 20 min ago" in page_in("incidents", Language.EN)


NAV = re.compile(r'<nav class="pages bar"[^>]*>(.*?)</nav>', re.DOTALL)
LINK = re.compile(r'<a href="/\w\w/([^"]*)"[^>]*>([^<]*)</a>')


def nav_of(catalogue: Catalogue, language: Language) -> list[tuple[str, str]]:
    """Path and words of the links at the head of a page."""
    templates = render.Templates(catalogue.words, links=catalogue.links, further=catalogue.further)
    bar = NAV.search(templates.render("error", language, title=TITLE, path="here", **PLACE, **PAGES["error"]).decode())
    assert bar is not None
    return LINK.findall(bar[1])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, ["Live map", "Journeys", "Incidents", "Weather"]),
        (Language.TC, ["實時地圖", "行程", "事故", "天氣"]),
        (Language.SC, ["实时地图", "行程", "事故", "天气"]),
    ],
)
def test_every_page_leads_to_the_map_and_to_the_pages_that_services_link(language: Language, words: list[str]) -> None:
    paths = ["", "journeys", "incidents", "weather"]
    assert nav_of(CATALOGUE, language) == list(zip(paths, words, strict=True))


def test_a_service_is_linked_by_what_stands_in_its_own_folder(tmp_path: Path) -> None:
    parking = next(found for found in CATALOGUE.found if found.service.id == "parking")
    linked = replace(parking.service, pages=(replace(parking.service.pages[0], link=Link(place=25)),))
    others = (found for found in CATALOGUE.found if found is not parking)
    bar = nav_of(Catalogue((*others, Found(linked, tmp_path))), Language.EN)
    assert bar[3:] == [("parking", "Car parks"), ("weather", "Weather")]


def test_the_menu_leads_to_every_other_page_that_opens_as_it_is() -> None:
    templates = render.Templates(CATALOGUE.words, links=CATALOGUE.links, further=CATALOGUE.further)
    shown = templates.render("error", Language.EN, title=TITLE, path="here", **PLACE, **PAGES["error"]).decode()
    paths = {path for path, _ in LINK.findall(shown)}
    assert paths >= {"weather-effects", "parking", "buses", "volumes", "holidays", "services", "status"}
    assert "incident" not in paths


def operator_sees(name: str, **context: Any) -> str:
    caller = {"name": "chan", "roles": ("traffic-operator",), "csrf": "proof"}
    return rendered(name, Language.EN, caller=caller, **PAGES[name], **context)


@pytest.mark.parametrize("links", [[], ["900001"]])
def test_measures_are_tried_only_where_it_is_known_which_segment_is_blocked(links: list[str]) -> None:
    caller = {"name": "chan", "roles": ("traffic-operator",), "csrf": "proof"}
    life = {**LIFE, "incident": {**LIFE["incident"], "links": links, "state": "confirmed"}}
    seen = PAGES["incident"] | {"answer": life, "caller": caller, "simulated": True}
    html = rendered("incident", Language.EN, **seen)
    assert ("incidents/try" in html, 'data-testid="no-segment"' in html) == (bool(links), not links)


def test_what_an_incident_cost_is_shown_though_nobody_kept_then_from_when_until_when_it_slowed_whom() -> None:
    extent = [{"at": f"2026-11-21T05:{minute:02}:00Z", "links": 1, "queue_km": 0.4} for minute in (0, 5)]
    cost = {
        **dict.fromkeys(("vehicle_hours", "low", "high", "queue_km", "longest_queue_km", "measured"), 1.0),
        "as_of": "2026-11-21T05:10:00Z",
        "links": ["900001"],
        "extent": extent,
    }
    for more, shown in (({}, False), ({"slowed": [{"link": "900001", "from": HOSTILE, "until": ""}]}, True)):
        life = {**LIFE, "incident": {**LIFE["incident"], "links": ["900001"], "impact": {**cost, **more}}}
        html = rendered("incident", Language.EN, **(PAGES["incident"] | {"answer": life}))
        assert 'data-testid="cost">1<' in html
        assert ("data-spells" in html) is shown
        assert HOSTILE not in html


def test_a_measure_that_was_only_just_asked_about_is_shown_as_under_way() -> None:
    html = page_in("incident", Language.EN)
    assert WORDS["what_if.running"].en in html
    assert html.index("<progress") < html.index("saves 5 vehicle-hours (between 4 and 6)")


def test_a_measure_that_makes_it_worse_is_not_said_to_save() -> None:
    html = page_in("incident", Language.EN)
    assert "costs 45 vehicle-hours more (between 14 and 76)" in html
    assert "no difference that could be told from chance (2 vehicle-hours saved, between −1 and 4)" in html
    assert "saves -" not in html


def test_a_decision_expects_no_more_than_the_trial_could_tell_from_chance() -> None:
    decided = page_in("incident", Language.EN).partition('data-testid="decision"')[2].partition("</p>")[0]
    assert "no difference that could be told from chance (2 vehicle-hours saved, between −1 and 4)" in decided


def test_what_changes_nothing_in_the_simulation_is_no_chance_and_leaving_it_is_said_as_such() -> None:
    nothing = {"name": "nothing", "low": 0.0, "middle": 0.0, "high": 0.0}
    trial = {**WHAT_IF, "properties": SAVED | {"saved": [nothing | {"name": "divert"}]}}
    left = {**WHAT_IF, "properties": {"what_if": "IN-1@1", "measure": "nothing", "expected": nothing}}
    html = rendered(
        "incident", Language.EN, **PAGES["incident"] | {"answer": {**LIFE, "what_ifs": [trial], "decisions": [left]}}
    )
    assert "no effect at all in the simulation" in html
    assert "0 to 0" not in html
    decided = html.partition('data-testid="decision"')[2].partition("</p>")[0]
    assert "Leave it as it is" in decided
    assert "no delay that the simulation could tell from chance" in decided


def test_a_decision_is_in_the_journal_in_the_words_of_its_button() -> None:
    entry = journal_entry({"what_if": "IN-1@1", "measure": "nothing"}, {})
    for language, words in ((Language.EN, "Measure Leave it as it is"), (Language.TC, "措施 不採取措施")):
        html = rendered("journal", language, entries=[entry], record="")
        assert words in " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_an_incident_first_heard_of_by_its_end_began_before() -> None:
    page = {**PAGES["incident"], "answer": {**LIFE, "begun_unheard": True}}
    assert '"quiet">Began before <' in rendered("incident", Language.EN, **page)
    assert '"quiet">Since <' in page_in("incident", Language.EN)


def test_lanes_and_what_was_done_by_hand_are_said_in_the_language_of_the_page() -> None:
    by_hand = {
        "at": "2026-11-21T05:11:00Z",
        "source": "operator",
        "title": Text(),
        "detail": Text(),
        "place": Text(),
        "about": "",
    }
    told = [{**by_hand, "what": what} for what in ("lanes: slow middle", "kind: accident", "decided: open lanes")]
    one = {**LIFE["incident"], "lanes": ["fast", "2"], "overridden": ["lanes"]}
    page = {**PAGES["incident"], "answer": {**LIFE, "incident": one, "timeline": told}}
    html = rendered("incident", Language.TC, **page)
    assert "快線、第 2 線" in html
    assert "封閉行車線：慢線、中線" in html
    assert "種類：交通" in html
    assert "已決定：重開行車線" in html


def moment(what: str, title: str, detail: str) -> dict[str, object]:
    """A word of the first generation of the news, in a timeline."""
    words = {"title": Text(en=title), "detail": Text(en=detail), "place": Text()}
    return {"at": "2026-11-21T05:11:00Z", "source": "news_v1", "what": what, "about": "", **words}


def test_the_story_tells_what_was_merged_and_tried_and_whose_words_came_with_a_merge() -> None:
    tried = moment("tried", "What opening one lane would save", "") | {"source": "operator"}
    merged = moment("merged", "", "") | {"source": "operator", "about": "IN-3"}
    word = moment("blocked", "The slow lane is closed.", "") | {"about": "IN-3"}
    html = rendered(
        "incident", Language.EN, **PAGES["incident"] | {"answer": {**LIFE, "timeline": [word, merged, tried]}}
    )
    story = " ".join(re.sub(r"<[^>]+>", "", html.partition('data-testid="timeline"')[2].partition("</ol>")[0]).split())
    assert WORDS["incident.of_merged"].en in story
    assert "Merged into this one: Traffic · Traffic · 13:00" in story
    assert "Tried in the simulation: What opening one lane would save" in story


def test_a_word_that_its_source_withdrew_is_not_said_a_second_time_and_no_sentence_twice_in_one() -> None:
    closed = "The slow lane is closed. Traffic is busy."
    told = [moment("blocked", "The slow lane is closed.", closed), moment("withdrawn", closed, closed)]
    page = {**PAGES["incident"], "answer": {**LIFE, "timeline": told}}
    html = rendered("incident", Language.EN, **page)
    assert html.count("The slow lane is closed.") == 1
    assert html.count("Traffic is busy.") == 1
    assert WORDS["incident.withdrawn"].en in html


@pytest.mark.parametrize(("measured", "said"), [(0.25, 1), (1.0, 0)])
def test_a_cost_that_rests_on_few_measurements_says_so(measured: float, said: int) -> None:
    cost = {"vehicle_hours": 12.0, "low": 3.0, "high": 20.0, "links": [], "queue_km": 0.0, "longest_queue_km": 0.0}
    cost |= {"as_of": "2026-11-21T05:30:00Z", "extent": [], "measured": measured}
    page = {**PAGES["incident"], "answer": {**LIFE, "incident": {**LIFE["incident"], "impact": cost}}}
    html = rendered("incident", Language.EN, **page)
    assert html.count("Only 25% of the speeds near it were measured") == said


def test_lanes_that_opened_are_not_said_to_be_closed() -> None:
    cleared = {"cleared_at": "2026-11-21T05:20:00Z"}
    for over in (cleared, cleared | {"state": "closed", "overridden": ["lanes", "state"]}):
        page = {**PAGES["incident"], "answer": {**LIFE, "incident": {**LIFE["incident"], "lanes": ["slow"], **over}}}
        html = rendered("incident", Language.EN, **page)
        facts = html.partition('<dl class="facts">')[2].partition("</dl>")[0]
        assert "Lanes that were closed" in facts
        assert "Lanes closed" not in facts


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("incidents", {"incidents": [], "heard": True}),
        ("incident", LIFE),
        ("parking", {"car_parks": [], "arriving": 0}),
        ("buses", {"measured": [], "sections": 0}),
        ("volumes", {"hours": []}),
    ],
)
def test_a_page_says_which_of_its_feeds_gave_nothing_good_for_long(name: str, answer: dict[str, Any]) -> None:
    silent = [{**STATUS["feeds"][0], "age_s": 1200.0}, STATUS["feeds"][0]]
    page = {**PAGES["incidents"], "answer": {"at": "2026-11-21T05:30:00Z", **answer}, "silent": silent}
    html = rendered(name, Language.EN, **page)
    assert "no good data for 20 min" in html
    assert "no good data yet" in html
    assert HOSTILE not in html


def journal_entry(command: dict[str, object], was: dict[str, object]) -> dict[str, object]:
    return {
        "entry": 1,
        "at": "2026-11-21T05:30:00Z",
        "who": "chan",
        "title": TITLE,
        "says": TITLE,
        "why": HOSTILE,
        "command": command,
        "was": was,
        "touched": ({"dataset": "incidents.rulings", "id": "IN-1"},),
        "undoes": None,
        "undone_by": None,
        "undoable": False,
        "undo_needs": "",
    }


def test_the_journal_says_what_was_changed_in_the_words_of_the_form() -> None:
    command = {
        "id": "IN-1",
        "lanes": "slow middle",
        "in_min": 10.0,
        "measure": "open lanes",
        "title": "撞車",
        "lon": 113.99278,
    }
    was = {"lanes": "none", "title": {"en": "Fire", "tc": "火警", "sc": "火警"}, "lon": None}
    html = rendered("journal", Language.TC, entries=[journal_entry(command, was)], record="")
    said = re.sub(r"<[^>]+>", "", html)
    assert (
        "封閉行車線 慢線、中線 (原為 沒有封閉) · 多少分鐘後重開 10 · 措施 重開行車線 · 標題 撞車 (原為 火警) · "
        "經度 113.99278 (原來沒有)" in said
    )
    assert 'href="/tc/incident?id=IN-1"' in html
    assert HOSTILE not in html


def test_the_journal_keeps_a_nought_and_says_what_was_decided_of_a_model() -> None:
    command = {"model": "speeds", "version": "3f2a", "stands": "77b0", "held": True, "lon": 0.0, "hold": False}
    said = re.sub(r"<[^>]+>", "", rendered("journal", Language.TC, entries=[journal_entry(command, {})], record=""))
    assert "版本 3f2a · 現用版本 77b0 · 鎖定 ✓ · 經度 0 " in f"{said} ".replace("\n", " ")


def test_an_operator_chooses_the_incident_to_merge_into_by_what_and_where_it_is() -> None:
    assert re.search(r'<option value="IN-2">Traffic · Traffic · 13:00 · IN-2</option>', operator_sees("incident"))


def test_an_incident_whose_road_is_unknown_says_that_it_is_on_no_map() -> None:
    assert WORDS["incident.off_map"].en in page_in("incident", Language.EN)


def test_what_was_just_done_is_said_above_the_page_it_was_done_on() -> None:
    done = {"entry": 7, "says": TITLE, "why": HOSTILE, "undoable": True, "touched": ()}
    html = operator_sees("incident", done=done)
    assert 'href="/en/journal#entry-7"' in html
    assert HOSTILE not in html


def test_another_language_shows_what_was_asked_here() -> None:
    html = rendered("error", Language.EN, path="incident", place="incident?id=IN-1", **PAGES["error"])
    assert 'href="/tc/incident?id=IN-1" lang="zh-Hant-HK"' in html
    assert "next=/en/incident%3Fid%3DIN-1" in html


def test_one_incident_is_not_many() -> None:
    assert ">1 incident<" in page_in("incidents", Language.EN)


def test_a_unit_is_said_as_people_write_it() -> None:
    assert [render.tell_unit(unit) for unit in ("Cel", "km/h", "{boolean}", "1", "{vehicle}")] == [
        "°C",
        "km/h",
        "",
        "",
        "vehicle",
    ]


def test_the_feed_that_needs_a_look_comes_first() -> None:
    feeds = [{**STATUS["feeds"][0], "id": state, "state": state} for state in ("ok", "waiting", "late", "failing")]
    status = {"status": {**STATUS, "feeds": feeds}}
    page = rendered("status", Language.EN, **status)
    assert re.findall(r'data-feed="(\w+)"', page) == ["late", "failing", "waiting", "ok"]


def test_what_went_wrong_is_said_in_the_readers_language_and_no_page_of_the_bar_is_marked() -> None:
    problem = {
        "problem": {
            "title": "Not found",
            "status": 404,
            "detail": "nothing is at /tc/nothing",
            "back": "",
            "detail_tag": "en",
        }
    }
    page = rendered("error", Language.TC, title="Not found", path="", **problem)
    assert "<h1>找不到網頁</h1>" in page
    assert 'aria-current="page"' not in page


def test_a_feed_that_never_answered_says_so_instead_of_an_age() -> None:
    assert WORDS["status.never"].en in page_in("status", Language.EN)


def test_a_list_of_mappings_becomes_a_table() -> None:
    html = page_in("answer", Language.EN)
    assert re.search(r"<th scope=\"col\">name</th><th scope=\"col\">n</th>", html)


def test_the_diagram_joins_a_feed_to_its_service_and_the_service_to_its_data_set() -> None:
    drawing = draw_flows([FLOW])
    assert [node.kind for node in drawing.nodes] == ["feed", "service", "dataset"]
    assert [meaning for _, meaning in drawing.lines] == ["writes", "writes"]


def test_the_diagram_shows_who_reads_another_services_data_set() -> None:
    reader = {**FLOW, "feed": "traffic.news", "service": "traffic", "writes": ["traffic.incidents"], "read_by": []}
    assert "reads" in [meaning for _, meaning in draw_flows([FLOW, reader]).lines]


def test_the_roads_table_without_scripts_has_the_slowest_first_and_the_silent_last() -> None:
    name = {"en": "Road", "tc": "路", "sc": "路"}
    said = {"name": name, "direction": "North", "free_flow_kmh": 80.0, "kind": "segment", "straight": False}
    network = {"features": [{"id": road, "properties": said} for road in ("silent", "free", "slow")]}
    speeds = {"ids": ["free", "slow"], "speed_kmh": [78.0, 20.0], "age_s": [30.0, 30.0]}
    rows = rows_of_roads(network, speeds)
    assert [(row["id"], row["speed_kmh"]) for row in rows] == [("slow", 20.0), ("free", 78.0), ("silent", None)]
    page = rendered("console", Language.TC, path="", tiles=None, roads=rows)
    assert "25%" in page


def test_a_services_own_template_is_found_and_changes_no_page_of_the_house(tmp_path: Path) -> None:
    tmp_path.joinpath("trees.html").write_text("<b>{{ answer.name | say }}</b>")
    tmp_path.joinpath("error.html").write_text("<b>mine</b>")
    answer = {"name": {"en": "<i>", "tc": "樹", "sc": "树"}}
    html = TEMPLATES.render("trees", Language.EN, path="trees", own=tmp_path, answer=answer).decode()
    assert html == "<b>&lt;i&gt;</b>"
    page = {"title": TITLE, "path": "here", **PLACE, **PAGES["error"]}
    houses = TEMPLATES.render("error", Language.EN, **page)
    assert TEMPLATES.render("error", Language.EN, own=tmp_path, **page) == houses
    with pytest.raises(jinja2.TemplateNotFound):
        TEMPLATES.render("trees", Language.EN, path="trees", answer=answer)


def test_a_measure_that_was_decided_on_is_not_offered_again() -> None:
    operator = {"name": "chan", "roles": ["traffic-operator"], "csrf": "t"}
    offers = [
        rendered("incident", Language.EN, caller=operator, **{**PAGES["incident"], "answer": answer}).count(
            'action="/api/v1/incidents/decide"'
        )
        for answer in (PAGES["incident"]["answer"], {**PAGES["incident"]["answer"], "decisions": []})
    ]
    assert offers[1] - offers[0] == 1


def test_leaving_it_as_it_is_is_offered_and_told_with_what_it_would_cost() -> None:
    operator = {"name": "chan", "roles": ["traffic-operator"], "csrf": "t"}
    before = PAGES["incident"]["answer"]
    cost = {"name": "nothing", "low": 10.0, "middle": 20.0, "high": 30.0}
    left = {**before["decisions"][0], "properties": {"what_if": "IN-1@1", "measure": "nothing", "expected": cost}}
    pages = [
        rendered("incident", Language.EN, caller=operator, **{**PAGES["incident"], "answer": answer})
        for answer in (before, {**before, "decisions": [left]})
    ]
    assert [page.count('name="measure" value="nothing"') for page in pages] == [1, 0]
    assert [page.count("costs 20 vehicle-hours (between 10 and 30)") for page in pages] == [1, 2]

"""What a declaration may not say: refused where it is made, or where the services meet."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from lionrock.app.discovery import Catalogue, Found, check, discover, require_at_home, require_known
from lionrock.app.house import House
from lionrock.app.paths import OWN_CALLS, OWN_PAGES
from lionrock.app.progress import Progress
from lionrock.app.web.answers import Answers
from lionrock.app.web.server import routed
from lionrock.core.clock import RealClock
from lionrock.core.manifest import (
    Action,
    AiRecord,
    AiUse,
    Download,
    Feed,
    Job,
    Link,
    Model,
    Outcome,
    Page,
    Question,
    Request,
    Review,
    Risk,
    Service,
    minutes,
)
from lionrock.core.manifest.names import HOLE
from lionrock.core.records.sessions import Sessions
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import BadDeclaration, Dataset, Kind, Record, Source, Text, said

WORDS = Text(en="Trees", tc="樹木")


@dataclass(frozen=True, slots=True)
class TreeQuery:
    """A tree by its number, or by its species."""

    number: str = "1"
    species: str = "banyan"


TREE = TreeQuery()


def dataset(name: str, kind: Kind = Kind.FEATURES) -> Dataset:
    return Dataset(id=name, title=WORDS, kind=kind, rhythm=minutes(5), licence="ours")


FELLED, RINGED = (dataset("trees.felled"),), (dataset("birds.ringed"),)
OWN_SHAPES = tuple(HOLE.sub("{number}", path) for path in OWN_CALLS)


def nothing_read(_download: Download) -> Iterator[Record]:
    return iter(())


def feed(name: str = "trees", *writes: Dataset, **other: Any) -> Feed[Any]:
    given: dict[str, Any] = {
        "title": WORDS, "writes": writes or (dataset("trees.all"),), "requests": ("td/trees.json",),
        "every": minutes(5), "parse": nothing_read, "sample": "trees.json",
    }  # fmt: skip
    return Feed(name=name, **(given | other))


def job(*writes: Dataset) -> Job[Any]:
    return Job(
        name="counting",
        title=WORDS,
        writes=writes or (dataset("trees.all"),),
        every=minutes(5),
        does=lambda _city: iter(()),
    )


def question(path: str = "trees/all", example: Any = TREE) -> Question[Any, Any]:
    return Question(
        path=path, title=WORDS, asks=TreeQuery, answer=lambda _city, query, _caller: [query.number, query.species],
        example=example,
    )  # fmt: skip


def action(writes: tuple[Dataset, ...], path: str = "trees/fell") -> Action[Any, Any]:
    return Action(
        path=path, title=WORDS, asks=TreeQuery, needs="forester", writes=writes, example=TREE,
        does=lambda _city, _command, _actor: Outcome(WORDS),
    )  # fmt: skip


def page(path: str = "trees", shows: str = "trees/all", link: Link | None = None) -> Page:
    return Page(path=path, title=WORDS, shows=shows, link=link)


def ai_record(risk: Risk = Risk.LOW, review: Review = Review.NONE, reviewer: str = "") -> AiRecord:
    return AiRecord(
        purpose=WORDS, risk=risk, decides=WORDS, limits=WORDS, appeal=WORDS, review=review,
        human_review=Text(en=reviewer),
    )  # fmt: skip


def model(name: str = "growth", kind: Kind = Kind.FORECASTS, **other: Any) -> Model[Any]:
    given: dict[str, Any] = {
        "title": WORDS, "writes": dataset("trees.ahead", kind), "every": minutes(5), "retrain_every": minutes(60),
        "horizons": (minutes(15),), "gather": lambda *_: None, "learns_from": minutes(60), "looks_back": minutes(60),
        "pack": lambda _: b"", "fit": lambda _: b"", "predict": lambda *_: [], "baseline": "the last value",
        "trials": (), "ai": ai_record(),
    }  # fmt: skip
    return Model(name=name, **(given | other))


def ai_use(*writes: Dataset, name: str = "counting") -> AiUse:
    given: dict[str, Any] = {"title": WORDS, "learns": WORDS, "baseline": "", "trials": (), "ai": ai_record()}
    return AiUse(name=name, writes=writes, **given)


def service(name: str = "trees", **declared: Any) -> Service[Any]:
    return Service(id=name, title=WORDS, owner=WORDS, area="environment", summary=WORDS, **declared)


def test_services_that_get_on_with_each_other_are_accepted() -> None:
    check(
        [
            service(feeds=(feed(),), models=(model(),), questions=(question(),), pages=(page(),)),
            service("ponds", feeds=(feed("ponds", dataset("ponds.all"), requests=("https://ponds.hk/all?of=hk",)),)),
            service(
                "birds",
                reads=("trees.all",),
                questions=(question("birds/stream"), question("birds/{number}")),
                actions=(action(RINGED, "birds/ring"),),
            ),
        ]
    )


@pytest.mark.parametrize(
    ("services", "told"),
    [
        ((service(), service()), "the service trees is declared twice"),
        (
            (service(feeds=(feed(),)), service("birds", feeds=(feed("birds", dataset("trees.all")),))),
            "the data set trees.all is declared twice: by trees and by birds",
        ),
        (
            (service(questions=(question(),)), service("birds", questions=(question(),))),
            "the question 'trees/all' of birds has addresses that the question 'trees/all' of trees has too",
        ),
        (
            (service(questions=(question("trees/{number}"),)), service("b", questions=(question("trees/{species}"),))),
            "the question 'trees/{species}' of b has addresses that the question 'trees/{number}' of trees has too",
        ),
        (
            (
                service(questions=(question(),), pages=(page("green"),)),
                service("birds", questions=(question("birds"),), pages=(page("green", "birds"),)),
            ),
            "the page 'green' of birds has addresses that the page 'green' of trees has too: choose another path",
        ),
        ((service(questions=(question(),), pages=(page(), page())),), "the page 'trees' of trees has addresses that"),
        ((service(feeds=(feed("trees", dataset("parks.all")),)),), "its data sets are called 'trees.<name>'"),
        ((service(feeds=(feed(requests=("forest/trees.json",)),)),), "no host is called 'forest'"),
        ((service(feeds=(feed(requests=("http://forest.hk/trees.json",)),)),), "no host is called 'http:'"),
        ((service(reads=("parks.all",)),), "reads parks.all, which nobody publishes"),
        *[
            ((service(questions=(question(),), pages=(page(path),)),), f"the page '{path}' of trees is the house's own")
            for path in (*(path for path in OWN_PAGES if path), "datasets/trees", "{number}")
        ],
        *[
            ((service(questions=(question(path),)),), f"the question '{path}' of trees is the house's own")
            for path in (*OWN_SHAPES, "datasets/trees", "models/trees/{number}/train", "{number}")
        ],
        *[
            ((service(actions=(action(FELLED, path),)),), f"the action '{path}' of trees is the house's own")
            for path in ("session", "datasets/fell", "models/trees/growth")
        ],
        (
            (service(questions=(question("a/{number}"),)), service("birds", questions=(question("a/b"),))),
            "the question 'a/b' of birds has addresses that the question 'a/{number}' of trees has too",
        ),
        (
            (service(questions=(question("a/{number}"),)), service("birds", actions=(action(RINGED, "a/b"),))),
            "the action 'a/b' of birds has addresses that the question 'a/{number}' of trees has too",
        ),
        (
            (service(actions=(action(FELLED),)), service("birds", actions=(action(RINGED),))),
            "the action 'trees/fell' of birds has addresses that the action 'trees/fell' of trees has too",
        ),
        (
            (service(questions=(question("trees/fell"),), actions=(action(FELLED),)),),
            "the action 'trees/fell' of trees has addresses that the question 'trees/fell' of trees has too",
        ),
        (
            (service(questions=(question("trees/{number}/fell"),), actions=(action(FELLED),)),),
            "and the question 'trees/{number}/fell' of trees would both be `lionrock trees fell`: choose another path",
        ),
        (
            (service(questions=(question("trees/{number}"), question("trees/old"))),),
            "the question 'trees/old' of trees has addresses that the question 'trees/{number}' of trees has too",
        ),
        (
            (service(words={"leaf.green": WORDS, "leaf.red": WORDS}), service("birds", words={"leaf.old": WORDS})),
            "the subject leaf is declared twice: by birds and by trees",
        ),
        ((service(words={"nav.trees": WORDS}),), "the subject 'nav' of trees is the house's own"),
    ],
)
def test_services_that_contradict_each_other_or_the_house_are_refused(
    services: tuple[Service[Any], ...], told: str
) -> None:
    with pytest.raises(BadDeclaration) as raised:
        check(services)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (lambda: feed("Trees"), "a feed's name is small letters"),
        (lambda: feed(writes=()), "must name what it writes and whom it asks"),
        (lambda: feed(requests=()), "must name what it writes and whom it asks"),
        (lambda: feed(every=timedelta(seconds=4.9)), "politeness begins at 5 seconds"),
        (lambda: feed("trees", dataset("trees.all", Kind.READINGS), snapshot=True), "absence cannot close them"),
        (lambda: feed("trees", dataset("trees.ahead", Kind.FORECASTS)), "only a model writes those"),
        (lambda: job(dataset("trees.ahead", Kind.FORECASTS)), "only a model writes those"),
        (lambda: feed(requests=("td/trees-{lang}.json",)), "a Request(url=..., each=...) fills its holes"),
        (lambda: Request(url="td/{lang}/{page}.json", each=({"lang": "en"},)), "nothing fills page"),
        (lambda: feed(keep=timedelta()), "longer than none"),
        (lambda: feed(backfill=timedelta()), "longer than none"),
        (lambda: feed(backfill=minutes(5)), "backfill is for readings"),
        (lambda: ai_record(Risk.MODERATE), "must say which person reviews it"),
        (lambda: ai_record(Risk.HIGH, Review.BEFORE), "must say which person reviews it"),
        (lambda: ai_record(Risk.HIGH, Review.NONE, "an officer"), "must say which person reviews it"),
        (lambda: model("9 lives"), "a model's name is small letters"),
        (lambda: model(kind=Kind.READINGS), "which holds no forecasts"),
        (lambda: model(horizons=()), "must say how far ahead"),
        (lambda: model(horizons=(minutes(-5),)), "must say how far ahead"),
        (lambda: model(every=timedelta()), "at most once in 5 seconds"),
        (lambda: model(retrain_every=timedelta()), "at most once in 5 seconds"),
        (lambda: model(measured=lambda *_: None), "declare both or none"),
        (lambda: question("trees/{height}/{number}"), "TreeQuery lacks height"),
        (lambda: action(()), "must name what it may change"),
        (lambda: action((dataset("trees.heights", Kind.READINGS),)), "features, events or alerts"),
        (lambda: question("/trees"), "a question's path is small letters"),
        (lambda: question("trees/"), "a question's path is small letters"),
        (lambda: question(example="banyan"), "its example is a str, it asks a TreeQuery"),
        *[(lambda path=path: page(path), "a page's path is small letters") for path in ("", "/status", "Trees")],
        (lambda: service("my-trees"), "a service's id is small letters"),
        (lambda: service(pages=(page(),)), "shows 'trees/all', which nobody answers"),
        (lambda: service(feeds=(feed(), feed())), "declares the feed trees twice"),
        (lambda: service(models=(model(), model())), "declares the model growth twice"),
        (ai_use, "must name what it writes"),
        (lambda: service(ai_uses=(ai_use(dataset("trees.all")),)), "counting writes trees.all, which it never does"),
        (
            lambda: service(models=(model(),), ai_uses=(ai_use(dataset("trees.ahead"), name="growth"),)),
            "declares the model growth twice",
        ),
        (lambda: service(questions=(question(), question())), "declares the question trees/all twice"),
        (lambda: service(feeds=(feed(), feed("more", snapshot=True))), "would close what others write into trees.all"),
        (lambda: service(feeds=(feed(snapshot=True),), jobs=(job(),)), "would close what others write into trees.all"),
    ],
)
def test_a_declaration_that_contradicts_itself_cannot_be_made(declare: Callable[[], object], told: str) -> None:
    with pytest.raises(BadDeclaration) as raised:
        declare()
    assert told in str(raised.value)


def test_a_risky_use_of_ai_that_names_its_reviewer_can_be_declared() -> None:
    assert ai_record(Risk.HIGH, Review.BEFORE, "an officer").human_review.en == "an officer"


def test_the_paths_that_are_reserved_are_those_that_the_house_serves(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, source=Source.RECORDING)
    with House.open(settings, catalogue=Catalogue(())) as house:
        sessions = Sessions(house.engine, RealClock().now)
        routes = routed(house, Progress(), lambda: None, Answers(house), sessions).routes
    served = [re.sub(r":int}", "}", route.path) for route in routes if isinstance(route, Route)]
    assert {path.removeprefix("/api/v1/") for path in served if path.startswith("/api/")} == set(OWN_CALLS)
    assert {path.removeprefix("/{language}/") for path in served if path.startswith("/{language}")} == set(OWN_PAGES)


def test_pages_are_linked_in_the_order_of_their_places_by_their_titles_or_shorter_words(tmp_path: Path) -> None:
    last, first = page("trees", link=Link(place=20)), page("wood", link=Link(place=5, says=said("Wood", "木")))
    parks = service("parks", questions=(question("parks"),), pages=(page("parks", "parks", Link(place=20)),))
    trees = service(questions=(question(),), pages=(last, page("leaves"), first))
    linked = Catalogue((Found(trees, tmp_path), Found(parks, tmp_path))).links
    assert linked == (("wood", said("Wood", "木")), ("parks", WORDS), ("trees", WORDS))


def test_a_private_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDeclaration, match="is no folder"):
        discover(tmp_path / "nowhere")


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """A folder of private services with one ``service.py`` of these words."""

    def write(place: str, written: str) -> Path:
        monkeypatch.setattr(sys, "path", list(sys.path))  # discovery adds the folder
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "service.py").write_text(written, encoding="utf-8")
        return tmp_path

    return write


def test_a_service_file_without_a_declaration_is_refused(private: Callable[[str, str], Path]) -> None:
    with pytest.raises(BadDeclaration, match="has no SERVICE"):
        discover(private("undeclared_area/undeclared", "SERVICE = 'trees'\n"))


@pytest.mark.parametrize(
    ("fault", "written", "told"),
    [
        ("name", "SERVICE = Service()", "NameError: name 'Service' is not defined"),
        ("import", "import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
    ],
)
def test_a_service_file_with_a_fault_is_told_in_one_line_with_its_place(
    private: Callable[[str, str], Path], fault: str, written: str, told: str
) -> None:
    with pytest.raises(BadDeclaration, match=rf"cannot be read: {told}.*\(faulty_{fault}/service\.py:2\)"):
        discover(private(f"faulty_area/faulty_{fault}", f"\n{written}\n"))


def test_a_page_whose_template_is_nowhere_is_refused_with_where_to_write_it(tmp_path: Path) -> None:
    folder = tmp_path / "living" / "unpainted"
    folder.mkdir(parents=True)
    unpainted = replace(page(), template="unpainted.html")
    declared = service("unpainted", questions=(question(),), pages=(unpainted,))
    found = Found(replace(declared, area="living"), folder)
    with pytest.raises(BadDeclaration, match=r"write .*/living/unpainted/pages/unpainted.html"):
        require_at_home(found)
    (folder / "pages").mkdir()
    (folder / "pages" / "unpainted.html").write_text("")
    require_at_home(found)


def test_a_template_that_the_house_has_too_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "living" / "trees"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "answer.html").write_text("")
    with pytest.raises(BadDeclaration, match=r"pages/answer\.html would never be shown"):
        require_at_home(Found(replace(service(), area="living"), folder))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('{{ w("trees.laed") }}', "says 'trees.laed', which is among nobody's words"),
        (
            '<div data-live="incidents.incidents trees.none">',
            "follows 'trees.none' in data-live, which nobody publishes",
        ),
    ],
)
def test_a_template_that_asks_for_what_nobody_has_is_refused(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "trees.html").write_text(written)
    with pytest.raises(BadDeclaration, match=re.escape(told)):
        require_known(Found(service(), tmp_path), discover())


def test_a_function_that_a_template_calls_says_that_it_draws() -> None:
    with pytest.raises(BadDeclaration, match=r"its template calls sorted: call it draw_\.\.\."):
        replace(page(), draws=(sorted,))


def test_a_service_that_says_to_be_another_than_its_folder_is_refused(private: Callable[[str, str], Path]) -> None:
    declared = "Service(id='stranger', title=Text(), owner=Text(), area='living', summary=Text())"
    imports = "from lionrock.core.manifest import Service\nfrom lionrock.core.vocabulary import Text\n"
    with pytest.raises(BadDeclaration, match="declares the service living/stranger: say area='strange_area'"):
        discover(private("strange_area/strange", f"{imports}SERVICE = {declared}\n"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"Leaves": WORDS}, "the key of words is <subject>.<name> in small letters: not 'Leaves'"),
        ({"leaf.green": Text(en="green")}, "leaf.green is not said in English and Chinese"),
        ({"leaf.n": said("{n} leaves", "葉")}, "leaf.n has other {holes} in English than in Chinese"),
    ],
)
def test_words_that_a_page_could_not_say_in_every_language_are_refused(words: dict[str, Text], told: str) -> None:
    with pytest.raises(BadDeclaration, match=re.escape(told)):
        service(words=words)

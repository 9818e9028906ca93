"""Pages as bytes: the templates, filled in one language, with nothing from data taken as HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from lionrock.app.pages import TEMPLATES
from lionrock.app.pages.data_flow import draw_flows
from lionrock.app.pages.moments import local_day, tell_age, tell_day, tell_moment, tell_passed, tell_since
from lionrock.app.pages.words.declared import tell_declared
from lionrock.city.moments import minutes_later, tell_clock
from lionrock.core.vocabulary import Language, NotYet, Text

NOT_LETTERS = re.compile(r"[^a-z]")  # "North East" and "north-east " are one direction
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
STATIC_URL = "/static"

NAV_MORE = (  # how the city's services are kept
    ("services", "nav.services"),
    ("datasets", "nav.datasets"),
    ("data-flow", "nav.data_flow"),
    ("ai-register", "nav.ai_register"),
    ("status", "nav.status"),
)
UNITS = {"Cel": "°C", "deg": "°", "1": "", "{boolean}": "", "{space}": ""}  # UCUM as people read it; others as they are
LANGUAGE_NAMES = ((Language.EN, "English", "EN"), (Language.TC, "繁體", "繁"), (Language.SC, "简体", "简"))


SIGNED_OUT: Mapping[str, Any] = {"name": None, "roles": (), "csrf": None}


class Templates:
    """The house's templates and the services' own, in every language; ``words`` are all that they say.

    ``links`` are path and words of the services' pages that every page leads to, behind the console, and
    ``further`` of those that its menu leads to before the pages of the house. The templates are read once, those of
    the folders ``own`` with them: a page fits the program that fills it, whatever an update writes over the files
    meanwhile.
    """

    def __init__(
        self,
        words: Mapping[str, Text],
        own: Iterable[Path] = (),
        links: Iterable[tuple[str, Text]] = (),
        further: Iterable[tuple[str, Text]] = (),
    ) -> None:
        nav = (("", words["nav.console"]), *links)
        more = (*further, *((path, words[key]) for path, key in NAV_MORE))
        self._houses = {
            language: _environment(
                language,
                {key: text.say(language) for key, text in words.items()},
                [(path, text.say(language)) for path, text in nav],
                [(path, text.say(language)) for path, text in more],
            )
            for language in Language
        }
        self._own: dict[tuple[Language, Path], Environment] = {}
        for language, folder in product(Language, own):
            self._environment_with(language, folder)

    def render(
        self,
        name: str,
        language: Language,
        *,
        path: str,
        place: str | None = None,
        caller: Mapping[str, Any] = SIGNED_OUT,
        done: object = None,
        own: Path | None = None,
        **context: Any,
    ) -> bytes:
        """The template ``<name>.html`` in ``language``: one of the house's, or of the folder ``own`` of a service.

        Every page wants ``title`` (str or Text), ``path`` (what follows ``/{language}/``, "" for the
        console), ``source`` (twin, recording or live) and ``simulated``; the comment at each template's
        head names the rest. ``place`` is ``path`` with what was asked there, so that another language shows the same.
        ``caller`` is who is signed in, with their roles and the token of every change; ``done`` is the journal's entry
        of what they just did.
        A variable that is missing raises ``jinja2.UndefinedError``. Raises :class:`NotYet` while the web
        assets are not built.
        """
        environment = self._houses[language] if own is None else self._environment_with(language, own)
        template = environment.get_template(f"{name}.html")
        where = path if place is None else place
        return template.render(path=path, place=where, caller=caller, done=done, **context).encode()

    def _environment_with(self, language: Language, own: Path) -> Environment:
        """The house's templates and then a service's own: no service changes another's page."""
        if (language, own) not in self._own:
            loader = DictLoader(_read_templates(own) | _read_templates(TEMPLATES))
            self._own[language, own] = self._houses[language].overlay(loader=loader)
        return self._own[language, own]


def asset(name: str) -> str:
    """The address of a built file, by its logical name (``console.js``); raises :class:`NotYet`."""
    return f"{STATIC_URL}/{read_manifest()[name]}"


def read_manifest() -> Mapping[str, str]:
    """Logical names of the built files, and what they are called on disk; raises :class:`NotYet`.

    Assets that are built anew under a running server are served from its next page on.
    """
    path = STATIC / "manifest.json"
    if not path.is_file():
        raise NotYet(f"{path} does not exist: build the web assets first (python web/build.py)")
    return _manifest_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _manifest_of(path: Path, _written_ns: int) -> Mapping[str, str]:
    manifest: dict[str, str] = json.loads(path.read_text())
    return manifest


def _read_templates(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


def _environment(
    language: Language, words: Mapping[str, str], nav: Sequence[tuple[str, str]], more: Sequence[tuple[str, str]]
) -> Environment:
    environment = Environment(
        loader=DictLoader(_read_templates(TEMPLATES)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def say(value: Text | Mapping[str, str] | str | None) -> str:
        return _say(value, language)

    environment.globals.update(
        asset=asset,
        words=words,
        w=words.__getitem__,
        language=language,
        nav=nav,
        nav_more=more,
        languages=LANGUAGE_NAMES,
        draw_flows=draw_flows,
    )
    environment.filters.update(
        say=say,
        age=lambda seconds: tell_age(seconds, words),
        passed=lambda seconds: tell_passed(seconds, words),
        ago=lambda moment, now: tell_since(moment, now, words),
        day=lambda day: tell_day(day, language),
        hk_day=local_day,
        hk_time=lambda moment: tell_moment(moment, language),
        clock=tell_clock,
        later=minutes_later,
        moment=lambda said: tell_moment(said, language) if ISO_MOMENT.fullmatch(said) else said,
        unit=lambda unit: words.get(f"unit.{tell_unit(unit)}", tell_unit(unit)),
        declared=lambda said: tell_declared(said, language),
        bytes=_size,
        is_text=_is_text,
        way=lambda direction: words.get(f"direction.{NOT_LETTERS.sub('', direction.lower())}", direction),
        role=lambda role: words.get(f"role.{role}", role),  # a private service has roles of its own
    )
    return environment


def _say(value: Text | Mapping[str, str] | str | None, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.say(language)
    if isinstance(value, str):
        return value
    return Text(en=value["en"], tc=value["tc"], sc=value["sc"]).say(language)


def _is_text(value: object) -> bool:
    """Whether a nested answer's value is words in three languages, not a table of its own."""
    return isinstance(value, Text) or (isinstance(value, Mapping) and set(value) == {"en", "tc", "sc"})


def tell_unit(unit: str) -> str:
    """A UCUM unit as people write it; "" where a number or a yes needs none."""
    return UNITS.get(unit, unit.strip("{}"))


def _size(count: int) -> str:
    kib = 1024
    return (
        f"{count} B"
        if count < kib
        else f"{count / kib:.0f} KiB"
        if count < kib * kib
        else f"{count / kib / kib:.1f} MiB"
    )

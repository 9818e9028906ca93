"""Writing a whole small service that passes every check, for its author to change."""

from __future__ import annotations

import keyword
import shutil
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from string import Template

from lionrock.app.discovery import OWN_SERVICES, discover
from lionrock.core.manifest.names import NAME
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import BadInput

TEMPLATE = Path(__file__).parent / "new_service_template"
SUFFIX = ".tmpl"
FIND_ALL = """
import sys
from pathlib import Path
from lionrock.app.discovery import discover
from lionrock.core.vocabulary import LionrockError
try:
    discover(Path(sys.argv[1]) if sys.argv[1] else None)
except LionrockError as error:
    sys.exit(str(error))
"""  # in another process: this one has imported the services that were there before
LONGEST_REASON = 500
LONGEST_NAME, LONGEST_TITLE = 24, 36  # so that every line of the templates stays within the formatter's width
AREAS = {
    "mobility": "How the city moves.",
    "environment": "Weather, water, air and land.",
    "living": "Homes, health and leisure.",
    "economy": "Trade and companies.",
    "government": "The city's own work.",
    "people": "Those who live here, and those who serve them.",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A new service: its folder, every file in it, and whether it stands among the house's own."""

    folder: Path
    files: list[Path]
    ours: bool


def write_service(settings: Settings, wanted: str, title: tuple[str, str], verbs: Collection[str]) -> Written:
    """Write the service ``wanted`` (``area/name``) with its ``title`` in English and Traditional Chinese.

    It stands among the house's own services, or in the folder of the setting ``services``. ``verbs``
    are the command line's own, which no service can be called. Raises BadInput saying what to do.
    """
    area, name = _area_and_name(wanted)
    _refuse_taken(settings, name, verbs)
    root = settings.services or _own_services()
    folder = root / area / name
    if folder.exists():
        raise BadInput(f"{folder} is there already", where=wanted, remedy="choose another name")
    ours = settings.services is None
    words = _words(area, name, title, ours=ours)
    written = folder if (root / area).exists() else root / area
    _make_area(root / area, AREAS[area])
    files = [_write(source, folder, words) for source in sorted(TEMPLATE.rglob(f"*{SUFFIX}"))]
    found = subprocess.run(  # noqa: S603 - Python and a folder of the settings
        [sys.executable, "-c", FIND_ALL, str(settings.services or "")], capture_output=True, text=True, check=False
    )
    if found.returncode:  # a name that the house has for something else
        shutil.rmtree(written)
        raise BadInput(found.stderr.strip()[-LONGEST_REASON:], where=wanted, remedy="choose another name")
    return Written(folder, files, ours)


def _words(area: str, name: str, title: tuple[str, str], *, ours: bool) -> dict[str, str]:
    """What stands in the templates' holes; a service that is not ``ours`` is a package outside the house."""
    english = _plain(title[0] or name.replace("_", " ").capitalize())
    return {
        "area": area,
        "name": name,
        "package": f"lionrock.services.{area}.{name}" if ours else f"{area}.{name}",
        "gap": "" if ours else "\n",  # imports of one's own package stand apart
        "sample": f"{name}.json",
        "title_en": english,
        "title_tc": _plain(title[1]) or english,
    }


def _area_and_name(wanted: str) -> tuple[str, str]:
    area, slash, name = wanted.partition("/")
    if not slash or area not in AREAS:
        raise BadInput(
            f"{area!r} is no area of the city" if slash else "an area and a name are needed",
            where=wanted,
            remedy=f"lionrock new-service AREA/NAME; areas are {', '.join(AREAS)}",
        )
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or keyword.iskeyword(name):
        raise BadInput(
            f"{name!r} is no name",
            where=wanted,
            remedy=f"up to {LONGEST_NAME} small letters, digits and underscores, from a letter on, no word of Python's",
        )
    return area, name


def _refuse_taken(settings: Settings, name: str, verbs: Collection[str]) -> None:
    if name in verbs:
        raise BadInput(f"{name} is a verb of the command line", where=name, remedy="choose another name")
    taken = {service.id: service.area for service in discover(settings.services).services}
    if name in taken:
        raise BadInput(f"there is a service {taken[name]}/{name} already", where=name, remedy="choose another name")


def _own_services() -> Path:
    """The house's own services, where they are somebody's working copy and no installed package."""
    if "site-packages" in OWN_SERVICES.parts:
        raise BadInput(
            "this Lionrock is an installed package; a city's own services live in a folder of their own",
            where=str(OWN_SERVICES),
            remedy="make one and name it in LIONROCK_SERVICES",
        )
    return OWN_SERVICES


def _make_area(folder: Path, about: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / "__init__.py"
    if not marker.exists():
        marker.write_text(f'"""{about}"""\n', encoding="utf-8")


def _write(source: Path, folder: Path, words: dict[str, str]) -> Path:
    relative = source.relative_to(TEMPLATE).with_suffix("")
    called = {"samples": words["sample"], "pages": f"{words['name']}.html"}.get(relative.parent.name, relative.name)
    target = folder / relative.parent / called
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(Template(source.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
    return target


def _plain(words: str) -> str:
    """Words that can stand in a string of Python on one line; raises BadInput for others."""
    if len(words) > LONGEST_TITLE or any(letter in '"\\' or not letter.isprintable() for letter in words):
        raise BadInput(f"a title is up to {LONGEST_TITLE} plain letters, without quotation marks", where=words[:80])
    return words

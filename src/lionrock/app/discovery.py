"""Finding every service by one short folder scan, and checking that together they make one city.

A folder ``<area>/<service>/`` with a ``service.py`` that says ``SERVICE = Service(...)`` is a service.
This is the only dynamic import of the house.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import lionrock.services
from lionrock.app.pages import TEMPLATES
from lionrock.app.pages.words import WORDS, subject_of
from lionrock.app.paths import refuse_clashes
from lionrock.city.city import City
from lionrock.city.place import address
from lionrock.core.faults import tell_fault
from lionrock.core.manifest import Service
from lionrock.core.vocabulary import BadDeclaration, Dataset, Text

OWN_SERVICES = Path(lionrock.services.__file__).parent
WORD_ASKED = re.compile(r"""\bw\(["']([^"']+)["']\)""")
DATA_FOLLOWED = re.compile(r"""\bdata-live="([^"{]*)""")
PAGES_OF_SERVICE = "pages"  # the folder of a service's own templates


@dataclass(frozen=True, slots=True)
class Found:
    """A service and the folder it stands in."""

    service: Service[City]
    folder: Path


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every service and data set of the city, checked as a whole."""

    found: tuple[Found, ...]

    @property
    def services(self) -> tuple[Service[City], ...]:
        """The services, by area and id."""
        return tuple(found.service for found in self.found)

    def folder_of(self, service: Service[City]) -> Path:
        """Where a service of this catalogue stands."""
        return next(found.folder for found in self.found if found.service is service)

    def pages_of(self, service: Service[City]) -> Path:
        """Where the templates of a service of this catalogue stand, if it has any of its own."""
        return self.folder_of(service) / PAGES_OF_SERVICE

    @property
    def words(self) -> dict[str, Text]:
        """What pages say: the house's words and every service's."""
        return WORDS | {key: text for service in self.services for key, text in service.words.items()}

    @property
    def links(self) -> tuple[tuple[str, Text], ...]:
        """Path and words of every page that has a link at the head of all pages, in their order."""
        linked = sorted(
            (page.link.place, page.path, page.title if page.link.says is None else page.link.says)
            for service in self.services
            for page in service.pages
            if page.link is not None
        )
        return tuple((path, says) for _, path, says in linked)

    @property
    def further(self) -> tuple[tuple[str, Text], ...]:
        """Path and title of every other page that opens as it is; one that shows ``.../{id}`` does not."""
        return tuple(
            (page.path, page.title)
            for service in self.services
            for page in service.pages
            if page.link is None and "{" not in page.shows
        )

    @property
    def acted_on(self) -> frozenset[str]:
        """The data sets that people's actions write, by id: their past is kept for ever, for it can be put back."""
        return frozenset(
            dataset.id for service in self.services for action in service.actions for dataset in action.writes
        )

    @property
    def datasets(self) -> dict[str, Dataset]:
        """Every data set by id."""
        return {dataset.id: dataset for service in self.services for dataset in service.publishes}


def discover(private: Path | None = None) -> Catalogue:
    """Find the house's own services and those in the folder ``private``.

    Raises BadDeclaration when they clash, or when one is not what its folder says.
    """
    found = [Found(_imported(f"lionrock.services.{area}.{name}.service"), folder) for area, name, folder in scan()]
    if private is not None:
        if not private.is_dir():
            raise BadDeclaration(f"LIONROCK_SERVICES={private} is no folder")
        sys.path.insert(0, str(private.resolve()))
        found += [Found(_imported(f"{area}.{name}.service"), folder) for area, name, folder in scan(private)]
    for one in found:
        require_at_home(one)
    ordered = sorted(found, key=lambda one: (one.service.area, one.service.id))
    check([one.service for one in ordered])
    catalogue = Catalogue(tuple(ordered))
    for one in ordered:
        require_known(one, catalogue)
    return catalogue


def scan(root: Path = OWN_SERVICES) -> Iterator[tuple[str, str, Path]]:
    """Every (area, name, folder) below ``root`` that holds a service.py."""
    for file in sorted(root.glob("*/*/service.py")):
        yield file.parent.parent.name, file.parent.name, file.parent


def check(services: Iterable[Service[City]]) -> None:
    """Raise BadDeclaration where services contradict each other or the house.

    What one can see of itself it checked before.
    """
    services = list(services)
    _one_owner("the service", [(service.id, service.id) for service in services])
    _one_owner("the data set", [(dataset.id, service.id) for service in services for dataset in service.publishes])
    subjects = {(subject_of(key), service.id) for service in services for key in service.words}
    _one_owner("the subject", sorted(subjects))
    own = {subject_of(key) for key in WORDS}
    for subject, service_id in sorted(subjects):
        if subject in own:
            raise BadDeclaration(f"the subject {subject!r} of {service_id} is the house's own: choose another")
    refuse_clashes(services)
    _own_names_and_known_reads(services)
    for url in (url for service in services for feed in service.feeds for url in feed.urls):
        address(url)  # raises where city/place.py knows no such host


def require_at_home(found: Found) -> None:
    """Raise BadDeclaration unless the service is the one that its folder names, and its pages have templates."""
    service, (area, name) = found.service, found.folder.parts[-2:]
    if (service.area, service.id) != (area, name):
        raise BadDeclaration(
            f"{found.folder}/service.py declares the service {service.area}/{service.id}: "
            f"say area={area!r} and id={name!r}, or move the folder"
        )
    own = found.folder / PAGES_OF_SERVICE
    for template in sorted(own.glob("*.html")):
        if (TEMPLATES / template.name).is_file():
            raise BadDeclaration(f"{template} would never be shown: the house has a template of this name")
    for page in service.pages:
        if not (TEMPLATES / page.template).is_file() and not (own / page.template).is_file():
            raise BadDeclaration(f"the page {page.path} of {service.id} has no template: write {own / page.template}")


def require_known(found: Found, catalogue: Catalogue) -> None:
    """Raise BadDeclaration where a template asks for words or follows data sets that nobody has."""
    words, datasets = catalogue.words, catalogue.datasets
    for template in sorted((found.folder / PAGES_OF_SERVICE).glob("*.html")):
        written = template.read_text(encoding="utf-8")
        for key in WORD_ASKED.findall(written):
            if key not in words:
                raise BadDeclaration(f"{template} says {key!r}, which is among nobody's words: write it in words.py")
        for dataset_id in " ".join(DATA_FOLLOWED.findall(written)).split():
            if dataset_id not in datasets:
                raise BadDeclaration(f"{template} follows {dataset_id!r} in data-live, which nobody publishes")


def _own_names_and_known_reads(services: list[Service[City]]) -> None:
    published = {dataset.id for service in services for dataset in service.publishes}
    for service in services:
        for dataset in service.publishes:
            if not dataset.id.startswith(f"{service.id}."):
                told = f"its data sets are called '{service.id}.<name>'"
                raise BadDeclaration(f"{service.id} publishes {dataset.id}: {told}")
        for dataset_id in service.reads:
            if dataset_id not in published:
                raise BadDeclaration(f"{service.id} reads {dataset_id}, which nobody publishes")


def _one_owner(what: str, owned: list[tuple[str, str]]) -> None:
    owners: dict[str, str] = {}
    for name, service in owned:
        if name in owners:
            raise BadDeclaration(f"{what} {name} is declared twice: by {owners[name]} and by {service}")
        owners[name] = service


def _imported(module: str) -> Service[City]:
    try:
        service = getattr(importlib.import_module(module), "SERVICE", None)
    except BadDeclaration:
        raise
    except Exception as error:
        raise BadDeclaration(f"{module} cannot be read: {tell_fault(error)}") from error
    if not isinstance(service, Service):
        raise BadDeclaration(f"{module} has no SERVICE = Service(...)")
    return service

"""Which paths are taken: by the house, by which service, and by which verb of the command line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from lionrock.city.city import City
from lionrock.core.manifest import Service
from lionrock.core.manifest.names import HOLE
from lionrock.core.vocabulary import BadDeclaration

OWN_CALLS = (  # below /api/v1; that these are all, and no more, is tested on the application's routes
    "stream",
    "session",
    "journal",
    "journal/{number}/undo",
    "models",
    "models/{service}/{model}",
    "models/{service}/{model}/rollback",
    "models/{service}/{model}/promote",
    "models/{service}/{model}/train",
    "datasets.jsonld",
    "datasets/{name}",
    "datasets/{dataset}/days",
    "datasets/{dataset}/days/{file}",
    "historical-archive/list-files",
    "historical-archive/list-file-versions",
    "historical-archive/get-file",
)
OWN_PAGES = (  # below a language
    "",
    "status",
    "services",
    "ai-register",
    "data-flow",
    "datasets",
    "datasets/{dataset}",
    "models/{service}/{model}",
    "journal",
    "sign-in",
    "sign-out",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A path that a service declares: as a question, an action or a page."""

    what: str
    path: str
    service: str

    def __str__(self) -> str:
        return f"the {self.what} {self.path!r} of {self.service}"


def refuse_clashes(services: Iterable[Service[City]]) -> None:
    """Raise BadDeclaration where an address or a verb would have two meanings, or could never be reached.

    Questions and actions share their addresses, by whatever method they are asked: answers are kept by address.
    """
    pages, calls = list[Claim](), list[Claim]()
    for service in services:
        calls += [Claim("question", question.path, service.id) for question in service.questions]
        calls += [Claim("action", action.path, service.id) for action in service.actions]
        pages += [Claim("page", page.path, service.id) for page in service.pages]
    _refuse_one_address_for_two(calls, OWN_CALLS)
    _refuse_one_address_for_two(pages, OWN_PAGES)
    _refuse_one_verb_for_two(calls)


def verb_name(service_id: str, path: str) -> str:
    """The verb of a question or an action: what is left of its path without the service and the holes.

    Of what is nothing but the service, one by its id is ``show``, and all of them are ``list``.
    """
    parts = path.split("/")
    named = [part for part in parts if not HOLE.fullmatch(part)]
    if named and named[0].partition(".")[0] == service_id:
        form = named[0].partition(".")[2]
        named = [*([form] if form else []), *named[1:]]
    return "-".join(named) or ("show" if HOLE.search(path) else "list")


def _refuse_one_address_for_two(claims: Sequence[Claim], own: Collection[str]) -> None:
    for claim in claims:
        for path in own:
            if _meet(claim.path, path):
                raise BadDeclaration(f"{claim} is the house's own, {path!r}: choose another path")
    for earlier, later in combinations(claims, 2):
        if _clash(earlier, later):
            raise BadDeclaration(f"{later} has addresses that {earlier} has too: choose another path for one of them")


def _refuse_one_verb_for_two(claims: Iterable[Claim]) -> None:
    taken: dict[str, Claim] = {}
    for claim in claims:
        verb = f"lionrock {claim.service} {verb_name(claim.service, claim.path)}"
        if verb in taken:
            both = f"{claim} and {taken[verb]} would both be `{verb}`"
            raise BadDeclaration(f"{both}: choose another path for one of them")
        taken[verb] = claim


def _clash(earlier: Claim, later: Claim) -> bool:
    """Whether one takes the other's requests. A service may put ``trees/fell`` beside its own ``trees/{id}``.

    Then of two of one kind the one without the hole comes first, for the first that fits is asked.
    """
    if earlier.service != later.service:
        return _meet(earlier.path, later.path)
    if earlier.what == later.what:
        return _covers(earlier.path, later.path)
    return HOLE.sub("{}", earlier.path) == HOLE.sub("{}", later.path)


def _meet(one: str, other: str) -> bool:
    """Whether some address fits both paths."""
    parts, others = one.split("/"), other.split("/")
    return len(parts) == len(others) and all(
        a == b or HOLE.fullmatch(a) or HOLE.fullmatch(b) for a, b in zip(parts, others, strict=True)
    )


def _covers(one: str, other: str) -> bool:
    """Whether every address that fits ``other`` fits ``one``."""
    parts, others = one.split("/"), other.split("/")
    return len(parts) == len(others) and all(a == b or HOLE.fullmatch(a) for a, b in zip(parts, others, strict=True))

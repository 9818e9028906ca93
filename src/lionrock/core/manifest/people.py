"""What people meet: the questions a service answers, the actions it lets them take, and its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from lionrock.core.manifest.names import list_holes, must_be_path
from lionrock.core.vocabulary import Alert, BadDeclaration, Dataset, Event, Feature, Kind, Text

C = TypeVar("C")
Q = TypeVar("Q")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the name and roles of who signed in, or nobody's."""

    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[C, Q]):
    """Something a service answers: a route under ``/api/v1``, a CLI verb, the data of pages.

    ``asks`` is a dataclass whose fields are the query (those named in ``path`` come from it);
    ``example`` is one, used by the docs and by the derived tests, so it must be answerable from
    the samples. An answer is kept for ``fresh`` or until a data set that the service sees changes.
    ``form`` other than JSON: the answer is text of that media type. With ``access`` only callers who
    have that role are answered, each by themselves; without, everybody gets the same answer, made for
    a caller without name or role.
    """

    path: str
    title: Text
    asks: type[Q]
    answer: Callable[[C, Q, Caller], Any]
    example: Q
    fresh: timedelta = timedelta(seconds=30)
    form: str = "application/json"
    access: str | None = None

    def __post_init__(self) -> None:
        must_be_path(self.path, "a question's path")
        _must_be_asked(self.path, self.example, self.asks)
        unknown = set(list_holes(self.path)) - set(getattr(self.asks, "__dataclass_fields__", {}))
        if unknown:
            raise BadDeclaration(f"question {self.path}: {self.asks.__name__} lacks {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which roles, and why, in their own words."""

    name: str
    roles: frozenset[str]
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action comes to: words for who acted, and the records to be kept (a CLOSED event closes).

    ``was`` is what stood before in fields of the command, in the command's own words, for whoever reads the journal.
    """

    says: Text
    writes: tuple[tuple[Dataset, Feature | Event | Alert], ...] = ()
    was: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Generic[C, Q]):
    """Something that people may do: a POST under ``/api/v1``, a verb of ``lionrock act``, the forms of pages.

    ``does`` changes nothing by itself: the records of its outcome are stored with the journal's
    entry (who, when, why, what stood there before) in one transaction, and only for callers with
    the role ``needs``. ``undo`` puts every record back to the version before, unless somebody
    changed it since. ``writes`` are the only data sets that it may change.
    """

    path: str
    title: Text
    asks: type[Q]
    needs: str
    writes: tuple[Dataset, ...]
    does: Callable[[C, Q, Actor], Outcome]
    example: Q
    undo: bool = True

    def __post_init__(self) -> None:
        must_be_path(self.path, "an action's path")
        _must_be_asked(self.path, self.example, self.asks)
        if not self.needs:
            raise BadDeclaration(f"action {self.path} must name the role that it needs")
        if not self.writes or any(dataset.kind in (Kind.READINGS, Kind.FORECASTS) for dataset in self.writes):
            raise BadDeclaration(f"action {self.path} must name what it may change: features, events or alerts")
        if "{" in self.path:
            raise BadDeclaration(f"action {self.path}: what it acts on is a field of {self.asks.__name__}")
        if "why" in getattr(self.asks, "__dataclass_fields__", {}):
            raise BadDeclaration(f"action {self.path}: every action asks why; {self.asks.__name__} must not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page's place among the links at the head of every page, lowest first; its title says it, or shorter words."""

    place: int
    says: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page in three languages at ``path`` that renders the answer of the question ``shows``.

    ``template`` stands in the service's folder ``pages/`` or among the house's, whose names come first. Without one the
    answer is set as lists and tables. ``draws`` are functions that the template calls by their names, ``draw_...``,
    such as one that lays out a chart. With a ``link`` it is among the links at the head of every page,
    else in their menu.
    """

    path: str
    title: Text
    shows: str
    template: str = "answer.html"
    draws: tuple[Callable[..., Any], ...] = ()
    link: Link | None = None

    def __post_init__(self) -> None:
        must_be_path(self.path, "a page's path")
        for draw in self.draws:
            if not draw.__name__.startswith("draw_"):
                raise BadDeclaration(f"page {self.path}: its template calls {draw.__name__}: call it draw_...")


def _must_be_asked(path: str, example: object, asks: type) -> None:
    if not isinstance(example, asks):
        raise BadDeclaration(f"{path}: its example is a {type(example).__name__}, it asks a {asks.__name__}")

"""One city service, put together from its declarations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lionrock.core.manifest.background import Job, Watch
from lionrock.core.manifest.feed import Feed, Recording
from lionrock.core.manifest.model import Model
from lionrock.core.manifest.names import must_be_name
from lionrock.core.manifest.people import Action, Page, Question
from lionrock.core.vocabulary import BadDeclaration, Dataset, Text

C = TypeVar("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[C]):
    """One city service. ``reads`` are the only data sets of others that its City opens."""

    id: str
    title: Text
    owner: str
    area: str
    summary: Text
    reads: tuple[str, ...] = ()
    feeds: tuple[Feed[C], ...] = ()
    recordings: tuple[Recording, ...] = ()
    models: tuple[Model[C], ...] = ()
    jobs: tuple[Job[C], ...] = ()
    watches: tuple[Watch[C], ...] = ()
    actions: tuple[Action[C, Any], ...] = ()
    questions: tuple[Question[C, Any], ...] = ()
    pages: tuple[Page, ...] = ()

    def __post_init__(self) -> None:
        must_be_name(self.id, "a service's id")
        asked = {question.path for question in self.questions}
        for page in self.pages:
            if page.shows not in asked:
                raise BadDeclaration(f"service {self.id}: page {page.path} shows {page.shows!r}, which nobody answers")
        for what, names in {
            "feed": [feed.name for feed in self.feeds],
            "model": [model.name for model in self.models],
            "job": [job.name for job in self.jobs],
            "watch": [watch.name for watch in self.watches],
            "question": [question.path for question in self.questions],
            "action": [action.path for action in self.actions],
        }.items():
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise BadDeclaration(f"service {self.id} declares the {what} {', '.join(sorted(twice))} twice")
        self._refuse_second_writers()

    @property
    def publishes(self) -> tuple[Dataset, ...]:
        """Every data set that this service writes, each once, in the order of declaration."""
        return tuple({dataset.id: dataset for dataset in self._written()}.values())

    def _written(self) -> list[Dataset]:
        """What each declaration writes, in their order."""
        written = [dataset for feed in self.feeds for dataset in feed.writes]
        written += [dataset for model in self.models for dataset in (model.writes, model.alerts)]
        written += [dataset for job in self.jobs for dataset in job.writes]
        written += [dataset for action in self.actions for dataset in action.writes]
        return written + [watch.writes for watch in self.watches]

    def _refuse_second_writers(self) -> None:
        """A snapshot closes all that it leaves out, so what anybody else wrote into its data set would be closed."""
        written = [dataset.id for dataset in self._written()]
        for feed in self.feeds:
            for dataset in feed.writes if feed.snapshot else ():
                if written.count(dataset.id) > 1:
                    raise BadDeclaration(
                        f"service {self.id}: every snapshot of feed {feed.name} would close what others write into "
                        f"{dataset.id}"
                    )

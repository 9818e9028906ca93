"""One city service, put together from its declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from lionrock.core.manifest.background import Job
from lionrock.core.manifest.feed import Feed, Recording
from lionrock.core.manifest.model import AiUse, Model
from lionrock.core.manifest.names import list_holes, must_be_name, must_be_words
from lionrock.core.manifest.people import Action, Page, Question
from lionrock.core.vocabulary import BadDeclaration, Dataset, Text

C = TypeVar("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Generic[C]):
    """One city service. ``reads`` are the only data sets of others that its City opens.

    ``words`` are what its pages say, by ``<subject>.<name>``; no other service has words of these subjects.
    """

    id: str
    title: Text
    owner: Text
    area: str
    summary: Text
    reads: tuple[str, ...] = ()
    feeds: tuple[Feed[C], ...] = ()
    recordings: tuple[Recording, ...] = ()
    models: tuple[Model[C], ...] = ()
    ai_uses: tuple[AiUse, ...] = ()
    jobs: tuple[Job[C], ...] = ()
    actions: tuple[Action[C, Any], ...] = ()
    questions: tuple[Question[C, Any], ...] = ()
    pages: tuple[Page, ...] = ()
    words: Mapping[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        must_be_name(self.id, "a service's id")
        asked = {question.path for question in self.questions}
        for page in self.pages:
            if page.shows not in asked:
                raise BadDeclaration(f"service {self.id}: page {page.path} shows {page.shows!r}, which nobody answers")
        for what, names in {
            "feed": [feed.name for feed in self.feeds],
            "model": [model.name for model in self.all_ai],
            "job": [job.name for job in self.jobs],
            "question": [question.path for question in self.questions],
            "action": [action.path for action in self.actions],
        }.items():
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise BadDeclaration(f"service {self.id} declares the {what} {', '.join(sorted(twice))} twice")
        for key, text in self.words.items():
            _must_be_said(self.id, key, text)
        published = {dataset.id for dataset in self.publishes}
        for use in self.ai_uses:
            foreign = sorted({dataset.id for dataset in use.writes} - published)
            if foreign:
                raise BadDeclaration(f"service {self.id}: {use.name} writes {', '.join(foreign)}, which it never does")
        self._refuse_second_writers()

    @property
    def all_ai(self) -> tuple[Model[C] | AiUse, ...]:
        """Every use of AI, the models first."""
        return (*self.models, *self.ai_uses)

    @property
    def publishes(self) -> tuple[Dataset, ...]:
        """Every data set that this service writes, each once, in the order of declaration."""
        return tuple({dataset.id: dataset for dataset in self._written()}.values())

    def _written(self) -> list[Dataset]:
        """What each declaration writes, in their order."""
        written = [dataset for feed in self.feeds for dataset in feed.writes]
        written += [dataset for model in self.models for dataset in (model.writes, model.alerts)]
        written += [dataset for job in self.jobs for dataset in job.writes]
        return written + [dataset for action in self.actions for dataset in action.writes]

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


def _must_be_said(service: str, key: str, text: Text) -> None:
    must_be_words(key, f"service {service}: the key of words")
    if not (text.en and text.tc):
        raise BadDeclaration(f"service {service}: {key} is not said in English and Chinese")
    if not sorted(list_holes(text.en)) == sorted(list_holes(text.tc)) == sorted(list_holes(text.sc)):
        raise BadDeclaration(f"service {service}: {key} has other {{holes}} in English than in Chinese")

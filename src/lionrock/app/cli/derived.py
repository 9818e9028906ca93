"""Verbs derived from the declarations: a service is a group, each of its questions a verb."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import click

from lionrock.app.cli.acting import action_verb
from lionrock.app.cli.ask import asking
from lionrock.app.cli.fields import as_query, parameter_of, words_of
from lionrock.app.cli.group import VerbGroup
from lionrock.app.cli.options import data_option, json_option, port_option, print_json
from lionrock.app.cli.values import print_answer
from lionrock.app.cli.verb import Verb
from lionrock.app.paths import verb_name
from lionrock.city.city import City
from lionrock.core.manifest import Question, Service
from lionrock.core.manifest.names import list_holes
from lionrock.core.settings import read_settings


def service_group(service: Service[City]) -> click.Group:
    """The group of one service, with a verb for each of its questions and actions."""
    group = VerbGroup(service.id, help=service.summary.en, short_help=service.summary.en)
    for question in service.questions:
        group.add_command(question_verb(service, question))
    for action in service.actions:
        group.add_command(action_verb(service, action, verb_name(service.id, action.path)))
    return group


def question_verb(service: Service[City], question: Question[City, Any]) -> click.Command:
    """The verb of one question; what must be given are arguments, those of the path first; the rest are options."""
    hints = get_type_hints(question.asks, include_extras=True)
    holes = list_holes(question.path)
    parameters = [
        parameter_of(field, hints[field.name], in_path=field.name in holes) for field in fields(question.asks)
    ]
    parameters.sort(
        key=lambda each: (not isinstance(each, click.Argument), holes.index(each.name) if each.name in holes else 0)
    )

    def ask(*, port: int | None, data: Path | None, as_json: bool, **given: Any) -> None:
        said = {name: as_query(value) for name, value in given.items() if value is not None}
        with asking(read_settings(port=port, data=data)) as lionrock:
            answer = lionrock.ask(question.path, said)
        if as_json and not isinstance(answer, str):
            print_json(answer)
        else:
            print_answer(answer)

    name, example = verb_name(service.id, question.path), words_of(question.asks, question.example, holes)
    verb = Verb(
        name,
        callback=ask,
        params=parameters,
        help=f"{question.title.en}\n\n{(question.asks.__doc__ or '').strip()}",
        examples=((f"lionrock {service.id} {name}{example}", question.title.en),),
    )
    for option in (json_option, data_option, port_option):
        verb = option(verb)
    return verb

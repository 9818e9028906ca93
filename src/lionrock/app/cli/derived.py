"""Verbs derived from the declarations: a service is a group, each of its questions a verb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import click
import msgspec

from lionrock.app.cli.ask import asking
from lionrock.app.cli.group import VerbGroup
from lionrock.app.cli.moment import Moment
from lionrock.app.cli.options import data_option, json_option, port_option, print_json
from lionrock.app.cli.values import print_answer
from lionrock.app.cli.verb import Verb
from lionrock.city.city import City
from lionrock.core.manifest import Question, Service
from lionrock.core.settings import read_settings

HOLE = re.compile(r"{(\w+)}")
LIMITS = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}", "lt": "less than {}",
          "multiple_of": "a multiple of {}", "max_length": "at most {} characters"}  # fmt: skip
CLICK_TYPES: dict[type, click.ParamType[Any]] = {
    int: click.INT, float: click.FLOAT, bool: click.BOOL, datetime: Moment(), str: click.STRING
}  # fmt: skip


def service_group(service: Service[City]) -> click.Group:
    """The group of one service, with a verb for each of its questions."""
    group = VerbGroup(service.id, help=service.summary.en, short_help=service.summary.en)
    for question in service.questions:
        group.add_command(question_verb(service, question))
    return group


def verb_name(service_id: str, path: str) -> str:
    """The verb of a question: ``traffic/roads/{id}`` is ``roads``; what is left of the path without its holes."""
    parts = [part for part in path.split("/") if not HOLE.fullmatch(part)]
    if parts[0] == service_id:
        parts = parts[1:]
    return "-".join(parts) or "show"


def question_verb(service: Service[City], question: Question[City, Any]) -> click.Command:
    """The verb of one question; what must be given are arguments, those of the path first; the rest are options."""
    hints = get_type_hints(question.asks, include_extras=True)
    holes = HOLE.findall(question.path)
    parameters = [_parameter(field, hints[field.name], in_path=field.name in holes) for field in fields(question.asks)]
    parameters.sort(
        key=lambda each: (not isinstance(each, click.Argument), holes.index(each.name) if each.name in holes else 0)
    )

    def ask(*, port: int | None, data: Path | None, as_json: bool, **given: Any) -> None:
        said = {name: _as_query(value) for name, value in given.items() if value is not None}
        with asking(read_settings(port=port, data=data)) as lionrock:
            answer = lionrock.ask(question.path, said)
        if as_json and not isinstance(answer, str):
            print_json(answer)
        else:
            print_answer(answer)

    name = verb_name(service.id, question.path)
    verb = Verb(
        name,
        callback=ask,
        params=parameters,
        help=f"{question.title.en}\n\n{(question.asks.__doc__ or '').strip()}",
        examples=((f"lionrock {service.id} {name}{_example(question, holes)}", question.title.en),),
    )
    for option in (json_option, data_option, port_option):
        verb = option(verb)
    return verb


def _parameter(field: Field[Any], hint: Any, *, in_path: bool) -> click.Parameter:
    kind, limits = _kind(hint)
    if in_path or _must_be_given(field):
        return click.Argument([field.name], type=kind, metavar=field.name.upper())
    standard = "" if field.default in (MISSING, None) else f" [{field.default}]"
    return click.Option(
        [f"--{field.name.replace('_', '-')}", field.name],
        type=kind,
        help=(limits or field.name.replace("_", " ")).capitalize() + standard,
    )


def _must_be_given(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _kind(hint: Any) -> tuple[click.ParamType[Any], str]:
    """How click reads a field, and what is allowed in words."""
    limits: list[str] = []
    while get_origin(hint) in (Annotated, Union, UnionType):
        if get_origin(hint) is Annotated:
            limits += [words for meta in get_args(hint)[1:] for words in _limits(meta)]
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is Literal:
        return click.Choice([str(each) for each in get_args(hint)]), ", ".join(limits)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return click.Choice([str(each.value) for each in hint]), ", ".join(limits)
    return CLICK_TYPES.get(hint, click.STRING), ", ".join(limits)


def _limits(meta: Any) -> Iterator[str]:
    for name, words in LIMITS.items():
        limit = getattr(meta, name, None)
        if limit is not None:
            yield words.format(limit)


def _as_query(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _example(question: Question[City, Any], holes: list[str]) -> str:
    told: dict[str, Any] = msgspec.to_builtins(question.example)
    standard = {field.name: field.default for field in fields(question.asks)}
    must = [field.name for field in fields(question.asks) if _must_be_given(field) and field.name not in holes]
    words = [f" {told[name]}" for name in (*holes, *must)]
    words += [
        f" --{name.replace('_', '-')} {value}"
        for name, value in told.items()
        if name not in (*holes, *must) and value is not None and value != standard[name]
    ]
    return "".join(words)

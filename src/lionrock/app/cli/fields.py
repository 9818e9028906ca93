"""Declared fields as click's arguments and options, and examples as words of a command line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import click
import msgspec

from lionrock.app.cli.moment import Moment

LIMITS = {"ge": "at least {}", "gt": "more than {}", "le": "at most {}", "lt": "less than {}",
          "multiple_of": "a multiple of {}", "max_length": "at most {} characters"}  # fmt: skip
CLICK_TYPES: dict[type, click.ParamType[Any]] = {
    int: click.INT, float: click.FLOAT, bool: click.BOOL, datetime: Moment(), str: click.STRING
}  # fmt: skip


def parameter_of(field: Field[Any], hint: Any, *, in_path: bool) -> click.Parameter:
    """An argument where the field must be given or stands in the path, else an option that says its limits."""
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


def as_query(value: Any) -> str:
    """A value as a query writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def words_of(asks: type, example: Any, holes: Collection[str]) -> str:
    """``example`` as the words that follow the verb: those of the path's holes, those that must be given, options."""
    told: dict[str, Any] = msgspec.to_builtins(example)
    standard = {field.name: field.default for field in fields(asks)}
    must = [field.name for field in fields(asks) if _must_be_given(field) and field.name not in holes]
    words = [f" {told[name]}" for name in (*holes, *must)]
    words += [
        f" --{name.replace('_', '-')} {value}"
        for name, value in told.items()
        if name not in (*holes, *must) and value is not None and value != standard[name]
    ]
    return "".join(words)

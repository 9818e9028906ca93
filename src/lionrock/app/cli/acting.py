"""Verbs that change something, as an operator who signs in for them: every declared action, the journal, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any, TextIO, TypeVar, get_type_hints

import click
import httpx
import msgspec

from lionrock.app.cli.ask import web_base
from lionrock.app.cli.fields import as_query, parameter_of, words_of
from lionrock.app.cli.moment import say_moment
from lionrock.app.cli.options import json_option, port_option, print_json
from lionrock.app.cli.passwords import password_option, read_password
from lionrock.app.cli.show import print_table
from lionrock.app.cli.signing_in import detail_of, signed_in
from lionrock.app.cli.values import say
from lionrock.app.cli.verb import Verb
from lionrock.app.openapi import API
from lionrock.city.city import City
from lionrock.core.manifest import Action, Service
from lionrock.core.settings import read_settings
from lionrock.core.vocabulary import LionrockError

F = TypeVar("F", bound=Callable[..., Any])

why_option = click.option("--why", required=True, metavar="TEXT", help="The reason, for the journal.")
as_option = click.option("--as", "name", required=True, metavar="NAME", help="The operator who does it.")


def _signing(verb: F) -> F:
    for option in (port_option, password_option, as_option):
        verb = option(verb)
    return verb


def action_verb(service: Service[City], action: Action[City, Any], name: str) -> click.Command:
    """The verb of one action: its fields as arguments and options, who does it, and why."""
    hints = get_type_hints(action.asks, include_extras=True)
    parameters = [parameter_of(field, hints[field.name], in_path=False) for field in fields(action.asks)]
    parameters.sort(key=lambda each: not isinstance(each, click.Argument))

    def do(*, port: int | None, name: str, password_file: TextIO | None, why: str, as_json: bool, **given: Any) -> None:
        said = {field: as_query(value) for field, value in given.items() if value is not None}
        with _operating(port, name, password_file) as client:
            _tell(_posted(client, action.path, {**said, "why": why}), as_json=as_json)

    example = words_of(action.asks, action.example, ())
    verb = Verb(
        name,
        callback=do,
        params=parameters,
        help=f"{action.title.en}\n\n{(action.asks.__doc__ or '').strip()}\n\nNeeds the role {action.needs}.",
        examples=((f'lionrock {service.id} {name}{example} --as NAME --why "..."', action.title.en),),
    )
    for option in (json_option, why_option, as_option, password_option, port_option):
        verb = option(verb)
    return verb


@click.command(
    cls=Verb,
    examples=(
        ("lionrock journal --as chan", "the newest entries"),
        ("lionrock journal --as chan --record incidents/IN-1", "everything that was done to one record"),
    ),
)
@click.option("--record", metavar="ID", help="Only what touched this record.")
@click.option("--before", type=int, metavar="ENTRY", help="Only older entries than this one.")
@json_option
@_signing
def journal(
    *,
    record: str | None,
    before: int | None,
    port: int | None,
    name: str,
    password_file: TextIO | None,
    as_json: bool,
) -> None:
    """Read who changed what, when and why."""
    asked = {key: value for key, value in {"record": record, "before": before}.items() if value is not None}
    with _operating(port, name, password_file) as client:
        entries = _decoded(client.get(f"{API}/journal", params=asked))
    if as_json:
        print_json(entries)
        return
    rows = [(each["entry"], _when(each), each["who"], say(each["says"]), each["why"]) for each in entries]
    print_table("Journal", ("entry", "when", "who", "what", "why"), rows)


@click.command(cls=Verb, examples=(('lionrock undo 17 --as chan --why "wrong road"', "put entry 17 back"),))
@click.argument("entry", type=int)
@why_option
@json_option
@_signing
def undo(*, entry: int, why: str, port: int | None, name: str, password_file: TextIO | None, as_json: bool) -> None:
    """Undo an entry of the journal; the undoing is an entry of its own."""
    with _operating(port, name, password_file) as client:
        _tell(_posted(client, f"journal/{entry}/undo", {"why": why}), as_json=as_json)


@contextmanager
def _operating(port: int | None, name: str, password_file: TextIO | None) -> Iterator[httpx.Client]:
    with signed_in(web_base(read_settings(port=port)), name, read_password(password_file, confirm=False)) as client:
        yield client


def _posted(client: httpx.Client, path: str, said: Mapping[str, Any]) -> Any:
    return _decoded(client.post(f"{API}/{path}", json=said))


def _decoded(response: httpx.Response) -> Any:
    if response.status_code != httpx.codes.OK:
        raise LionrockError(detail_of(response))
    return msgspec.json.decode(response.content)


def _tell(done: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        undo_by = f"; `lionrock undo {done['entry']}` takes it back" if done["undoable"] else ""
        click.echo(f"{say(done['says'])} (entry {done['entry']}{undo_by})")


def _when(entry: Mapping[str, Any]) -> str:
    return say_moment(datetime.fromisoformat(entry["at"]))

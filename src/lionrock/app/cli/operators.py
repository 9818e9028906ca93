"""``lionrock operator``: who may sign in, in which roles; works on the store, whether Lionrock runs or not."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from lionrock.app.cli.declared import database_of
from lionrock.app.cli.group import VerbGroup
from lionrock.app.cli.moment import say_moment
from lionrock.app.cli.options import data_option, json_option, print_json
from lionrock.app.cli.passwords import password_option, read_password
from lionrock.app.cli.show import print_table
from lionrock.app.cli.verb import Verb
from lionrock.app.discovery import discover
from lionrock.app.roles import refuse_unknown_roles
from lionrock.core.clock import RealClock
from lionrock.core.records.database import open_database
from lionrock.core.records.operators import Operators
from lionrock.core.settings import Settings, read_settings
from lionrock.core.vocabulary import NotFound, Source

F = TypeVar("F", bound=Callable[..., Any])

name_argument = click.argument("name")
source_option = click.option(
    "--source",
    type=click.Choice([each.value for each in Source]),
    help="Whose store: each source has operators of its own [twin].",
)
role_option = click.option("--role", "roles", multiple=True, metavar="ROLE", help="A role; give it once for each.")


def _store_options(verb: F) -> F:
    return source_option(data_option(verb))


@click.group(
    cls=VerbGroup,
    examples=(
        ("lionrock operator add chan --role traffic-operator", "asks for a password twice"),
        ("lionrock operator list", "who there is"),
        ("lionrock operator log", "who signed in, failed, was locked out"),
    ),
)
def operator() -> None:
    """Say who may sign in and change things.

    Operators are local to one store (twin, live or recording) until the city's identity service takes over.
    Whoever can write the data folder can do this: keep it yours.
    """


@operator.command(
    cls=Verb,
    examples=(
        ("lionrock operator add chan --role traffic-operator", "asks for a password twice"),
        ("lionrock operator add chan --role steward --source live", "for the real city's store"),
        ("pass show chan | lionrock operator add chan --password-file -", "for a script"),
    ),
)
@name_argument
@role_option
@password_option
@_store_options
def add(
    *, name: str, roles: tuple[str, ...], password_file: TextIO | None, source: str | None, data: Path | None
) -> None:
    """Add an operator.

    The password has at least 12 characters, is none that is guessed early, and does not contain the name.
    Without a role a person can read what is for operators, and change nothing.
    """
    settings = _settings(source, data)
    refuse_unknown_roles(discover(settings.services), roles)
    with _operators(settings) as operators:
        operators.add(name, read_password(password_file, confirm=True), roles)
    said = f"as {', '.join(sorted(set(roles)))}" if roles else "without a role"
    click.echo(f"{name} may sign in {said}, to the Lionrock over {settings.home}")


@operator.command("list", cls=Verb, examples=(("lionrock operator list --json", "for a script"),))
@_store_options
@json_option
def list_all(*, source: str | None, data: Path | None, as_json: bool) -> None:
    """Show every operator, their roles and their state."""
    settings = _settings(source, data)
    with _operators(settings, must_exist=True) as operators:
        known = operators.list_all()
    if as_json:
        print_json(known)
        return
    rows = [
        (each.name, ", ".join(sorted(each.roles)) or "–", say_moment(each.added_at), say_moment(each.password_at),
         f"disabled {say_moment(each.disabled_at)}" if each.disabled_at else "enabled")
        for each in known
    ]  # fmt: skip
    print_table(f"Operators of {settings.home}", ("operator", "roles", "added", "password of", "state"), rows)


@operator.command(cls=Verb, examples=(("lionrock operator password chan", "asks for the new one twice"),))
@name_argument
@password_option
@_store_options
def password(*, name: str, password_file: TextIO | None, source: str | None, data: Path | None) -> None:
    """Change an operator's password; every session of theirs ends."""
    with _operators(_settings(source, data), must_exist=True) as operators:
        operators.get(name)
        operators.change_password(name, read_password(password_file, confirm=True))
    click.echo(f"{name} has a new password, and is signed out everywhere")


@operator.command(
    cls=Verb,
    examples=(
        ("lionrock operator roles chan --role traffic-operator --role steward", "these two, and no other"),
        ("lionrock operator roles chan", "none"),
    ),
)
@name_argument
@role_option
@_store_options
def roles(*, name: str, roles: tuple[str, ...], source: str | None, data: Path | None) -> None:
    """Give an operator exactly these roles; they hold from the next request on."""
    settings = _settings(source, data)
    refuse_unknown_roles(discover(settings.services), roles)
    with _operators(settings, must_exist=True) as operators:
        operators.set_roles(name, roles)
    click.echo(f"{name} has the roles: {', '.join(sorted(set(roles))) or 'none'}")


@operator.command(cls=Verb, examples=(("lionrock operator disable chan", "signs out, and lets in no more"),))
@name_argument
@_store_options
def disable(*, name: str, source: str | None, data: Path | None) -> None:
    """Let an operator sign in no more; what the journal says of them stays."""
    with _operators(_settings(source, data), must_exist=True) as operators:
        operators.disable(name)
    click.echo(f"{name} can sign in no more, and is signed out everywhere")


@operator.command(cls=Verb, examples=(("lionrock operator enable chan", "also ends a lock for wrong passwords"),))
@name_argument
@_store_options
def enable(*, name: str, source: str | None, data: Path | None) -> None:
    """Let an operator sign in again; also ends a lock for too many wrong passwords."""
    with _operators(_settings(source, data), must_exist=True) as operators:
        operators.enable(name)
    click.echo(f"{name} may sign in")


@operator.command(cls=Verb, examples=(("lionrock operator log --limit 20", "the newest twenty"),))
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, help="How many lines [100].")
@_store_options
@json_option
def log(*, limit: int, source: str | None, data: Path | None, as_json: bool) -> None:
    """Show who signed in, failed, was locked out or changed, the newest first."""
    settings = _settings(source, data)
    with _operators(settings, must_exist=True) as operators:
        lines = operators.list_sign_ins(limit)
    if as_json:
        print_json(lines)
        return
    rows = [(say_moment(each.at), each.operator or "(no such name)", each.what, each.client) for each in lines]
    print_table(f"Operators of {settings.home}", ("at", "operator", "what", "from"), rows)


def _settings(source: str | None, data: Path | None) -> Settings:
    return read_settings(source=Source(source) if source else None, data=data)


@contextmanager
def _operators(settings: Settings, *, must_exist: bool = False) -> Iterator[Operators]:
    """The operators of a store; raises NotFound where one that must exist does not."""
    if must_exist and not database_of(settings).is_file():
        raise NotFound(f"{settings.home} keeps no operator yet; `lionrock operator add NAME --role ROLE` makes one")
    engine = open_database(settings.home, settings.source)
    try:
        yield Operators(engine, RealClock().now, by=f"{_who()} at the command line")
    finally:
        engine.dispose()


def _who() -> str:
    """The account that runs this; its number where the machine has no name for it (as in many containers)."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"account {number}"

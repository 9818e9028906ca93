"""Passwords on the command line: from a file, or asked for without showing them."""

from __future__ import annotations

import sys
from typing import TextIO

import click

from lionrock.core.vocabulary import BadInput

password_option = click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Read the password there (- is standard input) instead of asking.",
)


def read_password(file: TextIO | None, *, confirm: bool) -> str:
    """A password from ``file``, less the end of its line; or asked for, unseen, twice with ``confirm``."""
    if file is not None:
        try:
            given = file.read().removesuffix("\n").removesuffix("\r")
        except UnicodeDecodeError as error:
            raise BadInput("the file is not UTF-8", where=file.name, remedy="save it as plain text in UTF-8") from error
        if "\n" in given:
            raise BadInput("the file holds more than one line", where=file.name, remedy="a password is one line")
        return given
    if not sys.stdin.isatty():
        raise BadInput("there is no terminal to ask for the password", remedy="give --password-file FILE")
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=confirm, err=True)
    return asked

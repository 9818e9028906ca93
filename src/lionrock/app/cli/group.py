"""The group that verbs stand in: errors raised on purpose become one line and exit code 1."""

from __future__ import annotations

from typing import Any

import click

from lionrock.core.vocabulary import LionrockError

PROBLEM = 1


class VerbGroup(click.Group):
    """A click group that knows the house's errors, and lists its verbs in the order of declaration."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order in which a person meets them."""
        del ctx
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; a LionrockError is told in one plain line, without a traceback."""
        try:
            return super().invoke(ctx)
        except LionrockError as error:
            raise click.ClickException(str(error)) from error

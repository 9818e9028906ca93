"""The group that verbs stand in: errors raised on purpose become one line and exit code 1."""

from __future__ import annotations

from typing import Any

import click

from lionrock.app.cli.values import without_controls
from lionrock.app.cli.verb import Examples, write_examples
from lionrock.core.vocabulary import LionrockError


class VerbGroup(click.Group):
    """A click group that knows the house's errors, and lists its verbs in the order of declaration."""

    def __init__(self, *args: Any, examples: Examples = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order in which a person meets them."""
        del ctx
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples under the verbs."""
        super().format_epilog(ctx, formatter)
        write_examples(formatter, self.examples)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; a LionrockError is told in one plain line, without a traceback, and ends with 1."""
        try:
            return super().invoke(ctx)
        except LionrockError as error:
            raise click.ClickException(without_controls(str(error))) from error

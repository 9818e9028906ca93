"""A verb whose help teaches by examples."""

from __future__ import annotations

from typing import Any

import click

Examples = tuple[tuple[str, str], ...]


class Verb(click.Command):
    """A command that shows ``examples`` (command line, what it does) at the end of its help."""

    def __init__(self, *args: Any, examples: Examples = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples under the options."""
        super().format_epilog(ctx, formatter)
        write_examples(formatter, self.examples)


def write_examples(formatter: click.HelpFormatter, examples: Examples) -> None:
    """Write an Examples section, commands on the left."""
    if examples:
        with formatter.section("Examples"):
            formatter.write_dl([(f"$ {line}", what) for line, what in examples], col_max=60)

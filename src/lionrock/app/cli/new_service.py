"""``lionrock new-service``: a whole small service to begin with."""

from __future__ import annotations

import subprocess
import sys

import click

from lionrock.app.cli.verb import Verb
from lionrock.app.new_service import write_service
from lionrock.core.settings import read_settings


@click.command(
    "new-service",
    cls=Verb,
    examples=(
        ("lionrock new-service mobility/example", "write a service and see it on the status page"),
        ("lionrock new-service living/queues --title 'Queues' --title-tc '輪候情況'", "with its name"),
    ),
)
@click.argument("wanted", metavar="AREA/NAME")
@click.option("--title", default="", help="Its title in English [the name].")
@click.option("--title-tc", default="", help="Its title in Traditional Chinese [the English one].")
@click.pass_context
def new_service(context: click.Context, *, wanted: str, title: str, title_tc: str) -> None:
    """Write a new service.

    A feed with its sample, a data set, a question, a page with its words and a README, which pass every check at once.
    It stands in the folder of the setting LIONROCK_SERVICES, or among the house's own services.
    """
    parent = context.parent.command if context.parent else None
    verbs = set(parent.commands) if isinstance(parent, click.Group) else set()
    written = write_service(read_settings(), wanted, (title, title_tc), verbs)
    name = written.folder.name
    click.echo(f"Written to {written.folder}:")
    for file in written.files:
        click.echo(f"  {file.relative_to(written.folder)}")
    click.echo(f"See it:     lionrock replay {written.folder / 'samples'}")
    click.echo(f"            reads its sample and shows /en/{name}; `lionrock {name} counts` asks it meanwhile")
    click.echo(f"Check it:   pytest tests/test_every_service.py -k {name}")
    click.echo(
        "Then put the real address and format into service.py, feeds.py and samples/: `lionrock up` reads it where"
    )
    click.echo("it answers; the simulated city knows nothing of a new feed. How its page is written: docs/pages.md")
    if not title_tc:
        click.echo("Its Chinese title is the English one still: see title in service.py and datasets.py.")
    if written.ours:
        # another process: this one has imported the services that were there before
        subprocess.run([sys.executable, "-m", "lionrock.app.generated"], check=True)
        click.echo(
            "The reference in docs/reference names it already; `python -m lionrock.app.generated` writes it anew."
        )

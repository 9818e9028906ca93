"""The documents that are generated from the declarations: written by the same function that checks them.

``python -m lionrock.app.generated`` writes them into docs/reference, ``--check`` says which are out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import MISSING
from pathlib import Path
from typing import Any

from lionrock.app.discovery import Catalogue, discover
from lionrock.app.openapi import API
from lionrock.app.register import list_datasets, list_flows
from lionrock.core.manifest import AiUse
from lionrock.core.settings import PREFIX, settings_fields

FOLDER = Path(__file__).parents[3] / "docs" / "reference"
MARK = "<!-- Generated from the declarations by `python -m lionrock.app.generated`; do not edit. -->\n"


def generate(catalogue: Catalogue) -> dict[str, str]:
    """Every generated document by file name."""
    return {
        "settings.md": _document("Settings", _settings()),
        "services.md": _document("Services", _services(catalogue)),
        "datasets.md": _document("Data sets", _datasets(catalogue)),
        "data-flow.md": _document("Data flow", _flows(catalogue)),
        "ai-register.md": _document("AI register", _ai(catalogue)),
    }


def list_stale(documents: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """The names of documents in ``folder`` that are missing, differ, or that nothing generates any more."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted({name for name, text in documents.items() if there.get(name) != text} | (there.keys() - documents))


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or with ``--check`` only say which are out of date."""
    documents = generate(discover())
    stale = list_stale(documents)
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is out of date: run python -m lionrock.app.generated\n")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in documents:
            (FOLDER / name).write_text(documents[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


def _document(title: str, lines: Iterator[str]) -> str:
    return f"{MARK}# {title}\n\n" + "\n".join(lines) + "\n"


def _table(*rows: Sequence[Any]) -> Iterator[str]:
    head, *body = rows
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in body:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"


def _settings() -> Iterator[str]:
    yield "In `lionrock.toml` in the working folder, or in the environment, which wins.\n"
    rows = [
        (
            f"`{field.name}`",
            f"`{PREFIX}{field.name.upper()}`",
            "" if field.default in (None, "", MISSING) else f"`{field.default}`",
            field.metadata["about"],
        )
        for field in settings_fields()
    ]
    yield from _table(("setting", "environment", "default", "what it does"), *rows)


def _services(catalogue: Catalogue) -> Iterator[str]:
    for service in catalogue.services:
        yield f"## {service.title.en} (`{service.id}`)\n"
        yield f"{service.summary.en} Owner: {service.owner.en}.\n"
        rows = [(question.title.en, f"`GET {API}/{question.path}`") for question in service.questions]
        if rows:
            yield from _table(("question", "asked at"), *rows)
            yield ""
        feeds = [(feed.title.en, f"{feed.every}", f"{feed.keep.days} days") for feed in service.feeds]
        if feeds:
            yield from _table(("feed", "every", "raw bytes kept"), *feeds)
            yield ""


def _datasets(catalogue: Catalogue) -> Iterator[str]:
    rows = [
        (
            f"`{entry.id}`",
            entry.title.en,
            entry.kind,
            ", ".join(f"{what.id} ({what.unit})" for what in entry.properties),
            entry.licence,
        )
        for entry in list_datasets(catalogue)
    ]
    yield from _table(("id", "title", "kind", "properties (UCUM)", "licence"), *rows)


def _flows(catalogue: Catalogue) -> Iterator[str]:
    rows = [
        ("<br>".join(flow.addresses), f"`{flow.feed}`", ", ".join(flow.writes), ", ".join(flow.read_by))
        for flow in list_flows(catalogue)
    ]
    yield from _table(("from", "feed", "into", "also read by"), *rows)


def _ai(catalogue: Catalogue) -> Iterator[str]:
    for service in catalogue.services:
        for model in service.all_ai:
            record = model.ai
            yield f"## {model.title.en} (`{service.id}.{model.name}`)\n"
            yield from _table(
                ("", ""),
                ("purpose", record.purpose.en),
                ("risk", record.risk),
                ("who decides", record.decides.en),
                ("where it fails", record.limits.en),
                ("human review", record.human_review.en or "none: risk is low"),
                ("appeal", record.appeal.en),
                ("personal data", "yes" if record.personal_data else "no"),
                *((("learns", model.learns.en),) if isinstance(model, AiUse) else ()),
                ("naive rival", model.baseline or "none"),
                (
                    "trials",
                    "; ".join(
                        f"{trial.data}, {trial.split}, by {trial.metric}: `{trial.command}`" for trial in model.trials
                    ),
                ),
            )
            yield ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

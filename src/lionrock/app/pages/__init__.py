"""Server-rendered pages: templates, their words in three languages, and the built static files."""

from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "templates"

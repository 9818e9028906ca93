"""Server-rendered pages: templates, their words in three languages, and the built static files."""

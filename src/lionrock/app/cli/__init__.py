"""The command line: ``lionrock VERB``."""

from lionrock.app.cli.root import lionrock, main

__all__ = ["lionrock", "main"]

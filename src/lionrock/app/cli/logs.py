"""Structured logs on stderr: coloured lines for a person at a terminal, JSON lines for a machine."""

from __future__ import annotations

import logging
import sys
from typing import Any

import click
import structlog
from structlog.dev import RichTracebackFormatter
from structlog.tracebacks import ExceptionDictTransformer


def configure_logs(*, verbose: bool) -> None:
    """Log warnings and worse, or from ``info`` on when ``verbose``.

    A trace says where it broke and never what the variables held: a password or a session may be among them.
    """
    at_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if at_terminal else "iso", utc=not at_terminal),
            *(
                [structlog.dev.ConsoleRenderer(exception_formatter=RichTracebackFormatter(show_locals=False))]
                if at_terminal
                else [
                    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ]
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _set(_context: click.Context, _parameter: click.Parameter, verbose: Any) -> None:
    configure_logs(verbose=bool(verbose))


verbose_option = click.option(
    "-v", "--verbose", is_flag=True, expose_value=False, callback=_set, help="Log what happens, not only warnings."
)
"""``-v`` for a verb that works for long."""

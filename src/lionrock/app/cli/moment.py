"""Moments on the command line."""

from __future__ import annotations

from datetime import datetime

import click

from lionrock.city.place import ZONE


class Moment(click.ParamType[datetime]):
    """An ISO 8601 moment; without a zone it is the city's own."""

    name = "moment"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment, or fail as wrong usage."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment like 2026-09-19T08:00 or 2026-09-19T00:00Z", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def say_moment(moment: datetime | None) -> str:
    """A moment in the city's own time, to the minute; a dash where there is none."""
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}" if moment else "–"

"""Warnings in force, ``weather.php?dataType=warnsum``, as Alerts; ``{}`` means that all are cleared.

The English and the Chinese edition carry the same warnings: an Alert's id is the code and the time
of issue, so that both become one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from lionrock.core.feeds.formats import FORMAT_CHANGED, json_as
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Alert, MalformedDownload, Severity, Text, said

Moment = Annotated[datetime, Meta(tz=True)]

LONGEST_IN_FORCE = timedelta(days=60)
SEVERITIES = {
    "WRAINA": Severity.MODERATE,
    "WRAINR": Severity.SEVERE,
    "WRAINB": Severity.EXTREME,
    "TC1": Severity.MINOR,
    "TC3": Severity.MODERATE,
    "TC8NE": Severity.SEVERE,
    "TC8SE": Severity.SEVERE,
    "TC8SW": Severity.SEVERE,
    "TC8NW": Severity.SEVERE,
    "TC9": Severity.EXTREME,
    "TC10": Severity.EXTREME,
    "WTMW": Severity.SEVERE,
    "WL": Severity.SEVERE,
    "WFNTSA": Severity.MODERATE,
    "WTS": Severity.MODERATE,
    "WFIRER": Severity.MODERATE,
    "WFIREY": Severity.MINOR,
    "WMSGNL": Severity.MINOR,
    "WHOT": Severity.MINOR,
    "WCOLD": Severity.MINOR,
    "WFROST": Severity.MINOR,
}


@dataclass(frozen=True)
class Warned:
    """One warning as the summary gives it."""

    name: str
    code: str
    actionCode: Literal["ISSUE", "REISSUE", "CANCEL", "EXTEND", "UPDATE"]  # noqa: N815 - the publisher's name
    issueTime: Moment  # noqa: N815 - the publisher's name
    updateTime: Moment  # noqa: N815 - the publisher's name
    expireTime: Moment | None = None  # noqa: N815 - the publisher's name
    type: str = ""


def parse_warnings(download: Download) -> Iterator[Alert]:
    """Yield an Alert for every warning that is in force; a cancelled one is left out, which closes it."""
    for kind, warned in json_as(download, dict[str, Warned]).items():
        where = f"$.{kind}"
        if not warned.name.strip() or not warned.code.strip():
            raise MalformedDownload(
                said("a warning without its name or code", "警告欠缺名稱或代號"), where=where, remedy=FORMAT_CHANGED
            )
        if warned.actionCode == "CANCEL":
            continue
        issued = moment_in_time(warned.issueTime, download.received_at, f"{where}.issueTime")
        yield Alert(
            id=f"{warned.code}/{issued:%Y%m%dT%H%MZ}",
            event=kind,
            severity=SEVERITIES.get(warned.code, Severity.UNKNOWN),
            headline=_headline(kind, warned),
            onset=issued,
            expires=_expiry(warned.expireTime, issued, f"{where}.expireTime"),
            properties={
                "code": warned.code,
                "action": warned.actionCode,
                "updated_at": moment_in_time(
                    warned.updateTime, download.received_at, f"{where}.updateTime"
                ).isoformat(),
            },
        )


def _expiry(moment: datetime | None, issued: datetime, where: str) -> datetime | None:
    """When it will no longer hold; raises MalformedDownload for what no warning says."""
    if moment is None:
        return None
    if abs(moment - issued) > LONGEST_IN_FORCE:
        problem = said(
            f"it expires at {moment.isoformat()}, more than {LONGEST_IN_FORCE.days} days from its issue",
            f"在 {moment.isoformat()} 失效，距發出超過 {LONGEST_IN_FORCE.days} 日",
        )
        raise MalformedDownload(problem, where=where, remedy=FORMAT_CHANGED)
    return moment.astimezone(UTC)


def _headline(kind: str, warned: Warned) -> Text:
    """``Red Rainstorm Warning Signal``; a cyclone signal's type is its own full name."""
    name, type_name = warned.name.strip(), warned.type.strip()
    english = name.isascii()
    if kind == "WTCSGNL" and type_name:
        words = type_name
    else:
        words = f"{type_name} {name}".strip() if english else f"{type_name}{name}"
    return Text(en=words) if english else Text(tc=words)

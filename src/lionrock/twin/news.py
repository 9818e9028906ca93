"""What the Transport Department says about incidents, message by message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from lionrock.core.vocabulary import Text
from lionrock.twin.calendar import local_day, midnight
from lionrock.twin.chance import number_for
from lionrock.twin.incidents import Incident, list_incidents
from lionrock.twin.network import list_links

DISPERSAL_MINUTES = (8, 20)  # between the road's opening and the end of the message
FIRST_DAY = date(2020, 1, 1)
IDS_A_DAY = 100
LOOK_BACK_DAYS = 3


@dataclass(frozen=True, slots=True)
class Message:
    """One version of one incident's news.

    ``shown`` is when the file first has it; ``announced`` is the date it bears. A closing message
    keeps the ``id``, the date and the words of the one before it, as the real ones do.
    """

    id: int
    incident: Incident
    status: str
    shown: datetime
    announced: datetime
    content: Text


@lru_cache(maxsize=64)
def list_messages(seed: int, day: date) -> tuple[Message, ...]:
    """The messages first shown on ``day`` about the incidents of that day, in order, a minute apart or more."""
    drafts: list[tuple[datetime, int, str, Incident, Text]] = []
    for incident in list_incidents(seed, day):
        low, high = DISPERSAL_MINUTES
        wait = low + number_for(seed, incident.number, "dispersal") % (high - low)
        drafts.append((incident.announced, 0, "NEW", incident, describe(incident, still=False)))
        if incident.updated and incident.announced < incident.updated < incident.end_announced:
            drafts.append((incident.updated, 1, "UPDATED", incident, describe(incident, still=True)))
        ended = max(incident.end_announced, incident.announced + timedelta(minutes=2))
        drafts.append((ended, 2, "UPDATED", incident, describe_end(incident)))
        drafts.append((ended + timedelta(minutes=wait), 3, "CLOSED", incident, describe_end(incident)))
    messages: list[Message] = []
    last = midnight(day) - timedelta(minutes=1)
    opened: dict[str, Message] = {}
    for rank, (due, _, status, incident, content) in enumerate(sorted(drafts, key=lambda d: (d[0], d[3].number, d[1]))):
        last = max(due, last + timedelta(minutes=1))
        before = opened.get(incident.number) if status == "CLOSED" else None
        number = (day - FIRST_DAY).days * IDS_A_DAY + rank
        message = Message(
            id=before.id if before else number,
            incident=incident,
            status=status,
            shown=last,
            announced=before.announced if before else last,
            content=content,
        )
        opened[incident.number] = message
        messages.append(message)
    return tuple(messages)


def find_latest(seed: int, moment: datetime) -> Message | None:
    """The last message shown by ``moment``, if there was one in the last days."""
    for back in range(LOOK_BACK_DAYS):
        shown = [m for m in list_messages(seed, local_day(moment) - timedelta(days=back)) if m.shown <= moment]
        if shown:
            return shown[-1]
    return None


def list_current(seed: int, moment: datetime) -> list[Message]:
    """The last message of every incident not yet closed at ``moment``, newest first."""
    latest: dict[str, Message] = {}
    for day in (local_day(moment) - timedelta(days=1), local_day(moment)):
        for message in list_messages(seed, day):
            if message.shown <= moment:
                latest[message.incident.number] = message
    current = [message for message in latest.values() if message.status != "CLOSED"]
    return sorted(current, key=lambda message: message.shown, reverse=True)


def list_changes(seed: int, day: date) -> list[datetime]:
    """The moments of a day at which the news changed."""
    return [message.shown for message in list_messages(seed, day)]


def describe(incident: Incident, *, still: bool) -> Text:
    """The words of a message about closed lanes."""
    en, tc, plural = _lanes(incident)
    link = list_links()[incident.link]
    everything = incident.lanes_closed >= link.lanes
    verb = ("are" if plural else "is") + (" still" if still else "")
    rest_en = (
        "Motorists are advised to use alternative routes. \nTraffic is congested now. "
        if everything
        else "Only remaining lanes are available to motorists. \nTraffic is busy now. "
    )
    rest_tc = (
        "駕駛人士請考慮改用其他道路。 \n現時上址交通擠塞。"
        if everything
        else "駕駛人士只可使用餘下行車線行車。 \n現時上址交通繁忙。"
    )
    return Text(
        en=f"Due to {incident.cause.en.lower()} , {en} of {link.road.en} ({link.bound.en} bound)"
        f" near {incident.landmark.en} {verb} closed to all traffic. \n{rest_en}",
        tc=f"因{incident.cause.tc}，{link.road.tc}(往{link.bound.tc}方向)近{incident.landmark.tc}的{tc}"
        f"{'仍然封閉' if still else '現已封閉'}。 \n{rest_tc}",
    )


def describe_end(incident: Incident) -> Text:
    """The words of a message about lanes that opened again."""
    en, tc, plural = _lanes(incident)
    link = list_links()[incident.link]
    was, now = ("were", "are") if plural else ("was", "is")
    return Text(
        en=f"{en[0].upper()}{en[1:]} of {link.road.en} ({link.bound.en} bound) near {incident.landmark.en}"
        f" which {was} closed due to {incident.cause.en.lower()} {now} re-opened to all traffic."
        " Traffic queue takes time to disperse. ",
        tc=f"較早前因{incident.cause.tc}而封閉的{link.road.tc}(往{link.bound.tc}方向)近{incident.landmark.tc}"
        f"的{tc}現已解封。車龍有待消散。",
    )


def _lanes(incident: Incident) -> tuple[str, str, bool]:
    """Which lanes, in English and Chinese, and whether they are many."""
    if incident.lanes_closed >= list_links()[incident.link].lanes:
        return "all lanes", "全線", True
    if incident.lanes_closed > 1:
        return "part of the lanes", "部份行車線", True
    return ("the fast lane", "快線", False) if incident.side == "Fast Lane" else ("the slow lane", "慢線", False)

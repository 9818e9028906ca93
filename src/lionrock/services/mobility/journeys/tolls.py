"""What a private car pays on the way: which links are behind which toll, and how much at which moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lionrock.city.city import City
from lionrock.city.holidays import list_holidays
from lionrock.city.place import ZONE
from lionrock.commons.spatial.roads import Link
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.journeys.datasets import TIMED_TOLLS, TOLLS

PRIVATE_CAR = "PC"
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Window:
    """A toll at some hours: ``from_s`` to ``to_s`` of the day, both in."""

    days: str
    from_s: int
    to_s: int
    hkd: float


@dataclass(frozen=True, slots=True)
class Toll:
    """What a private car pays for one tunnel or bridge; ``windows`` where it depends on the hour."""

    name: Text
    flat_hkd: float | None
    windows: tuple[Window, ...]

    def at(self, moment: datetime, holidays: Collection[date]) -> float | None:
        """What is due at ``moment``; None where no table says. Holidays that are not announced count as weekdays."""
        local = moment.astimezone(ZONE)
        days = "rest days" if local.weekday() == SUNDAY or local.date() in holidays else "weekdays"
        second = local.hour * 3600 + local.minute * 60 + local.second
        due = (window.hkd for window in self.windows if window.days == days and window.from_s <= second <= window.to_s)
        return next(due, self.flat_hkd)

    @property
    def ever(self) -> bool:
        """Whether anything is ever due."""
        return bool(self.flat_hkd) or any(window.hkd for window in self.windows)


@dataclass(frozen=True, slots=True)
class Tolls:
    """The tolls by tunnel, for each link the tunnel that it lies in (None for the others), and the holidays known.

    They are ``known`` once both tables were received: each leaves tunnels out that the other has.
    """

    known: bool
    tolls: dict[str, Toll]
    tunnel_of: tuple[str | None, ...]
    holidays: frozenset[date]

    def closed(self) -> frozenset[int]:
        """The links behind a toll."""
        return frozenset(
            link for link, tunnel in enumerate(self.tunnel_of) if tunnel is not None and self.tolls[tunnel].ever
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """A toll that is due on the way."""

    name: Text
    hkd: float
    at: datetime


def list_tolls(city: City, links: Sequence[Link]) -> Tolls:
    """The tolls of private cars, and the links that they are due on."""
    tolls: dict[str, Toll] = {}
    flat, timed = city.records(TOLLS), city.records(TIMED_TOLLS)
    for kept in flat:
        if kept.record.properties["vehicle_class"] == PRIVATE_CAR:
            tolls[_tunnel_id(kept.id)] = Toll(kept.record.title, kept.record.properties["charged_hkd"], ())
    for kept in timed:
        said = kept.record.properties
        if said["vehicle_class"] == PRIVATE_CAR:
            tunnel = _tunnel_id(kept.id)
            before = tolls.get(tunnel, Toll(kept.record.title, None, ()))
            window = Window(said["days"], said["from_s"], said["to_s"], said["charged_hkd"])
            tolls[tunnel] = Toll(before.name, before.flat_hkd, (*before.windows, window))
    holidays = frozenset(list_holidays(city))
    by_name = {link.name: _tunnel_called(link.name, tolls) for link in links if link.tunnel}
    tunnel_of = tuple(by_name[link.name] if link.tunnel else None for link in links)
    return Tolls(bool(flat) and bool(timed), tolls, tunnel_of, holidays)


def charges(tolls: Tolls, links: Iterable[int], moments: Iterable[datetime]) -> list[Charge] | None:
    """The tolls of a way, each once for a passage, at the moment of entering; None where no table says one of them."""
    if not tolls.known:
        return None
    due = []
    inside: str | None = None
    for link, moment in zip(links, moments, strict=True):
        tunnel = tolls.tunnel_of[link]
        if tunnel is not None and tunnel != inside:
            hkd = tolls.tolls[tunnel].at(moment, tolls.holidays)
            if hkd is None:
                return None
            if hkd:
                due.append(Charge(tolls.tolls[tunnel].name, hkd, moment))
        inside = tunnel
    return due


def _tunnel_id(record_id: str) -> str:
    return record_id.split("/", 1)[0]


def _tunnel_called(name: Text, tolls: dict[str, Toll]) -> str | None:
    """The tunnel of the tables that bears this road's name, or whose longer name holds it.

    In Chinese a longer name may be another tunnel (every crossing of the harbour is a 海底隧道), so that
    there only the same name counts, or one that English did not know.
    """
    english = _letters(name.en)
    tables = {tunnel: _letters(toll.name.en) for tunnel, toll in tolls.items()}
    by_english = [tunnel for tunnel, table in tables.items() if english and (english in table or table in english)]
    if by_english:
        return min(by_english, key=lambda tunnel: abs(len(tables[tunnel]) - len(english)))
    return next((tunnel for tunnel, toll in tolls.items() if name.tc and name.tc in toll.name.tc), None)


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())

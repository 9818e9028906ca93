"""What operators may do about incidents.

Every action writes rulings alone, which no job ever touches: an incident is told anew from its sources and
its ruling, so that what an operator said stays, and taking an action back (undo) leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.place import BOUNDS, ZONE
from lionrock.core.manifest import Actor, Outcome
from lionrock.core.vocabulary import BadInput, NotFound, Text
from lionrock.services.mobility.incidents.answers.incidents import get_incident
from lionrock.services.mobility.incidents.atlas import Atlas
from lionrock.services.mobility.incidents.datasets import RULINGS
from lionrock.services.mobility.incidents.directions import as_direction
from lionrock.services.mobility.incidents.doubts import with_doubts
from lionrock.services.mobility.incidents.incident import (
    Incident,
    Message,
    Origin,
    Override,
    Ruling,
    State,
    as_feature,
    from_feature,
)
from lionrock.services.mobility.incidents.kinds import TITLES, IncidentKind
from lionrock.services.mobility.incidents.names import as_typed, compose_place
from lionrock.services.mobility.incidents.numbers import first_free
from lionrock.services.mobility.incidents.sources import read_atlas

Lon = Annotated[float, Meta(ge=BOUNDS[0], le=BOUNDS[2])]
Lat = Annotated[float, Meta(ge=BOUNDS[1], le=BOUNDS[3])]
Words = Annotated[str, Meta(max_length=500)]
Field = Literal["kind", "road", "direction", "near", "lanes", "links", "lon", "lat", "title", "state"]
FIELDS: dict[Field, Text] = {
    "kind": Text(en="kind", tc="種類"),
    "road": Text(en="road", tc="道路"),
    "direction": Text(en="direction", tc="方向"),
    "near": Text(en="landmark", tc="鄰近地點"),
    "lanes": Text(en="lanes", tc="行車線"),
    "links": Text(en="segments", tc="路段"),
    "lon": Text(en="longitude", tc="經度"),
    "lat": Text(en="latitude", tc="緯度"),
    "title": Text(en="title", tc="標題"),
    "state": Text(en="state", tc="狀態"),
}
STATES = {
    State.REPORTED: "已由探測器發現",
    State.CONFIRMED: "仍在進行",
    State.CLEARED: "的行車線已重開",
    State.CLOSED: "已經完結",
    State.MERGED: "已經合併",
}
HALF_A_PLACE = Text(en="a place is a longitude and a latitude", tc="位置須同時有經度及緯度")
BOTH_OR_NEITHER = Text(en="give both or neither", tc="請同時填寫或同時留空")
PLACE: tuple[Field, ...] = ("lon", "lat")
LANES = ("fast", "middle", "slow", "all", "only", "part", *map(str, range(1, 10)))
NO_LANE = "none"  # says, alone, that none is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """A new incident in an operator's own words. ``lanes`` are joined by spaces; ``none`` says that none is closed."""

    kind: IncidentKind
    road: Words
    title: Words = ""
    direction: Words = ""
    near: Words = ""
    lanes: Words = ""
    lon: Lon | None = None
    lat: Lat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectIncident:
    """What an incident is, where the sources have it wrong; what is left out stays as it is."""

    id: str
    kind: IncidentKind | None = None
    road: Words | None = None
    direction: Words | None = None
    near: Words | None = None
    lanes: Words | None = None
    title: Words | None = None
    lon: Lon | None = None
    lat: Lat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideField:
    """One field of an incident, which stays so whatever the sources say; without a value it is released to them."""

    id: str
    field: Field
    value: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeIncidents:
    """``id`` is the same incident as ``into``, which carries on."""

    id: str
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneIncident:
    """An incident by its id."""

    id: str


def open_incident(city: City, asked: OpenIncident, _actor: Actor) -> Outcome:
    """Open an incident; raises BadInput for half a place or an unknown lane."""
    if (asked.lon is None) != (asked.lat is None):
        raise BadInput(HALF_A_PLACE, where="lon, lat", remedy=BOTH_OR_NEITHER)
    now = city.now()
    number = first_free(city, RULINGS, f"OP-{now.astimezone(ZONE):%Y%m%d-%H%M%S}")
    title = as_typed(asked.title) if asked.title else TITLES[asked.kind]
    atlas, direction = read_atlas(city), as_direction(asked.direction)
    opened = Message(
        origin=Origin.OPERATOR,
        thread=number,
        id=number,
        at=now,
        closes=False,
        title=title,
        place=compose_place(*(atlas.called(name) for name in (asked.road, direction, asked.near))),
        lon=asked.lon,
        lat=asked.lat,
        kind=asked.kind,
    )
    overrides = {"lanes": Override(value=_lanes(asked.lanes), at=now)} if asked.lanes else {}
    says = Text(en=f"Opened {number}.", tc=f"已開立 {number}。")
    says = with_doubts(says, atlas, road=asked.road, direction=direction, lon=asked.lon, lat=asked.lat)
    return _outcome(Ruling(id=number, opened=opened, overrides=overrides), says)


def correct_incident(city: City, asked: CorrectIncident, _actor: Actor) -> Outcome:
    """Put several fields right at once; raises NotFound, and BadInput where nothing is corrected."""
    incident = get_incident(city, asked.id)
    said: dict[str, Any] = {
        name: getattr(asked, name)
        for name in ("kind", "road", "direction", "near", "title", "lon", "lat")
        if getattr(asked, name) is not None
    }
    if asked.direction is not None:
        said["direction"] = as_direction(asked.direction)
    if asked.lanes is not None:
        said["lanes"] = _lanes(asked.lanes)
    if not said:
        remedy = Text(en="give at least one field to correct", tc="請填寫最少一項要更正的資料")
        raise BadInput(Text(en="no field was given", tc="沒有填寫任何欄位"), remedy=remedy)
    if ("lon" in said) != ("lat" in said):
        raise BadInput(HALF_A_PLACE, where="lon, lat", remedy=BOTH_OR_NEITHER)
    says = Text(en=f"Corrected {incident.id}.", tc=f"已更正 {incident.id}。")
    moved = said.keys() & {"road", "lon"}
    placed = {name: said.get(name, getattr(incident, name)) for name in ("road", "lon", "lat")} if moved else {}
    if placed or "direction" in said:
        says = with_doubts(says, read_atlas(city), direction=said.get("direction", ""), **placed)
    was = {name: _stood(incident, name) for name in said}
    return replace(_overriding(city, incident, said, says), was=was)


def override_field(city: City, asked: OverrideField, _actor: Actor) -> Outcome:
    """Put one field in the place of what the sources say, or release it; raises NotFound and BadInput.

    A place is released as a whole; a single coordinate can be set where both are an operator's already.
    """
    incident, title = get_incident(city, asked.id), FIELDS[asked.field]
    if not asked.value:
        ruling = _ruling(city, incident.id)
        if asked.field not in ruling.overrides:
            problem = Text(en=f"{asked.field} is not overridden", tc=f"「{title.tc}」沒有更正可取消")
            remedy = Text(en="give a value to override it", tc="如要更正，請填寫內容")
            raise BadInput(problem, where="field", remedy=remedy)
        released = PLACE if asked.field in PLACE else (asked.field,)
        kept = {name: override for name, override in ruling.overrides.items() if name not in released}
        ended = dict(ruling.released) | {str(name): city.now() for name in released}
        title = Text(en="place", tc="位置") if asked.field in PLACE else title
        says = Text(en=f"Released the {title.en} of {incident.id}.", tc=f"已取消更正 {incident.id} 的{title.tc}。")
        return _outcome(replace(ruling, overrides=kept, released=ended), says)
    value = _value(asked.field, asked.value, lambda: read_atlas(city))
    if asked.field in PLACE and not incident.overrides.keys() >= set(PLACE):
        remedy = Text(en="correct both at once", tc="請同時更正兩者")
        raise BadInput(HALF_A_PLACE, where="field", remedy=remedy)
    says = Text(en=f"Set the {title.en} of {incident.id}.", tc=f"已設定 {incident.id} 的{title.tc}。")
    was = {"value": _stood(incident, asked.field)}
    return replace(_overriding(city, incident, {asked.field: value}, says), was=was)


def merge_incidents(city: City, asked: MergeIncidents, _actor: Actor) -> Outcome:
    """Say that two are one; raises NotFound, and BadInput where they are one already or would go in a circle."""
    gone, survivor = get_incident(city, asked.id), get_incident(city, asked.into)
    if gone.id == survivor.id or gone.merged_into:
        problem = Text(
            en=f"{gone.id} cannot be merged into itself or twice", tc=f"{gone.id} 不能併入自己，亦不能合併兩次"
        )
        raise BadInput(problem, where="id", remedy=Text(en="name two incidents", tc="請指明兩宗不同的事故"))
    if survivor.merged_into:
        problem = Text(en=f"{survivor.id} was itself merged", tc=f"{survivor.id} 本身已併入另一事故")
        instead = survivor.merged_into
        remedy = Text(en=f"merge into {instead} instead", tc=f"請改為併入 {instead}")
        raise BadInput(problem, where="into", remedy=remedy)
    ruling = replace(_ruling(city, gone.id), merged_into=survivor.id, merged_at=city.now())
    says = Text(en=f"Merged {gone.id} into {survivor.id}.", tc=f"已將 {gone.id} 併入 {survivor.id}。")
    return _outcome(ruling, says)


def close_incident(city: City, asked: OneIncident, _actor: Actor) -> Outcome:
    """Close an incident, whatever the sources say; raises NotFound, and BadInput where it is closed."""
    incident = get_incident(city, asked.id)
    if not incident.is_open:
        raise BadInput(_stands(incident), where="id")
    says = Text(en=f"Closed {incident.id}.", tc=f"已結束 {incident.id}。")
    return _overriding(city, incident, {"state": State.CLOSED.value}, says)


def reopen_incident(city: City, asked: OneIncident, _actor: Actor) -> Outcome:
    """Open a closed incident again, or part a merged one; raises NotFound, and BadInput where it is open."""
    incident = get_incident(city, asked.id)
    if incident.is_open:
        raise BadInput(_stands(incident), where="id")
    if incident.merged_into:
        parted = Text(
            en=f"Separated {incident.id} from {incident.merged_into}.",
            tc=f"已將 {incident.id} 與 {incident.merged_into} 分拆。",
        )
        return _outcome(replace(_ruling(city, incident.id), merged_into="", merged_at=None), parted)
    says = Text(en=f"Reopened {incident.id}.", tc=f"已重開 {incident.id}。")
    return _overriding(city, incident, {"state": State.CONFIRMED.value}, says)


def _stands(incident: Incident) -> Text:
    return Text(en=f"{incident.id} is {incident.state.value}", tc=f"{incident.id} {STATES[incident.state]}")


def _overriding(city: City, incident: Incident, said: dict[str, Any], says: Text) -> Outcome:
    now, ruling = city.now(), _ruling(city, incident.id)
    added = {name: Override(value=value, at=now) for name, value in said.items()}
    return _outcome(replace(ruling, overrides={**ruling.overrides, **added}), says)


def _outcome(ruling: Ruling, says: Text) -> Outcome:
    return Outcome(says=says, writes=((RULINGS, as_feature(ruling)),))


def _stood(incident: Incident, name: str) -> Any:
    """What a field says now, as a form would say it; a title in all its languages."""
    value = getattr(incident, name)
    if name == "lanes":
        return " ".join(value) or NO_LANE
    if value and name in incident.names:
        return msgspec.to_builtins(incident.names[name])
    return " ".join(value) if isinstance(value, tuple) else value


def _ruling(city: City, incident_id: str) -> Ruling:
    return _find_ruling(city, incident_id) or Ruling(id=incident_id)


def _find_ruling(city: City, incident_id: str) -> Ruling | None:
    """What was decided about an incident so far; a ruling that was taken back is closed, and says nothing."""
    try:
        kept = city.record(RULINGS, incident_id)
    except NotFound:
        return None
    return None if kept.closed_at is not None else from_feature(kept.record)


def _value(field: Field, words: str, atlas: Callable[[], Atlas]) -> Any:
    """What was typed, as the field's own value; raises BadInput."""
    try:
        if field == "kind":
            return IncidentKind(words).value
        if field == "state":
            return _state(words)
        if field in ("lon", "lat"):
            return _degrees(field, float(words))
    except ValueError as error:
        problem = Text(en=f"{words!r} is no {field}", tc=f"「{words}」並非有效的{FIELDS[field].tc}")
        remedy = Text(en="see the field's values in the schema", tc="可用的值見資料結構說明")
        raise BadInput(problem, where="value", remedy=remedy) from error
    if field == "direction":
        return as_direction(words)
    if field == "lanes":
        return _lanes(words)
    return _links(words, atlas()) if field == "links" else words


def _state(words: str) -> str:
    if State(words) is State.MERGED:
        problem = Text(en="an incident is merged by naming the other", tc="合併事故須指明另一宗事故")
        raise BadInput(problem, where="value", remedy=Text(en="use incidents/merge", tc="請使用「併入另一事故」"))
    return State(words).value


def _degrees(field: Field, value: float) -> float:
    low, high = (BOUNDS[0], BOUNDS[2]) if field == "lon" else (BOUNDS[1], BOUNDS[3])
    if not low <= value <= high:
        problem = Text(en=f"{value} lies outside the city", tc=f"{value} 在本市範圍以外")
        raise BadInput(problem, where="value", remedy=Text(en=f"{low} to {high}", tc=f"{low} 至 {high}"))
    return value


def _lanes(words: str) -> list[str]:
    if words == NO_LANE:
        return []
    lanes = list(dict.fromkeys(words.split()))
    unknown = [lane for lane in lanes if lane not in LANES]
    if unknown:
        called, known = ", ".join(unknown), " ".join((*LANES, NO_LANE))
        problem = Text(en=f"no lane is called {called}", tc=f"沒有名為 {called} 的行車線")
        raise BadInput(problem, where="lanes", remedy=Text(en=f"known: {known}", tc=f"可用：{known}"))
    return lanes


def _links(words: str, atlas: Atlas) -> list[str]:
    links = list(dict.fromkeys(words.split()))
    unknown = [link for link in links if link not in atlas.lines]
    if unknown:
        called = ", ".join(unknown)
        problem = Text(en=f"no road segment is called {called}", tc=f"沒有編號為 {called} 的路段")
        remedy = Text(en="ROUTE_IDs of the road network", tc="請填寫道路網絡的路段編號")
        raise BadInput(problem, where="value", remedy=remedy)
    return links

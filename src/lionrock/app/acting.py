"""Doing what people ask: the action's outcome and its line in the journal are stored in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import msgspec

from lionrock.app.governing import DECISION, DECISION_TITLE
from lionrock.app.house import House
from lionrock.app.validation import WHY, read_why, refuse_control, tell_invalid
from lionrock.city.city import City
from lionrock.core.manifest import Action, Actor, Caller, Outcome, Service
from lionrock.core.records import Deed, Entry
from lionrock.core.vocabulary import BadDeclaration, BadInput, NotFound, Text


@dataclass(frozen=True, slots=True)
class Done:
    """An entry of the journal as people are told it: in the action's own words, and what may be done about it."""

    entry: int
    at: datetime
    who: str
    action: str
    title: Text
    command: Any
    why: str
    says: Text
    was: Mapping[str, Any]
    touched: tuple[Mapping[str, str], ...]
    undoes: int | None
    undone_by: int | None
    undoable: bool
    undo_needs: str


def list_actions(house: House) -> dict[str, tuple[Service[City], Action[City, Any]]]:
    """Every action of the city, by path."""
    return {action.path: (service, action) for service in house.catalogue.services for action in service.actions}


def act(house: House, path: str, given: Mapping[str, Any], caller: Caller) -> Done:
    """Do the action at ``path`` as ``caller``, who has its role, with the fields ``given`` and their ``why``.

    Raises NotFound, BadInput naming the field, and what the action itself refuses.
    """
    service, action = _find(house, path)
    why, command = read_why(given), read_command(action, given)
    with house.turn(action.writes):
        now = house.clock.now()
        outcome = action.does(house.cities[service.id], command, Actor(caller.name, caller.roles, why))
        require_declared(action, outcome)
        deed = Deed(actor=caller.name, service=service.id, action=path, command=command, why=why)
        entry = house.journal.act(deed, outcome.says, outcome.writes, now, undo=action.undo, was=outcome.was)
    _tell(house, entry)
    return tell_entry(house, entry)


def require_declared(action: Action[City, Any], outcome: Outcome) -> None:
    """Raise BadDeclaration where an outcome writes what its action did not declare: nobody holds those data sets."""
    strange = {dataset.id for dataset, _ in outcome.writes} - {dataset.id for dataset in action.writes}
    if strange:
        raise BadDeclaration(f"action {action.path} wrote {', '.join(sorted(strange))}: name it in writes=(...)")


def undo(house: House, number: int, given: Mapping[str, Any], caller: Caller) -> Done:
    """Undo entry ``number`` as ``caller``, who has the role of its action; raises NotFound, BadInput, Refused."""
    done = house.journal.get(number)
    service, action = _find(house, done.action)
    deed = Deed(
        actor=caller.name, service=service.id, action=action.path, command={"undo": number}, why=read_why(given)
    )
    with house.turn(action.writes):
        entry = house.journal.undo(number, deed, house.clock.now())
    _tell(house, entry)
    return tell_entry(house, entry)


def read_command(action: Action[City, Any], given: Mapping[str, Any]) -> Any:
    """Make the action's command; raises BadInput naming the field and what is allowed.

    A field that a form sends empty was not given.
    """
    refuse_control(given)
    known = [field.name for field in fields(action.asks)]
    trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    said = {name: value for name, value in trimmed.items() if name != WHY and value != ""}
    unknown = set(said) - set(known)
    if unknown:
        raise BadInput(f"no such field (known ones: {', '.join((*known, WHY))})", where=", ".join(sorted(unknown)))
    try:
        return msgspec.convert(said, action.asks, strict=False)
    except msgspec.ValidationError as error:
        raise tell_invalid(error, action.asks) from error


def tell_entry(house: House, entry: Entry) -> Done:
    """Put an entry into people's words; an action that is no longer declared can only be read about."""
    known = list_actions(house).get(entry.action)
    return Done(
        entry=entry.number,
        at=entry.at,
        who=entry.actor,
        action=entry.action,
        title=known[1].title if known else _title_of(entry.action),
        command=entry.command,
        why=entry.why,
        says=entry.says,
        was=entry.was,
        touched=tuple({"dataset": each.dataset, "id": each.id} for each in entry.touched),
        undoes=entry.undoes,
        undone_by=entry.undone_by,
        undoable=known is not None and entry.undoable and entry.undone_by is None,
        undo_needs=known[1].needs if known else "",
    )


def _title_of(action: str) -> Text:
    return DECISION_TITLE if action.startswith(DECISION) else Text(en=action, tc=action)


def _find(house: House, path: str) -> tuple[Service[City], Action[City, Any]]:
    known = list_actions(house)
    if path not in known:
        raise NotFound(f"no action is at {path!r}; there are: {', '.join(sorted(known)) or 'none'}")
    return known[path]


def _tell(house: House, entry: Entry) -> None:
    house.bus.publish(tuple(sorted({each.dataset for each in entry.touched})), entry.at)

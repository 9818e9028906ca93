"""What a person decides about a model: roll back, promote, ask for a training. Every decision needs a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from lionrock.app.discovery import Catalogue
from lionrock.app.validation import WHY, read_why
from lionrock.city.city import City
from lionrock.core.files import Files
from lionrock.core.manifest import Model, Service
from lionrock.core.records import Trials
from lionrock.core.records.journal import Deed, note_decision
from lionrock.core.records.standing import NOBODY, Decision, Standing, What
from lionrock.core.vocabulary import BadInput, NotFound, Refused, Text

UNTRAINED = "untrained"
"""What stands when nothing does: what the model can say without having learned."""

DECISION, DECISION_TITLE = "models/", Text(en="Decision on a model", tc="模型的決定")
"""How the journal's lines about models begin, and what people call them."""


def list_models(catalogue: Catalogue) -> list[tuple[Service[City], Model[City]]]:
    """Every model with its service."""
    return [(service, model) for service in catalogue.services for model in service.models]


def find_model(catalogue: Catalogue, name: str) -> tuple[Service[City], Model[City]]:
    """A model by ``<service>.<model>``; raises NotFound and names those that there are."""
    known = {
        f"{service.id}.{model.name}": (service, model) for service in catalogue.services for model in service.models
    }
    if name not in known:
        raise NotFound(
            Text(
                en=f"no model is called {name!r}; there are: {', '.join(known) or 'none'}",
                tc=f"沒有名為 {name} 的模型；現有：{'、'.join(known) or '無'}",
            )
        )
    return known[name]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where versions and decisions are kept: the operational database, and the files of what was fitted."""

    engine: Engine
    files: Files

    @property
    def standing(self) -> Standing:
        """The decisions."""
        return Standing(self.engine)

    def list_versions(self, service: str, model: str) -> list[str]:
        """The versions that can be put in use, newest first; of others only the description is left."""
        known = Trials(self.engine).list_versions(service, model)
        return [one.version for one in known if self.files.has(one.file)]


def roll_back(
    shelf: Shelf,
    model: tuple[str, str],
    to: str | None,
    *,
    by: str,
    why: str,
    at: datetime,
    held: bool,
    seen: str | None = None,
) -> Decision:
    """Let the version that stood before stand again, or ``to``; the one that stands now is barred from automation.

    ``model`` is (service, model). Raises NotFound where there is nothing to roll back from or to, BadInput without
    a reason, and Refused where who decided saw another version stand (``seen``): it is not the one they mean.
    """
    service, name = model
    stands = shelf.standing.champion(service, name)
    if stands is None or not stands.stands:
        raise NotFound(
            Text(
                en=f"no version of {service}.{name} stands: there is nothing to roll back from",
                tc=f"{service}.{name} 沒有現用版本，無從復原",
            )
        )
    if seen is not None and seen != stands.stands:
        raise Refused(
            Text(
                en=f"{stands.stands} stands by now, no longer {seen}: look at it, and decide again",
                tc=f"現用版本已由 {seen} 改為 {stands.stands}：請查看後再決定",
            )
        )
    before = _before(shelf, service, name, stands.stands) if to is None else resolve(shelf, service, name, to)
    if before == stands.stands:
        raise BadInput(Text(en=f"version {before} stands already", tc=f"版本 {before} 已在使用"), where="version")
    return _decided(shelf, model, stands.stands, What.ROLLED_BACK, before, by=by, why=why, at=at, held=held)


def promote(
    shelf: Shelf,
    model: tuple[str, str],
    version: str,
    *,
    by: str,
    why: str,
    at: datetime,
    held: bool,
) -> Decision:
    """Let ``version`` stand, whatever its scores; also ends a hold, and lifts the bar of an earlier rollback."""
    service, name = model
    chosen = resolve(shelf, service, name, version)
    return _decided(shelf, model, chosen, What.PROMOTED, chosen, by=by, why=why, at=at, held=held)


def ask_training(shelf: Shelf, model: tuple[str, str], *, by: str, why: str, at: datetime) -> Decision:
    """Ask the running Lionrock for a training now."""
    return _decided(shelf, model, NOBODY, What.ASKED, None, by=by, why=why, at=at, held=False)


def resolve(shelf: Shelf, service: str, model: str, wanted: str) -> str:
    """A version by its name or the beginning of it (NOBODY for ``untrained``); raises NotFound or BadInput."""
    if wanted == UNTRAINED:
        return NOBODY
    known = shelf.list_versions(service, model)
    matching = [version for version in known if version.startswith(wanted)]
    if not wanted or not matching:
        raise NotFound(
            Text(
                en=f"{service}.{model} has no version {wanted!r}; there are: {', '.join(known[:10]) or 'none'}",
                tc=f"{service}.{model} 沒有版本 {wanted}；現有：{'、'.join(known[:10]) or '無'}",
            )
        )
    if len(matching) > 1:
        raise BadInput(
            Text(en=f"{wanted!r} is the beginning of {', '.join(matching)}", tc=f"{wanted} 可指 {'、'.join(matching)}"),
            where="version",
        )
    return matching[0]


def _before(shelf: Shelf, service: str, model: str, present: str) -> str:
    """The newest other version that stood, was not rolled back from and could be read."""
    standing = shelf.standing
    unusable = standing.barred(service, model) | standing.list_unreadable(service, model) | {present}
    usable = set(shelf.list_versions(service, model)) - unusable
    for stood in standing.list_stood(service, model):
        if stood in usable:
            return stood
    raise NotFound(
        Text(
            en=f"no other version of {service}.{model} stood before {present}; name one, or {UNTRAINED!r} for none",
            tc=f"{service}.{model} 在 {present} 之前沒有其他曾用版本；請指明版本，或以 {UNTRAINED} 表示不用",
        )
    )


def _decided(
    shelf: Shelf,
    model: tuple[str, str],
    version: str,
    what: What,
    stands: str | None,
    *,
    by: str,
    why: str,
    at: datetime,
    held: bool,
) -> Decision:
    why = read_why({WHY: why})
    said = Text(en=why)
    decision = Decision(
        service=model[0], model=model[1], version=version, what=what, stands=stands, by=by, why=said, at=at, held=held
    )
    command = {"model": model[1], "version": version, "stands": stands, "held": held}
    deed = Deed(actor=by, service=model[0], action=f"{DECISION}{what.value}", command=command, why=why)
    return shelf.standing.decide(decision, lambda connection: note_decision(connection, deed, _says(decision), at))


def _says(decision: Decision) -> Text:
    name, stands = f"{decision.service}.{decision.model}", decision.stands
    match decision.what:
        case What.ROLLED_BACK | What.PROMOTED if not stands:
            return Text(en=f"Model {name} taken out of use", tc=f"模型 {name}：停用")
        case What.ROLLED_BACK:
            return Text(en=f"Model {name} rolled back to {stands}", tc=f"模型 {name} 回復至 {stands}")
        case What.PROMOTED:
            return Text(en=f"Model {name}: {stands} put in use", tc=f"模型 {name}：啟用 {stands}")
        case _:
            return Text(en=f"A training of model {name} asked for", tc=f"要求訓練模型 {name}")

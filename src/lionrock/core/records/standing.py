"""Who stands: every decision about a model's versions, only ever added to, and the champion that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, literal, select

from lionrock.core.records.model_tables import MODEL_DECISIONS
from lionrock.core.vocabulary import Text, microseconds, moment_of

MACHINE = "lionrock"
NOBODY = ""
NONE = b"null"


class What(StrEnum):
    """What was decided of a version."""

    PROMOTED = "promoted"
    KEPT_BACK = "kept back"
    ROLLED_BACK = "rolled back"
    UNREADABLE = "unreadable"  # the code of today cannot read the champion of yesterday
    ASKED = "asked"  # somebody wants a training now
    FAILED = "failed"  # a training that was due or asked for came to nothing


CHANGES = (What.PROMOTED, What.ROLLED_BACK, What.UNREADABLE)
ENDS_A_TRAINING = (What.PROMOTED, What.KEPT_BACK, What.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: of ``version``, ``by`` whom and ``why``, with the ``scores`` that were looked at (or None).

    ``stands`` is the champion after it, "" where none is, None where the champion stays as it was. ``held``: no
    machine promotes anything until a person does. ``number`` is given by the store; ``entry`` is the journal's line of
    it, told to who decided.
    """

    service: str
    model: str
    version: str
    what: What
    stands: str | None
    by: str
    why: Text
    at: datetime
    scores: Any = None
    held: bool = False
    number: int = 0
    entry: int = 0


class Standing:
    """The decisions of every model, in the operational database; safe with several processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def champion(self, service: str, model: str) -> Decision | None:
        """The decision by which the present champion stands; None before the first."""
        return self._newest(service, model, CHANGES)

    def decide(self, decision: Decision, note: Callable[[Connection], int] | None = None) -> Decision:
        """Keep a decision, whatever was decided before it, and the line that ``note`` writes, in one transaction."""
        row = _row(decision)
        with self._engine.begin() as connection:
            connection.execute(insert(MODEL_DECISIONS).values(row))
            return decision if note is None else replace(decision, entry=note(connection))

    def decide_while(self, weighed: Decision | None, decision: Decision) -> bool:
        """Keep a decision only while the champion stands by ``weighed`` still; returns whether it was kept.

        Judging takes minutes, and a person may have decided meanwhile.
        """
        table, row = MODEL_DECISIONS, _row(decision)
        newest = select(func.coalesce(func.max(table.c.id), 0)).where(*_of(decision.service, decision.model))
        still = newest.where(table.c.what.in_(CHANGES)).scalar_subquery() == (weighed.number if weighed else 0)
        values = select(*(literal(value, table.c[name].type) for name, value in row.items())).where(still)
        with self._engine.begin() as connection:
            return connection.execute(insert(table).from_select(list(row), values)).rowcount == 1

    def list_decisions(self, service: str, model: str, limit: int | None = None) -> list[Decision]:
        """The decisions about a model, newest first."""
        wanted = select(MODEL_DECISIONS).where(*_of(service, model)).order_by(MODEL_DECISIONS.c.id.desc())
        with self._engine.connect() as connection:
            return [_decision(row) for row in connection.execute(wanted.limit(limit))]

    def scores_of(self, service: str, model: str, version: str) -> Any:
        """The scores by which a version was judged last; None where it never was."""
        table = MODEL_DECISIONS
        wanted = select(table.c.scores).where(*_of(service, model), table.c.version == version, table.c.scores != NONE)
        with self._engine.connect() as connection:
            found = connection.execute(wanted.order_by(table.c.id.desc()).limit(1)).scalar_one_or_none()
        return None if found is None else msgspec.json.decode(found)

    def barred(self, service: str, model: str) -> set[str]:
        """The versions that a person rolled back from, and that no person promoted since."""
        barred: set[str] = set()
        for version, what, stands, by in self._changes(service, model):
            if what == What.ROLLED_BACK:
                barred.add(version)
            if by != MACHINE and stands:
                barred.discard(stands)
        return barred

    def list_stood(self, service: str, model: str) -> list[str]:
        """The versions that ever stood, the one that stood last first."""
        stood = [stands for _, _, stands, _ in reversed(self._changes(service, model)) if stands]
        return list(dict.fromkeys(stood))

    def list_unreadable(self, service: str, model: str) -> set[str]:
        """The versions that fell because the code could not read them."""
        return {version for version, what, _, _ in self._changes(service, model) if what == What.UNREADABLE}

    def _changes(self, service: str, model: str) -> list[tuple[str, str, str | None, str]]:
        """(version, what, stands, by whom) of every change, oldest first; without the scores, which are long."""
        table = MODEL_DECISIONS
        wanted = select(table.c.version, table.c.what, table.c.stands, table.c.by_whom)
        wanted = wanted.where(*_of(service, model), table.c.what.in_(CHANGES)).order_by(table.c.id)
        with self._engine.connect() as connection:
            return [(row.version, row.what, row.stands, row.by_whom) for row in connection.execute(wanted)]

    def asked(self, service: str, model: str) -> Decision | None:
        """Who wants a training that has not been since; None where nobody does."""
        asked, ended = self._newest(service, model, (What.ASKED,)), self.last_training(service, model)
        return None if asked is None or (ended is not None and ended.number > asked.number) else asked

    def last_asked(self, service: str, model: str) -> int:
        """The number of the newest decision that asks for a training; 0 before the first."""
        asked = self._newest(service, model, (What.ASKED,))
        return 0 if asked is None else asked.number

    def last_training(self, service: str, model: str) -> Decision | None:
        """What came of the last training; None before the first."""
        return self._newest(service, model, ENDS_A_TRAINING, MACHINE)

    def _newest(self, service: str, model: str, whats: Collection[What], by: str | None = None) -> Decision | None:
        table = MODEL_DECISIONS
        wanted = select(table).where(*_of(service, model), table.c.what.in_(whats)).order_by(table.c.id.desc()).limit(1)
        if by is not None:
            wanted = wanted.where(table.c.by_whom == by)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else _decision(row)


def _of(service: str, model: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return MODEL_DECISIONS.c.service == service, MODEL_DECISIONS.c.model == model


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "service": decision.service,
        "model": decision.model,
        "version": decision.version,
        "what": decision.what.value,
        "stands": decision.stands,
        "held": decision.held,
        "by_whom": decision.by,
        "why": msgspec.json.encode(decision.why),
        "scores": msgspec.json.encode(decision.scores),
        "at_us": microseconds(decision.at),
    }


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        service=row.service,
        model=row.model,
        version=row.version,
        what=What(row.what),
        stands=row.stands,
        by=row.by_whom,
        why=msgspec.json.decode(row.why, type=Text),
        at=moment_of(row.at_us),
        scores=msgspec.json.decode(row.scores),
        held=row.held,
        number=row.id,
    )

"""Local operators, until the city's identity service exists: who they are, their roles, and what was done to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lionrock.core.records.passwords import HASHER, hash_password, refuse_weak
from lionrock.core.records.tables import GUESSES, OPERATORS, SESSIONS, SIGN_INS
from lionrock.core.records.tries import key_of_name
from lionrock.core.vocabulary import BadInput, NotFound, microseconds, moment_of

log = structlog.get_logger()

NAME = re.compile(r"[a-z][a-z0-9._@-]{2,62}")
SIGN_INS_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who may change things; a disabled one stays known, since the journal names people."""

    name: str
    roles: frozenset[str]
    added_at: datetime
    password_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignIn:
    """One line of the record of people: ``what`` happened, to which operator (None: an unknown name), from where."""

    at: datetime
    operator: str | None
    what: str
    client: str


class Operators:
    """The operators in the operational database.

    ``now`` is the machine's time: people live in no other. ``by`` is who changes them, for the record.
    """

    def __init__(
        self, engine: Engine, now: Callable[[], datetime], hasher: PasswordHasher = HASHER, *, by: str = "this machine"
    ) -> None:
        self._engine, self._now, self._hasher, self._by = engine, now, hasher, by

    def add(self, name: str, password: str, roles: Iterable[str]) -> None:
        """Add an operator; raises BadInput for a bad or taken name, and for a weak password."""
        known = name.strip().casefold()
        if not NAME.fullmatch(known):
            raise BadInput(f"{name!r} is no name: 3 to 63 of a-z 0-9 . _ @ -, beginning with a letter")
        refuse_weak(password, known)
        now_us = microseconds(self._now())
        row: dict[str, Any] = {
            "name": known,
            "password": hash_password(password, self._hasher),
            "roles": _joined(roles),
        }
        row |= {"added_us": now_us, "password_us": now_us}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(OPERATORS).values(row))
                note(connection, self._now(), known, "added", self._by)
        except IntegrityError as error:
            raise BadInput(f"there is an operator {known} already") from error

    def get(self, name: str) -> Operator:
        """One operator; raises NotFound."""
        wanted = select(OPERATORS).where(OPERATORS.c.name == name.strip().casefold())
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise NotFound(f"no operator is called {name!r}; `lionrock operator list` names them")
        return _operator(row)

    def list_all(self) -> list[Operator]:
        """Every operator, by name."""
        with self._engine.connect() as connection:
            return [_operator(row) for row in connection.execute(select(OPERATORS).order_by(OPERATORS.c.name))]

    def change_password(self, name: str, password: str) -> None:
        """Give an operator another password; every session of theirs ends, and every lock on their name."""
        known = self.get(name).name
        refuse_weak(password, known)
        kept = hash_password(password, self._hasher)
        self._change(known, "password changed", password=kept, password_us=microseconds(self._now()))

    def set_roles(self, name: str, roles: Iterable[str]) -> None:
        """Give an operator exactly ``roles``; they hold from the next request on."""
        self._change(self.get(name).name, "roles changed", starts_anew=False, roles=_joined(roles))

    def disable(self, name: str) -> None:
        """Let an operator sign in no more; every session of theirs ends."""
        self._change(self.get(name).name, "disabled", disabled_us=microseconds(self._now()))

    def enable(self, name: str) -> None:
        """Let an operator sign in again; a lock on their name ends too."""
        self._change(self.get(name).name, "enabled", disabled_us=None)

    def list_sign_ins(self, limit: int = 100) -> list[SignIn]:
        """Who signed in, failed, was locked out or changed, the newest first."""
        newest = select(SIGN_INS).order_by(SIGN_INS.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [
                SignIn(moment_of(row.at_us), row.operator, row.what, row.client) for row in connection.execute(newest)
            ]

    def _change(self, name: str, what: str, *, starts_anew: bool = True, **values: Any) -> None:
        """Change an operator; one who starts anew has no session and no failed try left."""
        with self._engine.begin() as connection:
            connection.execute(update(OPERATORS).where(OPERATORS.c.name == name).values(values))
            if starts_anew:
                connection.execute(delete(SESSIONS).where(SESSIONS.c.operator == name))
                connection.execute(delete(GUESSES).where(GUESSES.c.guessed == key_of_name(name)))
            note(connection, self._now(), name, what, self._by)


def note(connection: Connection, at: datetime, operator: str | None, what: str, client: str) -> None:
    """Keep one line of the record of people, and log it; what is too old goes."""
    old = SIGN_INS.c.at_us < microseconds(at - SIGN_INS_KEPT)
    connection.execute(delete(SIGN_INS).where(old))
    connection.execute(
        insert(SIGN_INS).values({"at_us": microseconds(at), "operator": operator, "what": what, "client": client})
    )
    say = log.warning if what == "failed" or what.endswith("locked") else log.info
    say("operator", operator=operator, what=what, client=client)


def split_roles(kept: str) -> frozenset[str]:
    """Roles as the table keeps them."""
    return frozenset(kept.split())


def _joined(roles: Iterable[str]) -> str:
    return " ".join(sorted(set(roles)))


def _operator(row: Row[Any]) -> Operator:
    return Operator(
        name=row.name,
        roles=split_roles(row.roles),
        added_at=moment_of(row.added_us),
        password_at=moment_of(row.password_us),
        disabled_at=None if row.disabled_us is None else moment_of(row.disabled_us),
    )

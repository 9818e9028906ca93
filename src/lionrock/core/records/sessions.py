"""Signing in and staying so: sessions whose token only their holder has."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update

from lionrock.core.records.operators import note, split_roles
from lionrock.core.records.passwords import DECOY, HASHER, hash_password, is_password
from lionrock.core.records.tables import OPERATORS, SESSIONS
from lionrock.core.records.tries import count_try, forgive
from lionrock.core.vocabulary import SignedOut, microseconds, moment_of

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)  # a shift
MOST_OF_ONE = 10  # sessions of one operator; the one begun longest ago ends first
SEEN_EVERY = timedelta(minutes=1)  # not every request is worth a write
TOKEN_BYTES = 32
NOT_RIGHT = "the name or the password is not right"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, with the roles that they have now, and the token that every change must carry."""

    operator: str
    roles: frozenset[str]
    csrf: str


class Sessions:
    """The sessions in the operational database.

    ``now`` is the machine's time; ``decoy`` is a hash of the hasher's own cost, compared for unknown names.
    """

    def __init__(
        self, engine: Engine, now: Callable[[], datetime], hasher: PasswordHasher = HASHER, decoy: str = DECOY
    ) -> None:
        self._engine, self._now, self._hasher, self._decoy = engine, now, hasher, decoy

    def sign_in(self, name: str, password: str, client: str, *, instead_of: str | None = None) -> tuple[str, Session]:
        """Begin a session; returns its token and the session. That of the token ``instead_of`` ends.

        Raises SignedOut, which does not tell what was wrong, and TooManyTries. An unknown name, a disabled
        operator and a wrong password take equally long.
        """
        given = name.strip().casefold()
        with self._engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # two tries at once must count two
            locks = count_try(connection, given, client, self._now())
            row = connection.execute(select(OPERATORS).where(OPERATORS.c.name == given)).one_or_none()
        right = is_password(self._decoy if row is None else row.password, password, self._hasher)
        if row is None or not right or row.disabled_us is not None:
            self._failed(None if row is None else given, client, locks)
            raise SignedOut(NOT_RIGHT)
        newer = hash_password(password, self._hasher) if self._hasher.check_needs_rehash(row.password) else None
        return self._begin(row, newer, client, instead_of)

    def find(self, token: str) -> Session | None:
        """The session of a token, if there is one that has neither ended nor idled away."""
        now = self._now()
        wanted = (
            select(SESSIONS.c.seen_us, OPERATORS.c.name, OPERATORS.c.roles)
            .join(OPERATORS, OPERATORS.c.name == SESSIONS.c.operator)
            .where(SESSIONS.c.digest == _digest(token), OPERATORS.c.disabled_us.is_(None))
            .where(SESSIONS.c.seen_us > microseconds(now - IDLE), SESSIONS.c.began_us > microseconds(now - LONGEST))
        )
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            return None
        if abs(now - moment_of(row.seen_us)) >= SEEN_EVERY:
            self._see(token, now)
        return Session(row.name, split_roles(row.roles), csrf_of(token))

    def sign_out(self, token: str, client: str) -> None:
        """End the session of a token; one that is over already stays over."""
        with self._engine.begin() as connection:
            gone = delete(SESSIONS).where(SESSIONS.c.digest == _digest(token)).returning(SESSIONS.c.operator)
            operator = connection.execute(gone).scalar_one_or_none()
            if operator is not None:
                note(connection, self._now(), operator, "signed out", client)

    def _begin(self, row: Row[Any], newer: str | None, client: str, instead_of: str | None) -> tuple[str, Session]:
        """Begin the session of the operator in ``row``, whose password is kept as ``newer`` from now on."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._now()
        still = OPERATORS.c.name == row.name, OPERATORS.c.password == row.password, OPERATORS.c.disabled_us.is_(None)
        with self._engine.begin() as connection:
            same = update(OPERATORS).where(*still).values(password=newer or row.password)
            if connection.execute(same).rowcount != 1:  # disabled or changed while the hash was being made
                raise SignedOut(NOT_RIGHT)
            forgive(connection, row.name, client, now)
            _end_old(connection, row.name, instead_of, now)
            values = {"digest": _digest(token), "operator": row.name, "client": client}
            values |= {"began_us": microseconds(now), "seen_us": microseconds(now)}
            connection.execute(insert(SESSIONS).values(values))
            note(connection, now, row.name, "signed in", client)
        return token, Session(row.name, split_roles(row.roles), csrf_of(token))

    def _failed(self, operator: str | None, client: str, locks: list[str]) -> None:
        with self._engine.begin() as connection:
            note(connection, self._now(), operator, "failed", client)
            for what in locks:
                note(connection, self._now(), operator, f"{what} locked", client)

    def _see(self, token: str, now: datetime) -> None:
        with self._engine.begin() as connection:
            seen = update(SESSIONS).where(SESSIONS.c.digest == _digest(token)).values(seen_us=microseconds(now))
            connection.execute(seen)


def csrf_of(token: str) -> str:
    """What every change of a session must carry: made of its token, so nothing more is kept."""
    return base64.urlsafe_b64encode(hmac.digest(token.encode(), b"csrf", "sha256")).decode().rstrip("=")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _end_old(connection: Connection, operator: str, instead_of: str | None, now: datetime) -> None:
    """End what is over, the session that the new one replaces, and the operator's oldest beyond their number."""
    over = or_(
        SESSIONS.c.seen_us <= microseconds(now - IDLE),
        SESSIONS.c.began_us <= microseconds(now - LONGEST),
        SESSIONS.c.digest == _digest(instead_of or ""),
    )
    connection.execute(delete(SESSIONS).where(over))
    newest = (
        select(SESSIONS.c.digest)
        .where(SESSIONS.c.operator == operator)
        .order_by(SESSIONS.c.began_us.desc())
        .limit(MOST_OF_ONE - 1)
    )
    connection.execute(delete(SESSIONS).where(SESSIONS.c.operator == operator, SESSIONS.c.digest.not_in(newest)))

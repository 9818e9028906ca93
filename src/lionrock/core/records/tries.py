"""Tries to guess a password: counted by name and by client before a password is looked at, with growing delays."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from lionrock.core.records.tables import GUESSES
from lionrock.core.vocabulary import TooManyTries, microseconds, moment_of


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures cost nothing; then each doubles the wait, up to ``longest``; all ``forgotten`` in time."""

    free: int
    first: timedelta
    longest: timedelta
    forgotten: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """How long nobody is heard after the last of ``failures`` in a row."""
        if failures < self.free:
            return timedelta()
        doublings = min(failures - self.free, 30)
        return min(self.first * (1 << doublings), self.longest)


# A name: a person mistypes four times; then at most a hundred guesses a day are heard (NIST SP 800-63B asks for that).
OF_A_NAME = Patience(free=5, first=timedelta(seconds=30), longest=timedelta(minutes=15), forgotten=timedelta(days=1))
# A client: several people may share one address, so it is more patient, and stops who tries many names. This machine
# itself is none: everybody on it has its address, and one of them could keep all the others out.
OF_A_CLIENT = Patience(free=20, first=timedelta(seconds=2), longest=timedelta(minutes=2), forgotten=timedelta(hours=1))


def key_of_name(name: str) -> str:
    """Under what a name is counted: its digest, since what is typed there may be a password."""
    return f"name:{hashlib.sha256(name.encode()).hexdigest()}"


def key_of_client(client: str) -> str:
    """Under what a client is counted."""
    return f"client:{client}"


def is_this_machine(client: str) -> bool:
    """Whether an address is of the loopback."""
    with suppress(ValueError):
        return ip_address(client).is_loopback
    return False


def count_try(connection: Connection, name: str, client: str, now: datetime) -> list[str]:
    """Count one more try as failed, before it is known, so that many at once are no more than one after the other.

    Returns what this try locks if it fails (``name``, ``client``). Raises TooManyTries, counting nothing,
    while one of the two must wait.
    """
    counted = [(key_of_name(name), OF_A_NAME, "name")]
    if not is_this_machine(client):
        counted.append((key_of_client(client), OF_A_CLIENT, "client"))
    failures = {key: _failures(connection, key, patience, now) for key, patience, _ in counted}
    for key, patience, _ in counted:
        _keep(connection, key, failures[key] + 1, now)
        _forget_old(connection, patience, key, now)
    return [what for key, patience, what in counted if patience.wait_after(failures[key] + 1)]


def forgive(connection: Connection, name: str, client: str, now: datetime) -> None:
    """The password was right: forget the failures of the name, and take back this try from the client's."""
    connection.execute(delete(GUESSES).where(GUESSES.c.guessed == key_of_name(name)))
    key = key_of_client(client)
    row = connection.execute(select(GUESSES).where(GUESSES.c.guessed == key)).one_or_none()
    if row is not None:
        _keep(connection, key, max(row.failures - 1, 0), now)


def _failures(connection: Connection, key: str, patience: Patience, now: datetime) -> int:
    """Failures that still count; raises TooManyTries while the last of them makes everybody wait."""
    row = connection.execute(select(GUESSES).where(GUESSES.c.guessed == key)).one_or_none()
    if row is None:
        return 0
    passed = abs(now - moment_of(row.last_us))  # a clock that was set back must lock nobody for years
    if passed >= patience.forgotten:
        return 0
    wait = patience.wait_after(row.failures) - passed
    if wait > timedelta():
        raise TooManyTries(wait)
    return int(row.failures)


def _keep(connection: Connection, key: str, failures: int, now: datetime) -> None:
    values = {"failures": failures, "last_us": microseconds(now)}
    statement = upsert(GUESSES).values(guessed=key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["guessed"], set_=values))


def _forget_old(connection: Connection, patience: Patience, key: str, now: datetime) -> None:
    kind = key.partition(":")[0]
    old = GUESSES.c.last_us < microseconds(now - patience.forgotten)
    connection.execute(delete(GUESSES).where(GUESSES.c.guessed.startswith(f"{kind}:"), old))

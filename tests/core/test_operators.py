"""Operators, their passwords and sessions, and who guesses: over a real database, on a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from lionrock.core.records.database import open_database
from lionrock.core.records.operators import Operators
from lionrock.core.records.passwords import DECOY, HASHER, hash_password, is_password, refuse_weak
from lionrock.core.records.sessions import IDLE, LONGEST, MOST_OF_ONE, Sessions
from lionrock.core.records.tables import GUESSES, OPERATORS, SESSIONS, SIGN_INS
from lionrock.core.records.tries import OF_A_CLIENT, OF_A_NAME
from lionrock.core.vocabulary import BadInput, NotFound, SignedOut, Source, TooManyTries

PASSWORD = "harbour lanterns over slow water"  # noqa: S105 - of an operator who lives in a test
WRONG = "harbour lanterns over fast water"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HERE, ELSEWHERE, THIS_MACHINE = "192.0.2.1", "192.0.2.2", ("127.0.0.1", "127.8.8.8", "::1")
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


@dataclass
class People:
    """Operators and sessions over one database, and the clock of both."""

    engine: Engine
    now: datetime = NOON
    operators: Operators = field(init=False)
    sessions: Sessions = field(init=False)

    def __post_init__(self) -> None:
        self.operators = Operators(self.engine, lambda: self.now, CHEAP, by="a test")
        self.sessions = Sessions(self.engine, lambda: self.now, CHEAP, CHEAP.hash("nobody's"))

    def is_heard(self, name: str, password: str = WRONG, client: str = HERE) -> bool:
        """Whether a wrong password is looked at, and not turned away unread."""
        with pytest.raises((SignedOut, TooManyTries)) as refused:
            self.sessions.sign_in(name, password, client)
        return refused.type is SignedOut

    def whats(self) -> list[str]:
        return [each.what for each in self.operators.list_sign_ins()]


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    engine = open_database(tmp_path, Source.TWIN)
    known = People(engine)
    known.operators.add("alice", PASSWORD, ["traffic-operator"])
    yield known
    engine.dispose()


# Passwords


def test_passwords_are_kept_as_rfc_9106_asks_where_memory_is_short() -> None:
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_unknown_name_is_compared_with_a_hash_of_the_same_cost() -> None:
    assert not HASHER.check_needs_rehash(DECOY)


@pytest.mark.parametrize(
    "weak",
    ["", "eleven char", "password1234", "123456789012", "qwertyuiop12", "aaaaaaaaaaaaaaaa", "iloveyou1234",
     "passwordpassword", "alice in wonderland at tea", "ALICE has many unusual words", "x" * 257],
)  # fmt: skip
def test_short_common_and_telling_passwords_are_refused(weak: str) -> None:
    with pytest.raises(BadInput):
        refuse_weak(weak, "alice")


def test_a_part_of_the_name_is_refused_too_and_short_parts_are_not_looked_for() -> None:
    refuse_weak("my slow kettle sings at dawn", "my.kwong")
    with pytest.raises(BadInput, match="name"):
        refuse_weak("old kwong kettle sings at dawn", "my.kwong")


def test_a_password_is_the_same_however_the_keyboard_composed_it() -> None:
    assert is_password(hash_password("caf\u00e9 on the slow ferry", CHEAP), "cafe\u0301 on the slow ferry", CHEAP)


def test_what_is_no_hash_is_nobodys_password() -> None:
    assert not is_password("", PASSWORD, CHEAP)


# Operators


@pytest.mark.parametrize("name", ["", "al", "1alice", "alice chan", "a" * 64, "alice\n", "陳大文", "../alice"])
def test_a_name_is_letters_that_everybody_can_type(people: People, name: str) -> None:
    with pytest.raises(BadInput):
        people.operators.add(name, PASSWORD, [])


def test_a_name_is_taken_once_in_any_case(people: People) -> None:
    with pytest.raises(BadInput, match="already"):
        people.operators.add("Alice", PASSWORD, [])
    assert [each.name for each in people.operators.list_all()] == ["alice"]
    assert people.sessions.sign_in(" ALICE ", PASSWORD, HERE)[1].operator == "alice"


def test_an_unknown_operator_is_an_error_for_every_change(people: People) -> None:
    for change in (people.operators.disable, people.operators.enable, people.operators.get):
        with pytest.raises(NotFound, match="nobody"):
            change("nobody")


def test_every_change_of_an_operator_is_on_record_with_who_made_it(people: People) -> None:
    people.operators.set_roles("alice", ["steward"])
    people.operators.disable("alice")
    people.operators.enable("alice")
    people.operators.change_password("alice", "four other words entirely now")
    told = people.operators.list_sign_ins()
    assert [each.what for each in told] == ["password changed", "enabled", "disabled", "roles changed", "added"]
    assert {each.client for each in told} == {"a test"}


# Sessions


def test_the_database_holds_neither_password_nor_token_nor_a_name_that_nobody_has(people: People) -> None:
    token, session = people.sessions.sign_in("alice", PASSWORD, HERE)
    people.is_heard("my password typed as a name")
    with people.engine.connect() as connection:
        kept = [
            repr(row) for table in (OPERATORS, SESSIONS, GUESSES, SIGN_INS) for row in connection.execute(select(table))
        ]
    assert len(kept) == 1 + 1 + 2 + 3  # an operator, a session, what is counted of a name and a client, three lines
    for secret in (PASSWORD, token, session.csrf, "my password"):
        assert not any(secret in row for row in kept)


def test_no_password_is_logged(people: People) -> None:
    structlog.reset_defaults()  # a verb that ran before in this process may have quietened the log
    with structlog.testing.capture_logs() as logged:
        people.sessions.sign_in("alice", PASSWORD, HERE)
        people.is_heard("alice")
    assert [line["what"] for line in logged] == ["signed in", "failed"]
    assert not any(secret in repr(logged) for secret in (PASSWORD, WRONG))


def test_a_token_is_new_at_every_sign_in_and_the_one_before_ends(people: People) -> None:
    first, _ = people.sessions.sign_in("alice", PASSWORD, HERE)
    second, session = people.sessions.sign_in("alice", PASSWORD, HERE, instead_of=first)
    assert first != second
    assert len(second) == 43
    assert people.sessions.find(first) is None
    assert people.sessions.find(second) == session


def test_a_session_idles_away_and_is_kept_by_use(people: People) -> None:
    token, _ = people.sessions.sign_in("alice", PASSWORD, HERE)
    for _ in range(4):
        people.now += IDLE - timedelta(minutes=1)
        assert people.sessions.find(token) is not None
    people.now += IDLE
    assert people.sessions.find(token) is None


def test_no_use_keeps_a_session_beyond_a_shift(people: People) -> None:
    token, _ = people.sessions.sign_in("alice", PASSWORD, HERE)
    for half_hours in range(1, 24):
        people.now = NOON + half_hours * IDLE / 2
        assert people.sessions.find(token) is not None
    people.now = NOON + LONGEST
    assert people.sessions.find(token) is None


@pytest.mark.parametrize("end", ["disable", "password", "sign out"])
def test_a_session_ends_when_its_operator_is_disabled_gets_a_password_or_signs_out(people: People, end: str) -> None:
    token, _ = people.sessions.sign_in("alice", PASSWORD, HERE)
    {
        "disable": lambda: people.operators.disable("alice"),
        "password": lambda: people.operators.change_password("alice", "four other words entirely now"),
        "sign out": lambda: people.sessions.sign_out(token, HERE),
    }[end]()
    assert people.sessions.find(token) is None


def test_roles_hold_from_the_next_request_on(people: People) -> None:
    token, _ = people.sessions.sign_in("alice", PASSWORD, HERE)
    people.operators.set_roles("alice", ["steward"])
    found = people.sessions.find(token)
    assert found is not None
    assert found.roles == {"steward"}


def test_a_disabled_operator_hears_what_a_stranger_hears_and_is_back_when_enabled(people: People) -> None:
    people.operators.disable("alice")
    with pytest.raises(SignedOut) as disabled:
        people.sessions.sign_in("alice", PASSWORD, HERE)
    with pytest.raises(SignedOut) as unknown:
        people.sessions.sign_in("nobody", PASSWORD, HERE)
    assert str(disabled.value) == str(unknown.value)
    people.operators.enable("alice")
    assert people.sessions.sign_in("alice", PASSWORD, HERE)


def test_only_the_newest_sessions_of_an_operator_stay(people: People) -> None:
    tokens = []
    for _ in range(MOST_OF_ONE + 2):
        people.now += timedelta(seconds=1)
        tokens.append(people.sessions.sign_in("alice", PASSWORD, HERE)[0])
    assert [people.sessions.find(token) is not None for token in tokens] == [False] * 2 + [True] * MOST_OF_ONE


def test_each_session_has_a_csrf_token_of_its_own_that_does_not_tell_the_other(people: People) -> None:
    told = [people.sessions.sign_in("alice", PASSWORD, HERE) for _ in range(2)]
    assert len({text for token, session in told for text in (token, session.csrf)}) == 4


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(people: People) -> None:
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    Sessions(people.engine, lambda: people.now, dearer).sign_in("alice", PASSWORD, HERE)
    with people.engine.connect() as connection:
        kept = connection.execute(select(OPERATORS.c.password)).scalar_one()
    assert "m=16,t=2,p=1" in kept
    assert people.sessions.sign_in("alice", PASSWORD, HERE)


# Guessing


def test_a_person_may_mistype_and_the_right_password_forgives(people: People) -> None:
    for _ in range(3):
        assert [people.is_heard("alice") for _ in range(OF_A_NAME.free - 1)] == [True] * 4
        assert people.sessions.sign_in("alice", PASSWORD, HERE)


def test_a_locked_name_is_not_heard_even_with_the_right_password(people: People) -> None:
    assert all(people.is_heard("alice") for _ in range(OF_A_NAME.free))
    with pytest.raises(TooManyTries) as locked:
        people.sessions.sign_in("alice", PASSWORD, HERE)
    assert locked.value.wait == OF_A_NAME.first
    people.now += OF_A_NAME.first
    assert people.sessions.sign_in("alice", PASSWORD, HERE)


def test_waits_double_up_to_their_longest(people: People) -> None:
    waits = []
    for failures in range(OF_A_NAME.free + 7):
        people.now += OF_A_NAME.wait_after(failures)
        assert people.is_heard("alice", client=f"client {failures}")
        waits.append(OF_A_NAME.wait_after(failures + 1).total_seconds())
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_who_guesses_at_one_name_all_day_from_everywhere_is_heard_about_a_hundred_times(people: People) -> None:
    heard = 0
    for second in range(0, 86_400, 30):
        people.now = NOON + timedelta(seconds=second)
        heard += people.is_heard("alice", client=f"client {second}")
    assert 90 <= heard <= 110


def test_a_name_that_nobody_has_is_locked_like_one_that_somebody_has(people: People) -> None:
    for name in ("alice", "nobody"):
        assert [people.is_heard(name, client=name) for _ in range(OF_A_NAME.free + 1)] == [True] * 5 + [False]


def test_who_tries_many_names_from_one_place_is_locked_and_nobody_elsewhere_is(people: People) -> None:
    heard = [people.is_heard(f"name-{number}") for number in range(OF_A_CLIENT.free + 3)]
    assert heard == [True] * OF_A_CLIENT.free + [False] * 3
    with pytest.raises(TooManyTries):
        people.sessions.sign_in("alice", PASSWORD, HERE)
    assert people.sessions.sign_in("alice", PASSWORD, ELSEWHERE)


def test_who_tries_many_names_on_this_machine_keeps_nobody_out(people: People) -> None:
    for client in THIS_MACHINE:
        assert all(people.is_heard(f"{client} {number}", client=client) for number in range(OF_A_CLIENT.free + 3))
        assert people.sessions.sign_in("alice", PASSWORD, client)
    heard = [people.is_heard("alice", client="127.0.0.1") for _ in range(OF_A_NAME.free + 1)]
    assert heard == [True] * OF_A_NAME.free + [False]  # a name is locked from here as well


def test_signing_in_oneself_does_not_clear_a_client_that_guesses(people: People) -> None:
    for number in range(OF_A_CLIENT.free - 1):
        assert people.is_heard(f"name-{number}")
        assert people.sessions.sign_in("alice", PASSWORD, HERE)
    assert [people.is_heard(f"name-{number}") for number in (20, 21)] == [True, False]


def test_a_hundred_guesses_at_once_are_heard_no_more_than_one_after_the_other(people: People) -> None:
    together = threading.Barrier(8)

    def guess(number: int) -> bool:
        together.wait()
        return people.is_heard("alice", client=f"client {number}")

    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(guess, range(96)))
    assert sum(heard) == OF_A_NAME.free


def test_failures_are_forgotten_in_time(people: People) -> None:
    assert all(people.is_heard("alice") for _ in range(OF_A_NAME.free))
    people.now += OF_A_NAME.forgotten
    assert [people.is_heard("alice") for _ in range(OF_A_NAME.free + 1)] == [True] * 5 + [False]


def test_a_clock_that_is_set_back_locks_nobody_for_years(people: People) -> None:
    people.now = NOON + timedelta(days=3000)
    assert all(people.is_heard("alice") for _ in range(OF_A_NAME.free))
    people.now = NOON
    assert people.sessions.sign_in("alice", PASSWORD, HERE)


def test_enabling_ends_a_lock(people: People) -> None:
    assert all(people.is_heard("alice") for _ in range(OF_A_NAME.free))
    people.operators.enable("alice")
    assert people.sessions.sign_in("alice", PASSWORD, HERE)


def test_sign_ins_failures_and_locks_are_on_record_and_an_unknown_name_is_not_written_down(people: People) -> None:
    people.sessions.sign_in("alice", PASSWORD, HERE)
    people.is_heard("nobody at all")
    for _ in range(OF_A_NAME.free + 1):
        people.is_heard("alice", client=ELSEWHERE)
    told = [(each.operator, each.what, each.client) for each in reversed(people.operators.list_sign_ins())]
    assert told == [
        ("alice", "added", "a test"),
        ("alice", "signed in", HERE),
        (None, "failed", HERE),
        *[("alice", "failed", ELSEWHERE)] * OF_A_NAME.free,
        ("alice", "name locked", ELSEWHERE),
    ]


def test_old_lines_and_old_guesses_do_not_pile_up(people: People) -> None:
    for number in range(OF_A_CLIENT.free):
        people.is_heard(f"name-{number}")
    people.now += timedelta(days=401)
    people.is_heard("alice")
    assert people.whats() == ["failed"]
    with people.engine.connect() as connection:
        assert len(connection.execute(select(GUESSES)).all()) == 2


def test_nobody_else_on_the_machine_can_read_the_database(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").touch(mode=0o644)
    engine = open_database(tmp_path, Source.TWIN)
    with engine.connect() as connection:
        connection.execute(select(OPERATORS))
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    engine.dispose()
    assert modes == dict.fromkeys(("records.sqlite", "records.sqlite-wal", "records.sqlite-shm"), 0o600)

"""Passwords: which are taken, and how they are kept (argon2id, RFC 9106)."""

from __future__ import annotations

import re
import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from lionrock.core.vocabulary import BadInput

# RFC 9106, section 4, the second recommended choice: 64 MiB, three passes, four lanes; 0.1 s on two cores.
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, hash_len=32, salt_len=16, type=Type.ID)
# What is looked at for a name that nobody has, so that it takes as long: the hash of a password that was thrown away.
DECOY = "$argon2id$v=19$m=65536,t=3,p=4$Tn+AX9rYtjsmEkpDuwlT4w$UrpQpafcNxZ9kSK4q6nMBfgyyU3TjxFQrSJsaSH8guQ"

SHORTEST, LONGEST = 12, 256
STRONG_ENOUGH = 3  # zxcvbn's "safely unguessable": more than 10^8 guesses
JUDGED_LETTERS = 72  # what zxcvbn takes; a strong beginning is strong enough
TELLING_PART = 4  # letters of a name's part that a password must not contain
REMEDY = "four unusual words in a row are easy to remember and hard to guess"


def normalised(password: str) -> str:
    """A password in one form, however a keyboard composed it (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def refuse_weak(password: str, name: str) -> None:
    """Raise BadInput where ``password`` is too short, common, easy to guess, or contains the operator's ``name``."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists cost 60 ms of every start, and few verbs set passwords

    plain = normalised(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters", remedy=REMEDY)
    parts = [part for part in re.split(r"[^a-z0-9]+", name.casefold()) if len(part) >= TELLING_PART]
    if any(part in plain.casefold() for part in (name.casefold(), *parts)):
        raise BadInput("the password contains the operator's name", remedy=REMEDY)
    judged = zxcvbn(plain[:JUDGED_LETTERS], user_inputs=[name, *parts, "lionrock"])
    if judged["score"] < STRONG_ENOUGH:
        why = judged["feedback"]["warning"].rstrip(".") or "this is easy to guess"
        raise BadInput(f"the password is too weak: {why[0].lower()}{why[1:]}", remedy=REMEDY)


def hash_password(password: str, hasher: PasswordHasher = HASHER) -> str:
    """The password as it is kept: a salted argon2id hash with its parameters."""
    return hasher.hash(normalised(password))


def is_password(kept: str, password: str, hasher: PasswordHasher = HASHER) -> bool:
    """Whether ``password`` is the one that ``kept`` was made of; takes as long either way."""
    try:
        return hasher.verify(kept, normalised(password))
    except (VerificationError, InvalidHashError):
        return False

"""Passwords, hashed by argon2id."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    # 19 MiB and two passes on one lane: the floor that OWASP names, so that a small instance signs people in quickly.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("no account has this password")


def hash(password: str) -> str:
    """A salted hash of `password`, to be kept."""
    return _hasher().hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one that `stored` was made from.

    None stands for an account that does not exist and "" for one without a password: no password is theirs, and it
    takes as long, so that time tells nobody who has an account.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    try:
        return _hasher().verify(stored or _nobody(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether `stored` was made with weaker parameters than today's and should be made anew at the next sign-in."""
    return _hasher().check_needs_rehash(stored)

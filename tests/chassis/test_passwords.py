"""Passwords: hashed so that they can be checked and not read, and so that time tells nobody who has an account."""

import time

import pytest

from apps.chassis import passwords

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("real_hashes")]


def test_the_right_password_is_accepted_and_a_wrong_one_is_not() -> None:
    stored = passwords.hash("correct horse battery")
    assert "correct" not in stored
    assert passwords.verify(stored, "correct horse battery")
    assert not passwords.verify(stored, "correct horse batterz")


def test_two_hashes_of_one_password_differ() -> None:
    assert passwords.hash("same words again") != passwords.hash("same words again")


def test_an_account_that_does_not_exist_takes_the_time_of_one_that_does() -> None:
    stored = passwords.hash("some password here")
    passwords.verify(None, "warm up")
    # In turns, so that a busy machine delays both alike.
    turns = [(seconds(stored), seconds(None)) for _ in range(5)]
    known, unknown = (min(times) for times in zip(*turns, strict=True))
    assert not passwords.verify(None, "anything at all")
    assert 0.5 < unknown / known < 2


def seconds(stored: str | None) -> float:
    started = time.thread_time()
    passwords.verify(stored, "a wrong password")
    return time.thread_time() - started


def test_a_damaged_hash_or_an_endless_password_is_simply_wrong() -> None:
    assert not passwords.verify("not a hash", "x")
    assert not passwords.verify(passwords.hash("short enough"), "x" * 2000)


def test_a_weaker_hash_is_known_as_outdated() -> None:
    from argon2 import PasswordHasher

    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.outdated(passwords.hash("x"))


def test_an_account_without_a_password_has_none_that_could_be_guessed() -> None:
    for stored in (None, ""):
        assert not any(passwords.verify(stored, guess) for guess in ("", "no account has this password"))

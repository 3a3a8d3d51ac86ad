"""The first administrator of a site is made by hand: `python -m apps.NAME administrator EMAIL`."""

import getpass
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from apps.chassis import passwords
from apps.chassis.commands import CommandError
from apps.chassis.settings import Settings
from apps.chassis.sites import Command

if TYPE_CHECKING:
    from apps.chassis.people import Person


def command(kind: "Callable[[], type[Person]]") -> Command:
    """The verb `administrator` for a site whose people are of this kind, which is loaded late."""
    return Command(
        "EMAIL: make an administrator, or give one a new password",
        lambda argv, settings: appoint(kind(), argv, settings),
    )


def appoint(kind: "type[Person]", argv: Sequence[str], settings: Settings) -> int:
    """Make an administrator, or give an account that role and a new password, which ends its sessions."""
    from apps.chassis.app import open_database, site_of
    from apps.chassis.people import is_email
    from apps.chassis.transactions import transaction

    if len(argv) != 1 or not is_email(argv[0]):
        raise CommandError(f"usage: python -m apps.{settings.app} administrator EMAIL")
    password = read_password()
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise CommandError(f"a password has {passwords.SHORTEST} to {passwords.LONGEST} characters")
    password_hash = passwords.hash(password)
    database = open_database(site_of(settings.app), settings)
    assert database is not None
    try:
        with transaction(database) as db:
            kind.appoint(db, argv[0], password_hash)
    finally:
        database.dispose()
    print(f"{argv[0].strip()} is an administrator now")  # noqa: T201
    return 0


def read_password() -> str:
    """Typed twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("these are two different passwords")
    return password

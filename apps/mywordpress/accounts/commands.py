"""`python -m apps.mywordpress administrator EMAIL`"""

import getpass
import sys
from collections.abc import Sequence

from apps.chassis import passwords
from apps.chassis.commands import CommandError
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.mywordpress.accounts.models import EMAIL, SHORTEST_PASSWORD, User


def administrator(argv: Sequence[str], settings: Settings) -> int:
    """Make an administrator, or give the user of this address that role and a new password; prints one line."""
    if len(argv) != 1 or not EMAIL.fullmatch(argv[0].strip()):
        raise CommandError("usage: python -m apps.mywordpress administrator EMAIL")
    password = _password()
    if not SHORTEST_PASSWORD <= len(password) <= 1024:
        raise CommandError(f"a password has {SHORTEST_PASSWORD} to 1024 characters")
    password_hash = passwords.hash(password)
    from apps.chassis.app import open_database, site_of

    database = open_database(site_of(settings.app), settings)
    assert database is not None
    try:
        with transaction(database) as db:
            User.appoint(db, argv[0], password_hash)
    finally:
        database.dispose()
    print(f"{argv[0].strip()} is an administrator now")  # noqa: T201
    return 0


def _password() -> str:
    """Typed twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise CommandError("these are two different passwords")
    return password

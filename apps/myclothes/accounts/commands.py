"""The first administrator is made by hand, on a server."""

import getpass
import sys
from collections.abc import Sequence

from apps.chassis.commands import CommandError
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes.accounts.models import LONGEST_PASSWORD, SHORTEST_PASSWORD, Customer, is_email


def administrator(argv: Sequence[str], settings: Settings) -> int:
    """Make an administrator, or give an account that role and a new password, which ends its sessions."""
    from apps.chassis.app import open_database, site_of

    if len(argv) != 1 or not is_email(argv[0]):
        raise CommandError("usage: python -m apps.myclothes administrator EMAIL")
    password = _password()
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise CommandError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    database = open_database(site_of(settings.app), settings)
    assert database is not None
    with transaction(database) as db:
        Customer.appoint(db, argv[0], password)
    database.dispose()
    print(f"{argv[0].strip()} is an administrator now")  # noqa: T201
    return 0


def _password() -> str:
    """Typed twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("these are two different passwords")
    return password

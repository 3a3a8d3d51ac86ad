"""`python -m apps.mywordpress export FILE`"""

import os
from collections.abc import Sequence
from pathlib import Path

from apps.chassis.commands import CommandError
from apps.chassis.settings import Settings

USAGE = "usage: export [--type post|page|attachment] FILE"


def export_command(argv: Sequence[str], settings: Settings) -> int:
    """Write an export of all, or of one type, into a new file that nobody else may read."""
    from apps.chassis.app import open_database, site_of
    from apps.mywordpress.wxr.export import TYPES, export

    only, file = _arguments(argv, TYPES)
    database = open_database(site_of(settings.app), settings)
    if database is None or not settings.public_url:
        raise CommandError("an export needs a database, and PUBLIC_URL for its addresses")
    session, _ = database.reader(pinned=True)
    # Drafts and the addresses of commentators are in it.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream, session:
        stream.writelines(export(session, settings.public_url, only))
    database.dispose()
    print(f"the export is in {file}")  # noqa: T201
    return 0


def _arguments(argv: Sequence[str], types: Sequence[str]) -> tuple[str, Path]:
    options, files = (argv[:2], argv[2:]) if argv[:1] == ["--type"] else ((), argv)
    only = options[1] if len(options) == 2 else types[0]
    if len(files) != 1 or files[0].startswith("-") or only not in types:
        raise CommandError(USAGE)
    return only, Path(files[0])

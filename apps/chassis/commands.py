"""`python -m apps.NAME VERB`: what a person or a deployment does to a site, with its servers' settings."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from apps.chassis import logs
from apps.chassis.settings import Settings, SettingsError
from apps.chassis.sites import Command, Site


def main(site: Site) -> None:
    """Run the verb that the command line names and end the process with its exit code."""
    sys.exit(run(site, sys.argv[1:]))


def run(site: Site, argv: Sequence[str]) -> int:
    """Run one verb; answers its exit code. A mistake is one line on standard error, never a trace."""
    commands = all_commands(site)
    if not argv or argv[0] not in commands:
        print(usage(site, commands), file=sys.stderr)
        return 2
    try:
        settings = Settings.from_environ({**os.environ, "APP": site.name})
        logs.configure(settings.log_format, sys.stderr)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return commands[argv[0]].run(argv[1:], settings)
    except (SettingsError, CommandError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    except Exception as error:
        if not _is_database_error(error):
            raise
        print(f"the database refused: {getattr(error, 'orig', error)}".partition("\n")[0], file=sys.stderr)
    return 1


def _is_database_error(error: Exception) -> bool:
    # Imported only now, for a site without a database never loads it.
    from sqlalchemy.exc import InterfaceError, OperationalError

    return isinstance(error, InterfaceError | OperationalError)


class CommandError(Exception):
    """A command cannot do what was asked; the text says why, for the person at the terminal."""


def usage(site: Site, commands: Mapping[str, Command]) -> str:
    """The verbs and what each does."""
    width = max(map(len, commands))
    lines = [f"  {name:<{width}}  {command.summary}" for name, command in commands.items()]
    return "\n".join([f"usage: python -m {site.package} VERB ...", "", *lines])


def all_commands(site: Site) -> Mapping[str, Command]:
    """The chassis's verbs that make sense for this site, and the site's own."""
    common = {"dead-letters": Command("list, redrive or drop jobs that failed too often", _dead_letters)}
    if site.metadata is not None:
        common["migrate"] = Command("bring the database to this version; many may run it at once", _migrate)
        common["backup"] = Command("FILE: write all rows of the database as of this moment", _backup)
        common |= _copies(site)
    if site.seed is not None:
        common["seed"] = Command("fill an empty development database with something to look at", _seed)
    return {**common, **site.commands()}


def _copies(site: Site) -> Mapping[str, Command]:
    if site.files is None:
        restore = Command("[--replace] FILE: verify a backup and write it into an empty database", _restore)
        return {"restore": restore, "verify": Command("FILE: check a backup", _verify)}
    return {
        "snapshot": Command(
            "FOLDER: copy the database as of one moment, and its files; goes on if interrupted", _snapshot
        ),
        "restore": Command(
            "[--replace] FOLDER|FILE: verify a snapshot or backup and write it into an empty site", _restore
        ),
        "verify": Command("FOLDER|FILE: check a snapshot or backup", _verify),
    }


def _migrate(argv: Sequence[str], settings: Settings) -> int:
    from apps.chassis.app import site_of
    from apps.chassis.migrations import migrate, pending

    site = site_of(settings.app)
    if pending(site, settings):
        migrate(site, settings)
        print(f"{site.name}: the database is up to date now")
    return 0


def _seed(argv: Sequence[str], settings: Settings) -> int:
    from apps.chassis.app import open_database, site_of
    from apps.chassis.storage import open_storage
    from apps.chassis.transactions import transaction

    if settings.production:
        raise CommandError("seed makes demo accounts, so it does nothing where ENVIRONMENT=production")
    site = site_of(settings.app)
    database = open_database(site, settings)
    if database is None or site.seed is None:
        return 0
    with transaction(database) as session:
        site.seed(session, settings, open_storage(settings.storage_url, settings.storage_require_mount))
    return 0


def _backup(argv: Sequence[str], settings: Settings) -> int:
    from apps.chassis import backups
    from apps.chassis.app import site_of

    if len(argv) != 1:
        raise CommandError("usage: backup FILE")
    counts = backups.backup(site_of(settings.app), settings, Path(argv[0]))
    print(f"{sum(counts.values())} rows of {len(counts)} tables are in {argv[0]}")
    return 0


def _restore(argv: Sequence[str], settings: Settings) -> int:
    from apps.chassis import backups
    from apps.chassis.app import site_of

    replace, files = "--replace" in argv, [argument for argument in argv if argument != "--replace"]
    if len(files) != 1 or files[0].startswith("-"):
        raise CommandError("usage: restore [--replace] FILE")
    site, place = site_of(settings.app), Path(files[0])
    if _is_snapshot(site, place):
        from apps.chassis import snapshots

        print(f"{snapshots.restore(site, settings, place, replace=replace)} are restored")
        return 0
    counts = backups.restore(site, settings, place, replace=replace)
    print(f"{sum(counts.values())} rows of {len(counts)} tables are restored")
    return 0


def _snapshot(argv: Sequence[str], settings: Settings) -> int:
    from apps.chassis import snapshots
    from apps.chassis.app import site_of

    if len(argv) != 1 or argv[0].startswith("-"):
        raise CommandError("usage: snapshot FOLDER")
    print(f"{snapshots.take(site_of(settings.app), settings, Path(argv[0]))} are in {argv[0]}")
    return 0


def _verify(argv: Sequence[str], settings: Settings) -> int:
    from apps.chassis import backups
    from apps.chassis.app import site_of

    if len(argv) != 1:
        raise CommandError("usage: verify FILE")
    site, place = site_of(settings.app), Path(argv[0])
    if _is_snapshot(site, place):
        from apps.chassis import snapshots

        print(f"{snapshots.verify(site, place)} are as they were taken")
        return 0
    counts = backups.verify(site, place)
    print(f"{sum(counts.values())} rows of {len(counts)} tables are as they were taken")
    return 0


def _is_snapshot(site: Site, place: Path) -> bool:
    return site.files is not None and place.is_dir()


def _dead_letters(argv: Sequence[str], settings: Settings) -> int:
    from apps.chassis.jobs import deadletters

    return int(deadletters.run(argv, settings))

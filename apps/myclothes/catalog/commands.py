"""Take a catalogue over and give it out by hand, on a server, and check the books."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from apps.chassis.cache import Cache
from apps.chassis.commands import CommandError
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes.catalog.exports import export
from apps.myclothes.catalog.imports import Plan, apply, plan_import
from apps.myclothes.catalog.ledger import discrepancies
from apps.myclothes.catalog.pages import invalidate

MOST_SHOWN = 50


def import_catalogue(argv: Sequence[str], settings: Settings) -> int:
    """Check the whole file first; only if no line is bad is anything changed, in one transaction."""
    parser = ArgumentParser("python -m apps.myclothes import-catalogue")
    parser.add_argument("file", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")
    parser.add_argument("--stock", action="store_true", help="set the stock of known variants, too")
    asked = parser.parse_args(argv)
    text = _text(asked.file)
    with _opened(settings) as (db, cache):
        plan = plan_import(db, text, counts=asked.stock)
        if plan.problems:
            raise CommandError("\n".join([f"{asked.file}: nothing was changed", *_few(plan.problems)]))
        if asked.dry_run:
            return _show(plan)
        changed = apply(db, plan)
        invalidate(cache, changed)
    print("\n".join([*_few(plan.missing), f"{len(plan.changes)} changes were made to {len(changed)} products"]))  # noqa: T201
    return 0


def export_catalogue(argv: Sequence[str], settings: Settings) -> int:
    """Write the catalogue to a file; `-` is standard output."""
    if len(argv) != 1:
        raise CommandError("usage: python -m apps.myclothes export-catalogue FILE")
    with _opened(settings) as (db, _):
        if argv[0] == "-":
            sys.stdout.writelines(export(db))
            return 0
        with Path(argv[0]).open("w", encoding="utf-8", newline="") as file:
            file.writelines(export(db))
    return 0


def check_stock(argv: Sequence[str], settings: Settings) -> int:
    """Name each variant whose stock is not the sum of its movements; 1 if there is one."""
    if argv:
        raise CommandError("usage: python -m apps.myclothes check-stock")
    with _opened(settings) as (db, _):
        found = discrepancies(db)
    for row in found:
        print(f"{row.sku}: {row.stock} in stock, {row.booked} booked")  # noqa: T201
    return 1 if found else 0


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Session, Cache]]:
    from apps.chassis.app import open_database, site_of
    from apps.chassis.cache import open_cache

    site = site_of(settings.app)
    database = open_database(site, settings)
    assert database is not None
    cache = open_cache(settings.cache_url, database=database, prefix=site.name)
    try:
        with closing(cache), transaction(database) as db:
            yield db, cache
    finally:
        database.dispose()


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{file}: nothing was changed\nthis is no file in UTF-8: {error}") from error


def _show(plan: Plan) -> int:
    rows = [f"line {change.line}, {change.subject}: {change.text}" for change in plan.changes]
    print("\n".join([*rows, *_few(plan.missing), f"{len(rows)} changes; nothing was changed"]))  # noqa: T201
    return 0


def _few(problems: Sequence[object]) -> list[str]:
    rest = len(problems) - MOST_SHOWN
    return [*map(str, problems[:MOST_SHOWN]), *([f"and {rest} more"] if rest > 0 else [])]

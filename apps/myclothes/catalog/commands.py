"""Take over a catalogue by hand, on a server."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from apps.chassis.commands import CommandError
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from apps.myclothes.catalog.imports import BadCatalogue, Line, apply_catalogue, read_catalogue
from apps.myclothes.catalog.models import Product
from apps.myclothes.catalog.pages import invalidate


def import_catalogue(argv: Sequence[str], settings: Settings) -> int:
    """Check the whole file first; only if no line is bad is anything changed, in one transaction."""
    from apps.chassis.app import open_database, site_of
    from apps.chassis.cache import open_cache

    if len(argv) != 1:
        raise CommandError("usage: python -m apps.myclothes import-catalogue FILE")
    lines = _read(Path(argv[0]))
    site = site_of(settings.app)
    database = open_database(site, settings)
    assert database is not None
    with (
        closing(open_cache(settings.cache_url, database=database, prefix=site.name)) as cache,
        transaction(database) as db,
    ):
        slugs = apply_catalogue(db, lines)
        changed = select(Product).where(Product.slug.in_(slugs)).options(selectinload(Product.category))
        invalidate(cache, db.scalars(changed))
    database.dispose()
    print(f"{len(slugs)} products in {len(lines)} variants are up to date")  # noqa: T201
    return 0


def _read(file: Path) -> list[Line]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return read_catalogue(text)
    except BadCatalogue as error:
        raise CommandError(f"{file}: nothing was changed\n{error}") from error

"""What the worker does for the catalogue: it finds what search misses, and discards pictures that nobody needs."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from apps.chassis.jobs import Jobs, Work
from apps.myclothes.catalog import photographs
from apps.myclothes.catalog.models import Variant
from apps.myclothes.catalog.words import reindex, without_words
from apps.myclothes.orders.models import OrderLine

MOST_AT_ONCE = 50
SLOWEST_SECONDS = 5.0

jobs = Jobs()


@jobs.cadence("/every/minute")
def index_missing_products(work: Work) -> None:
    """Index the products that search cannot find yet: those of a release before there was an index."""
    while work.remaining_seconds > SLOWEST_SECONDS:
        with work.transaction() as db:
            missing = without_words(db, MOST_AT_ONCE)
            for product in missing:
                reindex(db, product)
        if len(missing) < MOST_AT_ONCE:
            return


@jobs.cadence("/every/day")
def sweep_pictures(work: Work) -> None:
    """Discard uploaded pictures that neither a variant nor an order shows, a day after the last one left them."""
    names = [""]
    while names and work.remaining_seconds > SLOWEST_SECONDS:
        with work.transaction() as db:
            names = list(photographs.old(db, names[-1], MOST_AT_ONCE))
            unused = set(names) - shown(db, names)
        for name in sorted(unused):
            with work.transaction() as db:
                photographs.discard(db, name)


def shown(db: Session, names: Collection[str]) -> set[str]:
    """Those of these pictures that somebody can see in the shop or in an order."""
    columns = (Variant.picture, OrderLine.picture)
    return {name for column in columns for name in db.scalars(select(column).where(column.in_(names)).distinct())}

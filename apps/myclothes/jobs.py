"""All jobs of the shop, and all letters that they send."""

from importlib import import_module

from apps.chassis.jobs import Jobs
from apps.chassis.letters.jobs import jobs_of
from apps.myclothes.accounts import jobs as accounts
from apps.myclothes.catalog import jobs as catalog
from apps.myclothes.letters.models import Letter
from apps.myclothes.letters.writing import write
from apps.myclothes.orders import jobs as orders
from apps.myclothes.orders import predecessors
from apps.myclothes.payments import jobs as payments

# A kind of letter is known once the module of its writer is imported.
WRITERS = ("accounts.letters", "orders.letters", "payments.letters")


def all_jobs() -> Jobs:
    """The jobs and cadences of each noun."""
    for module in WRITERS:
        import_module(f"{__package__}.{module}")
    jobs = jobs_of(Letter, write)
    for noun in (accounts, catalog, orders, predecessors, payments):
        jobs.include(noun.jobs)
    return jobs

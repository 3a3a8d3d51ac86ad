"""What is measured only when somebody asks for /metrics."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from apps.chassis.jobs import QueueUnavailable

if TYPE_CHECKING:
    from apps.chassis.app import Application


def gauges(app: "Application") -> Mapping[str, float]:
    """The queue's age, the readers' lag, and what the watches found, as this process sees them now."""
    found: dict[str, float] = {}
    # An unreachable queue is told by the missing figure; asking must not fail for the others.
    with suppress(QueueUnavailable):
        age = app.queue.oldest_age()
        if age is not None:
            found["queue_oldest_message_seconds"] = age
    if app.database is not None:
        for name, reader in app.database.readers().items():
            found[f'database_reader_in_rotation{{reader="{name}"}}'] = float(reader["in_rotation"])
            if reader["lag_seconds"] is not None:
                found[f'database_reader_lag_seconds{{reader="{name}"}}'] = reader["lag_seconds"]
    for watch in app.watches.values():
        found |= watch.gauges()
    return found

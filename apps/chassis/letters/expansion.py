"""The table of letters, as revisions make it."""

import sqlalchemy as sa

from apps.chassis.database import UtcDateTime
from apps.chassis.expansions import column, exact, make_table


def make_letters() -> None:
    """The table of `OwedLetter`, unless it is there already."""
    make_table(
        "letters",
        column("id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        column("kind", exact(30)),
        column("about", exact(80)),
        column("recipient", sa.String(254)),
        column("language", sa.String(5)),
        column("facts", sa.Text()),
        column("created_at", UtcDateTime()),
        column("claimed_until", UtcDateTime(), null=True),
        column("sent_at", UtcDateTime(), null=True),
        column("refused_at", UtcDateTime(), null=True),
        sa.UniqueConstraint("kind", "about", name="uq_letters_kind_about"),
        indexes=["sent_at"],
    )

"""The epoch of a site: a token in its database that changes in the very commit of whatever readers may see.

What was made after reading a token, by the same session, holds everything that was committed while that token stood,
whichever server it was read from, and is out of date as soon as the writer shows another token. Nothing needs to be
forgotten for that, so no process can die before it has forgotten something, and no cache can miss it.
"""

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, text, update
from sqlalchemy.orm import Session

from apps.chassis.tables import EPOCH
from apps.chassis.transactions import before_commit

if TYPE_CHECKING:
    from apps.chassis.database import Database

# Written once: each process asks several times a second.
TOKEN = select(EPOCH.c.token).where(EPOCH.c.id == 1)
STANDING = TOKEN.add_columns(text("@@global.read_only + @@global.innodb_read_only"))


class NoWriter(RuntimeError):
    """The server that was the writer is one no more; what it shows is of another time."""


def changed() -> None:
    """Begin another epoch with the commit of the request or job being run; RuntimeError outside of one.

    However often it is called, and wherever in the transaction. A request that only reads raises ReadOnlyRequest.
    """
    # At the very end, for the row is locked from then on: all who change anything wait here for one another.
    before_commit(turn)


def turn(db: Session | Connection) -> None:
    """Begin another epoch with the commit of this transaction."""
    # Never a number: after a restore or a failover the same one would come again, for something else.
    turned = db.execute(update(EPOCH).where(EPOCH.c.id == 1).values(token=secrets.token_hex(8)))
    if turned.rowcount != 1:  # type: ignore[attr-defined]
        raise LookupError("the row of the epoch is missing")


def token_of(db: Session) -> str:
    """The token of the epoch as this session sees it now."""
    return str(db.execute(TOKEN).scalar_one())


def standing(database: "Database") -> str:
    """The token that the writer shows now. Raises NoWriter or SQLAlchemyError if nobody can tell."""
    with database.reader(pinned=True)[0] as db:
        if db.get_bind().dialect.name == "sqlite":
            return token_of(db)
        token, demoted = db.execute(STANDING).one()
    if demoted:
        database.recycle_writer()
        raise NoWriter
    return str(token)

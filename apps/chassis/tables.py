"""The tables that every app's database has for the chassis itself; apps.chassis.migrations makes them."""

from sqlalchemy import Column, Integer, MetaData, String, Table

from apps.chassis.database import NAMING, UtcDateTime

METADATA = MetaData(naming_convention=NAMING)

# One row, with the writer's time about each second: how far a reader has followed shows in it.
HEARTBEAT = Table(
    "chassis_heartbeat",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("beat_at", UtcDateTime, nullable=False),
)

# One row, whose token changes with each commit of what readers may see: apps.chassis.epochs.
EPOCH = Table(
    "chassis_epoch",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("token", String(16), nullable=False),
)

# One row per job taken up: who claims it holds it until `claimed_until`, and nobody repeats it after `done_at`.
JOBS = Table(
    "chassis_jobs",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("claimed_until", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime, nullable=True, index=True),
)

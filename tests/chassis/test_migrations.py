import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, Table, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from apps.chassis import engines, migrations
from apps.chassis.database import NAMING, Database, UtcDateTime
from apps.chassis.migrations import MigrationError, migrate, pending, revise
from apps.chassis.settings import Settings
from apps.chassis.transactions import transaction
from tests.support.releases import Release, write_release
from tests.support.waiting import wait_until

MAKE_NOTES = (
    "op.create_table('notes', sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('text', sa.String(50), nullable=False))"
)
ADD_COLOUR = (
    "with op.batch_alter_table('notes') as batch: "
    "batch.add_column(sa.Column('colour', sa.String(9), nullable=False, server_default='red'))"
)
NOTE_THAT_IT_RAN = "op.execute(\"INSERT INTO notes (text) VALUES ('ran')\")"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose packages can be imported."""
    folder = tmp_path / "releases"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def settings(url: str) -> Settings:
    return Settings.from_environ({"DATABASE_URL": url})


@pytest.fixture
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    with database.reader()[0] as session:
        return set(inspect(session.connection()).get_table_names())


def ran_once(database: Database) -> bool:
    with database.reader()[0] as session:
        return bool(session.scalar(text("SELECT COUNT(*) = 1 FROM notes WHERE text = 'ran'")))


def test_an_empty_database_gets_the_sites_tables_and_the_chassis_own(
    folder: Path, settings: Settings, opened: Database
) -> None:
    site = write_release(folder, "release_a", [MAKE_NOTES, ADD_COLOUR])
    assert pending(site, settings) is True
    migrate(site, settings)
    assert pending(site, settings) is False
    assert tables(opened) == {"notes", "alembic_version", "chassis_epoch", "chassis_heartbeat", "chassis_jobs"}
    with opened.reader()[0] as session:
        assert session.scalar(text("SELECT COUNT(*) FROM chassis_heartbeat")) == 1
        assert session.scalar(text("SELECT COUNT(*) FROM chassis_epoch")) == 1


def test_migrating_again_changes_nothing(folder: Path, settings: Settings, opened: Database) -> None:
    site = write_release(folder, "release_b", [MAKE_NOTES, NOTE_THAT_IT_RAN])
    migrate(site, settings)
    migrate(site, settings)
    assert ran_once(opened)


def test_a_site_without_tables_of_its_own_still_gets_the_chassis(
    folder: Path, settings: Settings, opened: Database
) -> None:
    site = write_release(folder, "release_c", [])
    migrate(site, settings)
    assert pending(site, settings) is False
    assert {"chassis_epoch", "chassis_heartbeat", "chassis_jobs"} <= tables(opened)


def test_a_site_without_a_database_is_never_pending(folder: Path) -> None:
    nowhere = Settings.from_environ({"DATABASE_URL": "mysql://a:b@127.0.0.1:1/c"})
    site = Release("release_nowhere", metadata=None)
    assert pending(site, nowhere) is False
    migrate(site, nowhere)
    with pytest.raises(OperationalError):
        pending(write_release(folder, "release_somewhere", []), nowhere)


# A program of its own, because what forks must have no threads; ten that start from nothing take ten times as long.
AT_ONCE = """
import multiprocessing, sys
import alembic.command
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from tests.support.releases import Release

folder, package, url = sys.argv[1:]
sys.path.insert(0, folder)
context = multiprocessing.get_context("fork")
barrier = context.Barrier(10)

def run():
    barrier.wait(60)
    migrate(Release(package), Settings.from_environ({"DATABASE_URL": url}))

processes = [context.Process(target=run) for _ in range(10)]
for process in processes:
    process.start()
for process in processes:
    process.join()
print([process.exitcode for process in processes])
"""


def test_ten_processes_at_once_migrate_once(folder: Path, url: str, settings: Settings, opened: Database) -> None:
    site = write_release(folder, "release_d", [MAKE_NOTES, NOTE_THAT_IT_RAN, ADD_COLOUR])
    command = [sys.executable, "-c", AT_ONCE, str(folder), site.package, url]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (ran.stdout, ran.stderr) == (f"{[0] * 10}\n", "")
    assert ran_once(opened)
    assert pending(site, settings) is False
    with opened.reader()[0] as session:
        assert session.scalar(text("SELECT COUNT(*) FROM chassis_heartbeat")) == 1
        assert session.scalar(text("SELECT COUNT(*) FROM chassis_epoch")) == 1


def test_the_old_release_serves_while_the_next_one_expands(folder: Path, settings: Settings, opened: Database) -> None:
    old = write_release(folder, "release_e", [MAKE_NOTES])
    migrate(old, settings)
    with opened.reader()[0] as session:
        notes = Table("notes", MetaData(), autoload_with=session.connection())
    stopping = threading.Event()
    served: list[str] = []
    failed: list[Exception] = []

    def serve() -> None:
        while not stopping.is_set():
            try:
                with transaction(opened) as session:
                    session.execute(notes.insert().values(text="old"))
                    served.append(session.execute(select(notes)).all()[-1].text)
            except Exception as error:
                failed.append(error)

    server = threading.Thread(target=serve)
    server.start()
    wait_until(lambda: served)
    migrate(write_release(folder, "release_f", [MAKE_NOTES, ADD_COLOUR]), settings)
    count = len(served)
    wait_until(lambda: len(served) > count + 5 or failed)
    stopping.set()
    server.join()
    assert failed == []
    with opened.reader()[0] as session:
        assert session.scalar(text("SELECT COUNT(*) FROM notes WHERE colour = 'red'")) == len(served)
    # It starts anew, too: a database ahead of the code is neither pending nor an error.
    assert pending(old, settings) is False
    migrate(old, settings)


def test_a_migration_that_fails_is_told_and_tried_again(folder: Path, settings: Settings, opened: Database) -> None:
    broken = write_release(folder, "release_g", [MAKE_NOTES, "op.execute('SELECT nonsense')"])
    with pytest.raises(OperationalError, match="nonsense"):
        migrate(broken, settings)
    assert pending(broken, settings) is True
    mended = write_release(folder, "release_h", [MAKE_NOTES, NOTE_THAT_IT_RAN])
    migrate(mended, settings)
    assert ran_once(opened)


def test_on_sqlite_a_migration_that_fails_leaves_nothing(folder: Path, sqlite_url: str) -> None:
    settings = Settings.from_environ({"DATABASE_URL": sqlite_url})
    with pytest.raises(OperationalError):
        migrate(write_release(folder, "release_i", [MAKE_NOTES, "op.execute('SELECT nonsense')"]), settings)
    database = Database(sqlite_url)
    assert tables(database) == set()
    database.dispose()


def test_on_sqlite_no_reference_is_lost_by_copying_a_table(folder: Path, sqlite_url: str) -> None:
    settings = Settings.from_environ({"DATABASE_URL": sqlite_url})
    refer = (
        "op.create_table('marks', sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('note_id', sa.Integer, sa.ForeignKey('notes.id', ondelete='CASCADE'), nullable=False))"
    )
    fill = "op.execute(\"INSERT INTO notes VALUES (1, 'a')\"); op.execute('INSERT INTO marks VALUES (1, 1)')"
    widen = "with op.batch_alter_table('notes') as batch: batch.alter_column('text', type_=sa.String(99))"
    migrate(write_release(folder, "release_j", [MAKE_NOTES, refer, fill, widen]), settings)
    database = Database(sqlite_url)
    with database.reader()[0] as session:
        assert session.scalar(text("SELECT COUNT(*) FROM marks")) == 1
    breaking = write_release(folder, "release_k", [MAKE_NOTES, refer, fill, widen, "op.execute('DELETE FROM notes')"])
    with pytest.raises(MigrationError, match="marks"):
        migrate(breaking, settings)
    with database.reader()[0] as session:
        assert session.scalar(text("SELECT COUNT(*) FROM notes")) == 1
    database.dispose()


def test_waiting_for_another_migration_ends(
    folder: Path, url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "WAIT_SECONDS", 1)
    site = write_release(folder, "release_l", [MAKE_NOTES])
    began = time.monotonic()
    with migrations._locked(url), pytest.raises(MigrationError, match="another process"):
        migrate(site, settings)
    assert time.monotonic() - began < 5
    migrate(site, settings)


def test_a_table_in_use_does_not_make_everybody_wait(
    folder: Path, mysql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOCK_SECONDS", 1)
    settings = Settings.from_environ({"DATABASE_URL": mysql_url})
    migrate(write_release(folder, "release_m", [MAKE_NOTES]), settings)
    database = Database(mysql_url)
    # MariaDB would let all others queue behind a migration that waits, for up to a day.
    with database.writer() as session:
        session.execute(text("SELECT * FROM notes")).all()
        with pytest.raises(OperationalError, match="1205"):
            migrate(write_release(folder, "release_n", [MAKE_NOTES, ADD_COLOUR]), settings)
    database.dispose()


def test_pending_is_told_without_alembic(folder: Path, sqlite_url: str) -> None:
    settings = Settings.from_environ({"DATABASE_URL": sqlite_url})
    migrate(write_release(folder, "release_o", [MAKE_NOTES]), settings)
    script = f"""
import sys
sys.path.insert(0, {str(folder)!r})
from apps.chassis.migrations import migrate, pending
from apps.chassis.settings import Settings
from tests.support.releases import Release
settings = Settings.from_environ({{"DATABASE_URL": {sqlite_url!r}}})
assert not pending(Release("release_o"), settings)
migrate(Release("release_o"), settings)
assert "alembic" not in sys.modules
"""
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def test_the_next_revision_is_written_from_the_models(folder: Path, settings: Settings, opened: Database) -> None:
    written = write_release(folder, "release_p", [])
    site = Release(written.package, lambda: Base.metadata)
    path = revise(site, settings, "Make notes")
    assert path.name == "0001_make_notes.py"
    script = path.read_text()
    assert "sa.Column('made_at', UtcDateTime(), nullable=False)" in script
    assert "chassis_" not in script
    assert pending(site, settings) is True
    migrate(site, settings)
    assert "notes" in tables(opened)
    again = revise(site, settings, "nothing left")
    assert again.name == "0002_nothing_left.py"
    assert "pass" in again.read_text()
    assert "op." not in again.read_text()

"""A database in a file and back again, on any kind of database, or nothing at all."""

import gzip
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    event,
    func,
    insert,
    select,
)

from apps.chassis.archives import Writer
from apps.chassis.backups import backup, restore, verify
from apps.chassis.commands import CommandError, run
from apps.chassis.database import Database, UtcDateTime
from apps.chassis.epochs import token_of
from apps.chassis.migrations import migrate
from apps.chassis.settings import Settings
from apps.chassis.sites import Site
from apps.chassis.transactions import transaction
from tests.chassis.damages import (
    flipped,
    shortened,
    with_another_row,
    with_more_behind,
    without_a_row,
    without_its_end,
)
from tests.support.releases import write_release

METADATA = MetaData()
SHELVES = Table(
    "shelves",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(50), unique=True, nullable=False),
    Column("within", ForeignKey("shelves.id")),
    Column("made_at", UtcDateTime),
    Column("emblem", LargeBinary),
)
THINGS = Table("things", METADATA, Column("id", Integer, primary_key=True), Column("shelf", ForeignKey("shelves.id")))
CHANGES = [
    "op.create_table('shelves', sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('name', sa.String(50), unique=True, nullable=False), "
    "sa.Column('within', sa.Integer, sa.ForeignKey('shelves.id')), "
    "sa.Column('made_at', sa.DateTime().with_variant(mysql.DATETIME(fsp=6), 'mysql', 'mariadb')), "
    "sa.Column('emblem', sa.LargeBinary), sa.Column('shown', sa.Boolean, nullable=False, server_default=sa.true()))",
    "op.create_table('things', sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('shelf', sa.Integer, sa.ForeignKey('shelves.id')))",
]
EMPTY: list[Any] = []
NOON = datetime(2026, 5, 1, 12, 30, 5, 17, tzinfo=UTC)
ROWS = [
    (1, "Coats", 2, NOON, bytes(range(256))),
    (2, "옷 & „ropa“ \N{SMILING FACE WITH OPEN MOUTH}\n\\n", None, None, None),
    (3, "null", 1, NOON.replace(microsecond=0), b""),
]
Place = tuple[Settings, Database]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a table that refers to itself, and a column that its models have left."""
    folder = tmp_path_factory.mktemp("releases")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        package = write_release(folder, "release_kept", CHANGES).package
        for revision in (folder / package / "migrations" / "versions").iterdir():
            imported = "from sqlalchemy.dialects import mysql\nfrom alembic import op"
            revision.write_text(revision.read_text().replace("from alembic import op", imported))
        yield Site("kept", "Kept", package, lambda: (), metadata=lambda: METADATA)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes an empty database of the kind."""
    opened: list[Database] = []

    def make(kind: str) -> Place:
        file = f"sqlite:///{tmp_path}/{len(opened)}.sqlite3"
        settings = Settings.from_environ(
            {"DATABASE_URL": file if kind == "sqlite" else request.getfixturevalue("mysql_url")}
        )
        opened.append(Database(settings.database_url))
        return settings, opened[-1]

    yield make
    for database in opened:
        database.dispose()


def fill(site: Site, place: Place) -> None:
    settings, database = place
    migrate(site, settings)
    with transaction(database) as db:
        # The first shelf stands within the second.
        for number in (1, 0, 2):
            db.execute(insert(SHELVES).values(ROWS[number]))
        db.execute(insert(THINGS), [{"id": number, "shelf": 1 + number % 3} for number in range(1, 1200)])


def rows(place: Place) -> list[Any]:
    with place[1].reader()[0] as db:
        return [tuple(row) for row in db.execute(select(SHELVES).order_by(SHELVES.c.id))]


def number_of_things(place: Place) -> int:
    with place[1].reader()[0] as db:
        return db.scalar(select(func.count()).select_from(THINGS)) or 0


@pytest.mark.parametrize(
    ("source", "target"), [("sqlite", "sqlite"), ("sqlite", "mysql"), ("mysql", "sqlite"), ("mysql", "fresh mysql")]
)
def test_all_rows_come_back_on_any_kind_of_database(
    site: Site, place: Callable[[str], Place], tmp_path: Path, source: str, target: str
) -> None:
    one = place(source)
    fill(site, one)
    assert backup(site, one[0], tmp_path / "file") == {"shelves": 3, "things": 1199}
    other = one if target.startswith("fresh") else place(target)
    assert restore(site, other[0], tmp_path / "file", replace=other is one) == {"shelves": 3, "things": 1199}
    assert rows(other) == ROWS
    assert number_of_things(other) == 1199
    backup(site, other[0], tmp_path / "again")
    assert lines(tmp_path / "again")[1:-1] == lines(tmp_path / "file")[1:-1]


def lines(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines()


@pytest.mark.parametrize("kind", ["sqlite", "mysql"])
def test_it_is_as_of_one_moment_while_others_write(
    site: Site, place: Callable[[str], Place], tmp_path: Path, kind: str
) -> None:
    here = place(kind)
    fill(site, here)
    written: list[str] = []

    def write(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("SELECT shelves") and not written:
            written.append(statement)
            with transaction(here[1]) as db:
                db.execute(insert(THINGS).values(id=9999, shelf=1))

    event.listen(Engine, "after_cursor_execute", write)
    try:
        assert backup(site, here[0], tmp_path / "file")["things"] == 1199
    finally:
        event.remove(Engine, "after_cursor_execute", write)
    assert written
    assert number_of_things(here) == 1200


def test_a_file_is_never_written_over_and_is_for_its_owner(
    site: Site, place: Callable[[str], Place], tmp_path: Path
) -> None:
    here, file = place("sqlite"), tmp_path / "backups" / "file"
    file.parent.mkdir()
    fill(site, here)
    backup(site, here[0], file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        backup(site, here[0], file)
    assert (list(file.parent.iterdir()), file.read_bytes()) == ([file], before)


def test_rows_that_are_there_are_replaced_only_when_asked(
    site: Site, place: Callable[[str], Place], tmp_path: Path
) -> None:
    here, file = place("sqlite"), tmp_path / "file"
    fill(site, here)
    backup(site, here[0], file)
    with transaction(here[1]) as db:
        db.execute(insert(THINGS).values(id=5000, shelf=2))
    with pytest.raises(CommandError, match="--replace"):
        restore(site, here[0], file)
    assert number_of_things(here) == 1200
    with transaction(here[1]) as db:
        before = token_of(db)
    restore(site, here[0], file, replace=True)
    assert (number_of_things(here), rows(here)) == (1199, ROWS)
    with transaction(here[1]) as db:
        assert token_of(db) != before


def forge(file: Path, *, shelves: list[Any], site: str = "kept", revision: str = "0002") -> None:
    with file.open("wb") as raw, Writer(raw.fileno()) as writer:
        writer.begin({"site": site, "revision": revision})
        writer.table("shelves", ["id", "name", "within", "made_at", "emblem", "shown"], shelves)
        writer.table("things", ["id", "shelf"], [])


@pytest.mark.parametrize("kind", ["sqlite", "mysql"])
def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(
    site: Site, place: Callable[[str], Place], tmp_path: Path, kind: str
) -> None:
    here, file = place(kind), tmp_path / "file"
    fill(site, here)
    forge(file, shelves=[[1, "same", None, None, None, 1], [2, "same", None, None, None, 1]])
    with pytest.raises(Exception, match=r"UNIQUE|Duplicate"):
        restore(site, here[0], file, replace=True)
    assert (number_of_things(here), rows(here)) == (1199, ROWS)


@pytest.mark.parametrize(
    "damage",
    [
        shortened,
        without_a_row,
        with_another_row,
        without_its_end,
        with_more_behind,
        flipped,
        lambda _: b"",
        lambda _: b"x",
    ],
)
def test_a_damaged_file_is_found_out(site: Site, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "file"
    forge(file, shelves=[[1, "Coats", None, NOON, None, 1], [2, "Shoes", None, None, None, 1]])
    assert verify(site, file) == {"shelves": 2, "things": 0}
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(CommandError, match=r"is damaged|is no backup"):
        verify(site, file)


def test_a_damaged_file_touches_nothing(site: Site, place: Callable[[str], Place], tmp_path: Path) -> None:
    here, file = place("sqlite"), tmp_path / "file"
    fill(site, here)
    forge(file, shelves=[[1, "Coats", None, None, None, 1], [2, "Shoes", None, None, None, 1]])
    file.write_bytes(with_another_row(file.read_bytes()))
    with pytest.raises(CommandError, match="is damaged"):
        restore(site, here[0], file, replace=True)
    assert (number_of_things(here), rows(here)) == (1199, ROWS)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([1, "Coats"], "row 1 of shelves has not one value for each column"),
        ([1, None, None, None, None, 1], "a row of shelves is not what the database takes"),
        ([1, "Coats", None, "noon", None, 1], "a row of shelves is not what the database takes"),
    ],
)
def test_a_row_that_no_backup_of_ours_has_is_named(
    site: Site, place: Callable[[str], Place], tmp_path: Path, row: list[Any], told: str
) -> None:
    here, file = place("sqlite"), tmp_path / "file"
    forge(file, shelves=[row])
    with pytest.raises(CommandError, match=told):
        restore(site, here[0], file)


@pytest.mark.parametrize(
    ("forged", "told"),
    [({"site": "other"}, "is a backup of other, not of kept"), ({"revision": "0001"}, "revision 0001")],
)
def test_what_is_of_another_site_or_version_is_refused(
    site: Site, place: Callable[[str], Place], tmp_path: Path, forged: dict[str, str], told: str
) -> None:
    here, file = place("sqlite"), tmp_path / "file"
    forge(file, shelves=EMPTY, **forged)
    with pytest.raises(CommandError, match=told):
        restore(site, here[0], file)
    assert not (tmp_path / "0.sqlite3").exists()


def test_the_commands_tell_what_they_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from apps.mywordpress import SITE

    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert run(SITE, ["migrate"]) == 0
    assert run(SITE, ["backup", str(tmp_path / "file")]) == 0
    assert run(SITE, ["restore", str(tmp_path / "file")]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[1].startswith("0 rows of ")
    assert told[2].endswith("tables are restored")
    for wrong in (["backup"], ["restore"], ["restore", "--force", "x"], ["backup", str(tmp_path / "file")]):
        assert run(SITE, wrong) == 1

"""An epoch ends with the very commit of what readers may see."""

import threading
from functools import partial

import pytest
from sqlalchemy import insert

from apps.chassis.database import Database
from apps.chassis.epochs import NoWriter, changed, standing, token_of
from apps.chassis.frame import RequestRecord
from apps.chassis.tables import EPOCH
from apps.chassis.transactions import ReadOnlyRequest, before_commit, current_session, transaction
from tests.chassis.requested import reading, write, writing
from tests.chassis.tables import NOTES
from tests.services.mariadb import Replication


@pytest.fixture
def database(database: Database) -> Database:
    """With the row of the epoch."""
    with transaction(database) as db:
        EPOCH.create(db.connection())
        db.execute(insert(EPOCH).values(id=1, token="first"))
    return database


def token(database: Database) -> str:
    with database.reader(pinned=True)[0] as session:
        return token_of(session)


def test_a_change_begins_another_epoch_and_counts_as_a_write(database: Database, record: RequestRecord) -> None:
    first = token(database)
    writing(database, changed)
    assert token(database) != first
    assert record.wrote


def test_it_begins_with_the_commit_and_not_before(database: Database) -> None:
    first, seen = token(database), []

    def work() -> None:
        changed()
        write()
        seen.append(token_of(current_session()))

    writing(database, work)
    assert seen == [first]


def test_what_is_rolled_back_begins_none(database: Database) -> None:
    first = token(database)
    writing(database, changed, commit=False)
    assert token(database) == first


def test_many_changes_of_one_transaction_are_one(database: Database, record: RequestRecord) -> None:
    writing(database, changed)
    once = record.queries

    def work() -> None:
        for _ in range(5):
            changed()

    writing(database, work)
    assert record.queries == 2 * once


def test_a_request_that_reads_cannot_change(database: Database) -> None:
    with pytest.raises(ReadOnlyRequest):
        reading(database, changed)


def test_an_ending_that_fails_undoes_the_whole(database: Database) -> None:
    first = token(database)

    def work() -> None:
        changed()
        before_commit(lambda db: db.execute(insert(NOTES).values(id=None, text=None)))

    with pytest.raises(Exception, match="text"):
        writing(database, work)
    assert token(database) == first


def test_those_who_change_at_once_all_end_and_each_begins_its_own(database: Database) -> None:
    tokens: list[str] = []

    def work(name: str) -> None:
        changed()
        write(name)
        before_commit(lambda db: tokens.append(token_of(db)))

    threads = [threading.Thread(target=writing, args=(database, partial(work, str(number)))) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(tokens)) == 6


def test_the_writer_tells_what_stands(database: Database) -> None:
    assert standing(database) == "first"
    writing(database, changed)
    assert standing(database) == token(database)


def test_a_writer_that_was_demoted_tells_nothing(mysql_url: str, replication: Replication) -> None:
    database = Database(mysql_url)
    with transaction(database) as db:
        EPOCH.create(db.connection())
        db.execute(insert(EPOCH).values(id=1, token="first"))
    replication.catch_up()
    replicas = Database(mysql_url.replace(f":{replication.primary.port}/", f":{replication.replica.port}/"))
    with pytest.raises(NoWriter):
        standing(replicas)
    for opened in (database, replicas):
        opened.dispose()

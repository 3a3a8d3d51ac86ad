"""What sessions leave in a DynamoDB table, and a table that is away."""

import time
from typing import Any

import pytest

from apps.chassis.sessions import SessionStore, SessionUnavailable, open_store
from apps.chassis.sessions.dynamodb import MOST_OF_AN_OWNER
from apps.chassis.sessions.tables import LostRace, Table, new_version
from tests.chassis.sessions import KEYS, begin, own, visit
from tests.services.mariadb import free_port
from tests.services.ministack import Ministack

in_a_table = pytest.mark.parametrize("url", ["dynamodb"], indirect=True)


def items(ministack: Ministack) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ministack.client("dynamodb").scan(TableName="sessions")["Items"]
    return found


@in_a_table
def test_each_item_tells_the_table_when_it_may_go(store: SessionStore, ministack: Ministack) -> None:
    token = begin(store, x=1)
    own(store, token, "customer:7")
    kinds = {item["id"]["S"].partition(":")[0][:8]: int(item["expires_at"]["N"]) for item in items(ministack)}
    assert len(kinds) == 2
    assert all(900 < expires_at - time.time() <= 1001 for expires_at in kinds.values())
    assert token not in str(items(ministack))


@in_a_table
def test_an_item_that_has_expired_and_was_not_swept_yet_counts_as_gone(
    store: SessionStore, ministack: Ministack
) -> None:
    token = begin(store, x=1)
    [item] = items(ministack)
    item["expires_at"] = {"N": str(int(time.time()) - 1)}
    ministack.client("dynamodb").put_item(TableName="sessions", Item=item)
    assert visit(store, token).new
    session = visit(store, token)
    session["x"] = 2
    session.save()
    assert session.cookie not in (None, token)


@in_a_table
def test_a_damaged_item_is_a_new_session_and_a_line_in_the_log(
    store: SessionStore, ministack: Ministack, caplog: pytest.LogCaptureFixture
) -> None:
    token = begin(store, x=1)
    [item] = items(ministack)
    ministack.client("dynamodb").put_item(TableName="sessions", Item=item | {"fields": {"S": "{"}})
    assert (visit(store, token).fields(), "cannot be read" in caplog.text) == ({}, True)


@in_a_table
def test_nothing_is_left_of_an_owner_whose_sessions_are_all_signed_out(
    store: SessionStore, ministack: Ministack
) -> None:
    token = begin(store, x=1)
    own(store, token, "customer:7")
    session = visit(store, token)
    session.clear()
    session.save()
    assert items(ministack) == []


@in_a_table
def test_of_more_sessions_than_a_transaction_ends_the_oldest_goes(store: SessionStore, ministack: Ministack) -> None:
    list_item = {
        "id": {"S": "sessions-of:customer:7"},
        "fields": {"S": "{" + ",".join(f'"{i:064}":{time.time() + 100 + i}' for i in range(MOST_OF_AN_OWNER)) + "}"},
        "expires_at": {"N": str(int(time.time()) + 1000)},
        "ended": {"BOOL": False},
        "version": {"S": "x"},
    }
    ministack.client("dynamodb").put_item(TableName="sessions", Item=list_item)
    own(store, begin(store, x=1), "customer:7")
    [listed] = [item["fields"]["S"] for item in items(ministack) if item["id"]["S"] == "sessions-of:customer:7"]
    assert (f"{0:064}" in listed, f"{1:064}" in listed) == (False, True)
    store.revoke("customer:7")
    assert items(ministack) == []


@in_a_table
def test_who_has_written_knows_the_own_work_again_after_a_lost_answer(url: str) -> None:
    table = Table(url)
    item = {"id": {"S": "x"}, "version": {"S": new_version()}}
    table.write([table.put(item, None)])
    # What a client does that got no answer.
    table.write([table.put(item, None)])
    with pytest.raises(LostRace):
        table.write([table.put(item | {"version": {"S": new_version()}}, None)])


def test_a_table_that_is_away_is_told_and_then_at_once(ministack: Ministack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    # A region of its own, for clients are kept.
    store = open_store("dynamodb://eu-west-3/nowhere", KEYS)
    with pytest.raises(SessionUnavailable):
        begin(store, x=1)
    began = time.monotonic()
    assert not store.ready()["ok"]
    assert time.monotonic() - began < 0.2

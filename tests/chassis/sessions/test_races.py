"""Tabs, threads and processes that use one session at once."""

import multiprocessing
import os

import pytest

from apps.chassis.sessions import (
    SessionEnded,
    SessionStore,
    open_store,
)
from apps.chassis.sessions.keyed import Record
from apps.chassis.sessions.memory import MemoryStore
from apps.chassis.sessions.stores import key_of
from tests.chassis.sessions import KEYS, LIFETIME, at_once, begin, own, server_side, shared, visit


@server_side
def test_after_a_save_a_session_sees_what_others_have_stored(store: SessionStore) -> None:
    token = begin(store, here=1)
    first, second = visit(store, token), visit(store, token)
    assert first.fields() == second.fields()
    first["theirs"] = 2
    first.save()
    second["ours"] = 3
    second.save()
    assert second.fields() == {"here": 1, "ours": 3, "theirs": 2}


@server_side
def test_two_tabs_that_add_at_once_both_count(store: SessionStore) -> None:
    token = begin(store, count=1)
    first, second = visit(store, token), visit(store, token)
    assert first["count"] == second["count"] == 1
    for tab in (first, second):
        tab.add("count", 1)
        tab.save()
    assert visit(store, token)["count"] == 3


@pytest.mark.parametrize("url", ["cookie"], indirect=True)
def test_two_tabs_that_add_at_once_lose_one_in_a_cookie(store: SessionStore) -> None:
    token = begin(store, count=1)
    first, second = visit(store, token), visit(store, token)
    for tab in (first, second):
        tab.add("count", 1)
        tab.save()
    # The browser keeps the cookie that came last, and that one never knew of the other tab.
    assert visit(store, second.cookie)["count"] == 2


@server_side
def test_many_threads_that_add_all_count(store: SessionStore) -> None:
    token = begin(store, count=1)

    def add_some() -> None:
        for _ in range(10):
            session = visit(store, token)
            session.add("count", 1)
            session.save()

    at_once(8, add_some)
    assert visit(store, token)["count"] == 81


def add_in_another_process(url: str, token: str) -> None:
    store = open_store(url, KEYS)
    for _ in range(20):
        _add_one(store, token)
    store.close()


@shared
def test_many_processes_that_add_all_count(store: SessionStore, url: str) -> None:
    token, context = begin(store, count=1), multiprocessing.get_context("spawn")
    processes = [context.Process(target=add_in_another_process, args=(url, token)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert visit(store, token)["count"] == 41


def use_before_and_after_a_fork(url: str, token: str) -> None:
    store = open_store(url, KEYS)
    _add_one(store, token)
    child = os.fork()
    if not child:
        _add_one(store, token)
        os._exit(0)
    os.waitpid(child, 0)
    _add_one(store, token)
    store.close()


def _add_one(store: SessionStore, token: str) -> None:
    session = visit(store, token)
    session.add("count", 1)
    session.save()


@shared
def test_a_child_process_goes_on_with_the_store_of_its_parent(store: SessionStore, url: str) -> None:
    token = begin(store, count=1)
    # A process of its own, because one with threads should not be forked.
    parent = multiprocessing.get_context("spawn").Process(target=use_before_and_after_a_fork, args=(url, token))
    parent.start()
    parent.join(30)
    assert (parent.exitcode, visit(store, token)["count"]) == (0, 4)


@server_side
def test_of_many_that_move_on_at_once_one_does(store: SessionStore) -> None:
    token = begin(store, **{"generation": 4, "cart:a": 5, "cart:b": 2})

    def move_on() -> None:
        session = visit(store, token)
        session.move_on("generation", 4, subtract={"cart:a": 3, "cart:b": 2})
        session.save()

    at_once(6, move_on)
    assert visit(store, token).fields() == {"cart:a": 2, "generation": 5}


class RevokingStore(MemoryStore):
    """Somebody signs out everywhere just after each read."""

    def peek(self, key: str) -> Record | None:
        record = super().peek(key)
        self.revoke("customer:7")
        return record


def test_a_renewal_that_races_with_a_revocation_brings_nothing_back() -> None:
    store = RevokingStore()
    token = begin(store, x=1)
    own(store, token, "customer:7")
    assert visit(store, token, lifetime=4 * LIFETIME).fields() == {}
    assert store.read(store._records, str(key_of(token))) is None


@server_side
def test_a_request_under_way_with_the_old_id_is_given_no_cookie(store: SessionStore) -> None:
    old = begin(store, cart=3)
    read, unread = visit(store, old), visit(store, old)
    assert read["cart"] == 3
    session = visit(store, old)
    session.rotate()
    session.save()
    for late in (read, unread):
        late.add("cart", 1)
        with pytest.raises(SessionEnded):
            late.save()
        assert late.cookie is None
    assert visit(store, session.cookie)["cart"] == 3


@server_side
def test_a_save_that_races_with_a_revocation_brings_nothing_back(store: SessionStore) -> None:
    token = begin(store, cart=1)
    own(store, token, "customer:7")
    late = visit(store, token)
    assert late.owner == "customer:7"
    store.revoke("customer:7")
    late.add("cart", 1)
    with pytest.raises(SessionEnded):
        late.save()
    assert visit(store, token).fields() == {}
    assert late.fields() == {}

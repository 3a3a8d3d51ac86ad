"""What an owner's sessions have in common: one record that all of them carry and that survives them."""

from time import time

import pytest

from apps.chassis.sessions import Session, SessionEnded, SessionStore, SessionTooLarge, open_store
from apps.chassis.sessions.keyed import KeyedStore, Record, shared_key
from apps.chassis.sessions.session import Shared
from tests.chassis.sessions import KEYS, LIFETIME, at_once, begin, own, server_side, visit
from tests.services.endpoint import Endpoint
from tests.services.redis_server import RedisServer


def shared_in(session: Session) -> Shared:
    assert session.shared is not None
    return session.shared


def signed_in(store: SessionStore, owner: str = "customer:7", **fields: object) -> str:
    """The cookie of a new session of this owner."""
    token = begin(store, **fields or {"x": 1})
    own(store, token, owner)
    return token


def share(store: SessionStore, token: str, **fields: int) -> None:
    session = visit(store, token)
    for name, count in fields.items():
        shared_in(session).add(name, count)
    session.save()


@server_side
def test_two_devices_of_an_owner_see_one_record(store: SessionStore) -> None:
    phone, laptop, stranger = signed_in(store), signed_in(store), signed_in(store, "customer:77")
    share(store, phone, a=2)
    share(store, laptop, a=1, b=5)
    share(store, stranger, a=9)
    assert shared_in(visit(store, phone)).fields() == {"a": 3, "b": 5}
    assert shared_in(visit(store, stranger)).fields() == {"a": 9}
    assert visit(store, phone).fields() == {"x": 1}


@server_side
def test_a_session_without_an_owner_shares_nothing(store: SessionStore) -> None:
    session = visit(store, begin(store, x=1))
    assert session.shared is None
    with pytest.raises(ValueError, match="nobody"):
        session.hand_over("cart:", maximum=20, most=40, note="note")


@pytest.mark.parametrize("url", ["cookie"], indirect=True)
def test_sessions_in_cookies_share_nothing(store: SessionStore) -> None:
    session = visit(store, begin(store, x=1))
    session.owner = "customer:7"
    assert (session.shared, store.shared_of("customer:7")) == (None, {})


@server_side
def test_devices_that_change_at_once_all_count(store: SessionStore) -> None:
    tokens = [signed_in(store) for _ in range(4)]

    def add_some() -> None:
        token = tokens.pop()
        for _ in range(5):
            share(store, token, a=1)

    at_once(4, add_some)
    assert store.shared_of("customer:7") == {"a": 20}


@server_side
def test_a_session_sees_its_own_changes_and_after_the_save_those_of_others(store: SessionStore) -> None:
    phone, laptop = signed_in(store), signed_in(store)
    first = visit(store, phone)
    shared_in(first).keep("id", "first")
    share(store, laptop, a=4)
    assert shared_in(first).fields() == {"id": "first"}
    first.save()
    assert shared_in(first).fields() == {"a": 4, "id": "first"}
    second = visit(store, laptop)
    shared_in(second).keep("id", "second")
    shared_in(second)["name"] = "x"
    del shared_in(second)["name"]
    second.save()
    assert store.shared_of("customer:7") == {"a": 4, "id": "first"}


@server_side
def test_of_many_devices_that_move_on_at_once_one_does(store: SessionStore) -> None:
    tokens = [signed_in(store) for _ in range(4)]
    share(store, tokens[0], a=5)

    def move_on() -> None:
        session = visit(store, tokens.pop())
        shared_in(session).move_on("generation", 0, subtract={"a": 3})
        session.save()

    at_once(4, move_on)
    assert store.shared_of("customer:7") == {"a": 2, "generation": 1}


@server_side
def test_the_record_survives_sign_out_and_revocation_but_not_being_forgotten(store: SessionStore) -> None:
    token = signed_in(store)
    share(store, token, a=2)
    session = visit(store, token)
    session.clear()
    session.save()
    assert store.shared_of("customer:7") == {"a": 2}
    store.revoke("customer:7")
    last = signed_in(store)
    assert shared_in(visit(store, last)).fields() == {"a": 2}
    store.forget("customer:7")
    assert (store.shared_of("customer:7"), visit(store, last).new) == ({}, True)


@server_side
def test_a_late_save_brings_nothing_of_a_forgotten_owner_back(store: SessionStore) -> None:
    token = signed_in(store)
    late = visit(store, token)
    shared_in(late).add("a", 1)
    store.forget("customer:7")
    with pytest.raises(SessionEnded):
        late.save()
    assert store.shared_of("customer:7") == {}


@server_side
def test_nobody_changes_the_record_of_who_owns_the_session_by_now(store: SessionStore) -> None:
    token = signed_in(store)
    late = visit(store, token)
    shared_in(late).add("a", 1)
    own(store, token, "customer:8")
    with pytest.raises(SessionEnded):
        late.save()
    assert (store.shared_of("customer:7"), store.shared_of("customer:8")) == ({}, {})


@server_side
def test_at_sign_in_counters_are_added_clipped_and_told(store: SessionStore) -> None:
    share(store, signed_in(store), **{"cart:a": 18, "cart:c": 1, "name": 1})
    guest = visit(store, begin(store, **{"cart:a": 5, "cart:b": 2, "cart:d": 4, "other": 7}))
    guest.rotate()
    guest.owner = "customer:7"
    guest.hand_over("cart:", maximum=20, most=3, note="merged")
    assert shared_in(guest)["cart:a"] == 18
    guest.save()
    assert shared_in(guest).fields() == {"cart:a": 20, "cart:b": 2, "cart:c": 1, "name": 1}
    told = {"moved": {"cart:a": 2, "cart:b": 2}, "left": {"cart:a": 3, "cart:d": 4}}
    assert visit(store, guest.cookie).fields() == {"merged": told, "other": 7}


@server_side
def test_who_brings_nothing_is_told_nothing(store: SessionStore) -> None:
    guest = visit(store)
    guest.owner = "customer:7"
    guest.hand_over("cart:", maximum=20, most=3, note="merged")
    guest.save()
    assert (guest.fields(), store.shared_of("customer:7")) == ({}, {})


@server_side
def test_a_record_that_is_too_large_is_refused_and_stays_as_it_was(store: SessionStore) -> None:
    token = signed_in(store)
    share(store, token, a=1)
    session = visit(store, token)
    shared_in(session)["large"] = "x" * 70_000
    session["y"] = 1
    with pytest.raises(SessionTooLarge):
        session.save()
    assert (store.shared_of("customer:7"), visit(store, token).fields()) == ({"a": 1}, {"x": 1})


@server_side
def test_what_is_discarded_is_not_shared(store: SessionStore) -> None:
    session = visit(store, signed_in(store))
    shared_in(session).add("a", 1)
    session.discard()
    session.save()
    assert (shared_in(session).fields(), store.shared_of("customer:7")) == ({}, {})


def test_with_redis_the_record_costs_no_round_trip_of_its_own_and_lives_for_ninety_days(
    redis_server: RedisServer,
) -> None:
    redis_server.command("FLUSHALL")
    endpoint = Endpoint(redis_server.port)
    store = open_store(redis_server.url(1, port=endpoint.port), KEYS)
    token = signed_in(store)
    share(store, token, a=1)
    before = endpoint.requests
    share(store, token, a=1)
    assert endpoint.requests - before == 2
    endpoint.stop()
    assert 89 * 86_400 < int(redis_server.command("-n", 1, "TTL", 'shared-of:"customer:7"')) <= 90 * 86_400


@pytest.mark.parametrize("damage", ["{", "7"])
def test_a_damaged_record_counts_as_nothing_and_is_a_line_in_the_log(
    redis_server: RedisServer, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.command("FLUSHALL")
    store = open_store(redis_server.url(1), KEYS)
    token = signed_in(store)
    redis_server.command("-n", 1, "HSET", 'shared-of:"customer:7"', "@owner", damage)
    assert (shared_in(visit(store, token)).fields(), "cannot be read" in caplog.text) == ({}, True)
    share(store, token, a=1)
    assert store.shared_of("customer:7") == {"a": 1}


def test_a_visit_prolongs_the_time_of_what_is_shared(redis_server: RedisServer) -> None:
    redis_server.command("FLUSHALL")
    store = open_store(redis_server.url(1), KEYS)
    token = signed_in(store)
    share(store, token, a=1)
    redis_server.command("-n", 1, "EXPIRE", 'shared-of:"customer:7"', 50)
    assert visit(store, token, lifetime=4 * LIFETIME).owner == "customer:7"
    assert int(redis_server.command("-n", 1, "TTL", 'shared-of:"customer:7"')) > 89 * 86_400


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_visit_prolongs_what_is_shared_in_a_file_too(store: KeyedStore[object]) -> None:
    token = signed_in(store)
    share(store, token, a=1)
    store.atomically(lambda db: store.write(db, shared_key("customer:7"), Record({"a": 1}, time() + 50)))
    assert visit(store, token, lifetime=4 * LIFETIME).owner == "customer:7"
    record = store.peek(shared_key("customer:7"))
    assert record is not None
    assert record.expires_at > time() + 89 * 86_400

"""How sessions begin, own, change their id and end."""

import pytest

from apps.chassis.sessions import (
    Session,
    SessionEnded,
    SessionStore,
)
from tests.chassis.sessions import begin, every_store, own, server_side, visit
from tests.support.waiting import wait_until


@server_side
def test_rotation_keeps_the_fields_and_kills_the_old_id(store: SessionStore) -> None:
    old = begin(store, cart=3)
    session = visit(store, old)
    session.rotate()
    session["customer"] = 7
    session.save()
    assert session.cookie not in (None, old)
    assert visit(store, session.cookie).fields() == {"cart": 3, "customer": 7}
    assert (visit(store, old).fields(), visit(store, old).new) == ({}, True)


@server_side
def test_signing_out_ends_the_session_for_whoever_holds_its_id(store: SessionStore) -> None:
    token = begin(store, customer=7)
    other, session = visit(store, token), visit(store, token)
    assert other["customer"] == 7
    session.clear()
    assert session.fields() == {}
    session.save()
    assert (session.cookie, visit(store, token).fields()) == ("", {})
    other["customer"] = 8
    with pytest.raises(SessionEnded):
        other.save()
    assert visit(store, token).fields() == {}


@every_store
def test_what_is_set_after_signing_out_begins_a_new_session(store: SessionStore) -> None:
    token = begin(store, customer=7)
    session = visit(store, token)
    session.clear()
    session["language"] = "ko"
    session.save()
    assert session.cookie not in ("", None, token)
    assert visit(store, session.cookie).fields() == {"language": "ko"}


@server_side
def test_sign_out_everywhere_ends_all_sessions_of_one_owner(store: SessionStore) -> None:
    mine, mine_rotated, handed_over, theirs = (begin(store, x=1) for _ in range(4))
    for token in (mine, mine_rotated, handed_over):
        own(store, token, "customer:7")
    own(store, handed_over, "customer:8")
    own(store, theirs, "customer:77")
    session = visit(store, mine_rotated)
    session.rotate()
    session.save()
    store.revoke("customer:7")
    assert [visit(store, token).owner for token in (mine, mine_rotated, session.cookie)] == [None] * 3
    assert [visit(store, token).owner for token in (handed_over, theirs)] == ["customer:8", "customer:77"]


@server_side
def test_who_has_no_owner_any_more_is_not_signed_out_with_them(store: SessionStore) -> None:
    token = begin(store, cart=1)
    own(store, token, "customer:7")
    own(store, token, None)
    store.revoke("customer:7")
    assert visit(store, token)["cart"] == 1


@every_store
def test_a_session_expires(store: SessionStore) -> None:
    session = visit(store, lifetime=1)
    session["x"] = 1
    session.save()
    assert visit(store, session.cookie, lifetime=1).get("x") == 1
    wait_until(lambda: visit(store, session.cookie, lifetime=0.001).new and _is_gone(store, session.cookie), 5)


def _is_gone(store: SessionStore, token: str | None) -> bool:
    return store.load(str(token), 1) is None


@every_store
def test_a_session_that_is_used_lives_on_and_its_cookie_with_it(store: SessionStore) -> None:
    session = visit(store, lifetime=4)
    session["x"] = 1
    session.save()
    cookies = [visited(store, session.cookie, 4).cookie]
    renewed = wait_until(lambda: visited(store, session.cookie, 4).cookie, 5)
    if store.name != "cookie":
        cookies.append(visited(store, renewed, 4).cookie)
    assert (visit(store, renewed, 4)["x"], cookies[0], cookies[-1]) == (1, None, None)


def visited(store: SessionStore, token: str | None, lifetime: float) -> Session:
    session = visit(store, token, lifetime)
    assert session.fields()
    return session

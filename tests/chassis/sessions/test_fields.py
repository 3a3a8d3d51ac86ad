"""What a session holds, in each kind of store."""

import pytest

from apps.chassis.sessions import (
    SessionStore,
    SessionTooLarge,
)
from apps.chassis.sessions.stores import new_token
from tests.chassis.sessions import begin, every_store, server_side, visit


@every_store
def test_fields_come_back_as_they_were_set(store: SessionStore) -> None:
    values = {"text": "서울 ✓", "number": 7, "truth": True, "nothing": None, "nested": {"list": [1, 2.5, "x"]}}
    session = visit(store, begin(store, **values))
    assert session.fields() == dict(sorted(values.items()))
    assert (len(session), list(session), session.new) == (5, sorted(values), False)


@every_store
def test_a_new_session_is_empty_and_asks_for_no_cookie(store: SessionStore) -> None:
    session = visit(store)
    session.add("count", -1)
    session.rotate()
    session.save()
    assert (session.fields(), session.owner, session.new, session.cookie) == ({}, None, True, None)


@every_store
def test_a_field_is_deleted_and_only_that_one(store: SessionStore) -> None:
    token = begin(store, kept=1, gone=2)
    session = visit(store, token)
    del session["gone"]
    with pytest.raises(KeyError):
        del session["gone"]
    session.save()
    again = visit(store, session.cookie or token)
    assert (again.fields(), "gone" in again, again.get("gone", "?")) == ({"kept": 1}, False, "?")


@every_store
def test_changes_are_seen_at_once_and_merged_with_what_is_read_later(store: SessionStore) -> None:
    token = begin(store, **{"cart:a": 1, "name": "x"})
    session = visit(store, token)
    session.add("cart:a", 2)
    session["cart:b"] = 5
    assert session.fields("cart:") == {"cart:a": 3, "cart:b": 5}


@every_store
def test_moving_on_from_nothing_begins_at_zero(store: SessionStore) -> None:
    session = visit(store, begin(store, **{"cart:a": 1}))
    session.move_on("generation", 1, subtract={"cart:a": 1})
    session.move_on("generation", 0, subtract={"cart:b": 1})
    session.save()
    assert session.fields() == {"cart:a": 1, "generation": 1}


@every_store
@pytest.mark.parametrize(
    ("before", "amount", "maximum", "after"),
    [
        (5, 3, None, 8),
        (5, 30, 9, 9),
        (5, -5, None, None),
        (5, -9, 9, None),
        (50, 1, 9, 9),
        ("text", 2, None, 2),
        (2.5, 2, None, 2),
        (True, 2, None, 2),
        (2**53 - 2, 7, None, 2**53 - 1),
    ],
)
def test_counts_are_clipped_and_removed_at_zero(
    store: SessionStore, before: object, amount: int, maximum: int | None, after: int | None
) -> None:
    session = visit(store, begin(store, count=before, other=1))
    session.add("count", amount, maximum=maximum)
    assert session.get("count") == after
    session.save()
    assert session.get("count") == after


@every_store
def test_a_session_that_is_too_large_is_refused_and_stays_as_it_was(store: SessionStore) -> None:
    token = begin(store, kept="x")
    session = visit(store, token)
    session["large"] = "".join(new_token() for _ in range(1600))
    with pytest.raises(SessionTooLarge) as refusal:
        session.save()
    assert refusal.value.code == 413
    assert session.fields() == visit(store, token).fields() == {"kept": "x"}
    session.save()


@every_store
@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", float("nan"), "\ud800"])
def test_a_value_that_is_no_json_is_refused_where_it_is_set(store: SessionStore, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        visit(store)["x"] = value


@pytest.mark.parametrize("url", ["memory"], indirect=True)
@pytest.mark.parametrize("field", ["", "@owner", "x" * 201])
def test_a_field_needs_a_name_of_its_own(store: SessionStore, field: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        visit(store)[field] = 1


@every_store
def test_what_is_discarded_is_not_saved(store: SessionStore) -> None:
    token = begin(store, x=1)
    session = visit(store, token)
    session["x"] = 2
    session.rotate()
    session.clear()
    session.discard()
    session.save()
    assert (session.fields(), session.cookie, session.modified) == ({"x": 1}, None, False)


@server_side
def test_a_visitor_cannot_change_the_store_by_changing_a_value(store: SessionStore) -> None:
    token = begin(store, nested=[1])
    session = visit(store, token)
    session["nested"].append(2)
    assert visit(store, token)["nested"] == [1]

"""Forged cookies, broken stores, wrong URLs."""

import sqlite3
from pathlib import Path

import pytest

from apps.chassis.sessions import (
    CannotRevoke,
    SessionStore,
    SessionTooLarge,
    SessionUnavailable,
    open_store,
)
from apps.chassis.sessions.stores import new_token
from tests.chassis.sessions import KEYS, begin, every_store, visit


@every_store
@pytest.mark.parametrize(
    "token",
    ["", "x", "x" * 43, "../../etc", "가" * 43, "x" * 100_000, pytest.param(new_token(), id="of the right form")],
)
def test_an_id_is_never_taken_from_the_visitor(store: SessionStore, token: str) -> None:
    assert visit(store, token).fields() == {}
    session = visit(store, token)
    session["x"] = 1
    session.save()
    assert session.cookie not in (None, token)
    assert visit(store, token).fields() == {}


@pytest.fixture
def broken_store(tmp_path: Path) -> SessionStore:
    (tmp_path / "folder").mkdir()
    return open_store(f"sqlite:///{tmp_path}/folder", KEYS)


def test_a_file_that_cannot_be_used_is_a_store_that_is_away(broken_store: SessionStore) -> None:
    assert not broken_store.ready()["ok"]
    with pytest.raises(SessionUnavailable):
        visit(broken_store, new_token()).get("x")
    session = visit(broken_store)
    session["x"] = 1
    with pytest.raises(SessionUnavailable):
        session.save()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["{", "[]", '{"@owner": 7}'])
def test_a_record_that_cannot_be_read_is_a_new_session_and_a_line_in_the_log(
    store: SessionStore, tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = begin(store, x=1)
    with sqlite3.connect(tmp_path / "sessions.sqlite3") as db:
        db.execute("UPDATE sessions SET fields = ?", (text,))
    db.close()
    session = visit(store, token)
    assert (session.fields(), "cannot be read" in caplog.text) == ({}, True)
    session["x"] = 2
    session.save()
    assert visit(store, session.cookie)["x"] == 2


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_stolen_file_of_sessions_opens_none(store: SessionStore, tmp_path: Path) -> None:
    token = begin(store, x=1)
    files = list(tmp_path.glob("sessions.sqlite3*"))
    assert files
    assert not any(token.encode() in file.read_bytes() for file in files)


@pytest.mark.parametrize("url", ["cookie"], indirect=True)
def test_a_cookie_ends_at_4_kb_with_words_that_say_so(store: SessionStore) -> None:
    session = visit(store)
    session["large"] = "".join(new_token() for _ in range(100))
    with pytest.raises(SessionTooLarge, match="4 KB"):
        session.save()


@pytest.mark.parametrize("url", ["cookie"], indirect=True)
def test_sessions_in_cookies_cannot_be_revoked(store: SessionStore) -> None:
    with pytest.raises(CannotRevoke, match="no server can end them"):
        store.revoke("customer:7")


@pytest.mark.parametrize("url", ["cookie"], indirect=True)
def test_a_signed_session_survives_a_new_key_and_no_forgery(store: SessionStore) -> None:
    token = begin(store, x=1)
    newer, stranger = open_store("cookie:", ("a-key-of-tomorrow", *KEYS)), open_store("cookie:", ("another",))
    assert visit(newer, token)["x"] == 1
    head, _, signature = token.rpartition(".")
    # Not the last character: it has bits that mean nothing, so that another may say the same.
    altered = f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    for forged in (altered, "e30" + token[token.index(".") :], begin(stranger, x=1)):
        assert visit(store, forged).fields() == {}


@pytest.mark.parametrize("url", ["ftp://x", "", "sqlite:x", "redis://x/0?unknown=1"])
def test_a_url_that_names_no_store_is_refused_with_what_it_takes(url: str) -> None:
    with pytest.raises(ValueError, match=r"takes|unknown"):
        open_store(url, KEYS)


@pytest.mark.parametrize(
    "url", ["dynamodb:sessions", "dynamodb://sessions", "dynamodb://eu-central-1/x", "dynamodb://eu-central-1/a b"]
)
def test_a_table_needs_a_region_and_a_name(url: str) -> None:
    with pytest.raises(ValueError, match="REGION/TABLE"):
        open_store(url, KEYS)

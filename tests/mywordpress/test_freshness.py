"""What the keeping of pages is made of: answers, copies, and the watch that hears which epoch stands."""

import time

import pytest

from apps.mywordpress.freshness.answers import Answer, Made, is_for_all
from apps.mywordpress.freshness.copies import Copies
from apps.mywordpress.freshness.watch import FreshnessWatch, Known, pause
from tests.mywordpress.conftest import Journal


def answer(size: int = 10) -> Answer:
    return Answer.made("front.index", Made("200 OK", [("Content-Type", "text/html")], b"x" * size))


def test_copies_are_bounded_and_the_least_used_go_first() -> None:
    one = answer()
    copies = Copies(most_bytes=3 * len(one))
    for name in "abc":
        copies.put("t", name, one)
    assert copies.get("t", "a") is one
    copies.put("t", "d", one)
    assert [name for name in "abcd" if copies.get("t", name)] == ["a", "c", "d"]
    few = Copies(most_answers=2)
    for name in "abc":
        few.put("t", name, one)
    assert [name for name in "abc" if few.get("t", name)] == ["b", "c"]


def test_a_copy_that_replaces_another_counts_once() -> None:
    copies = Copies(most_bytes=2 * len(answer()))
    for _ in range(5):
        copies.put("t", "a", answer())
    copies.put("t", "b", answer())
    assert copies.get("t", "a")
    assert copies.get("t", "b")


def test_a_copy_is_not_given_for_ever() -> None:
    copies, old = Copies(), answer()
    copies.put("t", "a", old)
    old.made_at -= 60
    assert copies.get("t", "a") is None


def test_copies_of_another_epoch_are_gone() -> None:
    copies = Copies()
    copies.put("old", "a", answer())
    assert copies.get("new", "a") is None
    copies.put("new", "b", answer())
    assert copies.get("old", "a") is None


@pytest.mark.parametrize(
    ("status", "headers", "kept"),
    [
        ("200 OK", [], True),
        ("200 OK", [("Vary", "Cookie, Accept-Language")], True),
        ("200 OK", [("Vary", "Accept")], False),
        ("200 OK", [("Set-Cookie", "a=b")], False),
        ("200 OK", [("Cache-Control", "no-store")], False),
        ("404 NOT FOUND", [], False),
        ("503 SERVICE UNAVAILABLE", [], False),
    ],
)
def test_only_what_is_for_all_is_kept(status: str, headers: list[tuple[str, str]], kept: bool) -> None:
    assert is_for_all(Made(status, headers, b"")) is kept


def test_the_watch_knows_nothing_of_a_writer_that_is_away(journal: Journal) -> None:
    watch, database = journal.app.watches["freshness"], journal.app.database
    assert isinstance(watch, FreshnessWatch)
    assert database is not None
    watch.listen()
    assert watch._known is not None
    told = watch.gauges()["epoch_heard_seconds"]
    assert 0 <= told < 5
    broken = FreshnessWatch(type(database)("mysql://nobody@127.0.0.1:1/none"))
    broken.listen()
    assert broken.known() is None
    assert broken.ready() == {"ok": True, "detail": "pages are made anew: OperationalError"}


def test_who_asked_later_knows_better(journal: Journal) -> None:
    watch = journal.app.watches["freshness"]
    assert isinstance(watch, FreshnessWatch)
    now = time.monotonic()
    watch.hear(Known("later", now, 0))
    watch.hear(Known("earlier", now - 0.1, 0))
    assert watch.known() == Known("later", now, 0)


def test_the_watch_looks_right_after_each_second_begins() -> None:
    looks = [now + pause(now) for now in (1000.0, 1000.026, 1000.5, 1000.9)]
    assert looks == pytest.approx([1000.025, 1000.275, 1000.525, 1001.025])


def test_a_date_tells_it_too_where_the_view_gives_one() -> None:
    dated = Made("200 OK", [("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT")], b"x")
    answer = Answer.made(None, dated)
    for since, held in (("22 Nov 2026 10:00:00", True), ("22 Nov 2026 09:59:59", False), ("x", False)):
        assert answer.is_held_by({"HTTP_IF_MODIFIED_SINCE": f"Sun, {since} GMT"}) is held
    assert not Answer.made(None, Made("200 OK", [], b"x")).is_held_by({"HTTP_IF_MODIFIED_SINCE": "x"})


def test_who_has_just_written_is_told_so_without_replicas_too(journal: Journal) -> None:
    post, guest = journal.post(), journal.visitor()
    answer = guest.post(f"/posts/{post.id}/comments", name="Bo", email="bo@example.com", text="Well said.")
    assert answer.status_code == 303
    assert "mywordpress-pin" in answer.headers["Set-Cookie"]

"""What the books of a random day are held to is seen to be wrong when it is."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from lab.storm import books
from lab.storm.invariants import receipts_wrong
from tests.myclothes.till import Till

NUMBER, OTHER = "ABCDE-23456", "FGHJK-78923"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """A shop with one order that is paid and another one that is not."""
    till = Till.in_folder(tmp_path)
    till.pay(till.order())
    till.change(till.order(), name="Bo")
    yield till
    till.close()


def counted(till: Till, statement: str) -> int:
    with till.db() as db:
        found: int = db.scalar(text(statement)) or 0
        return found


@pytest.mark.parametrize(
    ("books_of", "mistake"),
    [
        (books.UNBALANCED, "UPDATE variants SET stock = stock - 1 WHERE sku = 'TEE-S'"),
        (books.UNBALANCED, "DELETE FROM stock_movements WHERE cause <> 'order'"),
        (books.UNBOOKED, "DELETE FROM stock_movements WHERE cause = 'order'"),
        (books.UNBOOKED, "UPDATE stock_movements SET quantity = quantity - 1 WHERE cause = 'order'"),
        (books.ORDERED_TWICE, "UPDATE orders SET name = 'Ada'"),
        (
            books.PAID_TWICE,
            "INSERT INTO test_gateway_entries SELECT 'again', 'again', NULL, amount_cents, currency, outcome, reason,"
            " entered_at FROM test_gateway_entries; "
            "INSERT INTO payments (order_id, `key`, amount_cents, currency, outcome, reason, created_at)"
            " SELECT order_id, 'again', amount_cents, currency, outcome, reason, created_at FROM payments",
        ),
        (books.CHARGED_UNKNOWN, "DELETE FROM payments"),
        (books.UNSETTLED, "UPDATE payments SET outcome = 'unknown'"),
        (books.UNSENT, "UPDATE letters SET sent_at = NULL, refused_at = NULL"),
    ],
)
def test_a_mistake_in_the_books_is_counted(till: Till, books_of: str, mistake: str) -> None:
    with till.db() as db:
        db.execute(text("UPDATE letters SET sent_at = created_at"))
    assert counted(till, books_of) == 0
    with till.db() as db:
        for statement in mistake.split("; "):
            db.execute(text(statement))
    assert counted(till, books_of) > 0


def test_a_charge_that_was_given_back_is_not_paid_twice(till: Till) -> None:
    with till.db() as db:
        db.execute(
            text(
                "INSERT INTO test_gateway_entries SELECT 'back', 'back', reference, amount_cents, currency, outcome,"
                " reason, entered_at FROM test_gateway_entries"
            )
        )
    assert counted(till, books.PAID_TWICE) == 0


@pytest.mark.parametrize(
    ("mails", "wrong"),
    [
        ([f"Message-ID: <a>\n{NUMBER}", f"Message-ID: <b>\n{OTHER}"], 0),
        # The same letter twice is one to the mailbox.
        ([f"Message-ID: <a>\n{NUMBER}", f"Message-ID: <a>\n{NUMBER}", f"Message-ID: <b>\n{OTHER}"], 0),
        ([f"Message-ID: <a>\n{NUMBER}", f"Message-ID: <c>\n{NUMBER}", f"Message-ID: <b>\n{OTHER}"], 1),
        ([f"Message-ID: <a>\n{NUMBER}"], 1),
        ([], 2),
    ],
    ids=["both", "one letter twice", "two letters", "one missing", "none"],
)
def test_a_receipt_that_is_missing_or_differs_is_counted(
    mails: Sequence[str], wrong: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage: Any = SimpleNamespace(ground=None)
    nobody: Any = None
    monkeypatch.setattr(books, "receipts_due", lambda _: {NUMBER, OTHER})
    monkeypatch.setattr(books, "listed", lambda *_: {NUMBER, OTHER})
    monkeypatch.setattr(books, "mails", lambda _: mails)
    assert receipts_wrong(stage, nobody) == wrong

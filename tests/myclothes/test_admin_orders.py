"""Orders behind the counter: packed, sent, cancelled, paid back; and what they add up to by day."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from apps.chassis.columns import now
from apps.myclothes.accounts.audits import AuditEntry
from apps.myclothes.accounts.models import Customer, Role
from apps.myclothes.admin.sales import Day, by_day, chart, round_step
from apps.myclothes.catalog import ledger
from apps.myclothes.orders import states
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments.models import Outcome, Payment, Refund
from tests.myclothes.shop import Shop, Visitor


@pytest.fixture
def clerk(shop: Shop, ada: Visitor) -> Visitor:
    with shop.db() as db:
        db.execute(update(Customer).where(Customer.email == "ada@example.org").values(role=Role.CLERK))
    return ada


@pytest.fixture
def paid(shop: Shop) -> str:
    """The number of a guest's order of two pieces, which is paid."""
    guest = shop.visitor()
    guest.add("CREW-OAT-S", 2)
    guest.order(guest.checkout_form(email="bob@example.org"))
    with shop.db() as db:
        order = db.scalars(select(Order)).one()
        states.pay(db, order)
        db.add(
            Payment(
                order_id=order.id,
                key="a" * 32,
                amount_cents=order.total_cents,
                currency=order.currency,
                outcome=Outcome.SUCCEEDED,
                reason="",
                reference="charge",
                created_at=now(),
                settled_at=now(),
            )
        )
        return order.number


def state(shop: Shop, number: str) -> str:
    return order(shop, number).state


def order(shop: Shop, number: str) -> Order:
    with shop.db() as db:
        return db.scalars(select(Order).where(Order.number == number)).one()


def audited(shop: Shop) -> list[str]:
    with shop.db() as db:
        return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def refund_form(visitor: Visitor, number: str, **more: object) -> dict[str, object]:
    page = visitor.get(f"/admin/orders/{number}").text
    key = re.findall(r'name="key"[^>]*value="([0-9a-f]{32})"', page)[0]
    line = re.findall(r'name="(returned_\d+)"', page)[0]
    named = {line if name == "returned" else name: value for name, value in more.items()}
    return {"key": key, "reason": "a hole in it", "amount": "10"} | named


def test_an_order_is_packed_sent_and_delivered_step_by_step(shop: Shop, clerk: Visitor, paid: str) -> None:
    path = f"/admin/orders/{paid}"
    assert clerk.post(f"{path}/shipment", {"parcel": "1Z999"}).status_code == 409
    assert clerk.post(f"{path}/packing").status_code == 303
    assert "It is sent" in clerk.get(path).text
    assert clerk.post(f"{path}/shipment", {"parcel": " "}).status_code == 422
    assert clerk.post(f"{path}/shipment", {"parcel": "1Z999"}).status_code == 303
    assert clerk.post(f"{path}/delivery").status_code == 303
    assert (state(shop, paid), order(shop, paid).parcel) == (State.DELIVERED, "1Z999")
    assert audited(shop) == ["order.pack", "order.ship", "order.deliver"]
    assert "1Z999" in clerk.get(path).text


def test_a_step_that_somebody_else_made_is_not_made_twice(shop: Shop, clerk: Visitor, paid: str) -> None:
    statuses = [clerk.post(f"/admin/orders/{paid}/packing").status_code for _ in range(2)]
    assert statuses == [303, 409]
    assert audited(shop) == ["order.pack"]


def test_a_cancelled_order_gives_back_its_pieces_and_its_money(shop: Shop, clerk: Visitor, paid: str) -> None:
    assert shop.stock("CREW-OAT-S") == 3
    assert clerk.post(f"/admin/orders/{paid}/cancellation").status_code == 422
    assert clerk.post(f"/admin/orders/{paid}/cancellation", {"note": "lost in the fire"}).status_code == 303
    assert clerk.post(f"/admin/orders/{paid}/cancellation", {"note": "again"}).status_code == 409
    assert shop.stock("CREW-OAT-S") == 5
    total = order(shop, paid).total_cents
    with shop.db() as db:
        assert db.scalars(select(Refund.amount_cents)).all() == [total]
        assert ledger.discrepancies(db) == []
    assert "lost in the fire" in clerk.get(f"/admin/orders/{paid}").text


def test_a_part_goes_back_once_however_often_it_is_sent(shop: Shop, clerk: Visitor, paid: str) -> None:
    form = refund_form(clerk, paid, returned="1")
    assert [clerk.post(f"/admin/orders/{paid}/refunds", form).status_code for _ in range(2)] == [303, 303]
    assert order(shop, paid).refunded_cents == 1000
    assert audited(shop) == ["order.refund"]
    assert shop.stock("CREW-OAT-S") == 4
    assert state(shop, paid) == State.PAID


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"amount": "100000"}, "Nothing was paid back"),
        ({"amount": "0"}, "Nothing was paid back"),
        ({"amount": "-5"}, "Please write an amount"),
        ({"reason": " "}, "Please say why."),
        ({"returned": "3"}, "Nothing was paid back"),
        ({"returned": "-1"}, "in digits"),
        ({"returned": "²"}, "in digits"),
        ({"key": "' or 1"}, "Please load the page again."),
    ],
)
def test_a_refund_that_cannot_be_changes_nothing(
    shop: Shop, clerk: Visitor, paid: str, more: dict[str, object], text: str
) -> None:
    response = clerk.post(f"/admin/orders/{paid}/refunds", refund_form(clerk, paid) | refund_form(clerk, paid, **more))
    assert response.status_code == 422
    assert text in response.text
    assert (order(shop, paid).refunded_cents, shop.stock("CREW-OAT-S")) == (0, 3)
    assert audited(shop) == []


def test_pieces_that_come_back_after_all_money_are_taken_once(shop: Shop, clerk: Visitor, paid: str) -> None:
    path = f"/admin/orders/{paid}"
    assert "Take back" not in clerk.get(path).text
    clerk.post(f"{path}/refunds", refund_form(clerk, paid, amount=order(shop, paid).total_cents / 100))
    form = refund_form(clerk, paid, returned="1")
    assert [clerk.post(f"{path}/returns", form).status_code for _ in range(2)] == [303, 303]
    assert (shop.stock("CREW-OAT-S"), order(shop, paid).state) == (4, State.REFUNDED)
    assert clerk.post(f"{path}/returns", refund_form(clerk, paid, returned="1")).status_code == 303
    assert shop.stock("CREW-OAT-S") == 5
    assert "Take back" not in clerk.get(path).text
    assert audited(shop) == ["order.refund", "order.return", "order.return"]
    with shop.db() as db:
        assert ledger.discrepancies(db) == []


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"returned": "3"}, "Nothing was taken back: so many pieces"),
        ({}, "Nothing was taken back: no piece is named."),
        ({"returned": "1.5"}, "in digits"),
        ({"returned": "1", "reason": " "}, "Please say why."),
    ],
)
def test_a_return_that_cannot_be_changes_nothing(
    shop: Shop, clerk: Visitor, paid: str, more: dict[str, object], text: str
) -> None:
    clerk.post(f"/admin/orders/{paid}/refunds", refund_form(clerk, paid, amount=order(shop, paid).total_cents / 100))
    response = clerk.post(f"/admin/orders/{paid}/returns", refund_form(clerk, paid, **more))
    assert (response.status_code, text in response.text, shop.stock("CREW-OAT-S")) == (422, True, 3)
    assert audited(shop) == ["order.refund"]


def test_nothing_comes_back_of_an_order_that_nobody_has_paid(shop: Shop, clerk: Visitor, paid: str) -> None:
    form = refund_form(clerk, paid, returned="1")
    with shop.db() as db:
        db.execute(update(Order).values(state=State.PLACED, paid_at=None))
    response = clerk.post(f"/admin/orders/{paid}/returns", form)
    assert (response.status_code, shop.stock("CREW-OAT-S")) == (422, 3)
    assert "nobody has paid it" in response.text


def test_an_order_is_found_by_number_address_and_state(clerk: Visitor, paid: str) -> None:
    for question in (f"q={paid.lower()[:6]}", "q=bob@", "state=paid"):
        assert paid in clerk.get(f"/admin/orders?{question}").text
    for question in ("q=nobody", "state=shipped", "before=1"):
        assert paid not in clerk.get(f"/admin/orders?{question}").text


def test_the_packing_slip_tells_pieces_and_address_but_no_prices(clerk: Visitor, paid: str) -> None:
    page = clerk.get(f"/admin/orders/{paid}/packing-slip").text
    assert "Ada Lovelace" in page
    assert "CREW-OAT-S" in page
    assert "€" not in page


def test_a_clerk_changes_no_order_without_the_role(shop: Shop, visitor: Visitor, ada: Visitor, paid: str) -> None:
    for verb in ("packing", "shipment", "delivery", "cancellation", "refunds"):
        assert ada.post(f"/admin/orders/{paid}/{verb}", {"parcel": "x", "note": "x"}).status_code == 404
        assert visitor.post(f"/admin/orders/{paid}/{verb}").status_code == 303
    assert state(shop, paid) == State.PAID


def test_sales_are_counted_on_the_day_of_their_payment(shop: Shop, paid: str) -> None:
    today, total = now().date(), order(shop, paid).total_cents
    with shop.db() as db:
        days = by_day(db, today, 7)
        assert [day.orders for day in days] == [0] * 6 + [1]
        assert days[-1] == Day(today, 1, total, 0)
        assert by_day(db, today - timedelta(days=1), 3)[-1].sold_cents == 0


@pytest.mark.unit
@pytest.mark.parametrize(("highest", "step"), [(1, 100), (400, 100), (401, 200), (99_900, 50_000), (10**9, 5 * 10**8)])
def test_lines_stand_at_round_amounts(highest: int, step: int) -> None:
    assert round_step(highest) == step


@pytest.mark.unit
def test_bars_are_as_high_as_their_sales_and_stay_within_the_picture() -> None:
    days = [Day(date(2026, 1, 1) + timedelta(days=number), 1, cents, 0) for number, cents in enumerate((0, 500, 1000))]
    drawn = chart(days)
    assert drawn.bars[0].height == 0
    assert drawn.bars[2].height == pytest.approx(2 * drawn.bars[1].height)
    assert all(bar.y >= 0 and bar.x + bar.width <= 720 for bar in drawn.bars)
    assert chart([]).bars == []

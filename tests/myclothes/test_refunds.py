"""Refunds and returns: never more than was paid or sent, each once, and the books agree afterwards."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from apps.myclothes.orders import states
from apps.myclothes.orders.events import OrderEvent
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments.gateway import GatewayTimeout
from apps.myclothes.payments.models import Outcome, Refund
from apps.myclothes.payments.refunds import CannotRefund, cancel, cancel_before_packed, owe_refund
from tests.myclothes.till import PRICE, REFUND_LOST, STOCK, Till

CLERK = "clerk@example.org"


def refund(till: Till, order: int, cents: int, returned: Mapping[int, int] | None = None, key: str = "") -> Refund:
    with till.db() as db:
        return owe_refund(db, db.get_one(Order, order), cents, "too small", CLERK, returned or {}, key)


def end(till: Till, order: int) -> bool:
    with till.db() as db:
        return cancel(db, db.get_one(Order, order), CLERK, "changed their mind")


def sent(till: Till) -> int:
    """An order that was paid and sent."""
    order = till.order()
    till.pay(order)
    with till.db() as db:
        found = db.get_one(Order, order)
        assert states.advance(found, State.PACKED, db, CLERK)
        assert states.ship(db, found, "PARCEL", CLERK)
    return order


def test_a_part_goes_back_and_pieces_come_into_stock(till: Till) -> None:
    order = sent(till)
    line = till.show(order).lines[0]
    till.repay(refund(till, order, PRICE, {line.id: 1}))
    shown = till.show(order)
    assert (shown.state, shown.refunded_cents, shown.lines[0].returned) == (State.SHIPPED, PRICE, 1)
    assert (till.balance(), till.stocks()) == (3 * PRICE, [STOCK - 1, STOCK - 2])
    assert till.letters("refunded") == 1
    with till.db() as db:
        last = db.scalars(select(OrderEvent).order_by(OrderEvent.id.desc())).first()
        assert last is not None
        assert (last.state, last.note, last.actor) == ("shipped", "€25.00: too small", CLERK)


def test_an_order_whose_whole_sum_went_back_is_refunded(till: Till) -> None:
    order = sent(till)
    for cents in (PRICE, 3 * PRICE):
        till.repay(refund(till, order, cents))
    assert (till.state(order), till.balance()) == (State.REFUNDED, 0)


@pytest.mark.parametrize("cents", [0, -1, 4 * PRICE + 1])
def test_no_more_goes_back_than_was_paid(till: Till, cents: int) -> None:
    order = sent(till)
    with pytest.raises(CannotRefund):
        refund(till, order, cents)
    assert (till.refunds(order), till.show(order).refunded_cents) == ([], 0)


def test_nothing_goes_back_of_an_order_that_is_not_paid(till: Till) -> None:
    order = till.order()
    with pytest.raises(CannotRefund):
        refund(till, order, 1)


@pytest.mark.parametrize("pieces", [0, -1, 3])
def test_no_more_pieces_come_back_than_were_sent(till: Till, pieces: int) -> None:
    order = sent(till)
    line = till.show(order).lines[0]
    with pytest.raises(CannotRefund):
        refund(till, order, 1, {line.id: pieces})
    assert (till.refunds(order), till.stocks()) == ([], [STOCK - 2] * 2)


def test_pieces_of_another_order_do_not_come_back(till: Till) -> None:
    order, other = sent(till), sent(till)
    with pytest.raises(CannotRefund):
        refund(till, order, 1, {till.show(other).lines[0].id: 1})


def test_a_refund_that_is_asked_for_twice_is_one(till: Till) -> None:
    order = sent(till)
    line = till.show(order).lines[0]
    first, second = (refund(till, order, PRICE, {line.id: 1}, key="form-7") for _ in range(2))
    assert first.id == second.id
    assert (till.show(order).refunded_cents, till.stocks()[0]) == (PRICE, STOCK - 1)


def test_a_refund_whose_answer_is_lost_moves_money_once(till: Till) -> None:
    order = till.order()
    till.pay(order, REFUND_LOST)
    owed = refund(till, order, PRICE)
    with pytest.raises(GatewayTimeout):
        till.repay(owed)
    assert till.refunds(order)[0].outcome == Outcome.UNKNOWN
    for _ in range(2):
        till.repay(owed)
    assert (till.balance(), till.letters("refunded")) == (3 * PRICE, 1)
    assert till.refunds(order)[0].outcome == Outcome.SUCCEEDED


def test_a_cancelled_order_gives_money_and_pieces_back_once(till: Till) -> None:
    order = till.order()
    till.pay(order)
    assert end(till, order)
    assert not end(till, order)
    (owed,) = till.refunds(order)
    till.repay(owed)
    assert (till.state(order), till.balance(), till.stocks()) == (State.CANCELLED, 0, [STOCK] * 2)


def test_an_order_that_is_cancelled_after_a_part_went_back_gives_the_rest_back(till: Till) -> None:
    order = till.order()
    till.pay(order)
    line = till.show(order).lines[0]
    till.repay(refund(till, order, PRICE, {line.id: 1}))
    assert end(till, order)
    till.repay(till.refunds(order)[-1])
    assert (till.balance(), till.stocks()) == (0, [STOCK] * 2)


def test_what_is_cancelled_unpaid_owes_nothing(till: Till) -> None:
    order = till.order()
    assert end(till, order)
    assert (till.refunds(order), till.stocks()) == ([], [STOCK] * 2)


def test_what_was_sent_is_not_cancelled_and_customers_not_once_it_is_packed(till: Till) -> None:
    assert not end(till, sent(till))
    packed = till.order()
    till.pay(packed)
    with till.db() as db:
        order = db.get_one(Order, packed)
        states.advance(order, State.PACKED, db, CLERK)
        assert not cancel_before_packed(db, order, "ada@example.org", "")
        assert cancel(db, order, CLERK, "")


def test_the_gateway_gives_no_more_back_than_it_charged(till: Till) -> None:
    order = till.order()
    reference = str(till.pay(order).reference)
    outcomes = [till.gateway.refund(key, reference, 6000).outcome for key in ("a", "b", "a")]
    assert outcomes == [Outcome.SUCCEEDED, Outcome.DECLINED, Outcome.SUCCEEDED]
    assert till.balance() == 4000

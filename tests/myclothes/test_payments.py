"""Payments: an order is paid by its first success, whatever happens to the answers, and all other money goes back."""

import pytest

from apps.myclothes.orders import states
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments import paying, testgateway
from apps.myclothes.payments.gateway import Entry
from apps.myclothes.payments.models import Outcome
from apps.myclothes.payments.refunds import cancel
from tests.myclothes.till import DECLINED, LATE, LOST_AFTER, LOST_BEFORE, PAYS, POOR, STOCK, THRICE, Till


def test_a_charge_pays_its_order_and_owes_the_receipt(till: Till) -> None:
    order = till.order()
    payment = till.pay(order)
    assert (payment.outcome, payment.amount_cents) == (Outcome.SUCCEEDED, 10_000)
    assert (till.state(order), till.letters("receipt"), till.balance()) == (State.PAID, 1, 10_000)


@pytest.mark.parametrize(("card", "reason"), [(DECLINED, "declined"), (POOR, "insufficient funds")])
def test_a_declined_card_says_why_and_another_may_be_tried(till: Till, card: str, reason: str) -> None:
    order = till.order()
    payment = till.pay(order, card)
    assert (payment.outcome, payment.reason, till.state(order)) == (Outcome.DECLINED, reason, State.PLACED)
    assert till.pay(order).outcome == Outcome.SUCCEEDED
    assert till.state(order) == State.PAID


def test_what_is_told_three_times_is_paid_once(till: Till) -> None:
    order = till.order()
    assert till.pay(order, THRICE).outcome == Outcome.SUCCEEDED
    assert (till.state(order), till.letters("receipt"), till.balance()) == (State.PAID, 1, 10_000)
    assert till.refunds(order) == []


def test_a_charge_whose_answer_is_lost_is_asked_about(till: Till) -> None:
    order = till.order()
    payment = till.pay(order, LOST_AFTER)
    assert (payment.outcome, till.state(order)) == (Outcome.UNKNOWN, State.PLACED)
    assert till.ask(payment).outcome == Outcome.SUCCEEDED
    assert (till.state(order), till.balance()) == (State.PAID, 10_000)


def test_while_the_outcome_is_unknown_nothing_is_charged_again(till: Till) -> None:
    order = till.order()
    till.pay(order, LOST_AFTER)
    assert till.begin(order) is None


def test_a_charge_that_never_arrived_is_given_up_after_a_while_and_may_be_tried_again(till: Till) -> None:
    order = till.order()
    payment = till.pay(order, LOST_BEFORE)
    assert till.ask(payment).outcome == Outcome.UNKNOWN
    till.let_pass(3)
    payment = till.ask(payment)
    assert (payment.outcome, payment.reason) == (Outcome.DECLINED, paying.NEVER_ARRIVED)
    assert till.pay(order).outcome == Outcome.SUCCEEDED


def test_a_charge_that_arrives_after_it_was_given_up_still_pays(till: Till) -> None:
    order = till.order()
    payment = till.begin(order)
    assert payment is not None
    till.let_pass(3)
    till.ask(payment)
    till.gateway.charge(payment.key, 10_000, "EUR", PAYS)
    assert till.payments(order)[0].outcome == Outcome.SUCCEEDED
    assert till.state(order) == State.PAID


def test_a_bank_that_takes_its_time_is_asked_until_it_says(till: Till) -> None:
    order = till.order()
    payment = till.pay(order, LATE)
    assert till.ask(payment).outcome == Outcome.UNKNOWN
    till.let_pass(1)
    assert till.ask(payment).outcome == Outcome.SUCCEEDED
    assert till.state(order) == State.PAID


def test_a_second_success_goes_back(till: Till) -> None:
    order = till.order()
    first = till.begin(order)
    assert first is not None
    till.let_pass(3)
    till.ask(first)
    till.pay(order)
    till.gateway.charge(first.key, 10_000, "EUR", PAYS)
    assert [payment.outcome for payment in till.payments(order)] == [Outcome.SURPLUS, Outcome.SUCCEEDED]
    assert till.balance() == 20_000
    (refund,) = till.refunds(order)
    till.repay(refund)
    assert till.balance() == 10_000
    assert (till.show(order).refunded_cents, till.letters("refunded")) == (0, 1)


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_money_for_an_order_that_has_ended_goes_back(till: Till, how: str) -> None:
    order = till.order()
    payment = till.pay(order, LOST_AFTER)
    till.let_pass(31)
    with till.db() as db:
        ended = db.get_one(Order, order)
        assert states.expire(db, ended) if how == "expired" else cancel(db, ended, "", "")
    assert till.ask(payment).outcome == Outcome.SURPLUS
    (refund,) = till.refunds(order)
    till.repay(refund)
    assert (till.state(order), till.balance(), till.stocks()) == (State.CANCELLED, 0, [STOCK] * 2)


def test_nothing_begins_for_an_order_whose_time_is_over_or_that_is_paid(till: Till) -> None:
    late, paid = till.order(), till.order()
    till.pay(paid)
    till.let_pass(31)
    assert till.begin(late) is None
    assert till.begin(paid) is None


def test_a_gateway_that_speaks_of_another_sum_is_not_believed(till: Till) -> None:
    order = till.order()
    payment = till.begin(order)
    assert payment is not None
    wrong = Entry(key=payment.key, reference="x", amount_cents=1, currency="EUR", outcome=Outcome.SUCCEEDED)
    with till.db() as db, pytest.raises(paying.Mismatch):
        paying.hear(db, wrong)
    assert till.state(order) == State.PLACED


def test_a_payment_belongs_to_one_order(till: Till) -> None:
    one, other = till.order(), till.order()
    payment = till.pay(one)
    second = till.begin(other)
    assert second is not None
    with till.db() as db:
        # The same entry of the gateway, told under another payment's key.
        entry = Entry(
            key=second.key, reference=str(payment.reference), amount_cents=10_000, currency="EUR",
            outcome=Outcome.SUCCEEDED,
        )  # fmt: skip
        with pytest.raises(paying.Mismatch):
            paying.hear(db, entry)
        db.rollback()
    assert till.state(other) == State.PLACED


def test_the_gateway_charges_a_key_once(till: Till) -> None:
    gateway = testgateway.TestGateway(till.database)
    assert gateway.find("k") is None
    entries = [gateway.charge("k", cents, "EUR", PAYS) for cents in (500, 700)]
    assert entries[0] == entries[1] == gateway.find("k")
    assert till.balance() == 500

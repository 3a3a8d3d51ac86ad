"""Paying as a visitor does it, and the gateway's notifications as anybody might send them."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from apps.chassis.columns import now
from apps.myclothes.letters.models import Letter
from apps.myclothes.orders.models import Order, State
from apps.myclothes.payments import notices
from apps.myclothes.payments.gateway import Entry
from apps.myclothes.payments.models import Outcome, Payment, Refund
from apps.myclothes.payments.paying import begin
from tests.myclothes.post import PostOffice, content
from tests.myclothes.shop import Shop, Visitor
from tests.myclothes.till import DECLINED, LOST_AFTER, LOST_BEFORE, PAYS
from tests.support.apps import close


@pytest.fixture
def post(shop: Shop) -> Iterator[PostOffice]:
    office = PostOffice(shop)
    yield office
    close(office.worker)


def place(visitor: Visitor) -> str:
    """Where a new order is paid."""
    visitor.add("OXF-SKY-M", 2)
    response = visitor.order()
    assert response.status_code == 303, response.text
    return response.location.partition("?")[0]


def only(shop: Shop) -> Order:
    (order,) = shop.orders()
    return order


def test_an_order_is_paid_and_shown_as_that(shop: Shop, ada: Visitor) -> None:
    address = place(ada)
    page = ada.get(address).text
    assert "This is a test gateway. No money moves." in page
    assert "4111 2222 3333 0013" in page
    assert ada.post(address, {"card": PAYS}).location == address
    order = ada.get(address).location
    assert order.endswith("?done=paid")
    assert "Your order is paid" in ada.get(order).text
    assert only(shop).state == State.PAID


def test_a_guest_pays_and_cancels_by_the_key_of_the_order(shop: Shop, visitor: Visitor) -> None:
    visitor.add("OXF-SKY-M")
    address = visitor.order(visitor.checkout_form(email="guest@example.org")).location
    assert "key=" in address
    assert visitor.get(address.partition("?")[0]).status_code == 303
    elsewhere = shop.visitor()
    (action,) = re.findall(r'action="(/orders/[^"]*/payment[^"]*)"', elsewhere.get(address).text)
    assert elsewhere.post(action, {"card": PAYS}).location == address
    order = elsewhere.get(address).location
    assert only(shop).state == State.PAID
    (action,) = re.findall(r'action="(/orders/[^"]*/cancellation[^"]*)"', elsewhere.get(order).text)
    assert elsewhere.post(action).status_code == 303
    assert only(shop).state == State.CANCELLED


def test_no_card_is_kept_anywhere(shop: Shop, ada: Visitor) -> None:
    ada.post(place(ada), {"card": PAYS})
    files = [file for file in shop.settings.data_dir.rglob("*") if file.is_file()]
    assert not [file for file in files if PAYS.encode() in file.read_bytes()]


def test_a_declined_card_is_told_and_another_pays(shop: Shop, ada: Visitor) -> None:
    address = place(ada)
    ada.post(address, {"card": DECLINED})
    page = ada.get(address).text
    assert 'role="alert"' in page
    assert "The bank declined this card. Nothing was charged." in page
    assert "<title>Error: Pay order" in page
    ada.post(address, {"card": PAYS})
    assert only(shop).state == State.PAID


def test_any_other_card_is_422_and_charges_nothing(shop: Shop, ada: Visitor) -> None:
    address = place(ada)
    for card in ("", "4242424242424242", "x" * 5000, "\0", "٤"):
        response = ada.post(address, {"card": card})
        assert response.status_code == 422
        assert 'role="alert"' in response.text
    with shop.db() as db:
        assert db.scalars(select(Payment)).all() == []


def test_an_answer_that_was_lost_is_asked_for_by_the_visitor(shop: Shop, ada: Visitor) -> None:
    address = place(ada)
    ada.post(address, {"card": LOST_AFTER})
    page = ada.get(address).text
    assert "One moment." in page
    assert 'name="card"' not in page
    assert ada.post(f"{address}/inquiry").location == address
    assert only(shop).state == State.PAID


def test_an_answer_that_was_lost_is_asked_for_by_the_worker(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    ada.post(place(ada), {"card": LOST_AFTER})
    assert shop.app.queue.oldest_age() is not None
    age(shop)
    assert post.post("/every/minute").status_code == 200
    assert only(shop).state == State.PAID


def test_an_order_that_is_not_paid_in_time_gives_its_pieces_back(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    address = place(ada)
    ada.get("/products/oxford-shirt")
    assert shop.stock("OXF-SKY-M") == 8
    age(shop, minutes=31)
    assert "Too late." in ada.get(address).text
    for _ in range(2):
        assert post.post("/every/minute").status_code == 200
    assert (only(shop).state, shop.stock("OXF-SKY-M")) == (State.CANCELLED, 10)


def test_an_order_whose_payment_is_in_doubt_does_not_expire(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    address = place(ada)
    ada.post(address, {"card": LOST_BEFORE})
    with shop.db() as db:
        db.execute(update(Order).values(expires_at=now()))
    post.post("/every/minute")
    assert only(shop).state == State.PLACED
    age(shop, minutes=3)
    post.post("/every/minute")
    assert only(shop).state == State.CANCELLED


def test_a_paid_order_is_cancelled_and_its_money_goes_back(shop: Shop, ada: Visitor, post: PostOffice) -> None:
    address = place(ada)
    ada.post(address, {"card": PAYS})
    cancellation = f"/orders/{only(shop).number}/cancellation"
    assert ada.post(cancellation).location.endswith("?done=cancelled")
    assert (only(shop).state, shop.stock("OXF-SKY-M")) == (State.CANCELLED, 10)
    # Of two clicks the second answers as the first.
    assert ada.post(cancellation).location.endswith("?done=cancelled")
    # First the money, then the letter about it.
    for _ in range(2):
        age(shop, minutes=2)
        assert post.post("/every/minute").status_code == 200
    (mail,) = [mail for mail in post.mails() if "went back" in mail["Subject"]]
    for kind in ("plain", "html"):
        assert "€178.00" in content(mail, kind)
        assert "cancelled by the customer" in content(mail, kind)


def test_what_was_packed_is_not_cancelled_by_its_customer(shop: Shop, ada: Visitor) -> None:
    place(ada)
    with shop.db() as db:
        db.execute(update(Order).values(state=State.PACKED))
    assert ada.post(f"/orders/{only(shop).number}/cancellation").status_code == 409


def test_nobody_pays_or_cancels_anybody_elses_order(shop: Shop, ada: Visitor) -> None:
    place(ada)
    bob, guest = shop.visitor(), shop.visitor()
    bob.sign_up("bob@example.org")
    for path in ("payment", "payment/inquiry", "cancellation"):
        for number in (only(shop).number, "22222-22222", "x" * 3000, "%00"):
            assert bob.post(f"/orders/{number}/{path}", {"card": PAYS}).status_code == 404
        assert guest.post(f"/orders/{only(shop).number}/{path}", {"card": PAYS}).status_code == 303
    assert only(shop).state == State.PLACED


def test_a_signed_notification_pays_however_often_it_comes(shop: Shop, ada: Visitor) -> None:
    entry = charged(shop, ada)
    assert [tell(shop, entry).status_code for _ in range(3)] == [204, 204, 204]
    assert only(shop).state == State.PAID


def test_a_notification_that_others_sign_is_refused(shop: Shop, ada: Visitor) -> None:
    entry = charged(shop, ada)
    for key in ("somebody else's key", ""):
        assert tell(shop, entry, key=key).status_code == 403
    assert tell(shop, entry, moment=now().timestamp() - 2 * 86400).status_code == 403
    for signature in ("", ".", "1.é", "x.y", "9" * 400):
        assert send(shop, notices.encode(entry), signature).status_code == 403
    assert only(shop).state == State.PLACED


NONSENSE: list[tuple[dict[str, object], int]] = [
    ({"amount_cents": 1}, 409),
    ({"amount_cents": "17800"}, 400),
    ({"amount_cents": 2**70}, 400),
    ({"amount_cents": -5}, 400),
    ({"currency": "KRW"}, 409),
    ({"key": "unknown"}, 404),
    ({"key": "k" * 65}, 400),
    ({"key": 7}, 400),
    ({"key": "\ud800"}, 400),
    ({"reference": "\ud800"}, 400),
    ({"outcome": "paid"}, 400),
    ({"more": 1}, 400),
]


def test_a_notification_that_makes_no_sense_changes_nothing(shop: Shop, ada: Visitor) -> None:
    entry = json.loads(notices.encode(charged(shop, ada)))
    for changed, status in NONSENSE:
        body = json.dumps(entry | changed).encode()
        assert send(shop, body, notices.sign(body, shop.settings.secret_key)).status_code == status, changed
    for body in (b"", b"[]", b"null", b"{}", b"\xff", b"[" * 4000):
        assert send(shop, body, notices.sign(body, shop.settings.secret_key)).status_code == 400, body
    assert only(shop).state == State.PLACED


def test_a_notification_that_is_too_long_is_413(shop: Shop) -> None:
    body = b"x" * 5000
    assert send(shop, body, notices.sign(body, shop.settings.secret_key)).status_code == 413


def charged(shop: Shop, visitor: Visitor) -> Entry:
    """What the gateway knows of a charge that nobody has told the shop about."""
    place(visitor)
    with shop.db() as db:
        payment = begin(db, only_id(shop))
        assert payment is not None
        return Entry(
            key=payment.key,
            reference="elsewhere-1",
            amount_cents=payment.amount_cents,
            currency="EUR",
            outcome=Outcome.SUCCEEDED,
        )


def only_id(shop: Shop) -> int:
    assert shop.app.database is not None
    with shop.app.database.reader()[0] as db:
        return db.scalars(select(Order.id)).one()


def tell(shop: Shop, entry: Entry, *, key: str | None = None, moment: float | None = None) -> TestResponse:
    body = notices.encode(entry)
    return send(shop, body, notices.sign(body, shop.settings.secret_key if key is None else key, moment))


def send(shop: Shop, body: bytes, signature: str) -> TestResponse:
    headers = {notices.HEADER: signature, "Content-Type": "application/json"}
    return shop.app.test_client().post("/payments/notifications", data=body, headers=headers)


def age(shop: Shop, minutes: float = 1) -> None:
    """Let everything have begun so much earlier."""
    earlier = timedelta(minutes=minutes)
    with shop.db() as db:
        for column in (Payment.created_at, Refund.created_at, Letter.created_at, Order.expires_at):
            for row in db.scalars(select(column.class_)):
                moment = getattr(row, column.key)
                setattr(row, column.key, moment - earlier if moment else None)
